// An account whose key is on this machine: for servers, tests and local networks. In a page use the person's wallet.
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { ripemd160 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { HDKey } from "@scure/bip32";
import { generateMnemonic, mnemonicToSeed, validateMnemonic } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { addressOf } from "../bytes.js";
import { InputError } from "../errors.js";
import { type Account, type AminoDoc, aminoBytes, type DirectDoc, directBytes, type Signed, type Signer } from "../sign.js";

/** HD_PATH is where an account's key lies under its words: coin type 118, first account (BIP-44). */
export const HD_PATH = "m/44'/118'/0'/0/0";

/** newMnemonic makes 24 fresh words. Who knows them owns the account. */
export const newMnemonic = (): string => generateMnemonic(wordlist, 256);

/** LocalSigner signs with a secp256k1 key in memory. It prints nothing of the key. */
export class LocalSigner implements Signer {
  readonly address: string;
  readonly #key: Uint8Array;
  readonly #public: Uint8Array;

  private constructor(key: Uint8Array) {
    this.#key = key;
    this.#public = secp256k1.getPublicKey(key, true);
    this.address = addressOf(ripemd160(sha256(this.#public)));
  }

  /** fromMnemonic derives the key from 12 to 24 English words (BIP-39), by default on the path of wallets. */
  static async fromMnemonic(words: string, path = HD_PATH): Promise<LocalSigner> {
    const normal = words.trim().toLowerCase().split(/\s+/).join(" ");
    if (!validateMnemonic(normal, wordlist)) throw new InputError("words: expected 12 to 24 words of a key, got others");
    const { privateKey } = HDKey.fromMasterSeed(await mnemonicToSeed(normal)).derive(path);
    return LocalSigner.fromKey(privateKey!);
  }

  /** fromKey takes the 32 bytes of a private key. */
  static fromKey(key: Uint8Array): LocalSigner {
    if (!secp256k1.utils.isValidSecretKey(key)) throw new InputError("key: expected 32 bytes of a secp256k1 key, got others");
    return new LocalSigner(key.slice());
  }

  async account(): Promise<Account> {
    return { address: this.address, publicKey: this.#public.slice() };
  }

  async signDirect(doc: DirectDoc): Promise<Signed<DirectDoc>> {
    return { doc, signature: this.#sign(directBytes(doc)) };
  }

  async signAmino(doc: AminoDoc): Promise<Signed<AminoDoc>> {
    return { doc, signature: this.#sign(aminoBytes(doc)) };
  }

  // ECDSA over SHA-256 with a deterministic nonce (RFC 6979) and the lower s, which the chain asks for.
  #sign(bytes: Uint8Array): Uint8Array {
    return secp256k1.sign(sha256(bytes), this.#key, { prehash: false, lowS: true });
  }
}
