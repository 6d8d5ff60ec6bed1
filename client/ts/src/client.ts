// The client of a chain: queries and transactions of the modules that it is made with.
import { createRegistry, type DescMessage, type DescMethodUnary, type DescService, fromBinary, type MessageInitShape, type MessageShape, type Registry } from "@bufbuild/protobuf";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { sha256 } from "@noble/hashes/sha2.js";
import { base64, hex } from "./bytes.js";
import { InputError, NodeError, PendingError, QueryError, TxError } from "./errors.js";
import { eventsOf, rawEvents, type RawEvent } from "./events.js";
import { boundedFee, DEFAULT_GAS_ADJUSTMENT, DEFAULT_MAX_FEE, feeOf, gasLimit, offeredGasPrice, simulate } from "./gas.js";
import { SignMode } from "./gen/cosmos/tx/signing/v1beta1/signing_pb.js";
import { complete, type Msg, msg } from "./message.js";
import type { Module } from "./modules.js";
import { query } from "./query.js";
import { type CallOptions, object, Rest, type RestOptions, text, whole } from "./rest.js";
import { encodeAuthInfo, encodeBody, encodeTx, type Signer, type SignedTx, signTx, type TxParts } from "./sign.js";

type Modules = Readonly<Record<string, Module>>;

type Methods<S> = S extends DescService ? S["method"] : Record<never, never>;

/** Queries are the methods of a module's Query service. */
export type Queries<S> = {
  readonly [K in keyof Methods<S>]: Methods<S>[K] extends DescMethodUnary<infer I, infer O>
    ? (request: MessageInitShape<I>, options?: CallOptions) => Promise<MessageShape<O>>
    : never;
};

/** Messages make the messages of a module's Msg service. */
export type Messages<S> = {
  readonly [K in keyof Methods<S>]: Methods<S>[K] extends DescMethodUnary<infer I, DescMessage> ? (value: MessageInitShape<I>) => Msg<I> : never;
};

/** ClientOptions say which modules a client knows, and how it reaches the node. */
export interface ClientOptions<M extends Modules> extends RestOptions {
  /** modules by the names under which they are used. */
  modules: M;
  /** chainId is checked against the node's; without it the node's is believed. */
  chainId?: string;
}

/** TxOptions are for one transaction. */
export interface TxOptions {
  /** maxFee is the most that it may cost, in ualita; one ALITA by default. */
  maxFee?: bigint;
  /** fee replaces the node's price, in ualita. */
  fee?: bigint;
  /** gas replaces the simulation. */
  gas?: bigint;
  /** gasAdjustment is the gas limit for simulated gas, in per cent; 150 by default. */
  gasAdjustment?: number;
  /** memo is a public note. */
  memo?: string;
  /** mode is how it is signed: direct if the signer can, else amino. Ledger devices need amino. */
  mode?: "direct" | "amino";
  /** timeoutHeight is the last block that may include it. */
  timeoutHeight?: bigint;
  /** sequence replaces the account's next one: for several transactions in one block. */
  sequence?: bigint;
  /** feeGranter pays the fee by a grant. */
  feeGranter?: string;
  /** onSent is called with the hash before it is broadcast: keep it, to find the transaction after a crash. */
  onSent?: (hash: string) => void | Promise<void>;
  /** timeout is how long to wait for the block, in milliseconds; 120,000 by default. */
  timeout?: number;
  /** signal ends the waiting. */
  signal?: AbortSignal;
}

/** TxResult is a transaction in a block. */
export class TxResult {
  constructor(
    readonly hash: string,
    readonly height: bigint,
    readonly gasUsed: bigint,
    readonly gasWanted: bigint,
    /** fee is what was paid, in ualita. */
    readonly fee: bigint,
    /** rawEvents are all of its events, as the node reports them. */
    readonly rawEvents: readonly RawEvent[],
    readonly responses: readonly { readonly typeUrl: string; readonly value: Uint8Array }[],
  ) {}

  /** events reads the typed events of a kind. */
  events<D extends DescMessage>(schema: D): MessageShape<D>[] {
    return eventsOf(schema, this.rawEvents);
  }

  /** response reads the answer to a message, by its place in the transaction. */
  response<D extends DescMessage>(schema: D, index = 0): MessageShape<D> {
    const answer = this.responses[index];
    if (answer?.typeUrl !== `/${schema.typeName}`) throw new InputError(`response ${index}: expected /${schema.typeName}, got ${answer?.typeUrl ?? "none"}`);
    return fromBinary(schema, answer.value);
  }
}

const POLL = 400;

/** AlitaClient asks one node and sends transactions through it. It keeps no key: who signs is said with each transaction. */
export class AlitaClient<M extends Modules> {
  readonly chainId: string;
  readonly rest: Rest;
  /** registry has the descriptors of all messages and events that the client knows. */
  readonly registry: Registry;
  /** query has the queries of each module: client.query.datapool.pool({ poolId: 1n }). */
  readonly query: { readonly [N in keyof M]: Queries<M[N]["query"]> };
  /** msg makes the messages of each module: client.msg.bank.send({ ... }). */
  readonly msg: { readonly [N in keyof M]: Messages<M[N]["msg"]> };

