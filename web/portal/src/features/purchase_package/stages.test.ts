import { expect, it } from 'vitest';
import { stagesOf } from './stages';

const states = (...of: Parameters<typeof stagesOf>) => stagesOf(...of).map((stage) => stage.state);

it('shows how far the purchase has come', () => {
  expect(states('sending')).toEqual(['running', 'waiting', 'waiting']);
  expect(states('paying')).toEqual(['running', 'waiting', 'waiting']);
  expect(states('awaiting_payment')).toEqual(['running', 'waiting', 'waiting']);
  expect(states('activating')).toEqual(['done', 'running', 'waiting']);
  expect(states('online')).toEqual(['done', 'done', 'done']);
});

it('shows where it failed', () => {
  expect(states('declined')).toEqual(['failed', 'waiting', 'waiting']);
  for (const state of ['refunding', 'refunded', 'refund_queued'] as const)
    expect(states(state, 'ACTIVATION_FAILED')).toEqual(['done', 'failed', 'waiting']);
  // The network was never asked.
  expect(states('refunded', 'PAYMENT_EXPIRED')).toEqual(['failed', 'waiting', 'waiting']);
  expect(states('refund_queued', 'AMOUNT_MISMATCH')).toEqual(['failed', 'waiting', 'waiting']);
  expect(states('refund_queued', 'PAYMENT_SET_ASIDE')).toEqual(['failed', 'waiting', 'waiting']);
  expect(states('refunded', 'STAFF_REFUND')).toEqual(['done', 'waiting', 'waiting']);
});
