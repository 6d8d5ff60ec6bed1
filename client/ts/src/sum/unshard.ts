// From the seats' shares of a sum to the sum (Prio3, draft-irtf-cfrg-vdaf-14, section 7.2.5), and from there to what the rows add up to.
import { InputError, ProofError } from "../errors.js";
import { MAX_SLOTS, MODULUS } from "./field.js";

/** Kind is what the vectors were proved to be: slots below 2^bits, or one slot 1 and the others 0. */
export type Kind = "sumvec" | "onehot";

/**
 * unshard adds up the seats' shares and returns the sum of count vectors, slot by slot. More is the largest that noise can add to each slot; empty for
 * none. The error is a ProofError if no such vectors can have the sum.
 */
export function unshard(kind: Kind, bits: number, shares: readonly (readonly bigint[])[], count: number, more: readonly bigint[] = []): bigint[] {
  const [first, ...others] = shares;
  if (!first || others.some((s) => s.length !== first.length)) throw new InputError("shares: expected equally long ones, got others");
  const sum = first.map((v, i) => others.reduce((all, share) => (all + share[i]!) % MODULUS, v % MODULUS));
  const largest = kind === "onehot" ? 1n : 2n ** BigInt(bits) - 1n;
  const most = largest * BigInt(count);
  const over = sum.findIndex((v, i) => v > most + (more[i] ?? 0n));
  if (over >= 0) throw new ProofError(`slot ${over}: expected at most what ${count} vectors can add up to, got more`);
  const total = sum.reduce((a, b) => a + b, 0n);
  if (kind === "onehot" && total !== BigInt(count)) throw new ProofError(`sum of the slots: expected ${count}, got ${total}`);
  return sum;
}

/** SlotRange says what one row may add to each of count slots, and the noise's variance in them; 0 is none. */
export interface SlotRange {
  count: number;
  low: bigint;
  high: bigint;
  variance: bigint;
}

// Noise is drawn within a bound that less than 2^-64 of the distribution exceeds.
const NOISE_BITS = 64n;

/** noiseBound is the largest size of the noise of a variance: m^2 >= 2 variance (bits + 1) ln 2, with ln 2 rounded up. */
export function noiseBound(variance: bigint): bigint {
  if (variance === 0n) return 0n;
  const scale = 1_000_000_000n;
  const square = (variance * 2n * (NOISE_BITS + 1n) * 693_147_181n + scale - 1n) / scale;
  const root = squareRoot(square);
  return root * root < square ? root + 1n : root;
}

function squareRoot(v: bigint): bigint {
  let x = 1n << BigInt((v.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (x + v / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

/** noiseMaxima is the largest value of each slot in a sum of so many vectors of noise: each is shifted by the noise's bound. */
export const noiseMaxima = (ranges: readonly SlotRange[], vectors: number): bigint[] => bySlot(ranges, (r) => BigInt(vectors) * 2n * noiseBound(r.variance));

/**
 * reveal returns what the rows of all contributions add up to, with the noise, from the sum of the shared slots: each was shifted by rows * low,
 * and each of the noises by its bound. Without ranges it is the sum itself.
 */
export function reveal(sum: readonly bigint[], ranges: readonly SlotRange[], noises: number, rows: bigint): bigint[] {
  if (ranges.length === 0) return [...sum];
  const offsets = bySlot(ranges, (r) => rows * r.low - BigInt(noises) * noiseBound(r.variance));
  if (offsets.length !== sum.length) throw new ProofError(`slots: expected ${offsets.length}, got ${sum.length}`);
  return sum.map((v, i) => v + offsets[i]!);
}

const bySlot = (ranges: readonly SlotRange[], value: (range: SlotRange) => bigint): bigint[] => ranges.flatMap((r) => Array<bigint>(Math.min(r.count, MAX_SLOTS)).fill(value(r)));