  private constructor(rest: Rest, chainId: string, modules: M) {
    this.rest = rest;
    this.chainId = chainId;
    const all = Object.entries(modules);
    this.registry = createRegistry(...all.flatMap(([, m]) => [...(m.query ? [m.query.file] : []), ...(m.msg ? [m.msg.file] : []), ...(m.files ?? [])]));
    this.query = Object.fromEntries(all.map(([name, m]) => [name, methods(m.query, (method) => (request: never, options?: CallOptions) => query(rest, method, request, options))])) as never;
    this.msg = Object.fromEntries(all.map(([name, m]) => [name, methods(m.msg, (method) => (value: never) => msg(method.input, value))])) as never;
  }

  /** connect asks the node at a url for its chain. The url is that of its REST port; an empty one is the page's own host. */
  static async connect<M extends Modules>(url: string, options: ClientOptions<M>): Promise<AlitaClient<M>> {
    const rest = new Rest(url, options);
    const { json } = await rest.get("/cosmos/base/tendermint/v1beta1/node_info");
    const chainId = text(object(object(json)["default_node_info"])["network"], "chain id");
    if (options.chainId !== undefined && options.chainId !== chainId) throw new NodeError(`chain id: expected ${options.chainId}, got ${chainId}`);
    return new AlitaClient(rest, chainId, options.modules);
  }

  /** status returns the node's last block and its time. */
  async status(): Promise<{ height: bigint; time: Date }> {
    const { json } = await this.rest.get("/cosmos/base/node/v1beta1/status");
    const { height, timestamp } = object(json);
    return { height: whole(height, "height"), time: new Date(text(timestamp, "time of the block")) };
  }

  /**
   * tx sends a transaction and waits for its block: simulation, price, signature, broadcast, inclusion. The errors are TxError (refused, says at
   * which stage), FeeError and WalletError (nothing was sent), PendingError (it may still come into a block), NodeError.
   */
  async tx(signer: Signer, messages: readonly Msg[], options: TxOptions = {}): Promise<TxResult> {
    const signed = await this.sign(signer, messages, options);
    const hash = txHash(signed.bytes);
    await options.onSent?.(hash);
    await this.broadcast(signed.bytes);
    return this.included(hash, options);
  }

