import { describe, expect, it } from 'vitest';
import type { Failure, Purchase, PurchaseState } from '../../api/types';
import { attemptsMax, next, retryDelayMs, type BuyEvent, type BuyState, type Order } from './machine';

const pay = { method: 'pc_balance', savedId: null, useCredit: true } as const;
const order: Order = { kind: 'new', packageId: 'pkg_3h', packageName: 'Gói 3 giờ', price: 12_000, pay };
const timeout: Failure = { kind: 'timeout' };

function purchase(state: PurchaseState): Purchase {
  return {
    id: 'pur_1',
    kind: 'new',
    state,
    method: 'pc_balance',
    package_id: 'pkg_3h',
    package_name: 'Gói 3 giờ',
    price: 12_000,
    created_at: '2026-09-21T14:13:20Z',
    steps: [],
    transaction: { id: 'pur_1', amount: 12_000, credit_used: 0, refunded: 0, state: 'pending' },
    payment: null,
    can_keep_as_credit: false,
    kept_as_credit: false,
    error: null,
    session: null,
    login_form: null,
  };
}

const run = (...events: BuyEvent[]) => events.reduce<BuyState>(next, { kind: 'idle' });

describe('buying', () => {
  it('goes from the tap to online', () => {
    const state = run(
      { kind: 'buy', order, key: 'k1' },
      { kind: 'answered', purchase: purchase('paying') },
      { kind: 'moved', purchase: purchase('activating') },
      { kind: 'moved', purchase: purchase('online') },
    );
    expect(state).toMatchObject({ kind: 'settled', purchase: { state: 'online' } });
  });

  it('settles at once when the first answer is final', () => {
    expect(run({ kind: 'buy', order, key: 'k1' }, { kind: 'answered', purchase: purchase('online') }).kind).toBe(
      'settled',
    );
  });

  it('ignores a second tap while the first is on its way', () => {
    const state = run({ kind: 'buy', order, key: 'k1' }, { kind: 'buy', order, key: 'k2' });
    expect(state).toMatchObject({ kind: 'sending', key: 'k1' });
  });

  it('keeps the key over every repeat and gives up into unsure, never into refused', () => {
    let state = run({ kind: 'buy', order, key: 'k1' });
    for (let attempt = 1; attempt < attemptsMax; attempt += 1) {
      state = next(state, { kind: 'unknown', failure: timeout });
      expect(state).toMatchObject({ kind: 'waiting', key: 'k1', attempt });
      state = next(state, { kind: 'retry_due' });
    }
    state = next(state, { kind: 'unknown', failure: timeout });
    expect(state).toMatchObject({ kind: 'unsure', key: 'k1' });
    expect(next(state, { kind: 'buy', order, key: 'k2' })).toBe(state);
    expect(next(state, { kind: 'retry_due' })).toMatchObject({ kind: 'sending', key: 'k1', attempt: 1 });
  });

  it('can be tried again after a refusal, with a new key', () => {
    const refused = run({ kind: 'buy', order, key: 'k1' }, { kind: 'refused', failure: timeout });
    expect(refused.kind).toBe('refused');
    expect(next(refused, { kind: 'buy', order, key: 'k2' })).toMatchObject({ kind: 'sending', key: 'k2' });
    expect(next(refused, { kind: 'dismissed' })).toEqual({ kind: 'idle' });
  });

  it('gives way to another order only while it waits for its money', () => {
    const waiting = run(
      { kind: 'buy', order, key: 'k1' },
      { kind: 'answered', purchase: purchase('awaiting_payment') },
    );
    expect(waiting.kind).toBe('following');
    expect(next(waiting, { kind: 'buy', order, key: 'k2' })).toMatchObject({ kind: 'sending', key: 'k2' });
    const paid = next(waiting, { kind: 'moved', purchase: purchase('activating') });
    expect(next(paid, { kind: 'buy', order, key: 'k2' })).toBe(paid);
  });

  it('notes a shaky line and forgets it with the next news', () => {
    const shaky = run(
      { kind: 'buy', order, key: 'k1' },
      { kind: 'answered', purchase: purchase('paying') },
      { kind: 'lost' },
    );
    expect(shaky).toMatchObject({ kind: 'following', shaky: true });
    expect(next(shaky, { kind: 'moved', purchase: purchase('activating') })).toMatchObject({ shaky: false });
  });

  it('is not moved by late news', () => {
    const settled = run({ kind: 'buy', order, key: 'k1' }, { kind: 'answered', purchase: purchase('refunded') });
    const late: BuyEvent[] = [
      { kind: 'answered', purchase: purchase('paying') },
      { kind: 'moved', purchase: purchase('paying') },
      { kind: 'unknown', failure: timeout },
      { kind: 'refused', failure: timeout },
      { kind: 'retry_due' },
      { kind: 'lost' },
    ];
    for (const event of late) expect(next(settled, event)).toBe(settled);
  });

  it('waits twice as long before each repeat', () => {
    expect([1, 2, 3, 4].map(retryDelayMs)).toEqual([1_000, 2_000, 4_000, 8_000]);
  });
});
