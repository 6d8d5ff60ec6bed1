// The client on a real network: trades, liquidity, typed events, refusals, and a secure sum that is opened here and by alitad.
import { execFile } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { fromBinary } from "@bufbuild/protobuf";
import { base64, hex } from "@scure/base";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Alita, connect, dataDenom, eventsOf, FeeError, LocalSigner, TxError } from "../../src/all.js";
import { openSum, SealKey } from "../../src/crypto.js";
import { type EventLiquidityAdded, EventLiquidityAddedSchema, EventPoolCreatedSchema, EventSwapSchema } from "../../src/gen/alita/datapool/v1/event_pb.js";
import { MsgAddLiquidityResponseSchema, MsgCreatePoolResponseSchema, MsgSwapExactInResponseSchema } from "../../src/gen/alita/datapool/v1/tx_pb.js";
import { atLeast, coin, type Msg, msg, packAny, timestamp } from "../../src/index.js";
import { BasicAllowanceSchema } from "../../src/gen/cosmos/feegrant/v1beta1/feegrant_pb.js";
import { Network } from "./network.js";

const net = new Network();
const soon = () => timestamp(new Date(Date.now() + 120_000));
let alita: Alita;
let maker: LocalSigner;
let trader: LocalSigner;
let pool: bigint;

beforeAll(async () => {
  await net.start();
  alita = await connect(net.rest, { chainId: net.chainId });
  maker = await LocalSigner.fromMnemonic(net.words("erin"));
  trader = await LocalSigner.fromMnemonic(net.words("dave"));
}, 1_000_000);

afterAll(() => net.stop(), 120_000);

const balance = async (address: string, denom = "ualita"): Promise<bigint> => BigInt((await alita.query.bank.balance({ address, denom })).balance!.amount);

