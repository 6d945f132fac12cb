// Usage: size.mjs [DIST_DIR]
// Fails when the first load of a page, gzip as the server sends it, is above the limit.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

const limit = 60_000;
const folder = process.argv[2];
const dist = folder === undefined ? new URL('../dist/', import.meta.url) : pathToFileURL(resolve(folder) + '/');
const packed = (path) => gzipSync(readFileSync(new URL(path, dist)), { level: 9 }).length;

/** The page and all that its markup and modules load at once. */
function firstLoad(page) {
  const html = readFileSync(new URL(page, dist), 'utf8');
  const found = new Set([page]);
  const queue = [...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css|svg))"/g)].map((match) => match[1]);
  while (queue.length > 0) {
    const path = queue.pop();
    if (found.has(path)) continue;
    found.add(path);
    if (!path.endsWith('.js')) continue;
    const code = readFileSync(new URL(path, dist), 'utf8');
    for (const match of code.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) queue.push(`assets/${match[1]}`);
  }
  return [...found];
}

let failed = false;
for (const page of ['index.html', 'online.html']) {
  const parts = firstLoad(page).map((path) => ({ path, size: packed(path) }));
  const total = parts.reduce((sum, part) => sum + part.size, 0);
  for (const part of parts) console.log(`  ${String(part.size).padStart(6)}  ${part.path}`);
  console.log(`${page}: first load ${total} of ${limit} bytes compressed`);
  failed ||= total > limit;
}
if (failed) {
  console.error('The first load is too large.');
  process.exit(1);
}
