// Short names for the generated schemas, and the answers of the API as discriminated unions.
import type { components } from './schema';

type Schemas = components['schemas'];

export type Account = Schemas['Account'];
export type Balance = Schemas['Balance'];
export type Bank = Schemas['Bank'];
export type BankList = Schemas['BankList'];
export type BankTransfer = Schemas['BankTransfer'];
export type BindBody = Schemas['BindBody'];
export type Binding = Schemas['Binding'];
export type DeviceList = Schemas['DeviceList'];
export type FindTransferBody = Schemas['FindTransferBody'];
export type FoundTransfer = Schemas['FoundTransfer'];
export type History = Schemas['History'];
export type HistoryItem = Schemas['HistoryItem'];
export type Language = Schemas['Language'];
export type LoginForm = Schemas['LoginForm'];
export type OpenPayment = Schemas['OpenPayment'];
export type Package = Schemas['Package'];
export type PaymentMethod = Schemas['PaymentMethod'];
export type PaymentMethodList = Schemas['PaymentMethodList'];
export type PaymentMethodName = Schemas['PaymentMethodName'];
export type PaymentWindow = Schemas['PaymentWindow'];
export type Portal = Schemas['Portal'];
export type Problem = Schemas['Problem'];
export type ProblemAction = Schemas['ProblemAction'];
export type ProblemCode = Problem['code'];
export type Purchase = Schemas['Purchase'];
export type PurchaseState = Schemas['PurchaseState'];
export type PurchaseStep = Schemas['PurchaseStep'];
export type Rate = Schemas['Rate'];
export type Receipt = Schemas['Receipt'];
export type ResumeAnswer = Schemas['ResumeAnswer'];
export type SavedMethod = Schemas['SavedMethod'];
export type Session = Schemas['Session'];
export type SessionDevice = Schemas['SessionDevice'];
export type SessionReason = Schemas['SessionReason'];
export type SignedIn = Schemas['SignedIn'];
export type TransactionState = Schemas['TransactionState'];
export type Wallet = Schemas['Wallet'];

/**
 * Why a request has no value. `offline` and `timeout` say nothing about what the server did; before a `foreign_order` it was
 * asked only whether the purchase in the way can be given up.
 */
export type Failure =
  | { kind: 'foreign_order' }
  | { kind: 'problem'; problem: Problem }
  | { kind: 'offline' }
  | { kind: 'timeout' }
  | { kind: 'unexpected'; status: number };

export type Result<T> = { ok: true; value: T } | { ok: false; failure: Failure };

/** True for failures that leave open whether the server acted: ask again with the same idempotency key. */
export function isUnknown(failure: Failure): boolean {
  switch (failure.kind) {
    case 'offline':
    case 'timeout':
      return true;
    case 'unexpected':
      // A page of somebody in between (2xx, 3xx) or a broken server; only a plain 4xx means nothing was done.
      return failure.status < 400 || failure.status >= 500;
    case 'problem':
    case 'foreign_order':
      return false;
  }
}

/** A purchase that this window sees, and that only whoever bought it may change: he is not signed in here. */
export function isAnothers(failure: Failure): boolean {
  if (failure.kind !== 'problem') return false;
  return failure.problem.code === 'NOT_SIGNED_IN' || failure.problem.code === 'NOT_FOUND';
}
