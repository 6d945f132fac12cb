import { describe, expect, it } from 'vitest';
import type { ProblemCode, Purchase, PurchaseState } from '../api/types';
import { en } from '../messages/en';
import { vi } from '../messages/vi';
import { leadOf, mayComeLate, titleOf } from './purchase_words';

const purchase = (state: PurchaseState, code: ProblemCode, extra: Partial<Purchase> = {}) =>
  ({ state, error: { code }, method: 'pc_balance', kept_as_credit: false, ...extra }) as unknown as Purchase;
const refunds = ['refunding', 'refunded', 'refund_queued'] as const;

describe('what is said of the money', () => {
  it.each(refunds)('%s: where it is, and for which reason', (state) => {
    for (const text of [vi, en]) {
      const leads = (
        [
          'ACTIVATION_FAILED',
          'PAYMENT_EXPIRED',
          'AMOUNT_MISMATCH',
          'SESSION_EXPIRED',
          'PAYMENT_SET_ASIDE',
          'STAFF_REFUND',
        ] as const
      ).map((code) => leadOf(purchase(state, code), text));
      expect(new Set(leads).size).toBe(leads.length);
      for (const lead of leads) expect(lead).toContain(text.purchase.money[state]);
      // The network is blamed for its own faults only.
      expect(leads.filter((lead) => lead.includes(text.purchase.cause.network))).toHaveLength(1);
    }
  });

  it('promises what happens to a payment that turns up late', () => {
    expect(leadOf(purchase('failed', 'PAYMENT_EXPIRED'), en)).toBe(en.purchase.noPayment);
    expect(leadOf(purchase('failed', 'PC_SYSTEM_UNAVAILABLE'), en)).toBe(en.purchase.lead.failed);
  });

  it('never says that nothing was paid while a transfer may be on its way', () => {
    for (const code of ['PAYMENT_EXPIRED', 'PAYMENT_CANCELLED'] as const) {
      const ended = purchase('failed', code, { method: 'vietqr' });
      expect(mayComeLate(ended)).toBe(true);
      expect(leadOf(ended, en)).not.toBe(en.purchase.lead.failed);
    }
    expect(mayComeLate(purchase('failed', 'PAYMENT_EXPIRED'))).toBe(false);
    expect(mayComeLate(purchase('refunded', 'PAYMENT_EXPIRED', { method: 'vietqr' }))).toBe(false);
  });

  it('tells credit from a refund', () => {
    const kept = purchase('refunded', 'PAYMENT_EXPIRED', { method: 'vietqr', kept_as_credit: true });
    expect(titleOf(kept, en)).toBe(en.purchase.kept);
    expect(leadOf(kept, en)).toBe(en.purchase.cause.late);
    expect(titleOf({ ...kept, kept_as_credit: false }, en)).toBe(en.purchase.title.refunded);
  });
});
