// Debian's Chromium as the browser of a phone in the café: its whole network is the WiFi behind the simulated router.
import { readFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { isLetThrough } from './handset.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Where a phone wants to go that has just joined. */
export const anyHost = 'neverssl.com';
const phoneSize = { width: 360, height: 640 };
const stepWithinMs = 20_000;

export function launch() {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
  args.push('--disable-background-networking', '--disable-component-update', '--disable-sync');
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args });
}

/**
 * Where a phone's request arrives: for the portal's own address at IWAS; for a host of this machine that the router lets
 * through, such as a payment page in its walled garden, there; everything else is the router's to answer.
 */
async function portBehind(url, handset) {
  if (url.origin === handset.cafe.url) return handset.cafe.ports.portal;
  const isHere = url.hostname === '127.0.0.1' && url.port !== String(handset.port);
  if (!isHere) return handset.port;
  const answer = await handset.through(url.host, url.pathname);
  return isLetThrough(answer) ? Number(url.port) : handset.port;
}

/**
 * The air between the browser and the café, as a proxy that knows of no way past the router. `keepsCookies: false` takes
 * cookies off on both ways, as some captive windows do.
 */
async function joinWifi(handset, { keepsCookies = true } = {}) {
  const air = { isDown: false, loseAnswer: null };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://nowhere.invalid');
    if (air.isDown) return response.destroy();
    const port = await portBehind(url, handset).catch(() => null);
    if (port === null) return response.destroy();
    const headers = { ...request.headers, host: url.host };
    delete headers['proxy-connection'];
    if (!keepsCookies) delete headers.cookie;
    const onward = httpRequest(
      {
        host: '127.0.0.1',
        port,
        method: request.method,
        path: url.pathname + url.search,
        headers,
      },
      (answer) => {
        const answered = { ...answer.headers };
        if (!keepsCookies) delete answered['set-cookie'];
        if (air.loseAnswer?.(request.method, url)) {
          answer.resume();
          answer.on('end', () => response.destroy());
          return;
        }
        response.writeHead(answer.statusCode, answered);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  // Nothing in a portal may need TLS to a host outside; the browser itself asks for some, and may not wait for the answer.
  server.on('connect', (request, socket) => {
    socket.on('error', () => socket.destroy());
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  air.url = `http://127.0.0.1:${server.address().port}`;
  air.leave = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return air;
}

/**
 * A browser window on the phone; each is a new captive window that knows nothing of the ones before. `complaints` is
 * what the page said on its console, `hosts` whom it asked.
 */
export async function openWindow(
  browser,
  handset,
  { language = 'vi-VN', keepsCookies, hasStorage = true, ...more } = {},
) {
  const air = await joinWifi(handset, { keepsCookies });
  const context = await browser.newContext({
    viewport: phoneSize,
    locale: language,
    reducedMotion: 'reduce',
    proxy: { server: air.url, bypass: '<-loopback>' },
    ...more,
  });
  context.setDefaultTimeout(stepWithinMs);
  context.setDefaultNavigationTimeout(stepWithinMs);
  const hosts = new Set();
  context.on('request', (request) => hosts.add(new URL(request.url()).hostname));
  const page = await context.newPage();
  if (!hasStorage) await page.addInitScript(withoutStorage);
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // The browser itself logs requests that fail; the tests provoke them.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  let closing;
  const close = () => (closing ??= context.close().finally(air.leave));
  return { page, context, air, complaints, hosts, close };
}

function withoutStorage() {
  for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])
    Object.defineProperty(window, name, {
      get: () => {
        throw new Error('no storage here');
      },
    });
}

/** Opens any page of the internet, as a phone does that has just joined; the router sends it to the portal. */
export async function openPortal(page, handset) {
  await page.goto(`http://${anyHost}/news`);
  await page.waitForURL((url) => url.origin === handset.cafe.url && url.searchParams.has('v'));
  await page.locator('main h1').first().waitFor();
}

export async function signIn(page, { username, password }) {
  await page.locator('#username').fill(username);
  await page.locator('#password').fill(password);
  await page.locator('form button[type=submit]').click();
}

export const buyButton = (page) => page.locator('.buy-bar .primary');

export function choose(page, packageName) {
  return page
    .locator('label.package')
    .filter({ has: page.getByText(packageName, { exact: true }) })
    .click();
}

export function atOnlinePage(page) {
  return page.waitForURL(/\/online\.html\?/);
}

export const notice = (page) => page.locator('.notice.bad').first();

/**
 * No finding of axe that would stop a person with a disability, and nothing wider than the window. A page that moves on
 * by itself while it is looked at is looked at where it went.
 */
export async function isAccessible(page) {
  const movesMax = 3;
  for (let moves = 0; ; moves += 1) {
    try {
      return await lookAt(page);
    } catch (error) {
      if (moves === movesMax || !/context was destroyed|because of a navigation/.test(error.message)) throw error;
      await page.waitForLoadState();
    }
  }
}

async function lookAt(page) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  const stopping = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join('; ')}`);
  assert.deepEqual(stopping, [], `axe at ${page.url()}`);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.ok(overflow <= 0, `${page.url()} scrolls sideways`);
}
