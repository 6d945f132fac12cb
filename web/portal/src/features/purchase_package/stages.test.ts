import { expect, it } from 'vitest';
import { stagesOf } from './stages';

const states = (state: Parameters<typeof stagesOf>[0]) => stagesOf(state).map((stage) => stage.state);

it('shows how far the purchase has come', () => {
  expect(states('sending')).toEqual(['running', 'waiting', 'waiting']);
  expect(states('paying')).toEqual(['running', 'waiting', 'waiting']);
  expect(states('activating')).toEqual(['done', 'running', 'waiting']);
  expect(states('online')).toEqual(['done', 'done', 'done']);
});

it('shows where it failed', () => {
  expect(states('declined')).toEqual(['failed', 'waiting', 'waiting']);
  for (const state of ['refunding', 'refunded', 'refund_queued'] as const)
    expect(states(state)).toEqual(['done', 'failed', 'waiting']);
});
