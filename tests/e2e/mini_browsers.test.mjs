// Customers who pay in the windows that phones open by themselves in a captive network: small browsers without tabs, some
// of which keep nothing, are gone when the customer changes to his bank or wallet, and open no app.
import assert from 'node:assert/strict';
import { atOnlinePage, isAccessible, openPortal } from './support/browser.mjs';
import { idAt, inCafe, orderBy, toWaysToPay } from './support/scene.mjs';
import { until } from './support/wait.mjs';

const ios = {
  name: 'iOS',
  payers: ['guest'],
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
  payers: ['guest', 'member'],
  window: {
    userAgent:
      'Mozilla/5.0 (Linux; Android 14; SM-A546E; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36',
    isMobile: true,
    hasTouch: true,
    hasStorage: false,
  },
};

/** What the page tells to copy into the bank's app. */
async function transferOn(page) {
  const value = async (name) =>
    (await page.locator('.copy-row', { hasText: name }).locator('.value').innerText()).trim();
  return {
    account: (await value('Số tài khoản')).replace(/\s/g, ''),
    amount: Number((await value('Số tiền')).replace(/\D/g, '')),
    memo: await value('Nội dung'),
  };
}

const transfer = (cafe, shown) => cafe.gateways('POST', 'transfer', { gateway: 'bank', bin: '970436', ...shown });

/** The page, to which the router alone has led, says that he is online, and he is. */
async function saysOnline(page, handset) {
  await atOnlinePage(page);
  await page.getByRole('heading', { name: 'Bạn đã lên mạng' }).waitFor();
  assert.match(await page.locator('.until').innerText(), /\d\d:\d\d/);
  assert.equal(await handset.hasInternet(), true);
}

for (const { name, window, payers } of [ios, android]) {
  inCafe(`the captive window of ${name}`, (scene) => {
    scene(
      'pays by a wallet’s QR on another screen, and goes on by itself',
      { window },
      async ({ cafe, handset, page }) => {
        await toWaysToPay(page, handset);
        await orderBy(page, 'momo');
        await page.locator('.qr img').waitFor();
        await isAccessible(page);
        const link = await page.getByRole('link', { name: 'Đến trang thanh toán' }).getAttribute('href');
        await cafe.payAt('momo', { qr_text: link });
        await saysOnline(page, handset);
      },
    );

    for (const who of payers)
      scene(
        `is closed before the ${who} has paid: the next one shows his order, what to pay, and that he is online then`,
        { window },
        async ({ cafe, handset, member, page, close, open }) => {
          await toWaysToPay(page, handset, who === 'member' ? member : undefined);
          const id = await orderBy(page, 'vietqr');
          const told = await transferOn(page);
          await close();

          const next = await open();
          await openPortal(next.page, handset);
          const order = next.page.getByRole('region', { name: 'Bạn có một lần mua chưa trả' });
          await order.waitFor();
          const amount = told.amount.toLocaleString('de-DE'); // 11.987
          const said = await order.innerText();
          assert.ok(said.includes('3 giờ') && said.includes(amount), `${amount} in\n${said}`);
          await isAccessible(next.page);
          await order.getByRole('button', { name: 'Tiếp tục thanh toán' }).click();
          await next.page.getByRole('heading', { name: `Trả ${amount}` }).waitFor();
          assert.equal(idAt(next.page), id);
          assert.deepEqual(await transferOn(next.page), told);
          await next.page.locator('.qr img').waitFor();
          assert.equal(await handset.hasInternet(), false);

          await transfer(cafe, told);
          await saysOnline(next.page, handset);
        },
      );

    scene(
      'is gone while the guest pays: the next one shows that he has paid, and that he is online',
      { window },
      async ({ cafe, handset, page, close, open }) => {
        await toWaysToPay(page, handset);
        const id = await orderBy(page, 'vietqr');
        const told = await transferOn(page);
        await close();
        // The money is here before the router can be told of it, so the phone is still sent to the portal.
        await cafe.router('disappear');
        await transfer(cafe, told);
        await until('the money is known', async () => {
          const [{ state }] = await cafe.rows(`select state from txn where id = '${id}'`);
          return state === 'success';
        });

        const next = await open();
        await openPortal(next.page, handset);
        await next.page.getByRole('heading', { name: 'Đang mở mạng' }).waitFor();
        assert.equal(idAt(next.page), id);
        assert.match(await next.page.locator('main').innerText(), /Đã thanh toán/);
        await isAccessible(next.page);
        const address = next.page.url();
        await cafe.router('reappear');
        await saysOnline(next.page, handset);
        await next.close();

        // And the one after that, which the phone opens where the last one was.
        const last = await open();
        await last.page.goto(`${cafe.url}/${new URL(address).search}`);
        await last.page.getByText('Thời gian còn lại').waitFor();
        assert.match(await last.page.locator('.digits').innerText(), /^0?2:59:\d\d$/);
        await isAccessible(last.page);
      },
    );
  });
}
