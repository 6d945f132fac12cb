// The wallet, the history and receipts, as customers use them.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { item, member } from './customers.mjs';
import { flowsIn, launch, signIn } from './harness.mjs';

const touch = { hasTouch: true, isMobile: true };

describe('records', () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser.close());
  const flow = flowsIn(() => browser);

  flow(
    'links, renames, reorders, makes default and removes saved methods',
    { script: { stepMs: 20, prove: true }, prepare: member, path: '/wallet' },
    async ({ page, world }) => {
      const cards = page.locator('.saved');
      await page.getByRole('button', { name: 'Liên kết MoMo' }).click();
      await page.locator('#reauth-password').fill('1234');
      await page.locator('#reauth-password').press('Enter');
      await cards.first().waitFor({ timeout: 10_000 });
      await page.getByRole('button', { name: 'Liên kết ZaloPay' }).click();
      await cards.nth(1).waitFor({ timeout: 10_000 });
      await cards
        .first()
        .getByRole('button', { name: /Đổi tên/ })
        .click();
      await page.getByLabel('Tên gợi nhớ').fill('Ví chính');
      await page.getByRole('button', { name: 'Lưu' }).click();
      await page.getByRole('heading', { name: 'Ví chính' }).waitFor();
      await page.getByRole('button', { name: 'Lên trên: ZaloPay' }).click();
      await cards.first().getByRole('heading', { name: 'ZaloPay' }).waitFor();
      await page.getByRole('button', { name: 'Đặt làm mặc định: ZaloPay' }).click();
      await cards.first().getByText('Mặc định', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Gỡ: Ví chính' }).click();
      assert.equal(world.wallet.methods.length, 2);
      await page.getByRole('button', { name: 'Gỡ khỏi ví' }).click();
      await page.getByRole('heading', { name: 'Ví chính' }).waitFor({ state: 'detached' });
      assert.deepEqual(
        world.wallet.methods.map(({ method, is_default }) => [method, is_default]),
        [['zalopay', true]],
      );
    },
  );

  flow(
    'keeps a bank account, after the password once more, and opens its app for the next transfer',
    {
      script: { stepMs: 20, prove: true, gateways: ['vietqr', 'payos', 'momo'] },
      prepare: member,
      path: '/wallet',
      context: touch,
    },
    async ({ page }) => {
      await page.getByRole('button', { name: 'Thêm ngân hàng' }).click();
      await page.getByRole('button', { name: 'Lưu tài khoản' }).click();
      await page.getByText('Hãy chọn ngân hàng.').waitFor();
      assert.equal(await page.evaluate(() => document.activeElement.id), 'bank-bin');
      await page.getByLabel('Ngân hàng', { exact: true }).selectOption({ label: 'MB Bank' });
      await page.getByLabel('Số tài khoản').fill('0123 456 789');
      await page.getByRole('button', { name: 'Lưu tài khoản' }).click();
      await page.locator('#reauth-password').fill('1234');
      await page.locator('#reauth-password').press('Enter');
      const card = page.locator('.saved');
      await card.getByRole('heading', { name: 'MB Bank' }).waitFor();
      await card.getByText('•••• 6789').waitFor();
      await page.getByText('Đã lưu vào ví: MB Bank').waitFor();

      await page.getByRole('button', { name: 'Quay lại' }).click();
      await page.locator('.way', { hasText: 'MB Bank' }).waitFor();
      await page.locator('.buy-bar .primary').click();
      const open = page.getByRole('link', { name: 'Mở ứng dụng MB Bank' });
      await open.waitFor();
      assert.match(await open.getAttribute('href'), /^https:\/\/dl\.vietqr\.io\/pay\?app=mb&am=\d+&/);
      await page.getByText('Số tiền và nội dung được điền sẵn.').waitFor();
      await page.getByLabel('Ngân hàng khác').selectOption({ label: 'Vietcombank' });
      await page.getByRole('link', { name: 'Mở ứng dụng Vietcombank' }).waitFor();
      await page.getByText(/chỉ mở ứng dụng/).waitFor();
    },
  );

  flow(
    'shows a guest his receipt again in a new window, and nobody else',
    {
      script: { stepMs: 20 },
      prepare: (world) => {
        world.guest();
        const { id } = world.buy(item(world), 'new', { method: 'momo' });
        world.payments.pay(id);
        world.account = null;
      },
      path: '/receipt/pur_1',
    },
    async ({ page, url }) => {
      await page.getByRole('heading', { name: 'Cửa sổ này chưa biết bạn' }).waitFor();
      await signIn(page);
      await page.locator('.notice.bad', { hasText: 'Không tìm thấy' }).waitFor();
      await page.getByRole('button', { name: 'Đăng xuất' }).click();
      await page.getByRole('button', { name: 'Đăng xuất' }).waitFor({ state: 'detached' });
      await page.goto(`${url}/receipt/pur_1?v=visit.test`);
      await page.getByRole('button', { name: 'Tôi mua không cần tài khoản' }).click();
      await page.locator('.receipt', { hasText: 'R-2026-' }).waitFor();
    },
  );

  flow(
    'filters the history, goes on to its next page, and shows a receipt that can be kept',
    {
      script: { stepMs: 1, pageSize: 2 },
      prepare: (world) => {
        member(world);
        for (const method of ['momo', 'vietqr', 'momo']) {
          const { id } = world.buy(item(world), 'new', { method });
          world.payments.pay(id);
        }
        world.payments.cancel(world.buy(item(world), 'new', { method: 'vietqr' }).id);
        world.sessions.length = 0;
      },
      path: '/history',
    },
    async ({ page }) => {
      const rows = page.locator('.history li');
      await rows.nth(1).waitFor();
      await page.getByRole('button', { name: 'Xem thêm' }).click();
      await rows.nth(3).waitFor();
      await page.getByLabel('Cách trả').selectOption('momo');
      await page.waitForFunction(() => document.querySelectorAll('.history li').length === 2);
      await page.getByLabel('Trạng thái').selectOption('failed');
      await page.getByText('Không có giao dịch nào khớp').waitFor();
      await page.getByLabel('Trạng thái').selectOption('success');
      await page
        .getByRole('link', { name: /Biên nhận/ })
        .first()
        .click();
      await page.locator('.receipt', { hasText: 'R-2026-' }).waitFor();
      const saved = page.waitForEvent('download');
      await page.getByRole('link', { name: 'Tải PDF' }).click();
      assert.match((await saved).suggestedFilename(), /^R-2026-\d+\.pdf$/);
      await page.emulateMedia({ media: 'print' });
      assert.equal(await page.locator('.masthead').isVisible(), false);
      assert.equal(await page.locator('.receipt').isVisible(), true);
    },
  );
});
