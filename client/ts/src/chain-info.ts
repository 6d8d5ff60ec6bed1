/**
 * What wallets and directories must know of a chain: the one source of the suggest-chain description of Keplr and Leap, and of the
 * entry in the Cosmos chain registry (docs/ecosystem).
 */
import { BASE_DENOM, DECIMALS, DISPLAY_DENOM } from "./amounts.js";
import { BECH32_PREFIX } from "./bytes.js";

/** COIN_TYPE is the type of coin in the path of keys (SLIP-44): that of the Cosmos Hub, which wallets and Ledger devices have. */
export const COIN_TYPE = 118;

/** GAS_PRICES are what wallets may offer for a unit of gas, in ualita: the least price, and multiples that outlast full blocks. */
export const GAS_PRICES = { low: 0.0025, average: 0.01, high: 0.025 } as const;

/** ChainAddress is where a chain is reached. */
export interface ChainAddress {
  chainId: string;
  /** rest and rpc are addresses of a node that wallets can reach. */
  rest: string;
  rpc: string;
  /** name is shown to people; "Alita" by default. */
  name?: string;
  /** logo is the address of an image. */
  logo?: string;
}

/** WalletChainInfo is what experimentalSuggestChain of Keplr and Leap takes. */
export type WalletChainInfo = ReturnType<typeof walletChainInfo>;

/** walletChainInfo describes a chain to Keplr and Leap: await window.keplr.experimentalSuggestChain(walletChainInfo({ ... })). */
export function walletChainInfo({ chainId, rest, rpc, name = "Alita", logo }: ChainAddress) {
  const currency = { coinDenom: DISPLAY_DENOM, coinMinimalDenom: BASE_DENOM, coinDecimals: DECIMALS, ...(logo !== undefined && { coinImageUrl: logo }) };
  return {
    chainId, chainName: name, rpc, rest,
    ...(logo !== undefined && { chainSymbolImageUrl: logo }),
    bip44: { coinType: COIN_TYPE },
    bech32Config: {
      bech32PrefixAccAddr: BECH32_PREFIX, bech32PrefixAccPub: `${BECH32_PREFIX}pub`,
      bech32PrefixValAddr: `${BECH32_PREFIX}valoper`, bech32PrefixValPub: `${BECH32_PREFIX}valoperpub`,
      bech32PrefixConsAddr: `${BECH32_PREFIX}valcons`, bech32PrefixConsPub: `${BECH32_PREFIX}valconspub`,
    },
    currencies: [currency],
    feeCurrencies: [{ ...currency, gasPriceStep: { ...GAS_PRICES } }],
    stakeCurrency: currency,
    features: [] as string[],
  };
}

/** Versions are those of the node's software. */
export interface Versions {
  sdk: string;
  cometbft: string;
  go: string;
}

const REPOSITORY = "https://github.com/alita-network/alita";
const IMAGES = "https://raw.githubusercontent.com/alita-network/alita/main/docs/ecosystem";
const images = { png: `${IMAGES}/logo.png`, svg: `${IMAGES}/logo.svg` };
const DESCRIPTION = "A data exchange: collections of data have a market price, programs go to the data, and only sums over many owners become readable.";

/** registryChain is chain.json of the Cosmos chain registry. */
export function registryChain(chainId: string, versions: Versions) {
  return {
    $schema: "../chain.schema.json",
    chain_name: "alita",
    chain_type: "cosmos",
    status: "upcoming",
    network_type: "mainnet",
    pretty_name: "Alita",
    chain_id: chainId,
    bech32_prefix: BECH32_PREFIX,
    daemon_name: "alitad",
    node_home: "$HOME/.alita",
    key_algos: ["secp256k1"],
    slip44: COIN_TYPE,
    fees: {
      fee_tokens: [{
        denom: BASE_DENOM, fixed_min_gas_price: GAS_PRICES.low, low_gas_price: GAS_PRICES.low, average_gas_price: GAS_PRICES.average, high_gas_price: GAS_PRICES.high,
      }],
    },
    staking: { staking_tokens: [{ denom: BASE_DENOM }] },
    codebase: {
      git_repo: REPOSITORY,
      sdk: { type: "cosmos", version: versions.sdk },
      consensus: { type: "cometbft", version: versions.cometbft },
      language: { type: "go", version: versions.go },
    },
    description: DESCRIPTION,
    logo_URIs: images,
    images: [{ ...images, theme: { primary_color_hex: "#0b7a6b", circle: false } }],
    apis: { rpc: [], rest: [], grpc: [] },
    keywords: ["data", "privacy", "exchange"],
  };
}

/** registryAssets is assetlist.json of the Cosmos chain registry. Data Tokens and shares are on the chain, with metadata in x/bank. */
export function registryAssets() {
  return {
    $schema: "../assetlist.schema.json",
    chain_name: "alita",
    assets: [{
      description: "The native coin of the Alita data exchange: fees, stake, escrows and one side of every pool.",
      denom_units: [
        { denom: BASE_DENOM, exponent: 0, aliases: ["microalita"] },
        { denom: DISPLAY_DENOM.toLowerCase(), exponent: DECIMALS, aliases: [DISPLAY_DENOM] },
      ],
      type_asset: "sdk.coin",
      base: BASE_DENOM,
      display: DISPLAY_DENOM.toLowerCase(),
      name: "Alita",
      symbol: DISPLAY_DENOM,
      logo_URIs: images,
      images: [{ ...images, theme: { primary_color_hex: "#0b7a6b", circle: false } }],
    }],
  };
}
