// Amino JSON of messages, from their descriptors alone: what SIGN_MODE_LEGACY_AMINO_JSON signs. The rules are those of the chain's own
// encoder (Cosmos SDK, x/tx/signing/aminojson); the vectors in tests/signing have an example of each message.
import { type DescField, type DescMessage, fromBinary, getOption, hasOption, isFieldSet, type Message, type Registry, ScalarType } from "@bufbuild/protobuf";
import type { Any, Duration, Timestamp } from "@bufbuild/protobuf/wkt";
import { base64 } from "@scure/base";
import { InputError } from "./errors.js";
import { encoding, field_name, message_encoding, name as amino_name, oneof_name } from "./gen/amino/amino_pb.js";
import { scalar } from "./gen/cosmos_proto/cosmos_pb.js";
import { aminoAlways, type Msg, schemaOfAny } from "./message.js";

/** Json is a value of amino JSON. Whole numbers of 64 bits are texts. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** AminoMsg is a message as wallets show and sign it. */
export interface AminoMsg {
  type: string;
  value: Json;
}

/** toAmino returns a message with its amino name. Messages within it (authz, gov) are found in the registry. */
export function toAmino({ schema, value }: Msg, registry?: Registry): AminoMsg {
  return { type: nameOf(schema), value: encodeMessage(schema, value, registry) };
}

const nameOf = (schema: DescMessage): string => (hasOption(schema, amino_name) ? getOption(schema, amino_name) : `/${schema.typeName}`);

function encodeMessage(schema: DescMessage, message: Message, registry: Registry | undefined): Json {
  switch (schema.typeName) {
    case "google.protobuf.Timestamp":
      return timeText(message as Timestamp);
    case "google.protobuf.Duration":
      return nanoseconds(message as Duration);
    case "google.protobuf.Any": {
      const inner = schemaOfAny(message as Any, registry);
      return { ...toAmino({ schema: inner, value: fromBinary(inner, (message as Any).value) }, registry) };
    }
  }
  if (hasOption(schema, message_encoding)) return encodeSpecial(schema, message);
  const out: { [name: string]: Json } = {};
  for (const field of schema.fields) {
    const name = hasOption(field, field_name) ? getOption(field, field_name) : field.name;
    const value = (message as unknown as Record<string, unknown>)[field.localName];
    if (field.oneof) {
      encodeOneof(out, message, field, registry);
    } else if (field.fieldKind === "list") {
      const list = (value as unknown[]).map((element) => encodeValue(field, element, registry));
      if (list.length > 0) out[name] = list;
      else if (aminoAlways(field)) out[name] = emptyIsList(field) ? [] : null;
    } else if (isFieldSet(message, field) || isInt(field)) {
      out[name] = encodeValue(field, value, registry);
    } else if (aminoAlways(field)) {
      // complete() has set the parts that the chain never leaves out.
      if (field.fieldKind === "message") throw new InputError(`${schema.name}.${field.name}: expected a value, got none`);
      out[name] = encodeValue(field, value, registry);
    }
  }
  return out;
}

const optionOf = (field: DescField): string => (hasOption(field, encoding) ? getOption(field, encoding) : "");
const scalarOf = (field: DescField): string => (hasOption(field, scalar) ? getOption(field, scalar) : "");
const isInt = (field: DescField): boolean => field.fieldKind === "scalar" && scalarOf(field) === "cosmos.Int";
const emptyIsList = (field: DescField): boolean => ["legacy_coins", "null_slice_as_empty"].includes(optionOf(field));

function encodeValue(field: DescField, value: unknown, registry: Registry | undefined): Json {
  if (field.message) return encodeMessage(field.message, value as Message, registry);
  if (field.fieldKind === "map") throw new InputError(`${field.parent.name}.${field.name}: expected no map in amino JSON, got one`);
  if (field.enum) return value as number;
  if (optionOf(field) === "inline_json") return JSON.parse(new TextDecoder().decode(value as Uint8Array)) as Json;
  if (field.fieldKind === "scalar" && scalarOf(field) === "cosmos.Int") return (value as string) || "0";
  if (field.fieldKind === "scalar" && scalarOf(field) === "cosmos.Dec") return decimalText(field, value as string);
  switch (field.scalar) {
    case ScalarType.BYTES:
      return base64.encode(value as Uint8Array);
    case ScalarType.INT64:
    case ScalarType.UINT64:
    case ScalarType.SINT64:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return String(value);
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      throw new InputError(`${field.parent.name}.${field.name}: expected no fraction in amino JSON, got one`);
    default:
      return value as Json;
  }
}

/** A decimal on the wire is a whole number of 10^-18, except in x/gov, which writes a point. */
function decimalText(field: DescField, value: string): string {
  if (value === "") return "0";
  if (field.parent.typeName.startsWith("cosmos.gov.v1.")) return value;
  const digits = value.replace(/^-/, "").padStart(19, "0");
  return `${value.startsWith("-") ? "-" : ""}${digits.slice(0, -18)}.${digits.slice(-18)}`;
}

function encodeOneof(out: { [name: string]: Json }, message: Message, field: DescField, registry: Registry | undefined): void {
  const oneof = field.oneof!;
  const key = oneof.name.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
  const chosen = (message as unknown as Record<string, { case: string | undefined; value?: unknown }>)[oneof.localName];
  if (chosen?.case === undefined) {
    out[key] = null;
  } else if (chosen.case === field.localName) {
    if (!hasOption(field, oneof_name)) throw new InputError(`${field.parent.name}.${field.name}: expected an amino name of the choice, got none`);
    out[key] = { type: getOption(field, oneof_name), value: { [field.name]: encodeValue(field, chosen.value, registry) } };
  }
}

function encodeSpecial(schema: DescMessage, message: Message): Json {
  const { key } = message as Message & { key?: Uint8Array };
  if (getOption(schema, message_encoding) === "key_field" && key) return key.length === 0 ? null : base64.encode(key);
  throw new InputError(`${schema.typeName}: expected a message of transactions, got another one`);
}

/** timeText writes a time as RFC 3339 in UTC, without zeros at the end of the seconds' fraction. */
export function timeText({ seconds, nanos }: { seconds: bigint; nanos: number }): string {
  const whole = new Date(Number(seconds) * 1000).toISOString().replace(/\.000Z$/, "");
  return nanos === 0 ? `${whole}Z` : `${whole}.${String(nanos).padStart(9, "0").replace(/0+$/, "")}Z`;
}

const nanoseconds = ({ seconds, nanos }: Duration): string => (seconds * 1_000_000_000n + BigInt(nanos)).toString();

/** canonicalJson writes a document as the chain does before it checks a signature: names sorted, no spaces, Go's escapes. */
export function canonicalJson(value: Json): string {
  return JSON.stringify(sorted(value)).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name]!)]));
}

/** WALLETS_DIFFER are line separators, which Go escapes and wallets do not: what has one cannot be signed in amino JSON by a wallet. */
export const WALLETS_DIFFER = /[\u2028\u2029]/;
