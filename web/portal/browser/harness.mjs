// Debian's Chromium, a mock café per test, and the checks that every page must pass.
import { existsSync, readFileSync } from 'node:fs';
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { startMock } from '../mock/server.mjs';

/** PORTAL_DIST: a build elsewhere, as CMake makes it. */
const dist = process.env.PORTAL_DIST ?? fileURLToPath(new URL('../dist', import.meta.url));
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const sizes = { phone: { width: 360, height: 640 }, wide: { width: 1280, height: 800 } };

export function launch() {
  if (!existsSync(dist)) throw new Error('dist/ is missing: run `npm run build` first');
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
  args.push('--disable-background-networking', '--disable-component-update', '--disable-sync');
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args });
}

/**
 * Phones that are wiped and used again: to open a window costs Chromium more than to show most pages. Nothing stays: the
 * next café has another port, so another origin and its own storage, and cookies are removed.
 */
export class Phones {
  #browser;
  #idle = new Map();

  constructor(browser) {
    this.#browser = browser;
  }

  async take({ viewport, ...options }) {
    const kind = JSON.stringify(options);
    const phone = this.#idle.get(kind) ?? (await this.#browser.newContext({ viewport, ...options }));
    this.#idle.delete(kind);
    const page = phone.pages()[0] ?? (await phone.newPage());
    await page.setViewportSize(viewport);
    return { phone, page, putBack: () => this.#putBack(kind, phone, page) };
  }

  async #putBack(kind, phone, page) {
    page.removeAllListeners();
    await page.goto('about:blank');
    await phone.clearCookies();
    await phone.clearPermissions();
    if (phone.pages().length === 1 && !this.#idle.has(kind)) this.#idle.set(kind, phone);
    else await phone.close();
  }
}

/** A phone that nobody has used and nobody will. */
async function newPhone(browser, options) {
  const phone = await browser.newContext(options);
  return { phone, page: await phone.newPage(), putBack: () => phone.close() };
}

/** A fresh phone in a fresh café. `close` ends both; `complaints` are what the page's console said. */
export async function visit(
  from,
  { script = {}, size = sizes.phone, language = 'vi-VN', prepare, path = '/', context = {} } = {},
) {
  const mock = await startMock({ dist, script });
  prepare?.(mock.world);
  const options = { viewport: size, locale: language, reducedMotion: 'reduce', ...context };
  const { phone, page, putBack } = await (from instanceof Phones ? from.take(options) : newPhone(from, options));
  // A wait, not a measurement: two browsers share two cores with whatever else runs.
  page.setDefaultTimeout(20_000);
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // Failed requests are logged by the browser itself; the tests provoke them.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  const outside = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(mock.url)) outside.push(request.url());
  });
  await page.goto(`${mock.url}${path}${path.includes('?') ? '&' : '?'}v=visit.test`);
  const close = async () => {
    await putBack();
    await mock.close();
  };
  return { page, phone, world: mock.world, url: mock.url, complaints, outside, close };
}

/** Tests of steps in a fresh café each, held to the rules of the portal: a quiet console, and no outside host. */
export function flowsIn(browser) {
  return (name, options, steps) =>
    it(name, async () => {
      const visitor = await visit(browser(), options);
      try {
        await steps(visitor);
        assert.deepEqual(visitor.complaints, []);
        assert.deepEqual(visitor.outside, []);
      } finally {
        await visitor.close();
      }
    });
}

export async function signIn(page, username = 'minh', password = '1234') {
  await page.locator('#username').fill(username);
  await page.locator('#password').fill(password);
  await page.locator('form button[type=submit]').click();
}

/** axe's findings that a person with a disability would be stopped by. */
export async function accessibilityFaults(page) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations.map(
    ({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map((node) => node.target.join(' ')).join('; ')}`,
  );
}

/** What does not fit: elements wider than the window make the page scroll sideways. */
export function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
