// The purchase as the page sees it. Pure: `buy.svelte.ts` carries out what a state asks for.
//
//   idle ─buy→ sending ─answered→ following ─moved→ settled
//               │  ↑ └─refused→ refused ─buy→ sending
//        unknown│  │retry_due
//               ▼  │
//              waiting ─(too often)→ unsure ─retry_due→ sending
//
// A lost answer is never taken for a refusal: the same key is sent again until somebody answers.
import { isFinalPurchase } from '../../api/follow';
import type { PayWith } from '../../api/client';
import type { Failure, Purchase } from '../../api/types';

export interface Order {
  kind: 'new' | 'extension';
  packageId: string;
  packageName: string;
  /** The price shown; the server refuses when its own differs. */
  price: number;
  pay: PayWith;
}

export type BuyState =
  | { kind: 'idle' }
  | { kind: 'sending'; order: Order; key: string; attempt: number }
  | { kind: 'waiting'; order: Order; key: string; attempt: number; failure: Failure }
  | { kind: 'unsure'; order: Order; key: string; failure: Failure }
  | { kind: 'refused'; order: Order; failure: Failure }
  | { kind: 'following'; purchase: Purchase; shaky: boolean }
  | { kind: 'settled'; purchase: Purchase };

export type BuyEvent =
  | { kind: 'buy'; order: Order; key: string }
  | { kind: 'answered'; purchase: Purchase }
  | { kind: 'refused'; failure: Failure }
  | { kind: 'unknown'; failure: Failure }
  | { kind: 'retry_due' }
  | { kind: 'moved'; purchase: Purchase }
  | { kind: 'lost' }
  | { kind: 'dismissed' };

export const attemptsMax = 5;

/** 1 s, 2 s, 4 s, 8 s: how long to wait before attempt `attempt + 1`. */
export function retryDelayMs(attempt: number): number {
  return 1_000 * 2 ** (attempt - 1);
}

export function next(state: BuyState, event: BuyEvent): BuyState {
  switch (event.kind) {
    case 'buy':
      return mayBuy(state) ? { kind: 'sending', order: event.order, key: event.key, attempt: 1 } : state;
    case 'answered':
      return state.kind === 'sending' ? followed(event.purchase) : state;
    case 'refused':
      return state.kind === 'sending' ? { kind: 'refused', order: state.order, failure: event.failure } : state;
    case 'unknown':
      return state.kind === 'sending' ? afterSilence(state, event.failure) : state;
    case 'retry_due':
      return resent(state);
    case 'moved':
      return state.kind === 'following' ? followed(event.purchase) : state;
    case 'lost':
      return state.kind === 'following' ? { ...state, shaky: true } : state;
    case 'dismissed':
      return state.kind === 'refused' || state.kind === 'settled' ? { kind: 'idle' } : state;
  }
}

/** One purchase at a time: a second tap while one is on its way changes nothing. An unpaid one can be given up. */
function mayBuy(state: BuyState): boolean {
  if (state.kind === 'following') return state.purchase.state === 'awaiting_payment';
  return state.kind === 'idle' || state.kind === 'refused' || state.kind === 'settled';
}

function followed(purchase: Purchase): BuyState {
  return isFinalPurchase(purchase) ? { kind: 'settled', purchase } : { kind: 'following', purchase, shaky: false };
}

function afterSilence(state: Extract<BuyState, { kind: 'sending' }>, failure: Failure): BuyState {
  const { order, key, attempt } = state;
  if (attempt >= attemptsMax) return { kind: 'unsure', order, key, failure };
  return { kind: 'waiting', order, key, attempt, failure };
}

function resent(state: BuyState): BuyState {
  switch (state.kind) {
    case 'waiting':
      return { kind: 'sending', order: state.order, key: state.key, attempt: state.attempt + 1 };
    case 'unsure':
      return { kind: 'sending', order: state.order, key: state.key, attempt: 1 };
    case 'idle':
    case 'sending':
    case 'refused':
    case 'following':
    case 'settled':
      return state;
  }
}
