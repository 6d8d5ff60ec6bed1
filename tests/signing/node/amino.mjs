// Amino JSON of messages, made from their descriptors. docs/signing.md has the rules.
import { create, getOption, hasOption, ScalarType } from "@bufbuild/protobuf";

const TIMESTAMP = "google.protobuf.Timestamp";

// options returns the two options that the rules read: whether a field is signed also if it is empty, and whether it is an amount.
export function options(registry) {
  const keep = registry.getExtension("amino.dont_omitempty");
  const scalar = registry.getExtension("cosmos_proto.scalar");
  return {
    always: (field) => hasOption(field, keep) && getOption(field, keep),
    isInt: (field) => hasOption(field, scalar) && getOption(field, scalar) === "cosmos.Int",
  };
}

const isLong = (type) => [ScalarType.INT64, ScalarType.UINT64, ScalarType.SINT64, ScalarType.FIXED64, ScalarType.SFIXED64].includes(type);

function one(field, value, rules) {
  if (field.message) return toAmino(field.message, value, rules);
  if (field.scalar === ScalarType.BYTES) return Buffer.from(value).toString("base64");
  return isLong(field.scalar) ? value.toString() : value;
}

// toAmino returns the amino JSON of a message. Fields may be undefined, lists empty or undefined, amounts empty or undefined.
export function toAmino(desc, message, rules) {
  if (desc.typeName === TIMESTAMP) return timeText(message);
  const out = {};
  for (const field of desc.fields) {
    const value = message?.[field.localName];
    if (field.fieldKind === "list") {
      out[field.name] = (value ?? []).map((element) => one(field, element, rules));
    } else if (field.fieldKind === "message") {
      if (value !== undefined) out[field.name] = toAmino(field.message, value, rules);
      else if (rules.always(field)) out[field.name] = toAmino(field.message, create(field.message), rules);
    } else if (rules.isInt(field)) {
      out[field.name] = value || "0";
    } else if (value !== undefined && value !== "" && value !== false && value !== 0 && value !== 0n && value.length !== 0) {
      out[field.name] = one(field, value, rules);
    }
  }
  return out;
}

// fromAmino is the inverse, for what a wallet has signed.
export function fromAmino(desc, amino) {
  if (desc.typeName === TIMESTAMP) return timeOf(desc, amino);
  const message = create(desc);
  const parse = (field, value) => {
    if (field.message) return fromAmino(field.message, value);
    if (field.scalar === ScalarType.BYTES) return new Uint8Array(Buffer.from(value, "base64"));
    return isLong(field.scalar) ? BigInt(value) : value;
  };
  for (const field of desc.fields) {
    const value = amino[field.name];
    if (value === undefined) continue;
    message[field.localName] = field.fieldKind === "list" ? value.map((element) => parse(field, element)) : parse(field, value);
  }
  return message;
}

// timeText writes a time as RFC 3339 in UTC, without zeros at the end of the seconds' fraction.
function timeText({ seconds = 0n, nanos = 0 }) {
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return nanos ? `${whole}.${String(nanos).padStart(9, "0").replace(/0+$/, "")}Z` : `${whole}Z`;
}

function timeOf(desc, text) {
  const [, whole, fraction = ""] = text.match(/^([^.Z]*)(?:\.(\d+))?Z$/);
  return create(desc, { seconds: BigInt(Date.parse(`${whole}Z`) / 1000), nanos: Number(fraction.padEnd(9, "0")) });
}
