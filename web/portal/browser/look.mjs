// Looks at scenes at both sizes: no axe finding, nothing sideways, no console error, no outside host.
// SHOTS=folder keeps a picture of each.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { accessibilityFaults, launch, overflow, sizes, visit } from './harness.mjs';

const shots = process.env.SHOTS;
if (shots !== undefined) mkdirSync(shots, { recursive: true });
/** SCENE: a pattern of names, to look at some. */
const only = new RegExp(process.env.SCENE ?? '');

/** A test of each scene, in a browser of their own. */
export function lookAt(title, scenes) {
  describe(title, () => {
    let browser;
    before(async () => (browser = await launch()));
    after(() => browser.close());

    for (const scene of scenes.filter((item) => only.test(item.name))) {
      for (const [sizeName, size] of Object.entries(sizes)) {
        // The translation changes words, not what fits beside what.
        if (sizeName === 'wide' && scene.phoneOnly === true && shots === undefined) continue;
        // Errors look alike in a wide window: one of them stands for all.
        if (sizeName === 'wide' && scene.name.startsWith('error-') && scene.name !== 'error-price-changed') continue;
        it(`${scene.name} (${sizeName})`, async () => {
          const { page, complaints, outside, close } = await visit(browser, { ...scene, size });
          try {
            if (scene.act !== undefined) await scene.act(page);
            await page.locator(scene.ready).first().waitFor();
            if (shots !== undefined)
              await page.screenshot({ path: `${shots}/${scene.name}-${sizeName}.png`, fullPage: sizeName === 'phone' });
            assert.deepEqual(await accessibilityFaults(page), []);
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
