// Usage: picture.mjs OUT.png. Three phones side by side, for the README.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { member } from './customers.mjs';
import { launch, signIn, visit } from './harness.mjs';

const [out] = process.argv.slice(2);
const size = { width: 360, height: 640 };
const views = [
  { act: (page) => signIn(page), ready: '.buy-bar .primary' },
  {
    script: { timeline: 'activating', stepMs: 30 },
    prepare: member,
    act: (page) => page.locator('.buy-bar .primary').click(),
    ready: '.stages .done',
  },
  {
    prepare: (world) => {
      member(world);
      world.addSession({ data_used_bytes: 734_003_200, startedMs: Date.now() - 3_600_000 });
    },
    ready: '.digits',
  },
];

const browser = await launch();
const pictures = [];
for (const view of views) {
  const { page, close } = await visit(browser, { ...view, size, context: { deviceScaleFactor: 2 } });
  await view.act?.(page);
  await page.locator(view.ready).first().waitFor();
  pictures.push((await page.screenshot()).toString('base64'));
  await close();
}
const sheet = await browser.newPage({ viewport: { width: 1008, height: 560 } });
const images = pictures.map((data) => `<img width="304" src="data:image/png;base64,${data}">`).join('');
await sheet.setContent(`<body style="margin:0;padding:10px 24px;background:#2a323e;display:flex;gap:24px">${images}`);
mkdirSync(dirname(out), { recursive: true });
await sheet.screenshot({ path: out });
await browser.close();
