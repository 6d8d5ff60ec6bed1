// Sign documents in both modes, and who signs them.
import { create, fromBinary, type Registry, toBinary } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { type AminoMsg, canonicalJson, type Json, toAmino, WALLETS_DIFFER } from "./amino.js";
import { BASE_DENOM, type Coin } from "./amounts.js";
import { equal, utf8 } from "./bytes.js";
import { FeeError, InputError, WalletError } from "./errors.js";
import { PubKeySchema } from "./gen/cosmos/crypto/secp256k1/keys_pb.js";
import { SignMode } from "./gen/cosmos/tx/signing/v1beta1/signing_pb.js";
import { AuthInfoSchema, SignDocSchema, TxBodySchema, TxRawSchema } from "./gen/cosmos/tx/v1beta1/tx_pb.js";
import { type Msg, packAny } from "./message.js";

/** Account is an account that signs. */
export interface Account {
  address: string;
  /** publicKey is the compressed secp256k1 point; 33 bytes. */
  publicKey: Uint8Array;
}

/** DirectDoc is what SIGN_MODE_DIRECT signs: the encoding of cosmos.tx.v1beta1.SignDoc. */
export interface DirectDoc {
  bodyBytes: Uint8Array;
  authInfoBytes: Uint8Array;
  chainId: string;
  accountNumber: bigint;
}

/** AminoDoc is what SIGN_MODE_LEGACY_AMINO_JSON signs. */
export interface AminoDoc {
  account_number: string;
  chain_id: string;
  fee: { amount: Coin[]; gas: string; granter?: string; payer?: string };
  memo: string;
  msgs: AminoMsg[];
  sequence: string;
  timeout_height?: string;
}

/** Signed is a document as it was signed, which may differ in fee and memo from the one that a wallet was shown, and the signature. */
export interface Signed<Doc> {
  doc: Doc;
  /** signature is r and s; 64 bytes. */
  signature: Uint8Array;
}

/** Signer signs for one account, in one or both modes. A key on this machine and wallets are signers. */
export interface Signer {
  account(): Promise<Account>;
  signDirect?(doc: DirectDoc): Promise<Signed<DirectDoc>>;
  signAmino?(doc: AminoDoc): Promise<Signed<AminoDoc>>;
}

/** TxParts are all that a transaction is made of. */
export interface TxParts {
  /** messages are complete, see complete(). */
  messages: readonly Msg[];
  chainId: string;
  accountNumber: bigint;
  sequence: bigint;
  gas: bigint;
  /** fee is in ualita. */
  fee: bigint;
  memo: string;
  timeoutHeight: bigint;
  feeGranter: string;
  account: Account;
}

/** encodeBody returns the part of a transaction with its messages. */
export function encodeBody({ messages, memo, timeoutHeight }: Pick<TxParts, "messages" | "memo" | "timeoutHeight">): Uint8Array {
  return toBinary(TxBodySchema, create(TxBodySchema, { messages: messages.map(packAny), memo, timeoutHeight }));
}

/** encodeAuthInfo returns the part of a transaction with its fee and its signer's key. */
export function encodeAuthInfo(parts: Pick<TxParts, "account" | "sequence" | "gas" | "fee" | "feeGranter">, mode: SignMode, amount = coins(parts.fee)): Uint8Array {
  const key = { schema: PubKeySchema, value: create(PubKeySchema, { key: parts.account.publicKey }) };
  return toBinary(AuthInfoSchema, create(AuthInfoSchema, {
    signerInfos: [{ publicKey: packAny(key), sequence: parts.sequence, modeInfo: { sum: { case: "single", value: { mode } } } }],
    fee: { amount, gasLimit: parts.gas, granter: parts.feeGranter },
  }));
}

const coins = (fee: bigint): Coin[] => (fee === 0n ? [] : [{ denom: BASE_DENOM, amount: fee.toString() }]);

/** encodeTx returns the bytes that are broadcast. */
export function encodeTx(bodyBytes: Uint8Array, authInfoBytes: Uint8Array, signature: Uint8Array): Uint8Array {
  return toBinary(TxRawSchema, create(TxRawSchema, { bodyBytes, authInfoBytes, signatures: [signature] }));
}

/** directBytes returns what SIGN_MODE_DIRECT signs. */
export function directBytes(doc: DirectDoc): Uint8Array {
  return toBinary(SignDocSchema, create(SignDocSchema, doc));
}

