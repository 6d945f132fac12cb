// Scenes in a café: a new phone, a new member, a window on it; whatever happens, all of it is closed again.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { anyHost, buyButton, choose, isAccessible, launch, openPortal, openWindow, signIn } from './browser.mjs';
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
    const { page } = windows.at(-1);
    const said = await page
      .locator('body')
      .innerText({ timeout: 500 })
      .catch(() => '(closed)');
    error.message += `\nat ${page.url()}\n${said}\n${cafe.log}`;
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

/** From the captive redirect to the ways to pay: a guest's, or a member's. */
export async function toWaysToPay(page, handset, member) {
  if (member === undefined) {
    await openPortal(page, handset);
    await page.getByRole('button', { name: 'Mua không cần tài khoản' }).click();
    await choose(page, '3 giờ');
    await buyButton(page).click();
  } else {
    await comeIn(page, handset, member);
    await page.getByRole('button', { name: /Trả bằng cách khác/ }).click();
  }
  await page.waitForURL(/\/pay\//);
}

/** Orders with this way to pay, and is on the page of the order, whatever came of it. */
export async function choosePayment(page, method) {
  const way = page.locator('label.method').filter({ has: page.locator(`input[value="${method}"]`) });
  await way.click();
  await buyButton(page).click();
  await page.waitForURL(/\/purchase\//);
}

/** The same, and the payment is open. Returns the order's id. */
export async function orderBy(page, method) {
  await choosePayment(page, method);
  await page.getByRole('heading', { name: /^Trả / }).waitFor();
  return idAt(page);
}

/** Whose page this is. */
export const idAt = (page) => /\/purchase\/([^/?]+)/.exec(page.url())[1];

/** The error's title is on the page, and the page is usable with it. */
export async function isTold(page, title) {
  await page.locator('.notice.bad', { hasText: title }).first().waitFor();
  await isAccessible(page);
}
