// HPKE keys (RFC 9180): readers who may open a result, workers who may open the location of a file. The suite is fixed: X-Wing
// (ML-KEM-768 with X25519), HKDF-SHA256, ChaCha20-Poly1305.
import { Chacha20Poly1305 } from "@hpke/chacha20poly1305";
import { CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";
import { x25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concat, randomBytes } from "../bytes.js";
import { InputError, ProofError } from "../errors.js";

/** Sizes in bytes: of a private key, of a public key, of the encapsulated key before each ciphertext, of a cipher's tag, of a key's name. */
export const PRIVATE_KEY_SIZE = 32;
export const PUBLIC_KEY_SIZE = 1184 + 32;
export const ENC_SIZE = 1088 + 32;
export const TAG_SIZE = 16;
export const KEY_ID_SIZE = 8;

const kem = new XWing();
const suite = new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Chacha20Poly1305() });

// Libraries want the whole buffer of their own.
const buffer = (bytes: Uint8Array): ArrayBuffer => bytes.slice().buffer as ArrayBuffer;

/** SealKey opens what is sealed to its public key. It is no account: who has it can read, but spend nothing. */
export class SealKey {
  readonly #seed: Uint8Array;

  private constructor(
    seed: Uint8Array,
    /** publicKey is what others seal to: the reader's key of a job, or the key of a worker; 1,216 bytes. */
    readonly publicKey: Uint8Array,
  ) {
    this.#seed = seed;
  }

  /** generate makes a fresh key, of a reader or of a worker. Keep its bytes before anything is sealed to it. */
  static generate(): Promise<SealKey> {
    return SealKey.fromBytes(randomBytes(PRIVATE_KEY_SIZE));
  }

  /** fromBytes takes the 32 bytes that bytes() has returned. */
  static async fromBytes(seed: Uint8Array): Promise<SealKey> {
    if (seed.length !== PRIVATE_KEY_SIZE) throw new InputError(`key: expected ${PRIVATE_KEY_SIZE} bytes, got ${seed.length}`);
    const copy = seed.slice();
    const pair = await kem.generateKeyPairDerand(seed.slice());
    return new SealKey(copy, new Uint8Array(await kem.serializePublicKey(pair.publicKey)));
  }

  /** bytes are secret: who has them reads what the key reads. */
  bytes(): Uint8Array {
    return this.#seed.slice();
  }

  /** open decrypts what was sealed to the key: the encapsulated key and the ciphertext. The error is a ProofError. */
  async open(info: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Promise<Uint8Array> {
    if (sealed.length < ENC_SIZE + TAG_SIZE) throw new ProofError(`sealed data: expected at least ${ENC_SIZE + TAG_SIZE} bytes, got ${sealed.length}`);
    try {
      const recipientKey = await kem.importKey("raw", buffer(this.#seed), false);
      const context = await suite.createRecipientContext({ recipientKey, enc: buffer(sealed.subarray(0, ENC_SIZE)), info: buffer(info) });
      return new Uint8Array(await context.open(buffer(sealed.subarray(ENC_SIZE)), buffer(aad)));
    } catch {
      // The cause would say nothing to anybody, and might say something of the key.
      throw new ProofError("sealed data: expected data that opens, got some for another key or place, or changed");
    }
  }

  /** toJSON keeps the key out of what is logged or stored by mistake. */
  toJSON(): string {
    return "(secret)";
  }
}

/** keyId names a key as the recipient of a location: the first 8 bytes of SHA-256. */
export const keyId = (publicKey: Uint8Array): Uint8Array => sha256(publicKey).slice(0, KEY_ID_SIZE);

/** sealTo encrypts to a public key, and returns the encapsulated key followed by the ciphertext. Info and aad are bound, not sent. */
export async function sealTo(publicKey: Uint8Array, info: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array> {
  checkPublicKey(publicKey);
  try {
    const recipientPublicKey = await kem.importKey("raw", buffer(publicKey), true);
    const context = await suite.createSenderContext({ recipientPublicKey, info: buffer(info) });
    const ciphertext = new Uint8Array(await context.seal(buffer(plaintext), buffer(aad)));
    return concat(new Uint8Array(context.enc), ciphertext);
  } catch (cause) {
    throw new InputError("public key: expected the encoding of an X-Wing key, got other bytes", { cause });
  }
}

// A clamped scalar takes a point of small order to zero, which the library refuses.
function checkPublicKey(publicKey: Uint8Array): void {
  if (publicKey.length !== PUBLIC_KEY_SIZE) throw new InputError(`public key: expected ${PUBLIC_KEY_SIZE} bytes, got ${publicKey.length}`);
  try {
    x25519.getSharedSecret(new Uint8Array(32).fill(8, 0, 1), publicKey.subarray(PUBLIC_KEY_SIZE - 32));
  } catch (cause) {
    throw new InputError("public key: expected an X25519 point of large order, got another one", { cause });
  }
}
