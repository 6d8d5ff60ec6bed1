// What a transaction costs: gas by simulation, the price by the node, the caller's bound above both.
import { BASE_DENOM } from "./amounts.js";
import { base64 } from "./bytes.js";
import { FeeError, GrpcCode, NodeError, QueryError, TxError } from "./errors.js";
import { object, type Rest, text, whole } from "./rest.js";

/** DEFAULT_MAX_FEE is one ALITA: several times what the largest transactions cost. */
export const DEFAULT_MAX_FEE = 1_000_000n;

/** DEFAULT_GAS_ADJUSTMENT is the gas limit for simulated gas, in per cent: the state may change between the simulation and the block. */
export const DEFAULT_GAS_ADJUSTMENT = 150;

/** MAX_GAS is what no block holds: a simulation that says more is wrong. */
const MAX_GAS = 100_000_000n;

/** GasPrice is a price of a unit of gas, in ualita, as a fraction. */
export interface GasPrice {
  numerator: bigint;
  denominator: bigint;
}

/** parseGasPrice reads a price such as "0.0025ualita"; a list of other coins has none. */
export function parseGasPrice(prices: string): GasPrice {
  for (const price of prices.split(",")) {
    const parts = /^(\d{1,40})(?:\.(\d{1,18}))?(\D.*)$/.exec(price.trim());
    if (parts?.[3] === BASE_DENOM) {
      const fraction = parts[2] ?? "";
      return { numerator: BigInt(parts[1]! + fraction), denominator: 10n ** BigInt(fraction.length) };
    }
  }
  return { numerator: 0n, denominator: 1n };
}

/**
 * offeredGasPrice asks the node what to offer: four times x/feemarket's price in the next block, so that eleven full blocks do not overtake it, or
 * the node's own price if that is higher.
 */
export async function offeredGasPrice(rest: Rest): Promise<GasPrice> {
  const { json } = await rest.get("/cosmos/base/node/v1beta1/config");
  return parseGasPrice(text(object(json)["minimum_gas_price"], "gas price"));
}

/** feeOf is the fee for a gas limit, rounded up. */
export function feeOf(gas: bigint, price: GasPrice): bigint {
  return (gas * price.numerator + price.denominator - 1n) / price.denominator;
}

/** boundedFee refuses a fee above the caller's bound. */
export function boundedFee(fee: bigint, maxFee: bigint): bigint {
  if (fee > maxFee) throw new FeeError(fee, maxFee);
  return fee;
}

// A node simulates a few transactions at once and refuses more.
const ATTEMPTS = 5;
const busy = (cause: unknown): boolean => cause instanceof QueryError && (cause.code === GrpcCode.ResourceExhausted || cause.message.startsWith("simulations: expected a free place"));

/** simulate asks the node what a transaction would take, again if the node is busy. The error is a TxError if the chain would refuse it. */
export async function simulate(rest: Rest, tx: Uint8Array): Promise<bigint> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { json } = await rest.post("/cosmos/tx/v1beta1/simulate", { tx_bytes: base64.encode(tx) });
      const used = whole(object(object(json)["gas_info"])["gas_used"], "simulated gas");
      if (used === 0n || used > MAX_GAS) throw new NodeError(`simulated gas: expected 1 to ${MAX_GAS}, got ${used}`);
      return used;
    } catch (cause) {
      if (busy(cause) && attempt < ATTEMPTS) {
        await new Promise((resolve) => setTimeout(resolve, 500));
        continue;
      }
      if (cause instanceof QueryError) throw new TxError("simulated", cause.codespace, cause.number, cause.message);
      throw cause;
    }
  }
}

/** gasLimit adjusts simulated gas, rounded up. */
export function gasLimit(used: bigint, adjustmentPercent = DEFAULT_GAS_ADJUSTMENT): bigint {
  return (used * BigInt(adjustmentPercent) + 99n) / 100n;
}
