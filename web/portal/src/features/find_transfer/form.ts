// What a customer types about his transfer, as the server wants it. Pure.
import type { FindTransferBody } from '../../api/types';

export interface Filled {
  amount: string;
  reference: string;
  /** Of a datetime-local field: this device's time, or empty. */
  sentAt: string;
  last4: string;
}

export type Faults = Partial<Record<'amount' | 'last4', true>>;

export type Read = { ok: true; body: FindTransferBody } | { ok: false; faults: Faults };

export function bodyOf({ amount, reference, sentAt, last4 }: Filled): Read {
  const vnd = vndOf(amount);
  const digits = last4.trim();
  const faults: Faults = {
    ...(vnd === null ? { amount: true } : {}),
    ...(digits === '' || /^[0-9]{4}$/.test(digits) ? {} : { last4: true }),
  };
  if (vnd === null || faults.last4 === true) return { ok: false, faults };
  const sent = new Date(sentAt);
  const body: FindTransferBody = { amount: vnd };
  if (reference.trim() !== '') body.bank_reference = reference.trim();
  if (sentAt !== '' && !Number.isNaN(sent.getTime())) body.sent_at = sent.toISOString();
  if (digits !== '') body.sender_last4 = digits;
  return { ok: true, body };
}

/** "12.000 ₫", "12,000", "12000đ" → 12000; null for anything that is no amount above zero. */
export function vndOf(text: string): number | null {
  const bare = text.replace(/[\s.,]|₫|đ|vnd/gi, '');
  if (!/^[0-9]{1,12}$/.test(bare)) return null;
  const amount = Number(bare);
  return amount > 0 ? amount : null;
}
