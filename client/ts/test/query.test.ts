import { base64 } from "@scure/base";
import { describe, expect, it } from "vitest";
import { AlitaClient, heightOf, NodeError, pages, QueryError, requestPath, Rest } from "../src/index.js";
import * as modules from "../src/modules.js";
import { fakeNode, refuse } from "./fake.js";

const { bank, compute, datapool } = modules;
const info = { "/cosmos/base/tendermint/v1beta1/node_info": { default_node_info: { network: "alita-test-1" } } };

describe("paths by the descriptors' rules", () => {
  it.each([
    [requestPath(datapool.query.method.pool, { poolId: 7n }), "/alita/datapool/v1/pools/7"],
    [requestPath(datapool.query.method.pool, {}), "/alita/datapool/v1/pools/0"],
    [requestPath(compute.query.method.sums, { jobId: "ab" }), "/alita/compute/v1/jobs/ab/sums/0"],
    [requestPath(datapool.query.method.poolByDenom, { denom: "data/1" }), "/alita/datapool/v1/pool_by_denom?denom=data%2F1"],
    [requestPath(datapool.query.method.candles, { poolId: 1n, interval: 2, limit: 5 }), "/alita/datapool/v1/pools/1/candles?interval=2&limit=5"],
    [requestPath(datapool.query.method.pools, { pagination: { limit: 2n, reverse: true, key: new Uint8Array([251, 255]) } }), "/alita/datapool/v1/pools?pagination.key=%2B%2F8%3D&pagination.limit=2&pagination.reverse=true"],
    [requestPath(compute.query.method.quoteJob, { poolId: 2n, panels: ["a", "b"] }), "/alita/compute/v1/pools/2/quote_job?panels=a&panels=b"],
    [requestPath(bank.query.method.denomMetadata, { denom: "data/1" }), "/cosmos/bank/v1beta1/denoms_metadata/data/1"],
  ])("%s", (got, want) => expect(got).toBe(want));

  it("refuses what is no name", () => {
    expect(() => requestPath(compute.query.method.job, {})).toThrow("job_id: expected a value, got none");
    expect(() => requestPath(compute.query.method.job, { jobId: ".." })).toThrow("job_id: expected a name, got a path");
    expect(requestPath(compute.query.method.job, { jobId: "../../x?y#z" })).toBe("/alita/compute/v1/jobs/..%2F..%2Fx%3Fy%23z");
    expect(() => requestPath(modules.bank.msg.method.send as never, {} as never)).toThrow("expected a method that REST answers");
  });

  it("has a path for every query of every module", () => {
    for (const m of Object.values(modules) as modules.Module[]) {
      for (const method of m.query?.methods ?? []) {
        const request = Object.fromEntries(method.input.fields.filter((f) => f.fieldKind === "scalar").map((f) => [f.localName, f.scalar === 9 ? "x" : f.scalar === 12 ? new Uint8Array(1) : undefined]));
        expect(requestPath(method as never, request as never)).toMatch(/^\/(alita|cosmos)\//);
      }
    }
  });
});

describe("answers", () => {
  it("are typed, with the height at which they were true", async () => {
    const node = fakeNode({ ...info, "/alita/feemarket/v1/gas_price": { gas_price: { height: "9", now: "2500000", next: "18446744073709551615", unknown: 1 } } });
    const client = await AlitaClient.connect("http://node/", { modules, fetch: node.fetch });
    expect(client.chainId).toBe("alita-test-1");
    const answer = await client.query.feemarket.gasPrice({}, { height: 41n });
    expect(answer.gasPrice?.next).toBe(18446744073709551615n);
    expect(heightOf(answer)).toBe(42n);
    expect(node.asked[1]).toMatchObject({ path: "/alita/feemarket/v1/gas_price", height: "41" });
  });

  it("end after the last page", async () => {
    const node = fakeNode({
      ...info,
      "/alita/datapool/v1/pools?pagination.limit=2": { pools: [{ id: "1" }, { id: "2" }], pagination: { next_key: "Aw==" } },
      "/alita/datapool/v1/pools?pagination.key=Aw%3D%3D&pagination.limit=2": { pools: [{ id: "3" }], pagination: { next_key: null } },
    });
    const client = await AlitaClient.connect("http://node", { modules, fetch: node.fetch });
    const ids: bigint[] = [];
    for await (const page of pages((pagination) => client.query.datapool.pools({ pagination }), 2n)) ids.push(...page.pools.map((p) => p.id));
    expect(ids).toEqual([1n, 2n, 3n]);
    expect(base64.encode(new Uint8Array([3]))).toBe("Aw==");
  });

  it("of another chain are refused", async () => {
    await expect(AlitaClient.connect("http://node", { modules, chainId: "alita-1", fetch: fakeNode(info).fetch })).rejects.toThrow("chain id: expected alita-1, got alita-test-1");
  });
});

describe("a node that is not well", () => {
  const ask = (answer: unknown, options = {}) => new Rest("http://node", { fetch: fakeNode({ "/x": answer }).fetch, ...options }).get("/x");

  it.each([
    ["a page of a proxy", new Response("<html>", { status: 502 }), "node: expected an answer, got status 502"],
    ["no JSON", new Response("<html>"), "node: expected JSON, got something else"],
    ["cut off", new Response('{"a":'), "node: expected JSON, got something else"],
    ["too long", new Response("x".repeat(101)), "node: expected an answer of at most 100 bytes, got more"],
    ["empty", new Response(null), "node: expected JSON, got something else"],
  ])("%s", async (_, answer, text) => {
    const failed = ask(answer, { maxBytes: 100 });
    await expect(failed).rejects.toThrow(text);
    await expect(failed).rejects.toBeInstanceOf(NodeError);
  });

  it("does not answer", async () => {
    const never: typeof fetch = (_, init) => new Promise((_, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)));
    await expect(new Rest("http://node", { fetch: never, timeout: 10 }).get("/x")).rejects.toThrow("node: expected an answer within 10 ms, got none");
    const stop = new AbortController();
    const asked = new Rest("http://node", { fetch: never }).get("/x", { signal: stop.signal });
    stop.abort(new Error("left the page"));
    await expect(asked).rejects.toThrow("left the page");
  });

  it("cannot be reached", async () => {
    await expect(new Rest("http://node", { fetch: () => Promise.reject(new TypeError("fetch failed")) }).get("/x")).rejects.toThrow("it cannot be reached");
  });

  it("answers with other types", async () => {
    const client = await AlitaClient.connect("http://node", { modules, fetch: fakeNode({ ...info, "/alita/datapool/v1/pools/1": { pool: { id: { a: 1 } } } }).fetch });
    await expect(client.query.datapool.pool({ poolId: 1n })).rejects.toThrow("Pool: expected alita.datapool.v1.QueryPoolResponse, got something else");
    await expect(client.status()).rejects.toBeInstanceOf(QueryError);
  });

  it("refuses with the chain's own words", async () => {
    const failed = ask(refuse(404, 5, "rpc error: code = NotFound desc = rpc error: code = NotFound desc = pool 7: pool not found"));
    await expect(failed).rejects.toMatchObject({ message: "pool 7: pool not found", code: 5, status: 404, notFound: true, codespace: "" });
    const named = ask(refuse(404, 5, "codespace datapool code 2: pool not found: pool_id: expected the id of a pool, got 99"));
    await expect(named).rejects.toMatchObject({ message: "pool not found: pool_id: expected the id of a pool, got 99", codespace: "datapool", number: 2, todo: "Look at the list of pools for its number." });
  });
});
