// What is signed, compared with the vectors that Go writes for every message (tests/signing).
import { existsSync, readFileSync } from "node:fs";
import { createRegistry, fromBinary } from "@bufbuild/protobuf";
import { sha256 } from "@noble/hashes/sha2.js";
import { base64, hex } from "@scure/base";
import { describe, expect, it } from "vitest";
import { canonicalJson, toAmino } from "../src/amino.js";
import { LocalSigner } from "../src/index.js";
import { complete, type Msg } from "../src/message.js";
import * as modules from "../src/modules.js";
import { aminoBytes, aminoDoc, directBytes, directDoc } from "../src/sign.js";

interface Vector {
  message: string;
  variant: "full" | "text" | "sparse" | "absent";
  proto: string;
  amino: string;
  amino_sha256: string;
  direct_sha256: string;
}

interface Vectors {
  signer: { private_key: string; address: string; chain_id: string; account_number: number; sequence: number; memo: string; gas: number; fee_amount: string };
  vectors: Vector[];
}

const file = new URL("../../../tests/signing/testdata/vectors.json", import.meta.url);
const registry = createRegistry(modules.datapool.msg.file, modules.metadata.msg.file, modules.compute.msg.file, modules.feemarket.msg.file);

describe.skipIf(!existsSync(file))("vectors of all messages", async () => {
  const { signer: by, vectors } = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Vectors) : ({ vectors: [] } as unknown as Vectors);
  const signer = by && LocalSigner.fromKey(hex.decode(by.private_key));

  it("has the account of the key", () => expect(signer.address).toBe(by.address));

  it("has every message of the modules", () => {
    const known = [modules.datapool, modules.metadata, modules.compute, modules.feemarket].flatMap((m) => m.msg.methods.map((method) => method.input.typeName));
    expect([...new Set(vectors.map((v) => v.message))].sort()).toEqual(known.sort());
  });

  const parts = async (message: Msg) => ({
    messages: [message], chainId: by.chain_id, accountNumber: BigInt(by.account_number), sequence: BigInt(by.sequence), gas: BigInt(by.gas),
    fee: BigInt(by.fee_amount), memo: by.memo, timeoutHeight: 0n, feeGranter: "", account: await signer.account(),
  });

  it.each(vectors.map((v) => [v.message, v.variant, v] as const))("%s, %s", async (name, variant, v) => {
    const schema = registry.getMessage(name)!;
    const message: Msg = { schema, value: fromBinary(schema, base64.decode(v.proto)) };
    const whole = complete(message, by.address);
    expect(hex.encode(sha256(directBytes(directDoc(await parts(message)))))).toBe(v.direct_sha256);
    // A time that is absent is another one for Go than for JavaScript, which writes it.
    if (variant === "absent") return;
    expect(canonicalJson({ ...toAmino(whole) })).toBe(v.amino);
    expect(hex.encode(sha256(aminoBytes(aminoDoc(await parts(whole)))))).toBe(v.amino_sha256);
  });
});
