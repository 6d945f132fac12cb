// What a customer can choose to pay with, in the order to show, and what is chosen for him. Pure.
import type { PayWith } from '../../api/client';
import type { Balance, PaymentMethod, PaymentMethodList, PaymentMethodName, SavedMethod } from '../../api/types';

export type WhyNot = 'needs_account' | 'unavailable' | 'unusable' | 'short';

export interface Offer {
  /** Unique in the list. */
  key: string;
  method: PaymentMethodName;
  kind: PaymentMethod['kind'];
  saved: SavedMethod | null;
  whyNot: WhyNot | null;
  /** What the balance lacks, with `short`. */
  missing: number;
}

/** The customer's own name for it, else his bank's, else the method's. */
export function nameOf({ saved, method }: Offer, methods: Record<PaymentMethodName, string>): string {
  return saved?.label || (saved?.bank?.bank_name ?? methods[method]);
}

/** What is paid from store credit and what is left. */
export function split(price: number, credit: number, useCredit: boolean): { credit: number; due: number } {
  const used = useCredit ? Math.min(credit, price) : 0;
  return { credit: used, due: price - used };
}

/** Saved ones first, the default before the others; then the methods in the server's order, those that work before. */
export function offersOf(list: PaymentMethodList, due: number, balance: Balance | null): Offer[] {
  const methods = list.methods.filter(({ kind }) => kind !== 'credit');
  const saved = methods
    .flatMap((of) => of.saved.map((entry) => ({ of, entry })))
    .sort((a, b) => Number(b.entry.is_default) - Number(a.entry.is_default) || a.entry.position - b.entry.position)
    .map(({ of, entry }) => offer(of, entry, due, balance));
  const others = methods.map((of) => offer(of, null, due, balance));
  return [
    ...saved,
    ...others.filter((entry) => entry.whyNot === null),
    ...others.filter(({ whyNot }) => whyNot !== null),
  ];
}

function offer(of: PaymentMethod, saved: SavedMethod | null, due: number, balance: Balance | null): Offer {
  // A stale balance decides nothing: the server asks the PC system again.
  const missing = of.kind === 'balance' && balance !== null && !balance.stale ? Math.max(0, due - balance.amount) : 0;
  const key = saved === null ? of.method : `${of.method}/${saved.id}`;
  return { key, method: of.method, kind: of.kind, saved, whyNot: whyNot(of, saved, missing), missing };
}

function whyNot(of: PaymentMethod, saved: SavedMethod | null, missing: number): WhyNot | null {
  if (!of.is_available) return of.why_not ?? 'unavailable';
  if (saved !== null && !saved.is_usable) return 'unusable';
  return missing > 0 ? 'short' : null;
}

/** The way that one tap takes: the default of the wallet, else the balance, else the only one; null: the customer's to choose. */
export function firstOffer(offers: readonly Offer[]): Offer | null {
  const open = offers.filter((entry) => entry.whyNot === null);
  return (
    open.find((entry) => entry.saved?.is_default === true) ??
    open.find((entry) => entry.kind === 'balance') ??
    (open.length === 1 ? (open[0] ?? null) : null)
  );
}

export function payWith(offer: Offer, useCredit: boolean): PayWith {
  return { method: offer.method, savedId: offer.saved?.id ?? null, useCredit };
}

/** Credit pays all of it. */
export const payByCredit: PayWith = { method: 'store_credit', savedId: null, useCredit: true };
