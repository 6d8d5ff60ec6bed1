// A vector that one owner has delivered to the reader directly: package crypto/result of the chain.
import { concat, labelHash, utf8 } from "../bytes.js";
import { ProofError } from "../errors.js";
import { ENC_SIZE, type SealKey } from "./keys.js";

/** Binding names the contribution that a sealed vector belongs to. It opens under no other. */
export interface Binding {
  chainId: string;
  jobId: string;
  recordId: string;
  /** version is the SemVer version of the record. */
  version: string;
  /** owner is the bytes of the address of the record's owner. */
  owner: Uint8Array;
}

/** resultAad binds a sealed vector to its contribution. */
export function resultAad(b: Binding): Uint8Array {
  return labelHash("alita/seal/resultaad/v1", utf8(b.chainId), utf8(b.jobId), utf8(b.recordId), utf8(b.version), b.owner);
}

/** RESULT_INFO is the HPKE info of every sealed vector. */
export const RESULT_INFO = utf8("alita/seal/result/v1");

/** openVector decrypts a delivered vector of a length. The error is a ProofError. */
export async function openVector(reader: SealKey, binding: Binding, length: number, sealed: { enc: Uint8Array; ciphertext: Uint8Array }): Promise<bigint[]> {
  if (sealed.enc.length !== ENC_SIZE) throw new ProofError(`encapsulated key: expected ${ENC_SIZE} bytes, got ${sealed.enc.length}`);
  const plain = await reader.open(RESULT_INFO, resultAad(binding), concat(sealed.enc, sealed.ciphertext));
  if (plain.length !== 8 * length) throw new ProofError(`vector: expected ${8 * length} bytes for ${length} slots, got ${plain.length}`);
  const view = new DataView(plain.buffer, plain.byteOffset);
  return Array.from({ length }, (_, i) => {
    const slot = view.getBigInt64(8 * i, true);
    if (slot < 0n) throw new ProofError(`vector: slot ${i}: expected at least 0, got a negative number`);
    return slot;
  });
}
