// The three stations a customer sees: pay, open the network, online.
import type { PurchaseState } from '../../api/types';

export type StageName = 'pay' | 'activate' | 'online';
export type StageState = 'waiting' | 'running' | 'done' | 'failed';

export interface Stage {
  name: StageName;
  state: StageState;
}

export function stagesOf(state: PurchaseState | 'sending'): Stage[] {
  const [pay, activate, online] = statesOf(state);
  return [
    { name: 'pay', state: pay },
    { name: 'activate', state: activate },
    { name: 'online', state: online },
  ];
}

function statesOf(state: PurchaseState | 'sending'): [StageState, StageState, StageState] {
  switch (state) {
    case 'sending':
    case 'paying':
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
    case 'refund_queued':
      return ['done', 'failed', 'waiting'];
  }
}