describe("a trader", () => {
  it("has the account of the words", async () => {
    expect((await net.cli("keys", "show", "erin", "-a")).trim()).toBe(maker.address);
    expect((await alita.status()).height).toBeGreaterThan(0n);
  });

  it.each(["direct", "amino"] as const)("sends ALITA, %s", async (mode) => {
    const [mine, others] = [await balance(trader.address), await balance(maker.address)];
    const done = await alita.tx(trader, [alita.msg.bank.send({ toAddress: maker.address, amount: [coin(5_000_000n)] })], { mode, memo: "é <&>" });
    expect(await balance(maker.address)).toBe(others + 5_000_000n);
    expect(await balance(trader.address)).toBe(mine - 5_000_000n - done.fee);
    expect(done.fee).toBeGreaterThan(0n);
    expect(await alita.transaction(done.hash)).toMatchObject({ hash: done.hash, height: done.height });
  });

  it("creates a pool, signed in amino", async () => {
    const done = await alita.tx(maker, [alita.msg.datapool.createPool({
      symbol: `S${Date.now().toString(36).toUpperCase()}`, name: "Speeds of light & more", description: "Readings & their errors", liquidityAlita: coin(1_000_000_000n), liquidityData: "100000000000",
      rewardBudget: "1000000000", rewardPolicy: { perRecord: "0", perRow: "0", maxPerRecord: "0", matchPpm: 100_000, perDay: "10000000", maxPerDay: "10000000" }, makerAllotment: "0", vestingSeconds: 0n, lockSeconds: 31_536_000n,
      fees: { swapFeePpm: 3_000, makerPpm: 200_000, rewardsPpm: 100_000 }, requirements: { text: "One row per reading.", columns: [], minRows: 2n, openAdmission: true },
    })], { mode: "amino", maxFee: 10_000_000n });
    pool = done.response(MsgCreatePoolResponseSchema).poolId;
    expect(done.events(EventPoolCreatedSchema)).toMatchObject([{ poolId: pool }]);
  });

  it.each(["direct", "amino"] as const)("swaps for at least what was quoted, %s", async (mode) => {
    const [alitaBefore, dataBefore] = [await balance(trader.address), await balance(trader.address, dataDenom(pool))];
    const { tokenOut } = await alita.query.datapool.quoteSwapExactIn({ poolId: pool, tokenIn: "10000000ualita" });
    const swap = alita.msg.datapool.swapExactIn({ poolId: pool, tokenIn: coin(10_000_000n), minOut: atLeast(tokenOut!.amount, 5_000n).toString(), deadline: soon() });
    const done = await alita.tx(trader, [swap], { mode });
    const [event] = done.events(EventSwapSchema);
    expect(event).toMatchObject({ poolId: pool, sender: trader.address, tokenIn: { denom: "ualita", amount: "10000000" }, tokenOut: { denom: dataDenom(pool) } });
    expect(done.response(MsgSwapExactInResponseSchema).tokenOut).toMatchObject({ amount: event!.tokenOut!.amount });
    expect(await balance(trader.address, dataDenom(pool))).toBe(dataBefore + BigInt(event!.tokenOut!.amount));
    expect(await balance(trader.address)).toBe(alitaBefore - 10_000_000n - done.fee);
  });

  it("adds liquidity", async () => {
    const quote = await alita.query.datapool.quoteAddLiquidity({ poolId: pool, maxAlita: "5000000", maxData: "500000000" });
    const add = alita.msg.datapool.addLiquidity({ poolId: pool, maxAlita: "5000000", maxData: "500000000", minShares: atLeast(quote.shares!.amount, 1_000n).toString(), deadline: soon() });
    const done = await alita.tx(trader, [add]);
    const added: EventLiquidityAdded[] = eventsOf(EventLiquidityAddedSchema, done.rawEvents);
    expect(added).toMatchObject([{ poolId: pool, shares: done.response(MsgAddLiquidityResponseSchema).shares!.amount }]);
    expect(await balance(trader.address, `share/${pool}`)).toBe(BigInt(added[0]!.shares));
  });

  it("is told what went wrong, and what to do", async () => {
    const before = await balance(trader.address);
    const swap = (poolId: bigint, minOut: string): Msg => alita.msg.datapool.swapExactIn({ poolId, tokenIn: coin(1_000_000n), minOut, deadline: soon() });
    await expect(alita.tx(trader, [swap(pool, "999999999999")])).rejects.toMatchObject({ stage: "simulated", todo: "Nothing was traded. Look at the new quote, or allow more movement." });
    await expect(alita.tx(trader, [swap(99n, "1")])).rejects.toMatchObject({ stage: "simulated", todo: "Look at the list of pools for its number." });
    await expect(alita.tx(trader, [swap(pool, "1")], { maxFee: 1n })).rejects.toBeInstanceOf(FeeError);
    expect(await balance(trader.address)).toBe(before);
    const failed = alita.tx(trader, [swap(pool, "999999999999")], { gas: 400_000n });
    await expect(failed).rejects.toBeInstanceOf(TxError);
    await expect(failed).rejects.toMatchObject({ stage: "executed", codespace: "datapool", code: 8 });
    const nobody = LocalSigner.fromKey(new Uint8Array(32).fill(7));
    await expect(alita.tx(nobody, [swap(pool, "1")])).rejects.toThrow("not found");
    await expect(alita.query.datapool.pool({ poolId: 99n })).rejects.toMatchObject({ notFound: true });
  });

  it("reads the README's example as it stands", async () => {
    const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
    const example = /```js\n([\s\S]*?)```/.exec(readme)![1]!;
    const file = new URL("../../readme-example.mjs", import.meta.url);
    writeFileSync(file, example);
    try {
      const { stdout } = await promisify(execFile)("node", [file.pathname], { env: { ...process.env, ALITA_NODE: net.rest, ALITA_WORDS: net.words("frank") } });
      expect(stdout).toMatch(/^received \d+\.\d+ S[0-9A-Z]+ in block \d+\n$/);
    } finally {
      rmSync(file);
    }
  });
});

const vectorsFile = new URL("../../../../tests/signing/testdata/vectors.json", import.meta.url);

