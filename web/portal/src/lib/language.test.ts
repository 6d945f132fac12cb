import { expect, it } from 'vitest';
import { firstLanguage } from './language';

it('takes the chosen language, then the device’s, then the branch’s', () => {
  expect(firstLanguage('vi', ['en-US'], 'en')).toBe('vi');
  expect(firstLanguage(null, ['ko-KR', 'en-US', 'vi'], 'vi')).toBe('en');
  expect(firstLanguage(null, ['vi-VN'], 'en')).toBe('vi');
  expect(firstLanguage(null, ['ko-KR'], 'en')).toBe('en');
  expect(firstLanguage(null, [], null)).toBe('vi');
});
