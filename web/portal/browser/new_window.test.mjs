// A window that was opened anew and knows its customer no more, in the middle of paying.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { problem } from '../mock/catalogue.mjs';
import { choose, item, member, waiting } from './customers.mjs';
import { flowsIn, launch, signIn } from './harness.mjs';

describe('a new window', () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser.close());

  const flow = flowsIn(() => browser);

  flow(
    'a guest whose window was closed changes the way to pay without signing in',
    {
      prepare: (world) => {
        waiting('vietqr')(world);
        world.account = null;
      },
      path: '/purchase/pur_1',
    },
    async ({ page, world }) => {
      await page.getByRole('button', { name: 'Đổi cách thanh toán' }).click();
      await page.waitForURL(/\/pay\/pkg_3h/);
      assert.equal(world.purchases.get('pur_1').error.code, 'PAYMENT_CANCELLED');
      await page.getByRole('button', { name: 'Mua không cần tài khoản' }).click();
      await choose(page, 'MoMo');
      await page.waitForURL(/\/purchase\/pur_2/);
      // He is the guest who he was.
      assert.equal(world.purchases.get('pur_2').buyer, world.purchases.get('pur_1').buyer);
    },
  );

  flow(
    'a member whose window was closed signs in on the page of his order, and goes on with its buttons',
    {
      prepare: (world) => {
        member(world);
        world.buy(item(world), 'new', { method: 'vietqr' });
        world.account = null;
      },
      path: '/purchase/pur_1',
    },
    async ({ page, world }) => {
      await page.getByRole('button', { name: 'Không mua nữa' }).click();
      await page.locator('.danger').click();
      await page.getByRole('heading', { name: 'Cần tài khoản đã mua' }).waitFor();
      assert.equal(world.purchases.get('pur_1').state, 'awaiting_payment');
      // There is a way back to paying.
      await page.getByRole('button', { name: 'Quay lại' }).click();
      await page.getByRole('button', { name: 'Đổi cách thanh toán' }).click();
      // Another account than the buyer's is told the same.
      await signIn(page, 'lan');
      await page.getByRole('button', { name: 'Đổi cách thanh toán' }).click();
      await page.getByRole('heading', { name: 'Cần tài khoản đã mua' }).waitFor();
      await signIn(page);
      await page.getByRole('button', { name: 'Đổi cách thanh toán' }).click();
      await page.waitForURL(/\/pay\/pkg_3h/);
      assert.equal(world.purchases.get('pur_1').error.code, 'PAYMENT_CANCELLED');
    },
  );

  flow(
    'says whose the unpaid purchase is that stands in the way, and orders nothing',
    {
      prepare: (world) => {
        member(world);
        world.buy(item(world), 'new', { method: 'vietqr' });
        world.guest();
      },
      path: '/pay/pkg_3h',
    },
    async ({ page, world }) => {
      await choose(page, 'MoMo');
      await page.getByRole('heading', { name: 'Máy này có lần mua chưa trả của người khác' }).waitFor();
      assert.equal(world.purchases.size, 1);
      assert.equal(world.purchases.get('pur_1').state, 'awaiting_payment');
      await page.locator('.notice .primary', { hasText: 'Đăng nhập' }).click();
      await signIn(page);
      await choose(page, 'MoMo');
      await page.waitForURL(/\/purchase\/pur_2/);
      assert.equal(world.purchases.get('pur_1').error.code, 'PAYMENT_CANCELLED');
    },
  );

  flow(
    'opens the payment window for a guest whose order has just ended, after saying who he is',
    {
      prepare: (world) => {
        waiting('vietqr')(world);
        world.payments.window = { minutes: 5, rate_kbps: 512, times_left_today: 1 };
        world.account = null;
        world.script.window = problem('NOT_SIGNED_IN');
      },
      path: '/purchase/pur_1',
    },
    async ({ page, world }) => {
      await page.getByRole('button', { name: /5 phút miễn phí/ }).click();
      await page.getByRole('button', { name: 'Tôi mua không cần tài khoản' }).waitFor();
      world.script.window = null;
      await page.getByRole('button', { name: 'Tôi mua không cần tài khoản' }).click();
      await page.getByText('Mạng đang mở tạm').waitFor();
      assert.equal(world.account, world.purchases.get('pur_1').buyer);
    },
  );

  flow(
    'keeps money as credit for a guest who comes back in a new window',
    {
      script: { stepMs: 20, late: 'queue' },
      prepare: (world) => {
        waiting('vietqr')(world);
        world.payments.expire('pur_1');
        world.payments.pay('pur_1');
        world.account = null;
      },
      path: '/purchase/pur_1',
    },
    async ({ page, world }) => {
      await page.getByRole('button', { name: 'Đăng nhập để giữ làm tiền gửi' }).click();
      await page.getByRole('button', { name: 'Tôi mua không cần tài khoản' }).click();
      await page.getByRole('button', { name: 'Giữ làm tiền gửi', exact: true }).click();
      await page.getByRole('heading', { name: 'Đã giữ làm tiền gửi' }).waitFor();
      assert.equal(world.payments.credit, 12_000);
    },
  );
});
