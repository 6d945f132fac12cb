import { describe, expect, it } from 'vitest';
import { isPhone } from './phone';

describe('isPhone', () => {
  it.each([
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15', false, true],
    ['Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36', false, true],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15', true, true],
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36', false, false],
    ['', false, false],
  ])('%s, coarse %s: %s', (userAgent, isCoarse, expected) => {
    expect(isPhone(userAgent, isCoarse)).toBe(expected);
  });
});
