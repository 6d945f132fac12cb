import { describe, expect, it } from 'vitest';
import type { Package } from '../../api/types';
import { firstChoice, speedBars } from './choice';

const item = (id: string, extra: Partial<Package> = {}): Package => ({
  id,
  name: id,
  description: '',
  price: 5_000,
  duration_seconds: 3_600,
  rate: { down_mbps: 10, up_mbps: 2 },
  data_cap_bytes: null,
  device_limit: 1,
  recommended: false,
  available: true,
  unavailable_code: null,
  ...extra,
});

describe('first choice', () => {
  it('is the recommended package, if it is on sale', () => {
    expect(firstChoice([item('a'), item('b', { recommended: true })])).toBe('b');
    expect(firstChoice([item('a'), item('b', { recommended: true, available: false })])).toBe('a');
  });
  it('is nothing when nothing is on sale', () => {
    expect(firstChoice([])).toBeNull();
    expect(firstChoice([item('a', { available: false })])).toBeNull();
  });
});

it('draws the tiers as one to four bars', () => {
  expect([5, 10, 20, 50].map(speedBars)).toEqual([1, 2, 3, 4]);
});
