import { describe, expect, it } from 'vitest';
import { bodyOf, vndOf } from './form';

const filled = { amount: '12.000 ₫', reference: ' FT1 ', sentAt: '2026-09-21T21:10', last4: '6789' };

describe('the form of a lost transfer', () => {
  it('reads amounts as people write them', () => {
    expect(['12000', '12.000', '12,000 ₫', '12 000đ', '12000 VND'].map(vndOf)).toEqual(Array(5).fill(12_000));
    expect(['', '0', 'twelve', '-5', '1e5', '9'.repeat(13)].map(vndOf)).toEqual(Array(6).fill(null));
  });

  it('sends what was filled in, and nothing else', () => {
    expect(bodyOf(filled)).toEqual({
      ok: true,
      body: {
        amount: 12_000,
        bank_reference: 'FT1',
        sent_at: new Date('2026-09-21T21:10').toISOString(),
        sender_last4: '6789',
      },
    });
    expect(bodyOf({ amount: '5000', reference: '', sentAt: '', last4: '' })).toEqual({
      ok: true,
      body: { amount: 5_000 },
    });
  });

  it('says what is wrong', () => {
    expect(bodyOf({ ...filled, amount: '', last4: '12' })).toEqual({
      ok: false,
      faults: { amount: true, last4: true },
    });
    expect(bodyOf({ ...filled, last4: 'abcd' })).toEqual({ ok: false, faults: { last4: true } });
  });
});
