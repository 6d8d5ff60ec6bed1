// The files of docs/ecosystem are what their one source says: npm run ecosystem writes them.
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { registryAssets, registryChain, walletChainInfo } from "../src/chain-info.js";
import { logoPng, logoRows, logoSvg, rowsOfPng } from "./logo.js";

const root = new URL("../../../", import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, root), "utf8");
const module = read("go.mod");
const version = (pattern: RegExp): string => pattern.exec(module)![1]!;

const files: Record<string, string> = {
  "chain.json": json(registryChain("alita-1", {
    sdk: version(/cosmos\/cosmos-sdk (v\S+)/), cometbft: version(/cometbft\/cometbft (v\S+)/), go: version(/^go (\S+)/m),
  })),
  "assetlist.json": json(registryAssets()),
  "suggest-chain.json": json(walletChainInfo({ chainId: "alita-local-1", name: "Alita (local network)", rest: "http://127.0.0.1:1317", rpc: "http://127.0.0.1:26657" })),
  "logo.svg": logoSvg(),
};

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

describe("docs/ecosystem", () => {
  const file = (name: string) => new URL(`docs/ecosystem/${name}`, root);
  if (process.env["ALITA_WRITE"]) {
    for (const [name, text] of Object.entries(files)) writeFileSync(file(name), text);
    writeFileSync(file("logo.png"), logoPng());
  }

  it.each(Object.keys(files))("%s is current", (name) => expect(readFileSync(file(name), "utf8")).toBe(files[name]));

  it("logo.png is current", () => expect(rowsOfPng(readFileSync(file("logo.png"))).equals(logoRows())).toBe(true));

  it("says what the chain says", () => {
    const [coin] = registryAssets().assets;
    const genesis = read("app/genesis.go");
    for (const text of [coin!.description, coin!.name, coin!.denom_units[0]!.aliases[0]!]) expect(genesis).toContain(`"${text}"`);
    const params = read("x/feemarket/README.md");
    expect(params).toContain("| `min_gas_price` | 2,500,000 |"); // billionths: 0.0025 ualita
  });
});
