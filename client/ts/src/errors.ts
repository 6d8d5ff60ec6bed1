// What can go wrong, as types. Every message says what was looked at, what would be right and what came.
import { hint } from "./words.js";

/** AlitaError is the base of all errors that this package makes. */
export class AlitaError extends Error {
  override name = "AlitaError";
}

/** InputError means that the caller has given something that cannot be right. Nothing was sent. */
export class InputError extends AlitaError {
  override name = "InputError";
}

/** NodeError means that the node cannot be reached, is too slow, or has answered with what no node may answer. */
export class NodeError extends AlitaError {
  override name = "NodeError";

  /** status is the status of HTTP, or 0 if no answer came. */
  constructor(message: string, readonly status = 0, options?: ErrorOptions) {
    super(message, options);
  }
}

/** Codes of gRPC that callers tell apart. */
export const enum GrpcCode {
  Unknown = 2,
  InvalidArgument = 3,
  NotFound = 5,
  PermissionDenied = 7,
  ResourceExhausted = 8,
  FailedPrecondition = 9,
  Unavailable = 14,
}

/** QueryError is a refusal of a query by the chain. */
export class QueryError extends AlitaError {
  override name = "QueryError";
  /** codespace and number name the module's error, if the node's text says them; else empty and 0. */
  readonly codespace: string;
  readonly number: number;
  /** todo is what a person can do about it, in words. */
  readonly todo: string;

  /** code is the code of gRPC, see {@link GrpcCode}. */
  constructor(log: string, readonly code: number, readonly status: number) {
    const { codespace, number, reason } = moduleError(log);
    super(reason);
    [this.codespace, this.number, this.todo] = [codespace, number, hint(codespace, number, reason)];
  }

  /** notFound reports whether what was asked for is not on the chain. */
  get notFound(): boolean {
    return this.code === GrpcCode.NotFound;
  }
}

/**
 * Stage is how far a transaction had come when it was refused. "simulated": nothing was signed. "checked": it was signed, and the node did
 * not take it. "executed": it is in a block and has failed there; its fee is paid and nothing else has happened.
 */
export type Stage = "simulated" | "checked" | "executed";

/** TxError is a refusal of a transaction by the chain. */
export class TxError extends AlitaError {
  override name = "TxError";

  /** reason is the chain's own text. */
  readonly reason: string;
  /** todo is what a person can do about it, in words. */
  readonly todo: string;

  constructor(
    readonly stage: Stage,
    /** codespace is the module that refused; empty if a simulation said only the text. */
    readonly codespace: string,
    /** code is the module's number of the error; 0 if a simulation said only the text. */
    readonly code: number,
    log: string,
    /** hash names the transaction; empty before it is signed. */
    readonly hash = "",
  ) {
    const reason = refusal(log);
    const name = codespace === "" ? "" : ` (${codespace} ${code})`;
    super(`${stage === "simulated" ? "the chain would refuse it" : stage === "checked" ? "refused" : "failed"}: ${reason}${name}`);
    this.reason = reason;
    this.todo = hint(codespace, code, reason);
  }
}

/** PendingError means that the transaction was sent and may still come into a block. Ask for its hash before another one is sent. */
export class PendingError extends AlitaError {
  override name = "PendingError";

  constructor(readonly hash: string, why: string, options?: ErrorOptions) {
    super(`transaction ${hash}: it may still come into a block: ${why}`, options);
  }
}

/** FeeError means that the transaction would cost more than the caller allows. Nothing was signed, or what was signed is not sent. */
export class FeeError extends AlitaError {
  override name = "FeeError";

  constructor(readonly fee: bigint, readonly maxFee: bigint) {
    super(`fee: expected at most ${maxFee}ualita, got ${fee}ualita`);
  }
}

/** WalletError means that a wallet refused, was silent, or returned something else than it was asked to sign. Nothing was sent. */
export class WalletError extends AlitaError {
  override name = "WalletError";
}

/** ProofError means that bytes from the chain or from a seat are not what they must be: they do not open, or not to what was committed. */
export class ProofError extends AlitaError {
  override name = "ProofError";
}

/** refusal returns the reason in a node's log: without the place in the program, and without what transports add. */
export function refusal(log: string): string {
  const inMessage = /message index: \d+: ([\s\S]*?)(?: \[[^\]]*:\d+\])?(?: with gas used[\s\S]*)?$/.exec(log);
  return (inMessage?.[1] ?? log).replace(/rpc error: code = \w+ desc = /g, "").trim();
}

/** moduleError takes a node's text apart: the SDK writes "codespace datapool code 2: pool not found: ..." before what a module says. */
export function moduleError(log: string): { codespace: string; number: number; reason: string } {
  const reason = refusal(log);
  const named = /^codespace (\w+) code (\d{1,9}): ([\s\S]*)$/.exec(reason);
  return named ? { codespace: named[1]!, number: Number(named[2]), reason: named[3]! } : { codespace: "", number: 0, reason };
}
