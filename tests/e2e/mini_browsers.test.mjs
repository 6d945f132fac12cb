// Guests who pay in the windows that phones open by themselves in a captive network: small browsers without tabs, some
// of which keep nothing, forget the page when the customer changes to his wallet, and open no app.
import assert from 'node:assert/strict';
import { atOnlinePage, buyButton, isAccessible, openPortal } from './support/browser.mjs';
import { inCafe } from './support/scene.mjs';
import { until } from './support/wait.mjs';

const ios = {
  name: 'iOS',
  window: {
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
    isMobile: true,
    hasTouch: true,
    keepsCookies: false,
    hasStorage: false,
  },
};
const android = {
  name: 'Android',
  window: {
    userAgent:
      'Mozilla/5.0 (Linux; Android 14; SM-A546E; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36',
    isMobile: true,
    hasTouch: true,
    hasStorage: false,
  },
};

/** From the captive redirect to the page of the open payment. */
async function orderAsGuest(page, handset, method) {
  await openPortal(page, handset);
  await page.getByRole('button', { name: 'Mua không cần tài khoản' }).click();
  await page
    .locator('label.package')
    .filter({ has: page.getByText('3 giờ', { exact: true }) })
    .click();
  await buyButton(page).click();
  await page.waitForURL(/\/pay\//);
  await page.locator(`.method input[value="${method}"]`).check({ force: true });
  await buyButton(page).click();
  await page.waitForURL(/\/purchase\//);
  await page.locator('.qr img').waitFor();
  return /\/purchase\/([^/?]+)/.exec(page.url())[1];
}

for (const { name, window } of [ios, android]) {
  inCafe(`the captive window of ${name}`, (scene) => {
    scene(
      'pays by a wallet’s QR on another screen, and goes on by itself',
      { window },
      async ({ cafe, handset, page }) => {
        await orderAsGuest(page, handset, 'momo');
        await isAccessible(page);
        const link = await page.getByRole('link', { name: 'Đến trang thanh toán' }).getAttribute('href');
        await cafe.payAt('momo', { qr_text: link });
        await atOnlinePage(page);
        assert.equal(await handset.hasInternet(), true);
      },
    );

    scene(
      'is closed when the customer changes to his bank’s app, and the next one shows that he is online',
      { window },
      async ({ cafe, handset, page, open }) => {
        const id = await orderAsGuest(page, handset, 'vietqr');
        const amount = Number(
          (await page.locator('.copy-row', { hasText: 'Số tiền' }).locator('.value').innerText()).replace(/\D/g, ''),
        );
        const memo = (await page.locator('.copy-row', { hasText: 'Nội dung' }).locator('.value').innerText()).trim();
        const account = (
          await page.locator('.copy-row', { hasText: 'Số tài khoản' }).locator('.value').innerText()
        ).replace(/\s/g, '');
        await page.close();
        await cafe.gateways('POST', 'transfer', { gateway: 'bank', bin: '970436', account, amount, memo });
        await until('the purchase is paid', async () => {
          const [row] = await cafe.rows(`select state from txn where id = '${id}'`);
          return row.state === 'success';
        });
        const next = await open();
        await next.page.goto(`${cafe.url}/`);
        await until('the phone is online', () => handset.hasInternet());
      },
    );
  });
}
