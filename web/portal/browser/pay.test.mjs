// How customers pay outside the café's PC system, with payers who pay, refuse, pay in part, late or never.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { problem } from '../mock/catalogue.mjs';
import { savedMethod } from '../mock/wallet.mjs';
import { atOnlinePage, buyButton, choose, guest, item, member, waiting } from './customers.mjs';
import { flowsIn, launch, signIn } from './harness.mjs';

describe('paying', () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser.close());

  const flow = flowsIn(() => browser);

  flow('a guest buys by bank transfer, and is told at once', { script: { stepMs: 20 } }, async ({ page, world }) => {
    await page.getByRole('button', { name: 'Mua không cần tài khoản' }).click();
    await buyButton(page).click();
    await page.waitForURL(/\/pay\/pkg_3h/);
    await choose(page, 'QR ngân hàng');
    await page.waitForURL(/\/purchase\/pur_1/);
    await page.locator('.qr img').waitFor();
    assert.equal(
      await page.locator('.qr img').evaluate((image) => image.decode().then(() => image.naturalWidth > 0)),
      true,
    );
    world.payments.pay('pur_1');
    await atOnlinePage(page);
  });

  flow(
    'shows each part of a transfer that comes in parts',
    { script: { stepMs: 20, gateway: 'part_pays' }, prepare: waiting('vietqr'), path: '/purchase/pur_1' },
    async ({ page, world }) => {
      await page.getByText('Đã nhận 4.000 ₫, còn thiếu 8.000 ₫').first().waitFor();
      await page.locator('h1', { hasText: '8.000' }).waitFor();
      await page.locator('.copy-row', { hasText: 'Số tiền' }).locator('.value', { hasText: '8.000' }).waitFor();
      world.payments.pay('pur_1');
      await atOnlinePage(page);
    },
  );

  flow(
    'goes to the gateway’s page and comes back paid, into whatever browser',
    { script: { stepMs: 60 }, prepare: guest, path: '/pay/pkg_3h' },
    async ({ page, phone, url }) => {
      await choose(page, 'VNPay');
      await page.getByRole('link', { name: 'Đến trang thanh toán' }).click();
      await page.locator('#leave').click();
      await page.waitForURL(/\/purchase\/pur_1\?v=visit\.test/);
      await page.getByRole('link', { name: 'Đến trang thanh toán' }).waitFor();
      const other = await phone.newPage();
      await other.goto(`${url}/mock/gateway/pur_1`);
      await other.locator('#pay').click();
      // Online by the time it is shown: the way back was a full navigation already.
      await other.locator('.stage-panel.won').waitFor();
      await atOnlinePage(page);
    },
  );

  flow('finds the open payment again when the window was closed', { prepare: waiting('momo') }, async ({ page }) => {
    await page.getByRole('button', { name: 'Tiếp tục thanh toán' }).click();
    await page.waitForURL(/\/purchase\/pur_1/);
    await page.locator('.qr img').waitFor();
  });

  flow(
    'offers another way when a wallet refuses, and does not choose the same again',
    { script: { stepMs: 20, gateway: 'refuses' }, prepare: guest, path: '/pay/pkg_3h' },
    async ({ page, world }) => {
      await choose(page, 'MoMo');
      await page.locator('.notice .primary', { hasText: 'Chọn cách khác' }).click();
      await page.getByText('Cách vừa rồi không được').waitFor();
      assert.equal(await page.locator('.methods input:checked').count(), 0);
      world.script.gateway = 'pays';
      await choose(page, 'ZaloPay');
      await atOnlinePage(page);
    },
  );

  flow(
    'tells of too little in a wallet as the wallet’s: another way first, then the same again',
    { script: { stepMs: 20, gateway: 'is_short' }, prepare: guest, path: '/pay/pkg_3h' },
    async ({ page, world }) => {
      await choose(page, 'MoMo');
      const notice = page.locator('.notice.bad', { hasText: 'MoMo: không đủ tiền' });
      await notice.waitFor();
      assert.equal(await notice.locator('.figures').count(), 0);
      assert.deepEqual(await notice.locator('.actions button').allInnerTexts(), [
        'Chọn cách khác',
        'Thử lại cách này',
        'Chọn gói khác',
      ]);
      world.script.gateway = 'pays';
      await page.getByRole('button', { name: 'Thử lại cách này' }).click();
      await atOnlinePage(page);
      assert.equal(world.purchases.get('pur_2').method, 'momo');
    },
  );

  flow(
    'makes a new code when one has expired, and still takes the money of the old one',
    { script: { stepMs: 20, gateway: 'expires' }, prepare: guest, path: '/pay/pkg_3h' },
    async ({ page, world }) => {
      await choose(page, 'QR ngân hàng');
      await page.getByText('tiền không mất').first().waitFor();
      world.script.gateway = 'wait';
      await page.getByRole('button', { name: 'Tạo mã mới' }).click();
      await page.waitForURL(/\/purchase\/pur_2/);
      await page.locator('.qr img').waitFor();
      world.payments.pay('pur_2');
      await atOnlinePage(page);
    },
  );

  flow(
    'sees late money arrive on the page of an expired code',
    {
      script: { stepMs: 20 },
      prepare: (world) => {
        waiting('vietqr')(world);
        world.payments.expire('pur_1');
      },
      path: '/purchase/pur_1',
    },
    async ({ page, world }) => {
      await page.getByText('tiền không mất').first().waitFor();
      world.payments.pay('pur_1');
      await page.waitForURL(/\/online\.html\?/, { timeout: 20_000 });
    },
  );

  flow(
    'changes the way to pay: the old one is given up first',
    { prepare: waiting('vietqr'), path: '/purchase/pur_1' },
    async ({ page, world }) => {
      await page.getByRole('button', { name: 'Đổi cách thanh toán' }).click();
      await page.waitForURL(/\/pay\/pkg_3h/);
      assert.equal(world.purchases.get('pur_1').error.code, 'PAYMENT_CANCELLED');
      await choose(page, 'MoMo');
      await page.waitForURL(/\/purchase\/pur_2/);
    },
  );

  flow(
    'gives up an unpaid purchase for another one, unless its money comes in the same moment',
    { script: { stepMs: 20 }, prepare: waiting('vietqr') },
    async ({ page, world }) => {
      await page.locator('.unpaid').waitFor();
      await buyButton(page).click();
      await choose(page, 'MoMo');
      await page.waitForURL(/\/purchase\/pur_2/);
      assert.equal(world.purchases.get('pur_1').error.code, 'PAYMENT_CANCELLED');
      await page.evaluate(() => globalThis.history.back());
      // The card on the first page is the new one's.
      await page.locator('.unpaid').waitFor();
      await buyButton(page).click();
      world.payments.cancel = () => world.payments.pay('pur_2');
      await choose(page, 'ZaloPay');
      await atOnlinePage(page);
      assert.equal(world.purchases.size, 2);
    },
  );

  flow(
    'shows a purchase again that was left',
    {
      prepare: (world) => {
        waiting('vietqr')(world);
        world.payments.expire('pur_1');
      },
      path: '/purchase/pur_1',
    },
    async ({ page }) => {
      await page.getByRole('button', { name: 'Chọn gói khác' }).click();
      await page.locator('.notice.last').click();
      await page.getByText('tiền không mất').first().waitFor();
    },
  );

  flow(
    'asks before it gives up, and says that the money is safe',
    { prepare: waiting('vietqr'), path: '/purchase/pur_1' },
    async ({ page, world }) => {
      await page.getByRole('button', { name: 'Không mua nữa' }).click();
      assert.equal(world.purchases.get('pur_1').state, 'awaiting_payment');
      await page.locator('.danger').click();
      await page.locator('.notice', { hasText: 'tiền không mất' }).first().waitFor();
      assert.equal(world.purchases.get('pur_1').state, 'failed');
    },
  );

  flow(
    'copies account, amount and memo as a banking app takes them',
    {
      prepare: waiting('vietqr'),
      path: '/purchase/pur_1',
      context: { permissions: ['clipboard-read', 'clipboard-write'] },
    },
    async ({ page }) => {
      for (const [name, value] of [
        ['Số tài khoản', '1012345678'],
        ['Số tiền', '12000'],
        ['Nội dung', 'IW7K2M01'],
      ]) {
        await page.getByRole('button', { name: `Chép ${name}` }).click();
        await page.locator('.copy-row', { hasText: name }).getByRole('button', { name: /Chép/ }).waitFor();
        assert.equal(await page.evaluate(() => navigator.clipboard.readText()), value);
      }
    },
  );

  flow(
    'saves the QR as a picture, and never leaves a sign-in window for it',
    { prepare: waiting('vietqr'), path: '/purchase/pur_1' },
    async ({ page, phone, url }) => {
      const saved = page.waitForEvent('download');
      await page.getByRole('link', { name: 'Lưu ảnh QR' }).click();
      assert.equal((await saved).suggestedFilename(), 'qr-IW7K2M01.png');
      const mini = await phone.browser().newContext({
        locale: 'vi-VN',
        userAgent:
          'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
      });
      const window = await mini.newPage();
      await window.goto(`${url}/purchase/pur_1?v=visit.test`);
      await window.getByRole('link', { name: 'Lưu ảnh QR' }).click();
      await window.locator('.qr img[src*="qr.png"]').waitFor();
      await window.getByText('nhấn giữ mã').waitFor();
      await window.getByText('Không mở được ứng dụng?').waitFor();
      assert.match(window.url(), /\/purchase\/pur_1/);
      await mini.close();
    },
  );

  flow(
    'helps to find a transfer after a minute of waiting',
    { script: { stepMs: 20 }, prepare: waiting('vietqr'), path: '/purchase/pur_1' },
    async ({ page }) => {
      await page.clock.install();
      await page.reload();
      await page.getByRole('button', { name: 'Tôi đã chuyển khoản' }).click();
      await page.getByText('Đang chờ ngân hàng báo').waitFor();
      assert.equal(await page.getByRole('button', { name: 'Tìm khoản tôi đã chuyển' }).count(), 0);
      await page.clock.runFor(61_000);
      await page.getByRole('button', { name: 'Tìm khoản tôi đã chuyển' }).click();
      assert.equal(await page.locator('#find-amount').inputValue(), '12000');
      await page.locator('form .primary').click();
      await page.getByRole('button', { name: 'Xem lần mua' }).click();
      await page.clock.runFor(5_000);
      await atOnlinePage(page);
    },
  );

  flow(
    'keeps money that waits for a person as credit, and spends it first',
    {
      script: { stepMs: 20, late: 'queue' },
      prepare: (world) => {
        member(world);
        world.buy(item(world), 'new', { method: 'vietqr' });
        world.payments.expire('pur_1');
        world.payments.pay('pur_1');
      },
      path: '/purchase/pur_1',
    },
    async ({ page, world }) => {
      await page.getByRole('button', { name: 'Giữ làm tiền gửi' }).click();
      await page.getByRole('heading', { name: 'Đã giữ làm tiền gửi' }).waitFor();
      assert.equal(world.payments.credit, 12_000);
      await page.getByRole('button', { name: 'Chọn gói khác' }).click();
      await page.locator('.way', { hasText: 'Tiền gửi' }).waitFor();
      await buyButton(page).click();
      await atOnlinePage(page);
      assert.equal(world.payments.credit, 0);
      assert.equal(world.accounts.minh.balance, 50_000);
    },
  );

  flow(
    'pays with one tap from the wallet, and asks for the password where it must',
    {
      script: { stepMs: 20, buy: problem('REAUTHENTICATION_REQUIRED'), buyOnce: true },
      prepare: (world) => {
        member(world);
        world.wallet.add(savedMethod('mth_1', 'momo'));
      },
    },
    async ({ page, world }) => {
      await page.locator('.way', { hasText: 'MoMo' }).waitFor();
      await buyButton(page).click();
      await page.locator('.notice .primary', { hasText: 'Nhập mật khẩu' }).click();
      await page.locator('#reauth-password').fill('1234');
      await page.locator('#reauth-password').press('Enter');
      await atOnlinePage(page);
      assert.equal(world.purchases.get('pur_1').method, 'momo');
      assert.equal(world.accounts.minh.balance, 50_000);
    },
  );

  flow(
    'opens the payment window and counts it down',
    {
      prepare: (world) => {
        waiting('vietqr')(world);
        world.payments.window = { minutes: 5, rate_kbps: 512, times_left_today: 1 };
      },
      path: '/purchase/pur_1',
    },
    async ({ page }) => {
      await page.getByRole('button', { name: /5 phút miễn phí/ }).click();
      await page.getByText('Mạng đang mở tạm').waitFor();
      await page.locator('.window [role=timer]', { hasText: /^(5:00|4:5\d)$/ }).waitFor();
    },
  );

  flow(
    'extends with a wallet, and stays on the page of the session',
    {
      script: { stepMs: 20, gateway: 'pays' },
      prepare: (world) => {
        member(world);
        world.addSession();
      },
      path: '/extend',
    },
    async ({ page }) => {
      await page.getByRole('button', { name: /Đổi/ }).click();
      await page.waitForURL(/\/pay\/pkg_3h\/extend/);
      await choose(page, 'MoMo');
      await page.waitForURL(/\/session\?/);
      await page.locator('.digits', { hasText: /^5:59:5\d|6:00:00$/ }).waitFor();
    },
  );

  flow('takes a guest to the sign-in when he has an account after all', { prepare: guest }, async ({ page, world }) => {
    await page.getByRole('button', { name: 'Đăng nhập' }).click();
    await signIn(page);
    await buyButton(page).waitFor();
    assert.equal(world.account.kind, 'member');
  });
});
