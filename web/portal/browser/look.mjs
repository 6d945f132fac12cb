// Looks at scenes on a phone, some in a wide window too: no axe finding, nothing sideways, no console error, no outside host.
// SHOTS=folder keeps a picture of each.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { accessibilityFaults, launch, overflow, Phones, sizes, visit } from './harness.mjs';

const shots = process.env.SHOTS;
if (shots !== undefined) mkdirSync(shots, { recursive: true });
/** SCENE: a pattern of names, to look at some. */
const only = new RegExp(process.env.SCENE ?? '');

/** Each layout once; states of one page look alike in a wide window. Pictures are taken of all. */
const lookedAtWide = new Set([
  ...['welcome', 'packages', 'purchase-paying', 'online', 'session', 'session-devices', 'extend', 'history'],
  ...['error-price-changed', 'guest-packages', 'choose', 'pay-bank', 'pay-momo', 'find-transfer', 'wallet', 'receipt'],
  ...['ended-short', 'pay-anothers', 'pay-window-who', 'receipt-who', 'session-who'],
]);

/** A test of each scene, in a browser of their own. */
export function lookAt(title, scenes) {
  describe(title, () => {
    let browser;
    let phones;
    before(async () => {
      browser = await launch();
      phones = new Phones(browser);
    });
    after(() => browser.close());

    for (const scene of scenes.filter((item) => only.test(item.name))) {
      for (const [sizeName, size] of Object.entries(sizes)) {
        if (sizeName === 'wide' && !lookedAtWide.has(scene.name) && shots === undefined) continue;
        it(`${scene.name} (${sizeName})`, async () => {
          const { page, complaints, outside, close } = await visit(phones, { ...scene, size });
          try {
            if (scene.act !== undefined) await scene.act(page);
            await page.locator(scene.ready).first().waitFor();
            if (shots !== undefined)
              await page.screenshot({ path: `${shots}/${scene.name}-${sizeName}.png`, fullPage: sizeName === 'phone' });
            // The translation changes words and their length, not what a screen reader finds.
            if (scene.phoneOnly !== true) assert.deepEqual(await accessibilityFaults(page), []);
            assert.ok((await overflow(page)) <= 0, 'the page scrolls sideways');
            assert.deepEqual(complaints, []);
            assert.deepEqual(outside, []);
          } finally {
            await close();
          }
        });
      }
    }
  });
}
