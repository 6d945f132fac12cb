// Which package is chosen, and whether it can be paid.
import type { Balance, Package } from '../../api/types';

/** The recommended package when it can be bought, else the first that can; null when none can. */
export function firstChoice(packages: readonly Package[]): string | null {
  const onSale = packages.filter((item) => item.available);
  return (onSale.find((item) => item.recommended) ?? onSale[0])?.id ?? null;
}

export type Affordable = { kind: 'unknown' } | { kind: 'enough'; after: number } | { kind: 'short'; missing: number };

/** A stale balance decides nothing: the server asks the PC system again. */
export function affordable(price: number, balance: Balance | null): Affordable {
  if (balance === null || balance.stale) return { kind: 'unknown' };
  const after = balance.amount - price;
  return after >= 0 ? { kind: 'enough', after } : { kind: 'short', missing: -after };
}

/** Signal bars of a speed: SPEC's tiers Basic, Standard, Premium, Ultra. */
export function speedBars(downMbps: number): 1 | 2 | 3 | 4 {
  if (downMbps >= 50) return 4;
  if (downMbps >= 20) return 3;
  if (downMbps >= 10) return 2;
  return 1;
}
