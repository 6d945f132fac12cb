// Which package is chosen.
import type { Package } from '../../api/types';

/** The recommended package when it can be bought, else the first that can; null when none can. */
export function firstChoice(packages: readonly Package[]): string | null {
  const onSale = packages.filter((item) => item.available);
  return (onSale.find((item) => item.recommended) ?? onSale[0])?.id ?? null;
}

/** Signal bars of a speed: SPEC's tiers Basic, Standard, Premium, Ultra. */
export function speedBars(downMbps: number): 1 | 2 | 3 | 4 {
  if (downMbps >= 50) return 4;
  if (downMbps >= 20) return 3;
  if (downMbps >= 10) return 2;
  return 1;
}
