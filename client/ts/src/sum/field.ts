// Prio3's Field128 and integers in little-endian bytes (draft-irtf-cfrg-vdaf-14, section 6.1).

/** MODULUS is the order of Field128: 2^128 - 7 * 2^66 + 1. */
export const MODULUS = 2n ** 128n - 7n * 2n ** 66n + 1n;

/** readLittleEndian reads an integer, the least significant byte first. */
export function readLittleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
  return value;
}

/** MAX_SLOTS bounds the length of a vector. */
export const MAX_SLOTS = 8192;
