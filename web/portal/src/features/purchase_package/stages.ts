// The three stations a customer sees: pay, open the network, online.
import type { ProblemCode, PurchaseState } from '../../api/types';
import { causeOf } from '../../lib/purchase_words';

export type StageName = 'pay' | 'activate' | 'online';
export type StageState = 'waiting' | 'running' | 'done' | 'failed';

export interface Stage {
  name: StageName;
  state: StageState;
}

/** `code`: of the purchase's error; tells which station failed. */
export function stagesOf(state: PurchaseState | 'sending', code?: ProblemCode): Stage[] {
  const [pay, activate, online] = statesOf(state, code);
  return [
    { name: 'pay', state: pay },
    { name: 'activate', state: activate },
    { name: 'online', state: online },
  ];
}

function statesOf(state: PurchaseState | 'sending', code?: ProblemCode): [StageState, StageState, StageState] {
  switch (state) {
    case 'sending':
    case 'paying':
    case 'awaiting_payment':
      return ['running', 'waiting', 'waiting'];
    case 'activating':
      return ['done', 'running', 'waiting'];
    case 'online':
      return ['done', 'done', 'done'];
    case 'declined':
    case 'failed':
      return ['failed', 'waiting', 'waiting'];
    case 'refunding':
    case 'refunded':
    case 'refund_queued': {
      const cause = causeOf(code);
      if (cause === 'staff') return ['done', 'waiting', 'waiting'];
      const wasPaid = cause === 'network' || cause === 'session';
      return wasPaid ? ['done', 'failed', 'waiting'] : ['failed', 'waiting', 'waiting'];
    }
  }
}
