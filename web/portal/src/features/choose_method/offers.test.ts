import { describe, expect, it } from 'vitest';
import type { Balance, PaymentMethod, PaymentMethodList, PaymentMethodName, SavedMethod } from '../../api/types';
import { firstOffer, nameOf, offersOf, payWith, split } from './offers';

const saved = (id: string, extra: Partial<SavedMethod> = {}): SavedMethod => ({
  id,
  method: 'momo',
  label: '',
  masked: '•••• 678',
  bank: null,
  is_default: false,
  position: 0,
  expires_at: null,
  is_usable: true,
  usage: { payments: 0, total: 0, last_used_at: null },
  ...extra,
});
const method = (
  name: PaymentMethod['method'],
  kind: PaymentMethod['kind'],
  extra: Partial<PaymentMethod> = {},
): PaymentMethod => ({ method: name, kind, is_available: true, why_not: null, can_save: false, saved: [], ...extra });
const list = (...methods: PaymentMethod[]): PaymentMethodList => ({ methods, store_credit: 0 });
const balance = (amount: number, stale = false): Balance => ({ amount, stale, as_of: '2026-09-21T14:13:20Z' });
const pc = method('pc_balance', 'balance');
const momo = method('momo', 'wallet');
const qr = method('vietqr', 'bank_transfer');

describe('offers', () => {
  it('put saved ones first, the default before the others, and keep the order of the rest', () => {
    const wallet = method('momo', 'wallet', {
      saved: [saved('a', { position: 1 }), saved('b', { position: 2, is_default: true }), saved('c')],
    });
    const keys = offersOf(list(pc, wallet, qr), 12_000, null).map(({ key }) => key);
    expect(keys).toEqual(['momo/b', 'momo/c', 'momo/a', 'pc_balance', 'momo', 'vietqr']);
  });

  it('say why one cannot be used', () => {
    const guest = method('pc_balance', 'balance', { is_available: false, why_not: 'needs_account' });
    const old = method('momo', 'wallet', { saved: [saved('a', { is_usable: false })] });
    expect(offersOf(list(guest, old), 12_000, null).map(({ whyNot }) => whyNot)).toEqual([
      'unusable',
      null,
      'needs_account',
    ]);
    expect(offersOf(list(pc), 12_000, balance(4_000))[0]).toMatchObject({ whyNot: 'short', missing: 8_000 });
    expect(offersOf(list(pc), 12_000, balance(4_000, true))[0]).toMatchObject({ whyNot: null, missing: 0 });
  });

  it('leave store credit to its own line', () => {
    expect(offersOf(list(method('store_credit', 'credit'), qr), 12_000, null).map(({ key }) => key)).toEqual([
      'vietqr',
    ]);
  });
});

describe('one tap', () => {
  it('takes the default, else the balance, else the only way', () => {
    const wallet = method('momo', 'wallet', { saved: [saved('a', { is_default: true })] });
    expect(firstOffer(offersOf(list(pc, wallet), 12_000, balance(50_000)))?.key).toBe('momo/a');
    expect(firstOffer(offersOf(list(pc, momo), 12_000, balance(50_000)))?.key).toBe('pc_balance');
    expect(firstOffer(offersOf(list(qr), 12_000, null))?.key).toBe('vietqr');
  });
  it('leaves the choice to the customer where there are several, and none where there is none', () => {
    expect(firstOffer(offersOf(list(pc, momo, qr), 12_000, balance(4_000)))).toBeNull();
    expect(firstOffer([])).toBeNull();
  });
  it('names the saved method in the order', () => {
    const wallet = method('momo', 'wallet', { saved: [saved('a')] });
    const [first] = offersOf(list(wallet), 12_000, null);
    expect(first && payWith(first, false)).toEqual({ method: 'momo', savedId: 'a', useCredit: false });
  });
});

it('spends store credit first, and never more than the price', () => {
  expect(split(12_000, 5_000, true)).toEqual({ credit: 5_000, due: 7_000 });
  expect(split(12_000, 50_000, true)).toEqual({ credit: 12_000, due: 0 });
  expect(split(12_000, 5_000, false)).toEqual({ credit: 0, due: 12_000 });
});

describe('nameOf', () => {
  const names = { vietqr: 'QR ngân hàng', momo: 'MoMo' } as Record<PaymentMethodName, string>;
  const named = (extra: Partial<SavedMethod> | null): string =>
    nameOf(
      {
        ...{ key: 'k', method: 'vietqr', kind: 'bank_transfer', whyNot: null, missing: 0 },
        saved: extra === null ? null : saved('a', { method: 'vietqr', ...extra }),
      },
      names,
    );

  it('is what the customer calls it, else his bank, else the method', () => {
    const bank = { bank_bin: '970422', bank_name: 'MB Bank' };
    expect(named({ bank, label: 'Lương' })).toBe('Lương');
    expect(named({ bank })).toBe('MB Bank');
    expect(named({})).toBe('QR ngân hàng');
    expect(named(null)).toBe('QR ngân hàng');
  });
});
