// Transactions from the caller's side: what is sent, what is refused before, and what wallets may not do.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { base64, hex } from "@scure/base";
import { describe, expect, it } from "vitest";
import {
  AlitaClient, coin, FeeError, InputError, LocalSigner, NodeError, type OfflineSigner, parseGasPrice, PendingError, type Signer, toAmino, TxError, txHash, WalletError, walletSigner,
} from "../src/index.js";
import { EventSwapSchema } from "../src/gen/alita/datapool/v1/event_pb.js";
import { MsgSwapExactInResponseSchema } from "../src/gen/alita/datapool/v1/tx_pb.js";
import { MsgSendSchema } from "../src/gen/cosmos/bank/v1beta1/tx_pb.js";
import { AuthInfoSchema, TxBodySchema, TxRawSchema } from "../src/gen/cosmos/tx/v1beta1/tx_pb.js";
import { aminoBytes, directBytes, type DirectDoc } from "../src/sign.js";
import * as modules from "../src/modules.js";
import { type Asked, fakeNode, refuse } from "./fake.js";

const me = LocalSigner.fromKey(new Uint8Array(32).fill(3));
const other = LocalSigner.fromKey(new Uint8Array(32).fill(4)).address;

const swapped = {
  type: "alita.datapool.v1.EventSwap",
  attributes: [
    { key: "pool_id", value: '"1"' }, { key: "sender", value: `"${me.address}"` }, { key: "token_in", value: '{"denom":"ualita","amount":"9007199254740993"}' },
    { key: "msg_index", value: "0" }, { key: "field_of_a_later_version", value: "[]" },
  ],
};
const any = create(AnySchema, { typeUrl: "/alita.datapool.v1.MsgSwapExactInResponse", value: toBinary(MsgSwapExactInResponseSchema, create(MsgSwapExactInResponseSchema, { tokenOut: coin(5n) })) });
const packed = toBinary(AnySchema, any);
const data = hex.encode(new Uint8Array([0x12, packed.length, ...packed])).toUpperCase();

function chain(answers: Record<string, unknown> = {}) {
  let sent = "";
  const node = fakeNode({
    "/cosmos/base/tendermint/v1beta1/node_info": { default_node_info: { network: "alita-test-1" } },
    [`/cosmos/auth/v1beta1/account_info/${me.address}`]: { info: { account_number: "7", sequence: "11" } },
    "/cosmos/base/node/v1beta1/config": { minimum_gas_price: "0.010000000000000000ualita" },
    "/cosmos/tx/v1beta1/simulate": { gas_info: { gas_used: "100001" } },
    "/cosmos/tx/v1beta1/txs": ({ body }: Asked) => {
      sent = (body as { tx_bytes: string }).tx_bytes;
      return { tx_response: { code: 0, codespace: "", raw_log: "" } };
    },
    ...answers,
  });
  const looks: string[] = [];
  const fetchTx: typeof fetch = async (input, init) => {
    const { pathname } = new URL(String(input));
    if (!pathname.startsWith("/cosmos/tx/v1beta1/txs/") || answers[pathname] !== undefined) return node.fetch(input, init);
    looks.push(pathname);
    if (looks.length < 2) return refuse(404, 5, "tx not found");
    const { fee } = fromBinary(AuthInfoSchema, fromBinary(TxRawSchema, base64.decode(sent)).authInfoBytes);
    return new Response(JSON.stringify({ tx: { auth_info: { fee: { amount: fee!.amount } } }, tx_response: { code: 0, height: "99", gas_used: "90000", gas_wanted: "150002", events: [swapped], data } }));
  };
  return { ...node, looks, sent: () => base64.decode(sent), client: () => AlitaClient.connect("http://node", { modules, fetch: fetchTx, timeout: 1_000 }) };
}

const send = (client: Awaited<ReturnType<ReturnType<typeof chain>["client"]>>) => client.msg.bank.send({ toAddress: other, amount: [coin(5n)] });

