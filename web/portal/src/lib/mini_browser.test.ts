import { expect, it } from 'vitest';
import { miniBrowserOf } from './mini_browser';

const ios = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const android = 'Mozilla/5.0 (Linux; Android 14; SM-A546E';

it('knows the sign-in windows of phones', () => {
  expect(miniBrowserOf(`${ios} Mobile/15E148`)).toBe('ios');
  expect(
    miniBrowserOf('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)'),
  ).toBe('ios');
  expect(
    miniBrowserOf(
      `${android}; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0 Mobile Safari/537.36`,
    ),
  ).toBe('android');
});

it('takes real browsers for what they are', () => {
  expect(miniBrowserOf(`${ios} Version/17.5 Mobile/15E148 Safari/604.1`)).toBeNull();
  expect(miniBrowserOf(`${ios} CriOS/126.0 Mobile/15E148 Safari/604.1`)).toBeNull();
  expect(
    miniBrowserOf(`${android}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36`),
  ).toBeNull();
  expect(miniBrowserOf('Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0')).toBeNull();
});
