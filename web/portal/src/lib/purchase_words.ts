// What a purchase's page says of the money: true in each state, for each reason there is no WiFi.
import type { ProblemCode, Purchase, PurchaseState } from '../api/types';
import type { Messages, Refund, RefundCause } from '../messages/shape';

export function isRefund(state: PurchaseState): state is Refund {
  switch (state) {
    case 'refunding':
    case 'refunded':
    case 'refund_queued':
      return true;
    case 'paying':
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
  return 'network';
}

export function refundText(state: Refund, code: ProblemCode | undefined, text: Messages): string {
  return `${text.purchase.cause[causeOf(code)]} ${text.purchase.money[state]}`;
}

/** One or two sentences under the purchase's title. */
export function leadOf({ state, error }: Pick<Purchase, 'state' | 'error'>, text: Messages): string {
  if (isRefund(state)) return refundText(state, error?.code, text);
  if (state === 'failed' && error?.code === 'PAYMENT_EXPIRED') return text.purchase.noPayment;
  return text.purchase.lead[state];
}
