// Messages of transactions.
import { clone, create, type DescMessage, getOption, hasOption, isFieldSet, type Message, type MessageInitShape, type MessageShape, type Registry, toBinary } from "@bufbuild/protobuf";
import { type Any, AnySchema } from "@bufbuild/protobuf/wkt";
import { dont_omitempty } from "./gen/amino/amino_pb.js";
import { signer } from "./gen/cosmos/msg/v1/msg_pb.js";
import { InputError } from "./errors.js";

/** Msg is a message of a transaction with its descriptor. */
export interface Msg<D extends DescMessage = DescMessage> {
  readonly schema: D;
  readonly value: MessageShape<D>;
}

/** msg makes a message of a transaction. Its signer may be left out: the account that sends the transaction is filled in. */
export function msg<D extends DescMessage>(schema: D, value: MessageInitShape<D>): Msg<D> {
  return { schema, value: create(schema, value) };
}

/** packAny packs a message as the chain reads it: its name after a slash, without a host. */
export function packAny({ schema, value }: Msg): Any {
  return create(AnySchema, { typeUrl: `/${schema.typeName}`, value: toBinary(schema, value) });
}

/** aminoAlways reports whether a field is signed in amino JSON also if it is empty. */
export const aminoAlways = (field: DescMessage["fields"][number]): boolean => hasOption(field, dont_omitempty) && getOption(field, dont_omitempty);

/**
 * complete returns a copy of a message with the sender as its signer if it names none, and with every part that the chain never leaves out.
 * The chain encodes a message again before it checks a signature in amino JSON; a part that is absent would be another one there.
 */
export function complete<D extends DescMessage>({ schema, value }: Msg<D>, sender: string): Msg<D> {
  const copy = clone(schema, value);
  addParts(schema, copy);
  for (const name of hasOption(schema, signer) ? getOption(schema, signer) : []) {
    const field = schema.fields.find((f) => f.name === name);
    if (field?.fieldKind !== "scalar") continue;
    const fields = copy as unknown as Record<string, unknown>;
    if (fields[field.localName] === "") fields[field.localName] = sender;
    if (fields[field.localName] !== sender) {
      throw new InputError(`${schema.name}.${name}: expected ${sender}, who signs, got ${String(fields[field.localName])}`);
    }
  }
  return { schema, value: copy };
}

function addParts(schema: DescMessage, message: Message): void {
  const fields = message as Message & Record<string, unknown>;
  for (const field of schema.fields) {
    if (field.fieldKind === "message" && field.oneof === undefined) {
      if (!isFieldSet(message, field) && aminoAlways(field)) fields[field.localName] = create(field.message);
      if (isFieldSet(message, field)) addParts(field.message, fields[field.localName] as Message);
    } else if (field.fieldKind === "list" && field.listKind === "message") {
      for (const part of fields[field.localName] as Message[]) addParts(field.message, part);
    }
  }
}

/** schemaOfAny finds the descriptor of a packed message. */
export function schemaOfAny(any: Any, registry: Registry | undefined): DescMessage {
  const name = any.typeUrl.slice(any.typeUrl.lastIndexOf("/") + 1);
  const schema = registry?.getMessage(name);
  if (!schema) throw new InputError(`message ${name}: expected one of the client's modules, got another one`);
  return schema;
}
