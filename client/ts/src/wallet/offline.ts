// Accounts in a wallet: Keplr, Leap, and everything else that has the same OfflineSigner.
import { base64 } from "../bytes.js";
import { WalletError } from "../errors.js";
import type { Account, AminoDoc, DirectDoc, Signed, Signer } from "../sign.js";

/** WalletAccount is an account as wallets describe it. */
export interface WalletAccount {
  readonly address: string;
  readonly algo: string;
  readonly pubkey: Uint8Array;
}

interface WalletSignature {
  readonly signature: string;
}

/** OfflineSigner is the interface of wallets: window.keplr.getOfflineSignerAuto(chainId), and the same of window.leap. */
export interface OfflineSigner {
  getAccounts(): Promise<readonly WalletAccount[]>;
  signDirect?(address: string, doc: DirectDoc): Promise<{ readonly signed: DirectDoc; readonly signature: WalletSignature }>;
  signAmino?(address: string, doc: AminoDoc): Promise<{ readonly signed: AminoDoc; readonly signature: WalletSignature }>;
}

/** How long a wallet may take to answer, in milliseconds: some do not say that their window was closed. */
const PATIENCE = 120_000;

/** walletSigner signs with the first account of a wallet, or with the one of an address. */
export async function walletSigner(wallet: OfflineSigner, options: { address?: string; timeout?: number } = {}): Promise<Signer> {
  const timeout = options.timeout ?? PATIENCE;
  const accounts = await answer(wallet.getAccounts(), timeout);
  const found = options.address === undefined ? accounts[0] : accounts.find((a) => a.address === options.address);
  if (!found) throw new WalletError(`wallet: expected ${options.address ?? "an account"}, got none`);
  if (found.algo !== "secp256k1" || found.pubkey.length !== 33) throw new WalletError(`wallet: expected a secp256k1 account, got ${found.algo}`);
  const account: Account = { address: found.address, publicKey: found.pubkey };
  const { signDirect, signAmino } = wallet;
  return {
    account: async () => account,
    ...(signDirect && {
      signDirect: async (doc: DirectDoc): Promise<Signed<DirectDoc>> => {
        const { signed, signature } = await answer(signDirect.call(wallet, account.address, doc), timeout);
        // Wallets return other kinds of whole numbers.
        return { doc: { ...signed, accountNumber: BigInt(signed.accountNumber.toString()) }, signature: bytesOf(signature) };
      },
    }),
    ...(signAmino && {
      signAmino: async (doc: AminoDoc): Promise<Signed<AminoDoc>> => {
        const { signed, signature } = await answer(signAmino.call(wallet, account.address, doc), timeout);
        return { doc: signed, signature: bytesOf(signature) };
      },
    }),
  };
}

function bytesOf({ signature }: WalletSignature): Uint8Array {
  let bytes: Uint8Array | undefined;
  try {
    bytes = base64.decode(signature);
  } catch {
    // Said below.
  }
  if (bytes?.length !== 64) throw new WalletError("wallet: expected a signature of 64 bytes, got something else");
  return bytes;
}

async function answer<T>(asked: Promise<T>, timeout: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new WalletError(`wallet: expected an answer within ${timeout / 1000} seconds, got none: nothing was sent`)), timeout);
  });
  try {
    return await Promise.race([asked, silence]);
  } catch (cause) {
    if (cause instanceof WalletError) throw cause;
    throw new WalletError(`wallet: it refused: ${cause instanceof Error ? cause.message : String(cause)}: nothing was sent`, { cause });
  } finally {
    clearTimeout(timer);
  }
}
