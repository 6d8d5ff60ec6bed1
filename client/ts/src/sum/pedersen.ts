// Pedersen commitments to vectors over ristretto255: the check that a seat's sum opens the sum of the commitments. The format and the reasons
// are in the chain's package crypto/pedersen; hashing to the group is RFC 9380, suite ristretto255_XMD:SHA-512_R255MAP_RO_.
import { pippenger } from "@noble/curves/abstract/curve.js";
import { ristretto255, ristretto255_hasher } from "@noble/curves/ed25519.js";
import { concat, utf8 } from "../bytes.js";
import { InputError, ProofError } from "../errors.js";
import { MAX_SLOTS, MODULUS, readLittleEndian } from "./field.js";

const { Point } = ristretto255;
type Element = ReturnType<typeof ristretto255_hasher.hashToCurve>;

/** MAX_COUNT bounds the number of contributions in a sum. */
const MAX_COUNT = 2n ** 32n - 1n;

/** Sizes in bytes of a slot of an opening, of a blinding and of a commitment. */
const SUM_SIZE = 20;
const BLINDING_SIZE = 32;
export const COMMITMENT_SIZE = 32;

const DST = "alita-pedersen-v1-with-ristretto255_XMD:SHA-512_R255MAP_RO_";
const hashed = (name: Uint8Array): Element => ristretto255_hasher.hashToCurve(name, { DST });

// The generators that were made so far. Each takes about a millisecond.
const slots: Element[] = [];
let named: { blinding: Element; length: Element } | undefined;

/** makeGenerators makes those of vectors of a length. Call it early, or in a Web Worker, for long vectors: verifyOpening finds them made. */
export function makeGenerators(length: number): void {
  generators(length);
}

/** generatorBytes returns the encodings of the generators of the first slots, of the blinding and of the length. */
export function generatorBytes(length: number): { slots: Uint8Array[]; blinding: Uint8Array; length: Uint8Array } {
  const made = generators(length);
  return { slots: made.slots.map((g) => g.toBytes()), blinding: made.blinding.toBytes(), length: made.length.toBytes() };
}

function generators(length: number): { slots: readonly Element[]; blinding: Element; length: Element } {
  if (!Number.isInteger(length) || length < 1 || length > MAX_SLOTS) throw new InputError(`slots: expected 1 to ${MAX_SLOTS}, got ${length}`);
  for (let i = slots.length; i < length; i++) slots.push(hashed(concat(utf8("slot"), new Uint8Array([i >>> 24, i >>> 16, i >>> 8, i]))));
  named ??= { blinding: hashed(utf8("blinding")), length: hashed(utf8("length")) };
  return { slots: slots.slice(0, length), ...named };
}

/** openingSize is the length of an encoded opening in bytes. */
export const openingSize = (length: number): number => length * SUM_SIZE + BLINDING_SIZE;

/**
 * verifyOpening checks that an opening opens the sum of count commitments to vectors of a length, and returns the sum of the shares modulo the
 * field's order. The error is a ProofError. Its cost does not depend on count.
 */
export function verifyOpening(commitment: Uint8Array, count: number, length: number, opening: Uint8Array): bigint[] {
  const n = BigInt(count);
  if (n < 0n || n > MAX_COUNT) throw new ProofError(`opening: expected at most ${MAX_COUNT} shares, got ${n}`);
  const base = generators(length);
  if (opening.length !== openingSize(length)) throw new ProofError(`opening: expected ${openingSize(length)} bytes, got ${opening.length}`);
  if (commitment.length !== COMMITMENT_SIZE) throw new ProofError(`commitment: expected ${COMMITMENT_SIZE} bytes, got ${commitment.length}`);
  const values = base.slots.map((_, i) => readLittleEndian(opening.subarray(i * SUM_SIZE, (i + 1) * SUM_SIZE)));
  const most = n * (MODULUS - 1n);
  const large = values.findIndex((v) => v > most);
  if (large >= 0) throw new ProofError(`opening: slot ${large}: expected at most what ${n} shares can add up to, got more`);
  const blinding = readLittleEndian(opening.subarray(length * SUM_SIZE));
  if (blinding >= Point.Fn.ORDER) throw new ProofError("opening: blinding: expected a number below the group's order, got a larger one");
  const sum = combine([...base.slots, base.blinding, base.length], [...values, blinding, BigInt(length) * n]);
  if (!sum.equals(decode(commitment))) throw new ProofError("opening: expected one of the commitment, got another one");
  return values.map((v) => v % MODULUS);
}

function decode(commitment: Uint8Array): Element {
  try {
    return Point.fromBytes(commitment);
  } catch (cause) {
    throw new ProofError("commitment: expected the canonical encoding of an element, got other bytes", { cause });
  }
}

// All of it is public to who verifies, so the time may depend on the values.
const combine = (elements: Element[], scalars: bigint[]): Element => pippenger(Point, elements, scalars.map((s) => s % Point.Fn.ORDER));
