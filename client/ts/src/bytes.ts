// Encodings of bytes, and SHA-256 over labelled tuples.
import { sha256 } from "@noble/hashes/sha2.js";
import { base64, bech32, hex } from "@scure/base";
import { InputError } from "./errors.js";

/** BECH32_PREFIX is the prefix of accounts' addresses. */
export const BECH32_PREFIX = "alita";

const utf8Encoder = new TextEncoder();

/** utf8 encodes a text. */
export const utf8 = (text: string): Uint8Array => utf8Encoder.encode(text);

export { base64, hex };

/** concat joins bytes. */
export function concat(...parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) {
    out.set(p, at);
    at += p.length;
  }
  return out;
}

/** equal compares bytes that are not secret. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i]);
}

/** uint64 is the form in which integers enter a hash: eight bytes, big-endian, modulo 2^64. */
export function uint64(v: bigint | number): Uint8Array {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, BigInt.asUintN(64, BigInt(v)));
  return out;
}

/** labelHash is SHA-256 over a tag and fields, each preceded by its length: package crypto/label of the chain. */
export function labelHash(tag: string, ...fields: Uint8Array[]): Uint8Array {
  const h = sha256.create();
  for (const field of [utf8(tag), ...fields]) h.update(uint64(field.length)).update(field);
  return h.digest();
}

/** addressBytes returns the bytes of an account's address. */
export function addressBytes(address: string, prefix = BECH32_PREFIX): Uint8Array {
  const decoded = bech32.decodeUnsafe(address, 128);
  const bytes = decoded && bech32.fromWordsUnsafe(decoded.words);
  if (!decoded || decoded.prefix !== prefix || !bytes || (bytes.length !== 20 && bytes.length !== 32)) {
    throw new InputError(`address: expected a bech32 address with the prefix "${prefix}", got ${JSON.stringify(address.slice(0, 100))}`);
  }
  return bytes;
}

/** addressOf writes the bytes of an address. */
export function addressOf(bytes: Uint8Array, prefix = BECH32_PREFIX): string {
  return bech32.encode(prefix, bech32.toWords(bytes), 128);
}

/** randomBytes are from the platform's cryptographic source. */
export const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
