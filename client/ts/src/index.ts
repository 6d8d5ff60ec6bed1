/**
 * The client of Alita: queries, transactions and typed events over the node's REST interface.
 * `@alita-network/client/modules` has the modules, `@alita-network/client/crypto` opens and verifies secure sums.
 */
export { type AminoMsg, canonicalJson, toAmino } from "./amino.js";
export * from "./amounts.js";
export { addressBytes, addressOf, BECH32_PREFIX } from "./bytes.js";
export { AlitaClient, type ClientOptions, type Messages, type Queries, txHash, type TxOptions, TxResult } from "./client.js";
export * from "./errors.js";
export { decodeEvent, eventsOf, knownEvents, messageIndex, type RawEvent, rawEvents } from "./events.js";
export { DEFAULT_MAX_FEE, feeOf, type GasPrice, offeredGasPrice, parseGasPrice } from "./gas.js";
export { type Msg, msg, packAny } from "./message.js";
export type { Module } from "./modules.js";
export { heightOf, pages, query, requestPath } from "./query.js";
export { type CallOptions, Rest, type RestOptions } from "./rest.js";
export { type Account, type AminoDoc, aminoBytes, type DirectDoc, directBytes, type Signed, type SignedTx, type Signer } from "./sign.js";
export { timestamp } from "./time.js";
export { HD_PATH, LocalSigner, newMnemonic } from "./wallet/local.js";
export { type OfflineSigner, walletSigner } from "./wallet/offline.js";
export { hint, WORDS, type Words } from "./words.js";
