// Every error that a module registers has words.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { TxError, WORDS } from "../src/index.js";

describe("errors in words", () => {
  it.each(["compute", "datapool", "feemarket", "metadata"])("%s", (module) => {
    const source = readFileSync(new URL(`../../../x/${module}/types/errors.go`, import.meta.url), "utf8");
    const registered = [...source.matchAll(/ModuleName, (\d+), codes\.\w+, "([^"]*)"/g)].map(([, code, text]) => [Number(code), text] as const);
    expect(registered.length).toBeGreaterThan(5);
    expect(Object.fromEntries(Object.entries(WORDS[module]!).map(([code, words]) => [code, words[0]]))).toEqual(Object.fromEntries(registered));
  });

  it("are sentences that say what to do", () => {
    for (const module of Object.values(WORDS)) {
      for (const [, todo] of Object.values(module)) expect(todo).toMatch(/^[A-Z].*\.$/);
    }
  });

  it("are found by code, and after a simulation by the text", () => {
    const log = "failed to execute message; message index: 0: min_out: expected at least 5, got 4: price moved beyond the bound [alita/x/datapool/keeper/swap.go:12] with gas used: '123'";
    const executed = new TxError("executed", "datapool", 8, log, "AB");
    expect(executed.message).toBe("failed: min_out: expected at least 5, got 4: price moved beyond the bound (datapool 8)");
    expect(executed.todo).toBe("Nothing was traded. Look at the new quote, or allow more movement.");
    const simulated = new TxError("simulated", "", 0, `rpc error: code = Unknown desc = ${log}`);
    expect(simulated.todo).toBe(executed.todo);
    expect(simulated.reason).toBe(executed.reason);
    expect(new TxError("executed", "other", 99, "strange").todo).toBe("");
  });
});
