// Typed events. The chain writes each field of an event as JSON into an attribute: a text has quotes, a whole number of 64 bits too.
import { type DescMessage, fromJson, type JsonValue, type MessageShape, type Registry } from "@bufbuild/protobuf";
import { NodeError } from "./errors.js";
import { object, text } from "./rest.js";

/** RawEvent is an event as nodes report it. */
export interface RawEvent {
  readonly type: string;
  readonly attributes: readonly { readonly key: string; readonly value: string }[];
}

/** rawEvents reads the events of an answer of the node. */
export function rawEvents(value: unknown): RawEvent[] {
  if (!Array.isArray(value)) return [];
  return value.map((event) => {
    const { type, attributes } = object(event);
    const pairs = Array.isArray(attributes) ? attributes.map(object) : [];
    return { type: text(type, "event"), attributes: pairs.map((a) => ({ key: text(a["key"], "attribute"), value: typeof a["value"] === "string" ? a["value"] : "" })) };
  });
}

/** messageIndex returns which message of its transaction has emitted an event; undefined for an event of the transaction or of a block. */
export function messageIndex(event: RawEvent): number | undefined {
  const value = event.attributes.find((a) => a.key === "msg_index")?.value;
  return value !== undefined && /^\d{1,4}$/.test(value) ? Number(value) : undefined;
}

/** decodeEvent reads a typed event. */
export function decodeEvent<D extends DescMessage>(schema: D, event: RawEvent): MessageShape<D> {
  const fields: Record<string, JsonValue> = {};
  try {
    for (const { key, value } of event.attributes) {
      if (key !== "msg_index" && key !== "mode") fields[key] = JSON.parse(value) as JsonValue;
    }
    return fromJson(schema, fields, { ignoreUnknownFields: true });
  } catch (cause) {
    throw new NodeError(`event ${event.type}: expected the fields of ${schema.typeName}, got others`, 200, { cause });
  }
}

/** eventsOf reads all events of a type. */
export function eventsOf<D extends DescMessage>(schema: D, events: readonly RawEvent[]): MessageShape<D>[] {
  return events.filter((e) => e.type === schema.typeName).map((e) => decodeEvent(schema, e));
}

/** knownEvents reads all events whose type is in the registry, in their order. */
export function knownEvents(registry: Registry, events: readonly RawEvent[]): MessageShape<DescMessage>[] {
  return events.flatMap((e) => {
    const schema = registry.getMessage(e.type);
    return schema ? [decodeEvent(schema, e)] : [];
  });
}
