// Amino JSON as usual converters write it, which do not know this chain: those that Telescope 1.12 generates, and those
// that people write by hand in CosmJS. They read at most whether a field is signed also if it is empty.
import { create, ScalarType } from "@bufbuild/protobuf";
import { toAmino } from "./amino.mjs";

const TIMESTAMP = "google.protobuf.Timestamp";

// generated writes each list, each part that is set, and each text, number and bytes unless it is empty or undefined.
export function generated(desc, message, rules) {
  if (desc.typeName === TIMESTAMP) return toAmino(desc, message, rules);
  const out = {};
  for (const field of desc.fields) {
    const value = message[field.localName];
    const convert = (v) => (field.message ? generated(field.message, v, rules)
      : field.scalar === ScalarType.BYTES ? Buffer.from(v).toString("base64")
        : typeof v === "bigint" ? v.toString() : v);
    if (field.fieldKind === "list") out[field.name] = value ? value.map(convert) : value;
    else if (field.fieldKind === "message") {
      const part = value ?? (rules.always(field) ? create(field.message) : undefined);
      out[field.name] = part ? generated(field.message, part, rules) : undefined;
    } else if (rules.always(field)) out[field.name] = value ?? "";
    else if (field.scalar === ScalarType.BYTES) out[field.name] = value ? convert(value) : undefined;
    else out[field.name] = value === "" || value === 0 || value === 0n || value === false ? undefined : convert(value);
  }
  return out;
}
