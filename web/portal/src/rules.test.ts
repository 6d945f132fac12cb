// Rules of the portal that no type checker knows (docs/portal.md).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Source {
  path: string;
  text: string;
}

function sources(folder: string): Source[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    const skipped = path.endsWith('.test.ts') || path.endsWith('schema.d.ts');
    return skipped ? [] : [{ path, text: readFileSync(path, 'utf8') }];
  });
}

const all = [
  ...sources('src'),
  ...['index.html', 'online.html', 'public/favicon.svg'].map((path) => ({ path, text: readFileSync(path, 'utf8') })),
];

describe('the sources', () => {
  const banned: [string, RegExp, RegExp][] = [
    ['only api/ talks to the network', /\b(fetch|XMLHttpRequest|sendBeacon)\s*\(|new EventSource/, /^src\/api\//],
    ['nothing is stored in the browser', /\b(localStorage|sessionStorage|indexedDB)\b/, /^$/],
    ['no dialogs: captive windows ignore them', /\b(alert|confirm|prompt)\s*\(/, /^$/],
    ['no new windows', /target\s*=\s*["']?_blank|window\.open\s*\(/, /^$/],
    ['no outside hosts', /https?:\/\/(?!www\.w3\.org\/2000\/svg)/, /^$/],
    ['no inline styles: the Content-Security-Policy refuses them', /\sstyle="/, /^$/],
    ['no {@html}', /\{@html/, /^$/],
  ];
  it.each(banned)('%s', (_rule, pattern, allowed) => {
    const offenders = all.filter(({ path, text }) => pattern.test(text) && !allowed.test(path));
    expect(offenders.map(({ path }) => path)).toEqual([]);
  });

  it('stay within 400 lines', () => {
    const long = all.filter(({ path, text }) => !path.endsWith('.css') && text.split('\n').length > 400);
    expect(long.map(({ path }) => path)).toEqual([]);
  });
});
