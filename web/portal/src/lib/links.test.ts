import { expect, it } from 'vitest';
import { appLink, pageLink } from './links';

it('lets pages and apps through', () => {
  expect(pageLink('https://pay.example/1')).toBe('https://pay.example/1');
  expect(appLink('momo://app?action=pay')).toBe('momo://app?action=pay');
  expect(appLink('https://pay.example/app')).toBe('https://pay.example/app');
});

it('lets nothing through that a browser would run', () => {
  for (const bad of [
    'javascript:alert(1)',
    ' JavaScript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'blob:x',
  ])
    expect([pageLink(bad), appLink(bad)]).toEqual([null, null]);
  expect(pageLink('momo://app')).toBeNull();
  for (const nothing of [null, '', '/relative', 'no scheme']) expect(appLink(nothing)).toBeNull();
});
