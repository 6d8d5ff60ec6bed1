// Signs each vector of the standard input in each form and writes the transactions, for the chain to verify.
import { create, createFileRegistry, fromBinary, getOption, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Secp256k1Wallet, serializeSignDoc } from "@cosmjs/amino";
import { DirectSecp256k1Wallet, Registry } from "@cosmjs/proto-signing";
import { AminoTypes, SigningStargateClient, defaultRegistryTypes } from "@cosmjs/stargate";
import { TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fromAmino, options, toAmino } from "./amino.mjs";
import { generated } from "./habits.mjs";

const input = JSON.parse(readFileSync(0, "utf8"));
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
const sha256 = (data) => createHash("sha256").update(data).digest("hex");
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, bytes(input.descriptors)));
const rules = options(registry);
const aminoName = registry.getExtension("amino.name");

const { signer } = input;
const key = new Uint8Array(Buffer.from(signer.private_key, "hex"));
const direct = await DirectSecp256k1Wallet.fromKey(key, "alita");
const amino = await Secp256k1Wallet.fromKey(key, "alita");

// The wallet remembers what it signed, to compare it with the vectors.
let signedHash;
const remembering = {
  getAccounts: () => amino.getAccounts(),
  signAmino: (address, doc) => {
    signedHash = sha256(serializeSignDoc(doc));
    return amino.signAmino(address, doc);
  },
};

const descriptors = [...new Set(input.vectors.map((v) => v.message))].map((name) => registry.getMessage(name));
const types = new Registry([...defaultRegistryTypes, ...descriptors.map((desc) => ["/" + desc.typeName, {
  encode: (value) => ({ finish: () => toBinary(desc, value.$typeName ? value : create(desc, value)) }),
  decode: (data) => fromBinary(desc, data),
  fromPartial: (value) => create(desc, value),
}])]);
const client = (wallet, convert) => SigningStargateClient.offline(wallet, {
  registry: types,
  aminoTypes: new AminoTypes(Object.fromEntries(descriptors.map((desc) => ["/" + desc.typeName, {
    aminoType: getOption(desc, aminoName),
    toAmino: (value) => convert(desc, value, rules),
    fromAmino: (value) => fromAmino(desc, value),
  }]))),
});

// without leaves out what keep refuses, in all parts of a message.
function without(desc, message, keep) {
  if (!message || desc.typeName === "google.protobuf.Timestamp") return message;
  const out = {};
  for (const field of desc.fields) {
    const value = message[field.localName];
    if (!keep(field, value)) continue;
    out[field.localName] = field.message
      ? field.fieldKind === "list" ? value.map((part) => without(field.message, part, keep)) : without(field.message, value, keep)
      : value;
  }
  return out;
}
const isEmpty = (value) => value === undefined || value === "" || ((Array.isArray(value) || value instanceof Uint8Array) && value.length === 0);

// The forms in which pages hold the same message, and the converters that they use.
const forms = {
  "direct": { wallet: direct, convert: toAmino, shape: (desc, m) => m },
  "amino": { wallet: remembering, convert: toAmino, shape: (desc, m) => m },
  "amino, lists omitted": { wallet: remembering, convert: toAmino, shape: (desc, m) => without(desc, m, (f, v) => f.fieldKind !== "list" || v.length > 0) },
  "amino, amounts omitted": { wallet: remembering, convert: toAmino, shape: (desc, m) => without(desc, m, (f, v) => !rules.isInt(f) || (v !== "0" && v !== "")) },
  "amino, all that is empty omitted": { wallet: remembering, convert: toAmino, shape: (desc, m) => without(desc, m, (f, v) => !isEmpty(v)) },
  "amino, usual converter": { wallet: remembering, convert: generated, shape: (desc, m) => without(desc, m, (f, v) => f.fieldKind === "list" || rules.isInt(f) || !isEmpty(v)), whole: true },
};
const clients = {};
for (const [name, form] of Object.entries(forms)) clients[name] = await client(form.wallet, form.convert);

const out = [];
const fee = { amount: [{ denom: signer.fee_denom, amount: signer.fee_amount }], gas: String(signer.gas) };
for (const vector of input.vectors) {
  const desc = registry.getMessage(vector.message);
  const wire = bytes(vector.proto);
  for (const [name, form] of Object.entries(forms)) {
    // The usual converter needs amounts: types ask for them.
    if (form.whole && vector.variant === "absent") continue;
    const value = form.shape(desc, fromBinary(desc, wire));
    const data = { accountNumber: signer.account_number, sequence: signer.sequence, chainId: signer.chain_id };
    signedHash = "";
    const tx = await clients[name].sign(signer.address, [{ typeUrl: "/" + desc.typeName, value }], fee, signer.memo, data);
    out.push({ message: vector.message, variant: vector.variant, form: name, hash: signedHash, tx: Buffer.from(TxRaw.encode(tx).finish()).toString("base64") });
  }
}
process.stdout.write(JSON.stringify(out));
