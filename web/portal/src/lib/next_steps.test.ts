import { describe, expect, it } from 'vitest';
import type { Failure, Problem, ProblemAction, ProblemCode } from '../api/types';
import { en } from '../messages/en';
import { vi } from '../messages/vi';
import { nextSteps, textOf, waitSeconds, type NextStep } from './next_steps';

/** The codes of purchases, and those that every API has. */
const codes: Record<ProblemCode, ProblemAction> = {
  PACKAGE_NOT_AVAILABLE: 'choose_package',
  PACKAGE_AT_CAPACITY: 'choose_package',
  PRICE_CHANGED: 'accept_new_price',
  DEVICE_ALREADY_ACTIVE: 'sign_in',
  DEVICE_BLOCKED: 'ask_staff',
  MAX_DEVICES_REACHED: 'manage_devices',
  PURCHASE_LIMIT_REACHED: 'choose_package',
  INSUFFICIENT_BALANCE: 'top_up',
  INVALID_CREDENTIALS: 'retry',
  ACCOUNT_SUSPENDED: 'ask_staff',
  RATE_LIMITED: 'wait',
  PC_SYSTEM_UNAVAILABLE: 'retry',
  PAYMENT_DECLINED: 'ask_staff',
  PAYMENT_EXPIRED: 'choose_package',
  AMOUNT_MISMATCH: 'ask_staff',
  PAYMENT_SET_ASIDE: 'ask_staff',
  STAFF_REFUND: 'choose_package',
  PAYMENT_METHOD_INACTIVE: 'ask_staff',
  ACTIVATION_FAILED: 'retry',
  SESSION_EXPIRED: 'choose_package',
  VALIDATION_FAILED: 'retry',
  NOT_SIGNED_IN: 'sign_in',
  CSRF_FAILED: 'reload',
  IDEMPOTENCY_CONFLICT: 'reload',
  NOT_FOUND: 'reload',
  TRY_LATER: 'retry',
  VISIT_UNKNOWN: 'reopen_portal',
  PAYMENT_CANCELLED: 'choose_method',
  PAYMENT_UNAVAILABLE: 'choose_method',
  REAUTHENTICATION_REQUIRED: 'reauthenticate',
  LAST_METHOD: 'choose_method',
  PAYMENT_WINDOW_USED_UP: 'choose_method',
  CREDIT_CHANGED: 'retry',
  PAYER_FUNDS_SHORT: 'choose_method',
  PAYER_ACCOUNT_LOCKED: 'choose_method',
};

function failure(code: string, action: string, extra: Record<string, unknown> = {}): Failure {
  const problem = { type: `urn:iwas:problem:${code}`, title: 'server title', status: 409, detail: 'server detail' };
  return { kind: 'problem', problem: { ...problem, code, action, ...extra } as unknown as Problem };
}

describe('what to do next', () => {
  it.each(Object.entries(codes))('%s has a title, an advice and a step in both languages', (code, action) => {
    const met = failure(code, action, code.startsWith('PAYER_') ? { method: 'momo' } : {});
    expect(nextSteps(met).length).toBeGreaterThan(0);
    for (const text of [vi, en]) {
      expect(textOf(met, text).title).not.toBe('server title');
      expect(textOf(met, text).body).not.toBe('');
    }
  });

  const first: [ProblemAction, NextStep][] = [
    ['top_up', 'check_balance'],
    ['accept_new_price', 'accept_price'],
    ['sign_in', 'sign_in'],
    ['reload', 'reload'],
    ['reopen_portal', 'reload'],
    ['manage_devices', 'retry'],
  ];
  it.each(first)('%s offers %s first', (action, step) => {
    expect(nextSteps(failure('NOT_FOUND', action))[0]).toBe(step);
  });

  it('offers another way to pay when one has failed', () => {
    expect(nextSteps(failure('PAYMENT_DECLINED', 'ask_staff'))[0]).toBe('choose_method');
    expect(nextSteps(failure('PAYMENT_METHOD_INACTIVE', 'ask_staff'))[0]).toBe('choose_method');
    expect(nextSteps(failure('PAYMENT_CANCELLED', 'choose_method'))[0]).toBe('choose_method');
    expect(nextSteps(failure('PAYMENT_EXPIRED', 'choose_package'))).toEqual([
      'new_code',
      'choose_method',
      'choose_package',
    ]);
    expect(nextSteps(failure('INSUFFICIENT_BALANCE', 'top_up'))).toContain('choose_method');
  });

  it('tells what is wrong with a wallet as the wallet’s, and offers another way, then the same again', () => {
    for (const code of ['PAYER_FUNDS_SHORT', 'PAYER_ACCOUNT_LOCKED'] as const) {
      const met = failure(code, 'choose_method', { method: 'vnpay' });
      expect(nextSteps(met)).toEqual(['choose_method', 'pay_again', 'choose_package']);
      for (const text of [vi, en]) {
        expect(textOf(met, text).title).toMatch(/^VNPay: /);
        expect(textOf(met, text).body).not.toMatch(/quầy|counter|staff/);
      }
    }
  });

  it('asks for the password where it is needed again', () => {
    expect(nextSteps(failure('REAUTHENTICATION_REQUIRED', 'reauthenticate'))).toEqual(['reauthenticate']);
  });

  it('offers another try when the network or the server gave no proper answer', () => {
    expect(nextSteps({ kind: 'offline' })).toEqual(['retry']);
    expect(nextSteps({ kind: 'timeout' })).toEqual(['retry']);
    expect(nextSteps({ kind: 'foreign_order' })).toEqual(['sign_in', 'retry']);
    expect(nextSteps({ kind: 'unexpected', status: 502 })).toEqual(['retry']);
  });

  it('lives with a code and an action of a newer server', () => {
    const met = failure('SOMETHING_NEW', 'dance');
    expect(textOf(met, vi)).toEqual({ title: 'server title', body: 'server detail' });
    expect(nextSteps(met)).toEqual(['retry']);
    expect(textOf(failure('toString', 'retry'), vi).title).toBe('server title');
  });

  it('says where the money of a recorded purchase is', () => {
    const met = failure('PAYMENT_EXPIRED', 'choose_package', { purchase_id: 'pur', purchase_state: 'refund_queued' });
    expect(textOf(met, en).body).toContain(en.purchase.money.refund_queued);
    expect(textOf(failure('PAYMENT_EXPIRED', 'choose_package'), en).body).toBe(en.problem.PAYMENT_EXPIRED.body);
  });

  it('waits only where a retry before would be refused', () => {
    expect(waitSeconds(failure('RATE_LIMITED', 'wait', { retry_after_seconds: 120 }))).toBe(120);
    expect(waitSeconds(failure('PC_SYSTEM_UNAVAILABLE', 'retry', { retry_after_seconds: 5 }))).toBe(0);
    expect(waitSeconds({ kind: 'timeout' })).toBe(0);
  });
});