it.skipIf(!existsSync(vectorsFile))("every message of the modules is signed both ways, and the node takes the signatures", async () => {
  const { signer: by, vectors } = JSON.parse(readFileSync(vectorsFile, "utf8")) as { signer: { private_key: string }; vectors: { message: string; variant: string; proto: string }[] };
  const signer = LocalSigner.fromKey(hex.decode(by.private_key));
  await alita.tx(maker, [alita.msg.bank.send({ toAddress: signer.address, amount: [coin(10_000_000_000n)] })]);
  let sequence = 0n;
  const refused: string[] = [];
  for (const v of vectors.filter((x) => x.variant === "full")) {
    const schema = alita.registry.getMessage(v.message)!;
    const message = { schema, value: fromBinary(schema, base64.decode(v.proto)) } as Msg;
    for (const mode of ["direct", "amino"] as const) {
      const signed = await alita.sign(signer, [message], { mode, sequence, gas: 500_000n, fee: 100_000n });
      try {
        await alita.broadcast(signed.bytes);
        sequence++;
      } catch (e) {
        refused.push(`${v.message}, ${mode}: ${String(e)}`);
      }
      if (sequence % 20n === 0n) await new Promise((resolve) => setTimeout(resolve, 2_000)); // a node holds few of one account
    }
  }
  expect(refused).toEqual([]);
  expect(sequence).toBeGreaterThan(90n);
}, 300_000);

it("a reader opens the same sum as alitad", async () => {
  const document = (n: number) => ({
    "@context": { "@vocab": "http://schema.org/" }, "@type": "Dataset", name: `Readings of notebook ${n}`, license: "CC0-1.0",
    description: "Readings of the speed of light in air, in kilometres per second.", creator: { "@type": "Person", name: "Albert A. Michelson" },
    variableMeasured: [{ "@type": "PropertyValue", name: "speed", unitText: "km/s", description: "Speed of light in air" }],
  });
  const stored = async () => (await alita.query.compute.programs({})).programs.find((p) => p.name === "moments_row");
  if (!(await stored())) await net.tx("frank", "compute", "store-program", "--shipped", "moments_row");
  const program = (await stored())!;
  const owners = ["alice", "bob", "carol"];
  for (const [i, owner] of owners.entries()) {
    const rows = Array.from({ length: 20 }, (_, j) => 850 + ((7 * (j + 20 * i)) % 90));
    const { record, account } = await net.list(owner, pool, ["speed", ...rows].join("\n"), document(i), program.id);
    const signer = await LocalSigner.fromMnemonic(net.words(owner));
    // The worker's fees, a grant and a budget, from here; the allowance is a message within a message.
    const allowance = packAny(msg(BasicAllowanceSchema, { spendLimit: [coin(10_000_000n)] }));
    await alita.tx(signer, [alita.msg.feegrant.grantAllowance({ granter: signer.address, grantee: account, allowance })], { mode: "amino" });
    await alita.tx(signer, [
      alita.msg.metadata.grant({ recordId: record, terms: { programs: [program.id], minCohort: 3, minPricePerMop: "1000000" } }),
      alita.msg.metadata.setPrivacyBudget({ recordId: record, budget: 1_000_000n }),
    ]);
  }
  const { keys, answer } = await net.ask(
    "--program", "moments", "--pool", String(pool), "--noise", "--rho", "0.5", "--columns", "speed", "--lower", "800", "--upper", "1000", "--max-rows", "100",
    "--price", "1ALITA", "--seats", "2", "--from", "dave", "--trust", "node",
  );
  expect(answer.owners).toBe(3);
  const { job } = await alita.query.compute.job({ jobId: answer.job_id });
  const { sums } = await alita.query.compute.sums({ jobId: answer.job_id });
  const reader = await SealKey.fromBytes(keys.at(-1)!);
  const opened = await openSum({ chainId: alita.chainId, job: job!, program, sums: sums!, reader });
  expect(opened).toMatchObject({ round: 1, contributions: 3, owners: 3, rows: 60n });
  expect(opened.revealed.map(String)).toEqual(answer.slots);
}, 600_000);