describe("a transaction", () => {
  it.each(["direct", "amino"] as const)("is completed, priced, signed, sent, and found, %s", async (mode) => {
    const node = chain();
    const client = await node.client();
    let hash = "";
    const done = await client.tx(me, [send(client)], { mode, memo: "x", onSent: (h) => void (hash = h) });
    const tx = fromBinary(TxRawSchema, node.sent());
    const body = fromBinary(TxBodySchema, tx.bodyBytes);
    expect(fromBinary(MsgSendSchema, body.messages[0]!.value)).toMatchObject({ fromAddress: me.address, toAddress: other });
    expect(body).toMatchObject({ memo: "x", messages: [{ typeUrl: "/cosmos.bank.v1beta1.MsgSend" }] });
    expect(fromBinary(AuthInfoSchema, tx.authInfoBytes)).toMatchObject({ fee: { gasLimit: 150_002n, amount: [{ denom: "ualita", amount: "1501" }] }, signerInfos: [{ sequence: 11n }] });
    expect(done).toMatchObject({ hash: txHash(node.sent()), height: 99n, fee: 1501n, gasUsed: 90_000n });
    expect(hash).toBe(done.hash);
    expect(done.events(EventSwapSchema)).toMatchObject([{ poolId: 1n, tokenIn: { amount: "9007199254740993" } }]);
    expect(done.response(MsgSwapExactInResponseSchema).tokenOut?.amount).toBe("5");
    expect(() => done.response(EventSwapSchema)).toThrow("response 0: expected /alita.datapool.v1.EventSwap");
  });

  it("costs no more than the caller allows, and nothing is signed", async () => {
    const client = await chain({ "/cosmos/base/node/v1beta1/config": { minimum_gas_price: "1000000ualita" } }).client();
    const never: Signer = { account: () => me.account(), signDirect: () => Promise.reject(new Error("signed")) };
    await expect(client.tx(never, [send(client)])).rejects.toEqual(new FeeError(150_002_000_000n, 1_000_000n));
    await expect(client.tx(never, [send(client)], { fee: 11n, maxFee: 10n })).rejects.toThrow("fee: expected at most 10ualita, got 11ualita");
  });

  it("is refused by what the chain says", async () => {
    const log = "failed to execute message; message index: 0: spendable balance 1ualita is smaller than 5ualita: insufficient funds [cosmos/bank.go:1] with gas used: '1'";
    let client = await chain({ "/cosmos/tx/v1beta1/simulate": () => refuse(400, 2, log) }).client();
    await expect(client.tx(me, [send(client)])).rejects.toMatchObject({ name: "TxError", stage: "simulated", reason: "spendable balance 1ualita is smaller than 5ualita: insufficient funds", todo: expect.stringContaining("does not hold enough") });
    client = await chain({ "/cosmos/tx/v1beta1/txs": { tx_response: { code: 32, codespace: "sdk", raw_log: "account sequence mismatch" } } }).client();
    await expect(client.tx(me, [send(client)])).rejects.toMatchObject({ stage: "checked", codespace: "sdk", code: 32, todo: expect.stringContaining("wait for the next block") });
    client = await chain({ [`/cosmos/auth/v1beta1/account_info/${me.address}`]: () => refuse(404, 5, "account not found") }).client();
    await expect(client.tx(me, [send(client)])).rejects.toMatchObject({ todo: expect.stringContaining("send ALITA to it first") });
    const hash = "AB".repeat(32);
    client = await chain({ [`/cosmos/tx/v1beta1/txs/${hash}`]: { tx_response: { code: 8, codespace: "datapool", raw_log: "price moved beyond the bound" } } }).client();
    await expect(client.included(hash)).rejects.toBeInstanceOf(TxError);
  });

  it("may still come if nobody knows", async () => {
    const node = chain({ "/cosmos/tx/v1beta1/txs": () => new Response("<html>", { status: 502 }) });
    const client = await node.client();
    const lost = client.tx(me, [send(client)]);
    await expect(lost).rejects.toBeInstanceOf(PendingError);
    await expect(lost).rejects.toThrow(/^transaction [0-9A-F]{64}: it may still come into a block: node: expected an answer, got status 502$/);
    const hash = "CD".repeat(32);
    const never = await chain({ [`/cosmos/tx/v1beta1/txs/${hash}`]: () => refuse(404, 5, "tx not found") }).client();
    await expect(never.included(hash, { timeout: 50 })).rejects.toMatchObject({ name: "PendingError", hash });
    await expect(never.transaction("xyz")).rejects.toBeInstanceOf(InputError);
  });

  it("is not made of what cannot be right", async () => {
    const client = await chain().client();
    await expect(client.tx(me, [])).rejects.toThrow("messages: expected at least 1, got none");
    await expect(client.tx(me, [client.msg.bank.send({ fromAddress: other, toAddress: me.address, amount: [] })])).rejects.toThrow(`expected ${me.address}, who signs, got ${other}`);
    await expect(client.tx(me, [send(client)], { memo: "abandon ".repeat(12) })).rejects.toThrow("memo: expected a public note");
    await expect(client.tx(me, [send(client)], { memo: "a\u2028b", mode: "amino" })).rejects.toThrow("line separator");
    const direct: Signer = { account: () => me.account(), signDirect: (d) => me.signDirect(d) };
    await expect(client.tx(direct, [send(client)], { mode: "amino" })).rejects.toThrow("mode: expected one that the signer has");
  });

  it.each([["0"], ["100000001"], ["-1"], ["1e3"], [undefined]])("is not priced by a simulation of %s gas", async (used) => {
    const client = await chain({ "/cosmos/tx/v1beta1/simulate": { gas_info: { gas_used: used } } }).client();
    await expect(client.tx(me, [send(client)])).rejects.toBeInstanceOf(NodeError);
  });
});

