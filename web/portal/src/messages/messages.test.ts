import { describe, expect, it } from 'vitest';
import { en } from './en';
import { payTexts } from './pay';
import { vi } from './vi';
import { walletTexts } from './wallet';

/** Every leaf as `path` and what it is: a text, or a function of so many arguments. */
function leaves(value: unknown, path = ''): Map<string, unknown> {
  const found = new Map<string, unknown>();
  if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value))
      for (const [at, leaf] of leaves(child, path === '' ? key : `${path}.${key}`)) found.set(at, leaf);
  } else {
    found.set(path, value);
  }
  return found;
}

const shape = (leaf: unknown) => (typeof leaf === 'function' ? `function/${leaf.length}` : typeof leaf);

describe.each([
  ['first page', vi, en],
  ['pay', payTexts.vi, payTexts.en],
  ['wallet', walletTexts.vi, walletTexts.en],
])('message catalogues: %s', (_name, first, second) => {
  const [vietnamese, english] = [leaves(first), leaves(second)];

  it('have the same keys', () => {
    expect([...english.keys()].sort()).toEqual([...vietnamese.keys()].sort());
  });

  it('have the same kind of entry under each key', () => {
    for (const [key, leaf] of vietnamese) expect(`${key}: ${shape(english.get(key))}`).toBe(`${key}: ${shape(leaf)}`);
  });

  it('leave no text empty and none untranslated', () => {
    for (const [key, leaf] of vietnamese) {
      if (typeof leaf !== 'string') continue;
      expect(leaf, key).not.toBe('');
      expect(english.get(key), key).not.toBe('');
      if (/[^\p{ASCII}…·’]/u.test(leaf)) expect(english.get(key), key).not.toBe(leaf);
    }
  });
});
