import type { Language } from '../api/types';

/** The language to begin with: chosen before, else the device's, else the branch's. */
export function firstLanguage(chosen: Language | null, device: readonly string[], branch: Language | null): Language {
  if (chosen !== null) return chosen;
  for (const tag of device) {
    const primary = tag.toLowerCase().split('-')[0];
    if (primary === 'vi' || primary === 'en') return primary;
  }
  return branch ?? 'vi';
}
