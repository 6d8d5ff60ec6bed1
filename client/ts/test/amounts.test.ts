import { describe, expect, it } from "vitest";
import { addressBytes, addressOf, atLeast, atMost, coin, dataDenom, formatUnits, MAX_AMOUNT, parseUnits, shareDenom, timestamp } from "../src/index.js";

describe("amounts", () => {
  it.each([["1.5", 1_500_000n], ["0", 0n], ["0.000001", 1n], ["007", 7_000_000n], ["9007199254740993.000001", 9_007_199_254_740_993_000_001n]])("%s", (text, units) => {
    expect(parseUnits(text)).toBe(units);
    expect(parseUnits(formatUnits(units))).toBe(units);
  });

  it.each(["", ".", "1.", ".5", "1.0000001", "-1", "+1", "1e3", "1,5", " 1", "0x10", "١", "9".repeat(79), formatUnits(MAX_AMOUNT + 1n)])("refuses %j", (text) => {
    expect(() => parseUnits(text)).toThrow("amount: expected");
  });

  it("are written without loss", () => {
    expect([formatUnits(1n), formatUnits(-1_500_000n), formatUnits("20000000"), formatUnits(12n, 0), formatUnits(0n)]).toEqual(["0.000001", "-1.5", "20", "12", "0"]);
  });

  it("are bounded in the trader's favour", () => {
    expect([atLeast(1000n, 5_000n), atLeast("1", 5_000n), atMost(1000n, 5_000n), atMost(1n, 1n)]).toEqual([995n, 1n, 1005n, 2n]);
    expect(() => atLeast(1n, 1_000_000n)).toThrow("tolerance");
  });

  it("are coins in messages", () => {
    expect(coin(5n, dataDenom(3n))).toEqual({ denom: "data/3", amount: "5" });
    expect(shareDenom(3n)).toBe("share/3");
    expect(() => coin(-1n)).toThrow("amount: expected at least 0, got -1");
  });
});

describe("addresses", () => {
  const address = "alita16z56e30l2m8ywml8xq3xyn0wvzqp7jsveaj9he";
  it("are bytes and back", () => expect(addressOf(addressBytes(address))).toBe(address));
  it.each(["", "alita1", address.slice(0, -1), `${address.slice(0, -1)}q`, address.replace("alita", "cosmos"), `${address}${address}`])("refuses %j", (text) => {
    expect(() => addressBytes(text)).toThrow('address: expected a bech32 address with the prefix "alita"');
  });
});

it("times have parts of seconds", () => {
  expect(timestamp(new Date(1_800_000_000_120))).toMatchObject({ seconds: 1_800_000_000n, nanos: 120_000_000 });
  expect(timestamp(new Date(-1))).toMatchObject({ seconds: -1n, nanos: 999_000_000 });
});