it("a busy node is asked again", async () => {
  let asked = 0;
  const client = await chain({ "/cosmos/tx/v1beta1/simulate": () => (++asked < 2 ? refuse(429, 8, "simulations: expected a free place on this node, got none") : { gas_info: { gas_used: "5" } }) }).client();
  expect(await client.simulate(me, [send(client)])).toBe(5n);
});

describe("a wallet", () => {
  const offline = (change: Partial<OfflineSigner> = {}): OfflineSigner => ({
    getAccounts: async () => [{ address: me.address, algo: "secp256k1", pubkey: (await me.account()).publicKey }],
    signDirect: async (_, doc) => ({ signed: doc, signature: { signature: base64.encode((await me.signDirect(doc)).signature) } }),
    signAmino: async (_, doc) => ({ signed: doc, signature: { signature: base64.encode((await me.signAmino(doc)).signature) } }),
    ...change,
  });
  const tx = async (change: Partial<OfflineSigner>, options = {}) => {
    const client = await chain().client();
    return client.tx(await walletSigner(offline(change), { timeout: 200 }), [send(client)], options);
  };

  it.each(["direct", "amino"] as const)("signs as a local key does, %s", async (mode) => {
    expect((await tx({}, { mode })).height).toBe(99n);
  });

  it("may set another fee, within the bound", async () => {
    const dearer = (doc: DirectDoc, fee: string): DirectDoc => {
      const auth = fromBinary(AuthInfoSchema, doc.authInfoBytes);
      auth.fee!.amount[0]!.amount = fee;
      return { ...doc, authInfoBytes: toBinary(AuthInfoSchema, auth) };
    };
    const direct = (fee: string): Partial<OfflineSigner> => ({ signDirect: async (_, doc) => ({ signed: dearer(doc, fee), signature: { signature: base64.encode(new Uint8Array(64)) } }) });
    expect((await tx(direct("9000"))).fee).toBe(9000n);
    await expect(tx(direct("9000"), { maxFee: 8999n })).rejects.toBeInstanceOf(FeeError);
    const amino: Partial<OfflineSigner> = { signAmino: async (_, doc) => ({ signed: { ...doc, memo: "theirs", fee: { gas: "200000", amount: [coin(4000n)] } }, signature: { signature: base64.encode(new Uint8Array(64)) } }) };
    expect((await tx(amino, { mode: "amino" })).fee).toBe(4000n);
    const foreign: Partial<OfflineSigner> = { signAmino: async (_, doc) => ({ signed: { ...doc, fee: { gas: "1", amount: [coin(1n, "uatom")] } }, signature: { signature: base64.encode(new Uint8Array(64)) } }) };
    await expect(tx(foreign, { mode: "amino" })).rejects.toThrow("fee: expected ualita, got uatom");
  });

  it("may not change the messages", async () => {
    const mine = await chain().client();
    const theirs = toAmino(mine.msg.bank.send({ fromAddress: me.address, toAddress: me.address, amount: [coin(9n)] }));
    await expect(tx({ signAmino: async (_, doc) => ({ signed: { ...doc, msgs: [theirs] }, signature: { signature: base64.encode(new Uint8Array(64)) } }) }, { mode: "amino" })).rejects.toThrow("expected the document that it was shown");
    await expect(tx({ signDirect: async (_, doc) => ({ signed: { ...doc, bodyBytes: new Uint8Array() }, signature: { signature: base64.encode(new Uint8Array(64)) } }) })).rejects.toThrow("expected the messages that it was shown");
  });

  it.each<[string, Partial<OfflineSigner>, string]>([
    ["says no", { signDirect: () => Promise.reject(new Error("Request rejected")) }, "wallet: it refused: Request rejected: nothing was sent"],
    ["is silent", { signDirect: () => new Promise(() => {}) }, "wallet: expected an answer within 0.2 seconds"],
    ["has no account", { getAccounts: async () => [] }, "wallet: expected an account, got none"],
    ["has another kind of key", { getAccounts: async () => [{ address: me.address, algo: "ed25519", pubkey: new Uint8Array(32) }] }, "expected a secp256k1 account, got ed25519"],
    ["returns no signature", { signDirect: async (_, doc) => ({ signed: doc, signature: { signature: "!" } }) }, "expected a signature of 64 bytes"],
  ])("%s", async (_, change, text) => {
    const failed = tx(change);
    await expect(failed).rejects.toThrow(text);
    await expect(failed).rejects.toBeInstanceOf(WalletError);
  });
});

