// What `make run` promises of a bank transfer: it is paid by clicks, and nothing leaves this machine.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { launch } from './support/browser.mjs';
import { removeFolder, serve, temporaryFolder } from './support/program.mjs';

const anyPort = ['', 'control-', 'device-', 'pc-', 'radius-'].flatMap((name) => [`--${name}port`, '0']);

/** The demonstration names the bank's address before it starts the bank, so its port is chosen here. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('iwas demo', { timeout: 180_000 }, () => {
  let folder;
  let demo;
  let browser;
  let phone;
  let bank;
  before(async () => {
    folder = await temporaryFolder();
    const port = await freePort();
    bank = `http://127.0.0.1:${port}/bank/app`;
    const args = ['demo', ...anyPort, '--gateway-port', String(port), '--devices', '2'];
    demo = await serve(args, { TMPDIR: folder }, 'Ctrl-C stops everything');
    phone = [...demo.text().matchAll(/(http:\/\/127\.0\.0\.1:\d+\/) {3}(?:[0-9A-F]{2}:){5}/gi)].map(([, url]) => url);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
    if (folder !== undefined) await removeFolder(folder);
  });

  for (const [index, [name, context]] of [
    ['a computer', {}],
    ['a phone', { isMobile: true, hasTouch: true, viewport: { width: 360, height: 640 } }],
  ].entries()) {
    it(`pays a bank transfer by clicks in the browser of ${name}`, async () => {
      const window = await browser.newContext({ locale: 'vi-VN', ...context });
      const page = await window.newPage();
      const outside = [];
      page.on('request', (request) => {
        if (new URL(request.url()).hostname !== '127.0.0.1') outside.push(request.url());
      });
      await page.goto(phone[index]);
      await page.getByRole('button', { name: 'Mua không cần tài khoản' }).click();
      await page.locator('.buy-bar .primary').click();
      await page.locator('.method', { hasText: 'QR ngân hàng' }).first().locator('input').check({ force: true });
      await page.locator('.buy-bar .primary').click();
      await page.locator('#bank-app').selectOption({ label: 'MB Bank' });
      const purchase = page.url();
      const app = page.getByRole('link', { name: 'Mở ứng dụng MB Bank' });
      assert.ok((await app.getAttribute('href')).startsWith(`${bank}?app=mb&am=`));
      await app.click();
      await page.getByRole('button', { name: 'Thanh toán' }).click();
      await page.getByText('Đã chuyển').waitFor();
      await page.goto(purchase);
      await page.locator('.stage-panel.won').waitFor();
      assert.deepEqual(outside, []);
      await window.close();
    });
  }
});
