// What a purchase's page says of the money: true in each state, for each reason there is no WiFi.
import type { PaymentMethodName, ProblemCode, Purchase, PurchaseState } from '../api/types';
import type { Messages, Refund, RefundCause } from '../messages/shape';

export function isRefund(state: PurchaseState): state is Refund {
  switch (state) {
    case 'refunding':
    case 'refunded':
    case 'refund_queued':
      return true;
    case 'paying':
    case 'awaiting_payment':
    case 'activating':
    case 'online':
    case 'declined':
    case 'failed':
      return false;
  }
}

/** Why money that was taken bought nothing. */
export function causeOf(code: ProblemCode | undefined): RefundCause {
  if (code === 'PAYMENT_EXPIRED') return 'late';
  if (code === 'AMOUNT_MISMATCH') return 'amount';
  if (code === 'SESSION_EXPIRED') return 'session';
  if (code === 'PAYMENT_SET_ASIDE') return 'aside';
  if (code === 'STAFF_REFUND') return 'staff';
  return 'network';
}

export function refundText(state: Refund, code: ProblemCode | undefined, text: Messages): string {
  return `${text.purchase.cause[causeOf(code)]} ${text.purchase.money[state]}`;
}

/** Whether the customer pays somewhere else, where money can still be on its way after the end. */
export function isOutside(method: PaymentMethodName): boolean {
  switch (method) {
    case 'momo':
    case 'zalopay':
    case 'vnpay':
    case 'vietqr':
    case 'payos':
      return true;
    case 'pc_balance':
    case 'store_credit':
      return false;
  }
}

export function isBankTransfer(method: PaymentMethodName): boolean {
  return method === 'vietqr' || method === 'payos';
}

/** Ended unpaid, and money may still come: the customer is told what becomes of it. */
export function mayComeLate({ state, method, error }: Pick<Purchase, 'state' | 'method' | 'error'>): boolean {
  const ended = error?.code === 'PAYMENT_EXPIRED' || error?.code === 'PAYMENT_CANCELLED';
  return state === 'failed' && isOutside(method) && ended;
}

type Told = Pick<Purchase, 'state' | 'error' | 'method' | 'kept_as_credit'>;

export function titleOf({ state, kept_as_credit }: Told, text: Messages): string {
  return state === 'refunded' && kept_as_credit ? text.purchase.kept : text.purchase.title[state];
}

/** One or two sentences under the purchase's title. */
export function leadOf(purchase: Told, text: Messages): string {
  const { state, error, method } = purchase;
  if (state === 'refunded' && purchase.kept_as_credit) return text.purchase.cause[causeOf(error?.code)];
  if (isRefund(state)) return refundText(state, error?.code, text);
  if (state === 'paying' && isOutside(method)) return text.purchase.payingOutside;
  if (state === 'failed' && error?.code === 'PAYMENT_CANCELLED') return text.purchase.cancelled;
  if (state === 'failed' && error?.code === 'PAYMENT_EXPIRED')
    return isOutside(method) ? text.purchase.noTransfer : text.purchase.noPayment;
  return text.purchase.lead[state];
}
