// The location of a record's file, sealed to the owner's workers before anything leaves the machine: package crypto/seal of the chain.
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concat, equal, hex, labelHash, randomBytes, utf8 } from "../bytes.js";
import { InputError, ProofError } from "../errors.js";
import { ENC_SIZE, KEY_ID_SIZE, keyId, type SealKey, sealTo, TAG_SIZE } from "./keys.js";

/** MAX_RECIPIENTS bounds the workers to which a location is sealed. */
export const MAX_RECIPIENTS = 8;

/** MAX_LOCATION is the longest location in bytes. */
export const MAX_LOCATION = 16 * 256 - 4;

const PAD_BLOCK = 256;
const LENGTH_PREFIX = 4;
const KEY_SIZE = 32;

/** Stanza is the content key, wrapped to one worker. */
export interface Stanza {
  keyId: Uint8Array;
  enc: Uint8Array;
  ciphertext: Uint8Array;
}

/** SealedLocation is what a record carries; its fields are those of alita.metadata.v1.SealedLocation. */
export interface SealedLocation {
  stanzas: Stanza[];
  body: Uint8Array;
  commitment: Uint8Array;
}

/** recordId returns the id of a record, which its owner and a salt of 16 bytes decide before it is registered. */
export const recordId = (owner: Uint8Array, salt: Uint8Array): string => hex.encode(labelHash("alita/record/v1", owner, salt).subarray(0, 16));

/** jobId returns the id of a job, which its consumer and a salt of 16 bytes decide before it is opened. */
export const jobId = (consumer: Uint8Array, salt: Uint8Array): string => hex.encode(labelHash("alita/job/v1", consumer, salt).subarray(0, 16));

/** recordLabel ties a location to one record of one owner on one chain. */
export function recordLabel(chainId: string, record: string, owner: Uint8Array): Uint8Array {
  return labelHash("alita/seal/record/v1", utf8(chainId), utf8(record), owner);
}

/** sealLocation encrypts a location, such as a path, to the public keys of 1 to 8 workers under a label. */
export async function sealLocation(label: Uint8Array, location: string, workers: readonly Uint8Array[]): Promise<SealedLocation> {
  const plain = utf8(location);
  if (plain.length === 0 || plain.length > MAX_LOCATION) throw new InputError(`location: expected 1 to ${MAX_LOCATION} bytes, got ${plain.length}`);
  if (workers.length === 0 || workers.length > MAX_RECIPIENTS) throw new InputError(`workers: expected 1 to ${MAX_RECIPIENTS}, got ${workers.length}`);
  const key = randomBytes(KEY_SIZE);
  const stanzas: Stanza[] = [];
  for (const worker of workers) {
    const id = keyId(worker);
    if (stanzas.some((s) => equal(s.keyId, id))) throw new InputError(`worker ${hex.encode(id)}: expected once, got twice`);
    const sealed = await sealTo(worker, stanzaInfo(label), id, key);
    stanzas.push({ keyId: id, enc: sealed.slice(0, ENC_SIZE), ciphertext: sealed.slice(ENC_SIZE) });
  }
  const { cipher, commitment } = await contentKeys(key, label);
  // The key is used for this one body, so a constant nonce never repeats under it.
  const body = await crypto.subtle.encrypt(gcm(label, stanzas), cipher, pad(plain) as BufferSource);
  return { stanzas, body: new Uint8Array(body), commitment };
}

/** openLocation decrypts a location with the key of a worker. The error is a ProofError. */
export async function openLocation(label: Uint8Array, sealed: SealedLocation, worker: SealKey): Promise<string> {
  if (sealed.stanzas.length > MAX_RECIPIENTS) throw new ProofError(`stanzas: expected at most ${MAX_RECIPIENTS}, got ${sealed.stanzas.length}`);
  const id = keyId(worker.publicKey);
  const stanza = sealed.stanzas.find((s) => equal(s.keyId, id));
  if (!stanza || stanza.keyId.length !== KEY_ID_SIZE || stanza.enc.length !== ENC_SIZE || stanza.ciphertext.length !== KEY_SIZE + TAG_SIZE) {
    throw new ProofError("location: expected one that is sealed to this key, got another one");
  }
  const key = await worker.open(stanzaInfo(label), stanza.keyId, concat(stanza.enc, stanza.ciphertext));
  const { cipher, commitment } = await contentKeys(key, label);
  // AES-GCM alone lets one ciphertext open under two keys; the commitment rules that out.
  if (!equal(commitment, sealed.commitment)) throw new ProofError("location: expected the commitment to its key, got another one");
  let padded: ArrayBuffer;
  try {
    padded = await crypto.subtle.decrypt(gcm(label, sealed.stanzas), cipher, sealed.body as BufferSource);
  } catch {
    throw new ProofError("location: expected data that opens, got changed data");
  }
  return unpad(new Uint8Array(padded));
}

const stanzaInfo = (label: Uint8Array): Uint8Array => labelHash("alita/seal/stanza/v1", label);

async function contentKeys(key: Uint8Array, label: Uint8Array): Promise<{ cipher: CryptoKey; commitment: Uint8Array }> {
  const commitment = hkdf(sha256, key, label, utf8("alita/seal/commit/v1"), 32);
  const raw = hkdf(sha256, key, label, utf8("alita/seal/bodykey/v1"), 32);
  return { cipher: await crypto.subtle.importKey("raw", raw as BufferSource, "AES-GCM", false, ["encrypt", "decrypt"]), commitment };
}

// The label and every stanza are bound, so that a recipient can be neither added nor taken away.
function gcm(label: Uint8Array, stanzas: readonly Stanza[]): AesGcmParams {
  const all = labelHash("alita/seal/stanzas/v1", ...stanzas.flatMap((s) => [s.keyId, s.enc, s.ciphertext]));
  return { name: "AES-GCM", iv: new Uint8Array(12), additionalData: labelHash("alita/seal/body/v1", label, all) as BufferSource };
}

// The length in four big-endian bytes, the location, and zeros up to a multiple of the block.
function pad(location: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil((LENGTH_PREFIX + location.length) / PAD_BLOCK) * PAD_BLOCK);
  new DataView(out.buffer).setUint32(0, location.length);
  out.set(location, LENGTH_PREFIX);
  return out;
}

function unpad(padded: Uint8Array): string {
  const length = padded.length >= PAD_BLOCK ? new DataView(padded.buffer).getUint32(0) : 0;
  const end = LENGTH_PREFIX + length;
  if (length === 0 || end > padded.length || padded.subarray(end).some((b) => b !== 0)) throw new ProofError("location: expected a padded one, got another one");
  return new TextDecoder("utf-8", { fatal: true }).decode(padded.subarray(LENGTH_PREFIX, end));
}