describe("a local key", () => {
  const words = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

  it("is derived as wallets do", async () => {
    expect((await LocalSigner.fromMnemonic(` ${words.toUpperCase()}\n`)).address).toBe((await LocalSigner.fromMnemonic(words)).address);
    await expect(LocalSigner.fromMnemonic("abandon about")).rejects.toThrow("words: expected 12 to 24 words of a key, got others");
    expect(() => LocalSigner.fromKey(new Uint8Array(32))).toThrow("key: expected 32 bytes");
    expect(JSON.stringify(await LocalSigner.fromMnemonic(words))).not.toContain("abandon");
  });

  it("signs with the lower s", async () => {
    const doc = { bodyBytes: new Uint8Array([1]), authInfoBytes: new Uint8Array([2]), chainId: "c", accountNumber: 1n };
    const { signature } = await me.signDirect(doc);
    expect(signature.length).toBe(64);
    expect(BigInt(`0x${hex.encode(signature.slice(32))}`)).toBeLessThan(2n ** 255n);
    expect(directBytes(doc).length).toBeGreaterThan(5);
    expect(new TextDecoder().decode(aminoBytes({ account_number: "1", chain_id: "<c>", fee: { amount: [], gas: "1" }, memo: "&\u2028", msgs: [], sequence: "0" })))
      .toBe('{"account_number":"1","chain_id":"\\u003cc\\u003e","fee":{"amount":[],"gas":"1"},"memo":"\\u0026\\u2028","msgs":[],"sequence":"0"}');
  });
});

it.each([["0.0025ualita", 25n, 10_000n], ["1uatom,3ualita", 3n, 1n], ["", 0n, 1n], ["ualita", 0n, 1n]])("the price %j", (text, numerator, denominator) => {
  expect(parseGasPrice(text)).toEqual({ numerator, denominator });
});
