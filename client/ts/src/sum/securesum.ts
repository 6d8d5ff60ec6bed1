// A secure sum on the reader's side: each seat's part is opened, verified against what the owners committed to, and added up.
import { concat, equal, labelHash, uint64, utf8 } from "../bytes.js";
import { InputError, ProofError } from "../errors.js";
import { type Job, type Program, type RoundSums, VectorKind } from "../gen/alita/compute/v1/compute_pb.js";
import type { SealKey } from "../seal/keys.js";
import { verifyOpening } from "./pedersen.js";
import { noiseMaxima, reveal, type SlotRange, unshard } from "./unshard.js";

/** Protocol is what differs between the protocols of secure sums that this version reads. */
export interface Protocol {
  /** noises is the number of noises in a noised sum, each of the whole variance of its slot. */
  readonly noises: (contributions: number, seats: number) => number;
  /** apart reports whether the noise is shared in vectors of its own, which are in the commitments besides the contributions. */
  readonly apart: boolean;
  /** ranges is the domain of the hash that binds to ranges and noise. */
  readonly ranges: string;
}

/** PROTOCOLS are the protocols by the name in a job's `vdaf`: the draft of shares and proofs, and after the plus what is Alita's. */
export const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  // Each contribution brings noise.
  "draft-irtf-cfrg-vdaf-14": { noises: (contributions) => contributions, apart: false, ranges: "alita/terms/ranges/v1" },
  // Each seat hands in a vector of noise.
  "draft-irtf-cfrg-vdaf-14+alita.2": { noises: (_, seats) => seats, apart: true, ranges: "alita/terms/ranges/v2" },
};

/** SeatError is a seat's sum that does not open, or not what was committed: the seat is to blame, and a dispute can show it. */
export class SeatError extends ProofError {
  override name = "SeatError";

  constructor(
    /** seat counts from 0. */
    readonly seat: number,
    readonly operator: string,
    cause: ProofError,
  ) {
    super(`seat ${seat} (${operator}): ${cause.message}`, { cause });
  }
}

/** SecureSum is the answer of a round. */
export interface SecureSum {
  round: number;
  /** sum is the sum of the contributed vectors, slot by slot, as it was shared. */
  sum: bigint[];
  /** revealed is what the rows add up to, with their noise; for a program without ranges it is the sum. */
  revealed: bigint[];
  /** contributions counts the vectors in it, owners the people behind them, rows their rows. */
  contributions: number;
  owners: number;
  rows: bigint;
}

/** What is needed to open a sum, as the queries of the compute module return it. */
export interface SumParts {
  chainId: string;
  job: Job;
  program: Program;
  sums: RoundSums;
  /** reader is the key that the round was asked with; not needed if the result is public. */
  reader?: SealKey | undefined;
}

/**
 * openSum opens, verifies and adds up the sums of a round. What it returns is what the valid contributions add up to, whatever the seats
 * and the reader's own node say, as far as the commitments are the chain's: ask another node for the job if that matters. The error is a SeatError if
 * a seat is to blame, else a ProofError.
 */
export async function openSum(parts: SumParts): Promise<SecureSum> {
  const { job, program, sums } = parts;
  const secure = job.spec?.secure;
  if (!job.spec || !secure) throw new InputError("delivery: expected a secure sum, got direct delivery");
  const protocol = PROTOCOLS[job.vdaf];
  if (!protocol) throw new InputError(`vdaf: expected ${Object.keys(PROTOCOLS).join(" or ")}, got ${JSON.stringify(job.vdaf.slice(0, 80))}`);
  checkSums(job, sums);
  const noises = secure.microRho > 0n ? protocol.noises(sums.valid, secure.seats) : 0;
  const vectorsOfNoise = protocol.apart ? noises : 0;
  const { length } = job.spec;
  const ranges = rangesOf(job);
  const shares: bigint[][] = [];
  for (const [seat, { sum, sealed }] of sums.sums.entries()) {
    try {
      let opening = sum;
      if (!secure.publicResult) {
        if (!parts.reader || !equal(parts.reader.publicKey, sums.readerKey)) throw new InputError("reader: expected the key that the round was asked with, got another one");
        opening = await parts.reader.open(utf8("alita/seal/sum/v1"), sumAad(parts, seat, protocol), concat(sealed?.enc ?? new Uint8Array(), sealed?.ciphertext ?? new Uint8Array()));
      }
      shares.push(verifyOpening(sums.commitments[seat]!, sums.valid + vectorsOfNoise, length, opening));
    } catch (cause) {
      throw cause instanceof ProofError ? new SeatError(seat, sums.operators[seat]!, cause) : cause;
    }
  }
  const kind = program.kind === VectorKind.ONE_HOT ? "onehot" : "sumvec";
  const sum = unshard(kind, secure.bits || program.bits, shares, sums.valid, vectorsOfNoise > 0 ? noiseMaxima(ranges, vectorsOfNoise) : []);
  return {
    round: sums.round, sum, revealed: reveal(sum, ranges, noises, sums.rows),
    contributions: sums.valid, owners: sums.owners, rows: sums.rows,
  };
}

const rangesOf = (job: Job): SlotRange[] => (job.spec?.secure?.ranges ?? []).map(({ count, low, high, variance }) => ({ count, low, high, variance }));

function checkSums(job: Job, sums: RoundSums): void {
  const seats = job.spec!.secure!.seats;
  const got = [sums.sums.length, sums.commitments.length, sums.operators.length];
  if (seats < 2 || seats > 8 || got.some((n) => n !== seats)) throw new ProofError(`round ${sums.round}: expected ${seats} sums, commitments and seats, got ${got.join(", ")}`);
  if (sums.owners < job.spec!.minCohort || sums.valid < sums.owners) {
    throw new ProofError(`round ${sums.round}: expected at least ${job.spec!.minCohort} owners, got ${sums.owners} with ${sums.valid} contributions`);
  }
  if (job.round !== sums.round || job.seats.length !== seats) return;
  if (sums.attempt !== job.attempt || sums.valid !== job.valid || sums.rows !== job.validRows) {
    throw new ProofError(`round ${sums.round}: expected the sum of ${job.valid} contributions in attempt ${job.attempt}, got ${sums.valid} in attempt ${sums.attempt}`);
  }
  job.seats.forEach(({ commitment }, i) => {
    if (commitment.length > 0 && !equal(commitment, sums.commitments[i]!)) throw new ProofError(`round ${sums.round}: expected the job's commitment of seat ${i}, got another one`);
  });
}

// sumAad ties a sealed sum to its session, its seat, and the ranges and the noise that were asked.
function sumAad({ chainId, job, sums }: SumParts, seat: number, protocol: Protocol): Uint8Array {
  const ranges = rangesOf(job);
  const fields = [utf8(chainId), utf8(job.id), uint64(sums.round), uint64(sums.attempt), uint64(seat)];
  if (ranges.length > 0) fields.push(rangesHash(ranges, job.spec!.secure!.microRho, protocol.ranges));
  return labelHash("alita/securesum/sum/v1", ...fields);
}

/** rangesHash binds to the ranges of a job's slots and to what a row may disclose, in millionths of rho. */
export function rangesHash(ranges: readonly SlotRange[], microRho: bigint, domain: string): Uint8Array {
  const encoded = ranges.flatMap((r) => [uint64(r.count).subarray(4), uint64(r.low), uint64(r.high), uint64(r.variance)]);
  return labelHash(domain, uint64(microRho), concat(...encoded));
}