/** directDoc makes the document of a transaction. */
export function directDoc(parts: TxParts): DirectDoc {
  return { bodyBytes: encodeBody(parts), authInfoBytes: encodeAuthInfo(parts, SignMode.DIRECT), chainId: parts.chainId, accountNumber: parts.accountNumber };
}

/** aminoBytes returns what SIGN_MODE_LEGACY_AMINO_JSON signs. */
export function aminoBytes(doc: AminoDoc): Uint8Array {
  return utf8(canonicalJson(doc as unknown as Json));
}

/** aminoDoc makes the document of a transaction. */
export function aminoDoc(parts: TxParts, registry?: Registry): AminoDoc {
  return {
    account_number: parts.accountNumber.toString(),
    chain_id: parts.chainId,
    fee: { amount: coins(parts.fee), gas: parts.gas.toString(), ...(parts.feeGranter !== "" && { granter: parts.feeGranter }) },
    memo: parts.memo,
    msgs: parts.messages.map((m) => toAmino(m, registry)),
    sequence: parts.sequence.toString(),
    ...(parts.timeoutHeight !== 0n && { timeout_height: parts.timeoutHeight.toString() }),
  };
}

/** SignedTx is a transaction that can be broadcast. */
export interface SignedTx {
  bytes: Uint8Array;
  /** fee is what was signed, in ualita: a wallet may have changed it. */
  fee: bigint;
  gas: bigint;
}

/**
 * signTx has a transaction signed, in direct mode if the signer has it and the caller does not ask for amino. It refuses what a wallet
 * returns if the messages are not those that it was shown, or if the fee is above the bound.
 */
export async function signTx(signer: Signer, parts: TxParts, options: { mode?: "direct" | "amino"; maxFee: bigint; registry?: Registry | undefined }): Promise<SignedTx> {
  const mode = options.mode ?? (signer.signDirect ? "direct" : "amino");
  if (mode === "direct") {
    if (!signer.signDirect) throw new InputError("mode: expected one that the signer has, amino, got direct");
    return signedDirect(parts, await signer.signDirect(directDoc(parts)), options.maxFee);
  }
  if (!signer.signAmino) throw new InputError("mode: expected one that the signer has, direct, got amino");
  const asked = aminoDoc(parts, options.registry);
  if (WALLETS_DIFFER.test(JSON.stringify(asked))) throw new InputError("text: expected no line separator (U+2028, U+2029), which wallets sign in another way than the chain, got one");
  return signedAmino(parts, asked, await signer.signAmino(asked), options.maxFee);
}

function signedDirect(parts: TxParts, { doc, signature }: Signed<DirectDoc>, maxFee: bigint): SignedTx {
  const body = fromBinary(TxBodySchema, doc.bodyBytes);
  const asked = parts.messages.map(packAny);
  const same = body.messages.length === asked.length && asked.every((m, i) => equal(toBinary(AnySchema, m), toBinary(AnySchema, body.messages[i]!)));
  if (!same || body.extensionOptions.length > 0) throw new WalletError("wallet: expected the messages that it was shown, got others");
  const { fee } = fromBinary(AuthInfoSchema, doc.authInfoBytes);
  const paid = checkFee(fee?.amount ?? [], maxFee);
  return { bytes: encodeTx(doc.bodyBytes, doc.authInfoBytes, signature), fee: paid, gas: fee?.gasLimit ?? 0n };
}

function signedAmino(parts: TxParts, asked: AminoDoc, { doc, signature }: Signed<AminoDoc>, maxFee: bigint): SignedTx {
  const fixed = (d: AminoDoc): string => canonicalJson({ ...d, fee: null, memo: null } as unknown as Json);
  if (fixed(doc) !== fixed(asked)) throw new WalletError("wallet: expected the document that it was shown, got another one");
  const fee = checkFee(doc.fee.amount, maxFee);
  const gas = BigInt(doc.fee.gas);
  const body = encodeBody({ ...parts, memo: doc.memo });
  const auth = encodeAuthInfo({ ...parts, gas, feeGranter: doc.fee.granter ?? "" }, SignMode.LEGACY_AMINO_JSON, [...doc.fee.amount]);
  return { bytes: encodeTx(body, auth, signature), fee, gas };
}

function checkFee(amount: readonly Coin[], maxFee: bigint): bigint {
  let paid = 0n;
  for (const c of amount) {
    if (c.denom !== BASE_DENOM) throw new WalletError(`fee: expected ${BASE_DENOM}, got ${c.denom}`);
    paid += BigInt(c.amount);
  }
  if (paid > maxFee) throw new FeeError(paid, maxFee);
  return paid;
}


