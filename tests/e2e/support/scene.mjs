// Scenes in a café: a new phone, a new member, a window on it; whatever happens, all of it is closed again.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { anyHost, isAccessible, launch, openPortal, openWindow, signIn } from './browser.mjs';
import { openCafe } from './cafe.mjs';

// One browser for a file; every window in it is a new one.
let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

/** A café of its own for the `scenes` that `define` names; they may upset it. */
export function inCafe(name, define) {
  describe(name, { timeout: 280_000 }, () => {
    let cafe;
    before(async () => (cafe = await openCafe()));
    after(async () => {
      if (cafe === undefined) return;
      assert.deepEqual(await cafe.close(), { code: 0, signal: null }, `the program stops cleanly\n${cafe.log}`);
    });
    const scene = (title, options, steps) => it(title, { timeout: 120_000 }, () => play(cafe, options, steps));
    define(scene);
  });
}

/** `phone`, `member` and `window` say what is special about them. The console of every window must stay silent. */
async function play(cafe, { phone, member: account, window: look }, steps) {
  const handset = await cafe.addPhone(phone);
  const member = await cafe.addMember(account);
  const windows = [];
  const open = async (on = handset, more = look) => {
    const opened = await openWindow(browser, on, more);
    windows.push(opened);
    return opened;
  };
  const first = await open();
  try {
    await steps({ cafe, handset, member, open, ...first });
    for (const { complaints, hosts } of windows) {
      assert.deepEqual(complaints, []);
      const outside = [...hosts].filter((host) => host !== '127.0.0.1' && host !== anyHost);
      assert.deepEqual(outside, [], 'the portal needs no host outside');
    }
  } catch (error) {
    const said = await first.page
      .locator('body')
      .innerText({ timeout: 500 })
      .catch(() => '(closed)');
    error.message += `\nat ${first.page.url()}\n${said}\n${cafe.log}`;
    throw error;
  } finally {
    for (const opened of windows) await opened.close();
    await cafe.clearFaults();
  }
}

/** From the captive redirect to the package list. */
export async function comeIn(page, handset, member) {
  await openPortal(page, handset);
  await signIn(page, member);
  await page.locator('.buy-bar').waitFor();
}

/** The error's title is on the page, and the page is usable with it. */
export async function isTold(page, title) {
  await page.locator('.notice.bad', { hasText: title }).first().waitFor();
  await isAccessible(page);
}