  /** sign makes a transaction that can be broadcast. */
  async sign(signer: Signer, messages: readonly Msg[], options: TxOptions = {}): Promise<SignedTx> {
    if (messages.length === 0) throw new InputError("messages: expected at least 1, got none");
    const account = await signer.account();
    const parts: TxParts = {
      messages: messages.map((m) => complete(m, account.address)),
      chainId: this.chainId, account, ...(await this.#numbers(account.address)), gas: 0n, fee: 0n,
      ...(options.sequence !== undefined && { sequence: options.sequence }), memo: options.memo ?? "", timeoutHeight: options.timeoutHeight ?? 0n, feeGranter: options.feeGranter ?? "",
    };
    // Who pastes the words of a key into the note by mistake loses it.
    if (/^\s*([a-z]{3,8}\s+){11,23}[a-z]{3,8}\s*$/i.test(parts.memo)) throw new InputError("memo: expected a public note, got what may be the words of a key");
    const maxFee = options.maxFee ?? DEFAULT_MAX_FEE;
    parts.gas = options.gas ?? gasLimit(await this.#simulate(parts), options.gasAdjustment ?? DEFAULT_GAS_ADJUSTMENT);
    parts.fee = boundedFee(options.fee ?? feeOf(parts.gas, await offeredGasPrice(this.rest)), maxFee);
    return signTx(signer, parts, { ...(options.mode && { mode: options.mode }), maxFee, registry: this.registry });
  }

  /** simulate returns the gas that messages of an account would take now. */
  async simulate(signer: Signer, messages: readonly Msg[]): Promise<bigint> {
    const account = await signer.account();
    const parts = { messages: messages.map((m) => complete(m, account.address)), account, ...(await this.#numbers(account.address)) };
    return this.#simulate({ ...parts, chainId: this.chainId, gas: 0n, fee: 0n, memo: "", timeoutHeight: 0n, feeGranter: "" });
  }

  #simulate(parts: TxParts): Promise<bigint> {
    return simulate(this.rest, encodeTx(encodeBody(parts), encodeAuthInfo(parts, SignMode.DIRECT), new Uint8Array()));
  }

  async #numbers(address: string): Promise<{ accountNumber: bigint; sequence: bigint }> {
    try {
      const { json } = await this.rest.get(`/cosmos/auth/v1beta1/account_info/${encodeURIComponent(address)}`);
      const info = object(object(json)["info"]);
      return { accountNumber: whole(info["account_number"] ?? "0", "account number"), sequence: whole(info["sequence"] ?? "0", "sequence") };
    } catch (cause) {
      if (cause instanceof QueryError && cause.notFound) throw new TxError("simulated", "sdk", 9, `account ${address}: not found`);
      throw cause;
    }
  }

  /** broadcast hands a signed transaction to the node, which checks it, and returns its hash. */
  async broadcast(bytes: Uint8Array): Promise<string> {
    const hash = txHash(bytes);
    let answer: unknown;
    try {
      answer = (await this.rest.post("/cosmos/tx/v1beta1/txs", { tx_bytes: base64.encode(bytes), mode: "BROADCAST_MODE_SYNC" })).json;
    } catch (cause) {
      if (cause instanceof QueryError) throw new TxError("checked", cause.codespace, cause.number, cause.message, hash);
      // The node may have taken it before the connection broke.
      throw new PendingError(hash, cause instanceof Error ? cause.message : String(cause), { cause });
    }
    const { code, codespace, raw_log } = object(object(answer)["tx_response"]);
    // Code 19 of the SDK: the node has it already.
    if (code !== 0 && !(code === 19 && codespace === "sdk")) throw new TxError("checked", String(codespace), Number(code), String(raw_log), hash);
    return hash;
  }

  /** transaction returns a transaction that is in a block, or undefined if none has it yet. The error is a TxError if it failed there. */
  async transaction(hash: string, signal?: AbortSignal): Promise<TxResult | undefined> {
    if (!/^[0-9A-F]{64}$/i.test(hash)) throw new InputError("hash: expected 64 hexadecimal characters, got others");
    let json: unknown;
    try {
      ({ json } = await this.rest.get(`/cosmos/tx/v1beta1/txs/${hash.toUpperCase()}`, signal ? { signal } : {}));
    } catch (cause) {
      if (cause instanceof QueryError && cause.notFound) return undefined;
      throw cause;
    }
    const { tx, tx_response } = object(json);
    const r = object(tx_response);
    if (r["code"] !== 0) throw new TxError("executed", String(r["codespace"]), Number(r["code"]), String(r["raw_log"]), hash);
    const amount = object(object(object(tx)["auth_info"])["fee"])["amount"];
    const fee = Array.isArray(amount) ? amount.map(object).reduce((sum, c) => sum + whole(c["amount"], "fee"), 0n) : 0n;
    return new TxResult(hash.toUpperCase(), whole(r["height"], "height"), whole(r["gas_used"], "gas used"), whole(r["gas_wanted"], "gas wanted"), fee, rawEvents(r["events"]), responses(r["data"]));
  }

  /** included waits for the block with a transaction. The error is a PendingError if it does not come in time. */
  async included(hash: string, options: Pick<TxOptions, "timeout" | "signal"> = {}): Promise<TxResult> {
    const end = Date.now() + (options.timeout ?? 120_000);
    let why: unknown = "no block has included it in time";
    while (Date.now() < end && !options.signal?.aborted) {
      try {
        const found = await this.transaction(hash, options.signal);
        if (found) return found;
      } catch (cause) {
        // A node that is lost for a moment says nothing about the transaction.
        if (!(cause instanceof NodeError)) throw cause instanceof TxError ? cause : new PendingError(hash, String(cause), { cause });
        why = cause;
      }
      await new Promise((resolve) => setTimeout(resolve, POLL));
    }
    throw new PendingError(hash, why instanceof Error ? why.message : String(why));
  }
}

/** txHash names a transaction: SHA-256 of its bytes, in upper-case hexadecimal. */
export const txHash = (bytes: Uint8Array): string => hex.encode(sha256(bytes)).toUpperCase();

function methods(service: DescService | undefined, make: (method: DescMethodUnary) => unknown): Record<string, unknown> {
  return Object.fromEntries((service?.methods ?? []).filter((m) => m.methodKind === "unary").map((m) => [m.localName, make(m as DescMethodUnary)]));
}

// The answers to messages are field 2 of cosmos.base.abci.v1beta1.TxMsgData, each an Any. Its file would bring CometBFT's types.
function responses(data: unknown): { typeUrl: string; value: Uint8Array }[] {
  if (typeof data !== "string" || data === "") return [];
  const out: { typeUrl: string; value: Uint8Array }[] = [];
  try {
    const reader = new BinaryReader(hex.decode(data.toLowerCase()));
    while (reader.pos < reader.len) {
      const [field, wireType] = reader.tag();
      if (field === 2 && wireType === 2) {
        const { typeUrl, value } = fromBinary(AnySchema, reader.bytes());
        out.push({ typeUrl, value });
      } else {
        reader.skip(wireType, field);
      }
    }
  } catch (cause) {
    throw new NodeError("answer of the transaction: expected TxMsgData, got something else", 200, { cause });
  }
  return out;
}
