// The node's REST interface over fetch: bounded in time and size, with errors as types.
import { NodeError, QueryError } from "./errors.js";

/** Options of the connection to a node. */
export interface RestOptions {
  /** fetch replaces the platform's. */
  fetch?: typeof fetch;
  /** timeout is how long an answer may take, in milliseconds; 8,000 by default. */
  timeout?: number;
  /** maxBytes bounds an answer; 32 MiB by default. */
  maxBytes?: number;
}

/** CallOptions are for one call. */
export interface CallOptions {
  /** signal cancels the call. */
  signal?: AbortSignal;
  /** height asks for the state after that block; the last one by default. */
  height?: bigint;
}

/** Answer is what a node has answered, and at which height if it said so. */
export interface Answer {
  json: unknown;
  height: bigint | undefined;
}

const HEIGHT = "x-cosmos-block-height";

/** Rest calls one node. */
export class Rest {
  readonly url: string;
  readonly #fetch: typeof fetch;
  readonly #timeout: number;
  readonly #maxBytes: number;

  /** The url has no path: http://127.0.0.1:1317. An empty one is the page's own host. */
  constructor(url: string, options: RestOptions = {}) {
    this.url = url.replace(/\/+$/, "");
    this.#fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
    this.#timeout = options.timeout ?? 8_000;
    this.#maxBytes = options.maxBytes ?? 32 << 20;
  }

  /** get asks for a path, which begins with a slash. */
  get(path: string, options: CallOptions = {}): Promise<Answer> {
    return this.#call(path, { method: "GET" }, options);
  }

  /** post sends JSON. */
  post(path: string, body: unknown, options: CallOptions = {}): Promise<Answer> {
    return this.#call(path, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } }, options);
  }

  async #call(path: string, init: RequestInit, { signal, height }: CallOptions): Promise<Answer> {
    const limit = AbortSignal.timeout(this.#timeout);
    const headers = new Headers(init.headers);
    if (height !== undefined) headers.set(HEIGHT, height.toString());
    let response: Response;
    let text: string;
    try {
      response = await this.#fetch(this.url + path, { ...init, headers, signal: signal ? AbortSignal.any([signal, limit]) : limit });
      text = await this.#text(response);
    } catch (cause) {
      if (cause instanceof NodeError || signal?.aborted) throw cause;
      throw new NodeError(limit.aborted ? `node: expected an answer within ${this.#timeout} ms, got none` : "node: expected an answer, got none: it cannot be reached", 0, { cause });
    }
    const json = parse(text);
    if (!response.ok) throw failure(response.status, json);
    if (json === undefined) throw new NodeError("node: expected JSON, got something else", response.status);
    const at = response.headers.get(`grpc-metadata-${HEIGHT}`) ?? response.headers.get(HEIGHT);
    return { json, height: at !== null && /^\d{1,18}$/.test(at) ? BigInt(at) : undefined };
  }

  async #text(response: Response): Promise<string> {
    if (!response.body) return "";
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    let text = "";
    for (let size = 0; ; ) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      size += value.length;
      if (size > this.#maxBytes) {
        await reader.cancel();
        throw new NodeError(`node: expected an answer of at most ${this.#maxBytes} bytes, got more`, response.status);
      }
      text += decoder.decode(value, { stream: true });
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failure(status: number, json: unknown): NodeError | QueryError {
  const { code, message } = object(json);
  if (typeof code !== "number" || typeof message !== "string") return new NodeError(`node: expected an answer, got status ${status}`, status);
  return new QueryError(message, code, status);
}

/** object reads a value as an object with unknown fields; anything else has none. */
export function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** text reads a field as a text. */
export function text(value: unknown, what: string): string {
  if (typeof value !== "string") throw new NodeError(`${what}: expected a text, got ${typeof value}`);
  return value;
}

/** whole reads a field as a whole number of at least 0, which JSON of protobuf writes as a text. */
export function whole(value: unknown, what: string): bigint {
  const digits = typeof value === "number" && Number.isSafeInteger(value) ? value.toString() : value;
  if (typeof digits !== "string" || !/^\d{1,20}$/.test(digits)) throw new NodeError(`${what}: expected a whole number, got ${JSON.stringify(value) ?? "none"}`);
  return BigInt(digits);
}
