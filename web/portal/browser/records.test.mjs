// The wallet, the history and receipts, as customers use them.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { flowsIn, launch } from './harness.mjs';

const member = (world) => (world.account = world.accounts.minh);
const item = (world) => world.packages('vi').find((entry) => entry.id === 'pkg_3h');

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
