// Queries of any module, by the HTTP rules in the descriptors of its methods.
import { create, type DescMethodUnary, type DescMessage, fromJson, getOption, hasOption, type JsonObject, type JsonValue, type Message, type MessageInitShape, type MessageShape, ScalarType, toJson } from "@bufbuild/protobuf";
import { AlitaError, InputError, NodeError } from "./errors.js";
import { http } from "./gen/google/api/annotations_pb.js";
import type { CallOptions, Rest } from "./rest.js";

const heights = new WeakMap<Message, bigint>();

/** heightOf returns the block after which an answer was true, if the node said so. */
export const heightOf = (answer: Message): bigint | undefined => heights.get(answer);

/** query calls a method of a Query service over REST. Fields that are not set have their default. */
export async function query<I extends DescMessage, O extends DescMessage>(
  rest: Rest,
  method: DescMethodUnary<I, O>,
  request: MessageInitShape<I>,
  options?: CallOptions,
): Promise<MessageShape<O>> {
  const { json, height } = await rest.get(requestPath(method, request), options);
  let answer: MessageShape<O>;
  try {
    answer = fromJson(method.output, json as JsonValue, { ignoreUnknownFields: true });
  } catch (cause) {
    throw new NodeError(`${method.name}: expected ${method.output.typeName}, got something else`, 200, { cause });
  }
  if (height !== undefined) heights.set(answer, height);
  return answer;
}

/** requestPath returns the path and the parameters of a call, by the method's google.api.http rule. */
export function requestPath<I extends DescMessage>(method: DescMethodUnary<I>, request: MessageInitShape<I>): string {
  const rule = hasOption(method, http) ? getOption(method, http).pattern : undefined;
  if (rule?.case !== "get") throw new InputError(`${method.parent.typeName}.${method.name}: expected a method that REST answers, got another one`);
  const left = toJson(method.input, create(method.input, request), { useProtoFieldName: true, enumAsInteger: true }) as JsonObject;
  const path = rule.value.replace(/\{([\w.]+)(=\*\*)?\}/g, (_, name: string, rest?: string) => {
    const value = take(left, name.split(".")) ?? zero(method.input, name);
    if (value === undefined || value === "") throw new InputError(`${name}: expected a value, got none`);
    const segments = String(value).split(rest ? "/" : /(?!)/);
    if (segments.some((s) => s === "." || s === "..")) throw new InputError(`${name}: expected a name, got a path`);
    return segments.map(encodeURIComponent).join("/");
  });
  const parameters = new URLSearchParams();
  flatten("", left, parameters);
  const search = parameters.toString();
  return search === "" ? path : `${path}?${search}`;
}

/** zero is how JSON of protobuf, which leaves it out, would write the default of a number. */
function zero(message: DescMessage, name: string): string | undefined {
  const field = message.fields.find((f) => f.name === name);
  const number = field?.fieldKind === "scalar" && field.scalar !== ScalarType.STRING && field.scalar !== ScalarType.BYTES;
  return field?.fieldKind === "enum" || number ? "0" : undefined;
}

function take(from: JsonObject, [name, ...rest]: string[]): JsonValue | undefined {
  if (name === undefined) return undefined;
  const value = from[name];
  if (rest.length > 0) return value !== null && typeof value === "object" && !Array.isArray(value) ? take(value, rest) : undefined;
  delete from[name];
  return value;
}

function flatten(name: string, value: JsonValue, into: URLSearchParams): void {
  if (Array.isArray(value)) {
    for (const v of value) flatten(name, v, into);
  } else if (value !== null && typeof value === "object") {
    for (const [k, v] of Object.entries(value)) flatten(name === "" ? k : `${name}.${k}`, v, into);
  } else if (value !== null) {
    into.append(name, String(value));
  }
}

/** pages asks page after page until there are no more, and yields each answer. */
export async function* pages<T extends { pagination?: { nextKey: Uint8Array } | undefined }>(
  ask: (pagination: { key: Uint8Array; limit: bigint }) => Promise<T>,
  limit = 100n,
): AsyncGenerator<T, void> {
  let key: Uint8Array = new Uint8Array();
  for (let n = 0; n < 10_000; n++) {
    const page = await ask({ key, limit });
    yield page;
    key = page.pagination?.nextKey ?? new Uint8Array();
    if (key.length === 0) return;
  }
  throw new AlitaError("pages: expected at most 10000, got more");
}
