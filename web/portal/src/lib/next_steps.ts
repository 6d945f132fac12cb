// From an error to what the customer can do about it.
import type { Failure, Problem, ProblemAction } from '../api/types';
import type { Messages, ProblemText } from '../messages/shape';
import { isRefund, refundText } from './purchase_words';

export type NextStep =
  | 'check_balance'
  | 'choose_package'
  | 'choose_method'
  | 'new_code'
  | 'pay_again'
  | 'retry'
  | 'sign_in'
  | 'reauthenticate'
  | 'accept_price'
  | 'reload';

/** The steps worth offering, the best one first. A page shows those that it can carry out. */
export function nextSteps(failure: Failure): NextStep[] {
  if (failure.kind === 'foreign_order') return ['sign_in', 'retry'];
  if (failure.kind !== 'problem') return ['retry'];
  const steps = stepsOfAction(failure.problem.action);
  switch (failure.problem.code) {
    case 'DEVICE_ALREADY_ACTIVE':
      // The other session or purchase may be this customer's own, made in a window closed since.
      return ['reload', ...steps];
    case 'PAYMENT_EXPIRED':
      return ['new_code', 'choose_method', ...steps];
    case 'PAYMENT_DECLINED':
    case 'PAYMENT_METHOD_INACTIVE':
      return ['choose_method', ...steps];
    case 'PAYER_FUNDS_SHORT':
    case 'PAYER_ACCOUNT_LOCKED':
      return ['choose_method', 'pay_again', 'choose_package'];
    case 'INSUFFICIENT_BALANCE':
      return ['check_balance', 'choose_method', 'choose_package'];
    default:
      return steps;
  }
}

function stepsOfAction(action: ProblemAction): NextStep[] {
  switch (action) {
    case 'top_up':
      return ['check_balance', 'choose_package'];
    case 'choose_package':
      return ['choose_package'];
    case 'choose_method':
      return ['choose_method', 'choose_package'];
    case 'reauthenticate':
      return ['reauthenticate'];
    case 'retry':
    case 'wait':
    case 'manage_devices':
      return ['retry'];
    case 'sign_in':
      return ['sign_in'];
    case 'ask_staff':
      return ['retry', 'choose_package'];
    case 'accept_new_price':
      return ['accept_price', 'choose_package'];
    case 'reload':
    case 'reopen_portal':
      return ['reload'];
  }
  // A newer server may name an action that this page does not know.
  return ['retry'];
}

/** Title and advice in the language of the page; the server's own words for a code this page does not know. */
export function textOf(failure: Failure, text: Messages): ProblemText {
  switch (failure.kind) {
    case 'foreign_order':
      return text.foreignOrder;
    case 'offline':
      return text.offline;
    case 'timeout':
      return text.timeout;
    case 'unexpected':
      return text.unexpected;
    case 'problem':
      return own(text, failure.problem) ?? { title: failure.problem.title, body: failure.problem.detail };
  }
}

function own(text: Messages, problem: Problem): ProblemText | undefined {
  if (!Object.prototype.hasOwnProperty.call(text.problem, problem.code)) return undefined;
  const words = text.problem[problem.code];
  const state = problem.purchase_state;
  if ('method' in problem) return { ...words, title: `${text.methods.name[problem.method]}: ${words.title}` };
  if (state === undefined || !isRefund(state)) return words;
  return { title: words.title, body: refundText(state, problem.code, text) };
}

/** Seconds to wait before a retry makes sense; 0 when at once. */
export function waitSeconds(failure: Failure): number {
  if (failure.kind !== 'problem') return 0;
  const { problem } = failure;
  switch (problem.code) {
    case 'RATE_LIMITED':
    case 'DEVICE_BLOCKED':
      return problem.retry_after_seconds ?? 0;
    default:
      return 0;
  }
}
