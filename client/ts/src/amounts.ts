// Amounts of coins. Money is bigint in base units, or text; never a number, which has 53 bits.
import { InputError } from "./errors.js";

/** DECIMALS is the number of decimals of ALITA, of each Data Token and of each share. */
export const DECIMALS = 6;

/** BASE_DENOM is the base unit of ALITA: 1 ALITA is 1,000,000 ualita. */
export const BASE_DENOM = "ualita";

/** DISPLAY_DENOM is ALITA as people write it. */
export const DISPLAY_DENOM = "ALITA";

/** MAX_AMOUNT is the most base units that an amount may have: no pool holds more. */
export const MAX_AMOUNT = 2n ** 127n;

/** PPM is the whole in parts per million. */
export const PPM = 1_000_000n;

/** dataDenom is the Data Token of a pool. */
export const dataDenom = (pool: bigint): string => `data/${pool}`;

/** shareDenom is the liquidity share of a pool. */
export const shareDenom = (pool: bigint): string => `share/${pool}`;

/** parseUnits reads a decimal text as base units: "1.5" is 1500000n. More decimals than there are units are refused. */
export function parseUnits(text: string, decimals = DECIMALS): bigint {
  const parts = /^(\d{1,78})(?:\.(\d+))?$/.exec(text);
  const fraction = parts?.[2] ?? "";
  if (!parts || fraction.length > decimals) {
    throw new InputError(`amount: expected a number with at most ${decimals} decimals, got ${JSON.stringify(text.slice(0, 100))}`);
  }
  const units = BigInt(parts[1] + fraction.padEnd(decimals, "0"));
  if (units > MAX_AMOUNT) throw new InputError(`amount: expected at most ${formatUnits(MAX_AMOUNT, decimals)}, got ${text}`);
  return units;
}

/** formatUnits writes base units without loss: 1500000n is "1.5". */
export function formatUnits(units: bigint | string, decimals = DECIMALS): string {
  const v = BigInt(units);
  const digits = (v < 0n ? -v : v).toString().padStart(decimals + 1, "0");
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
  return (v < 0n ? "-" : "") + digits.slice(0, digits.length - decimals) + (fraction === "" || decimals === 0 ? "" : `.${fraction}`);
}

/** Coin is an amount as messages carry it. */
export interface Coin {
  denom: string;
  /** amount is in base units. */
  amount: string;
}

/** coin makes an amount of base units for a message. */
export function coin(amount: bigint, denom = BASE_DENOM): Coin {
  if (amount < 0n) throw new InputError(`amount: expected at least 0, got ${amount}`);
  return { denom, amount: amount.toString() };
}

/**
 * atLeast returns the least that is accepted of a quoted amount that is received: less the tolerance in parts per million, rounded down, and
 * at least 1, since the chain takes a bound of 0 for none.
 */
export function atLeast(quoted: bigint | string, tolerancePpm: bigint): bigint {
  checkTolerance(tolerancePpm);
  const least = (BigInt(quoted) * (PPM - tolerancePpm)) / PPM;
  return least < 1n ? 1n : least;
}

/** atMost returns the most that is accepted of a quoted amount that is paid: with the tolerance in parts per million, rounded up. */
export function atMost(quoted: bigint | string, tolerancePpm: bigint): bigint {
  checkTolerance(tolerancePpm);
  return (BigInt(quoted) * (PPM + tolerancePpm) + PPM - 1n) / PPM;
}

function checkTolerance(ppm: bigint): void {
  if (ppm < 0n || ppm >= PPM) throw new InputError(`tolerance: expected 0 to 999999 parts per million, got ${ppm}`);
}
