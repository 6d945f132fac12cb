import { describe, expect, it } from 'vitest';
import { announcement, leftAt, shareLeft } from './countdown';

describe('time left', () => {
  const countdown = { secondsLeft: 100, receivedAtMs: 1_000_000, running: true };
  it('runs from the moment of the answer and stops at zero', () => {
    expect(leftAt(countdown, 1_000_000)).toBe(100);
    expect(leftAt(countdown, 1_009_999)).toBe(91);
    expect(leftAt(countdown, 1_200_000)).toBe(0);
  });
  it('does not grow when the clock is set back, nor run while paused', () => {
    expect(leftAt(countdown, 900_000)).toBe(100);
    expect(leftAt({ ...countdown, running: false }, 1_050_000)).toBe(100);
  });
});

describe('share left', () => {
  it('is a part of the whole, or unknown', () => {
    expect(shareLeft(1_800, '2026-09-21T14:00:00Z', '2026-09-21T15:00:00Z')).toBe(0.5);
    expect(shareLeft(9_999, '2026-09-21T14:00:00Z', '2026-09-21T15:00:00Z')).toBe(1);
    expect(shareLeft(10, null, null)).toBeNull();
    expect(shareLeft(10, 'x', 'y')).toBeNull();
  });
});

describe('announcement', () => {
  it('comes once at ten, five and one minute', () => {
    expect(announcement(601, 600)).toBe(10);
    expect(announcement(600, 599)).toBeNull();
    expect(announcement(400, 290)).toBe(5);
    expect(announcement(61, 60)).toBe(1);
    expect(announcement(10, 0)).toBeNull();
  });
});
