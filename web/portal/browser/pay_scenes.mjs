// Every page of paying, of the wallet, the history and receipts, each reached as a customer reaches it.
import { problem } from '../mock/catalogue.mjs';
import { savedMethod } from '../mock/wallet.mjs';
import { guest, item, member, waiting as unpaid } from './customers.mjs';

const used = { payments: 7, total: 84_000, last_used_at: '2026-09-20T11:02:00Z' };

/** A member with two linked wallets, one of which no longer works, and some credit. */
function rich(world) {
  member(world);
  world.payments.book(12_000, 'kept_refund');
  world.payments.book(-7_000, 'spent');
  world.wallet.add(
    savedMethod('mth_1', 'momo', { label: 'Ví chính', usage: used, expires_at: '2027-09-20T00:00:00Z' }),
  );
  world.wallet.add(savedMethod('mth_2', 'zalopay', { masked: '•••• 221', is_usable: false }));
}

/** An order that waits for its money, where the café gives payment windows. */
const waiting = (method, prepare) => (world) => {
  unpaid(method, prepare)(world);
  world.payments.window = { minutes: 5, rate_kbps: 512, times_left_today: 2 };
};
/** Ended in some way, on its own page. */
const ended = (method, end) => (world) => {
  guest(world);
  end(world, world.buy(item(world), 'new', { method }));
};

/** An unpaid order, in a window that was opened anew and knows its customer no more. */
const forgotten = (who) => (world) => {
  waiting('vietqr', who)(world);
  world.account = null;
};
/** What was paid goes back, or waits for a person, for this reason. */
function returned(purchase, state, code) {
  Object.assign(purchase, { state, error: problem(code), payment: null });
}
function queued(world) {
  ended('vietqr', () => {
    world.payments.expire('pur_1');
    world.payments.pay('pur_1');
  })(world);
}

const path = '/purchase/pur_1';
const ios = {
  userAgent:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
  hasTouch: true,
  isMobile: true,
};
const touch = {
  userAgent:
    'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36',
  hasTouch: true,
  isMobile: true,
};

const pages = [
  { name: 'guest-packages', prepare: guest, ready: '.buy-bar .primary:enabled' },
  {
    name: 'packages-saved',
    prepare: rich,
    ready: '.buy-bar .way',
  },
  {
    name: 'choose',
    path: '/pay/pkg_3h',
    script: { off: ['zalopay'] },
    prepare: (world) => {
      rich(world);
      world.accounts.minh.balance = 4_000;
      world.payments.window = { minutes: 5, rate_kbps: 512, times_left_today: 2 };
    },
    ready: '.methods',
  },
  { name: 'choose-guest', path: '/pay/pkg_3h', prepare: guest, ready: '.methods' },
  {
    name: 'choose-covered',
    path: '/pay/pkg_3h',
    prepare: (world) => {
      member(world);
      world.payments.book(20_000, 'surplus');
    },
    ready: '.buy-bar .primary:enabled',
  },
  { name: 'choose-signed-out', path: '/pay/pkg_3h', ready: 'form' },
  { name: 'choose-none', path: '/pay/pkg_3h', script: { payable: false }, prepare: guest, ready: '.methods' },
  { name: 'pay-bank', path, prepare: waiting('vietqr'), context: touch, ready: '.bank' },
  {
    name: 'pay-bank-part',
    path,
    prepare: (world) => {
      waiting('vietqr')(world);
      world.payments.pay('pur_1', 4_000);
    },
    ready: 'progress',
  },
  {
    name: 'pay-bank-claimed',
    path,
    prepare: waiting('vietqr'),
    act: (page) => page.getByRole('button', { name: /chuyển khoản|sent the money/ }).click(),
    ready: '.calm',
  },
  { name: 'pay-bank-ios', path, prepare: waiting('vietqr'), context: ios, act: openHelp, ready: '.mini[open]' },
  { name: 'pay-momo', path, prepare: waiting('momo'), context: touch, ready: '.primary ~ .qr img' },
  { name: 'pay-momo-ios', path, prepare: waiting('momo'), context: ios, ready: '.mini' },
  { name: 'pay-vnpay', path, prepare: waiting('vnpay'), ready: '.primary' },
  {
    name: 'pay-cancel-asked',
    path,
    prepare: waiting('vietqr'),
    act: (page) => page.locator('.actions .quiet').click(),
    ready: '.danger',
  },
  { name: 'pay-over', path, script: { expiresMs: -1_000 }, prepare: waiting('vietqr'), ready: '.notice' },
  {
    name: 'pay-window-open',
    path,
    prepare: waiting('vietqr'),
    act: (page) => page.locator('.window .button').click(),
    ready: '.window .good-text',
  },
  { name: 'home-unpaid', prepare: waiting('vietqr'), ready: '.unpaid' },
  {
    name: 'ended-expired',
    path,
    prepare: ended('vietqr', (world) => world.payments.expire('pur_1')),
    ready: '.notice',
  },
  {
    name: 'ended-cancelled',
    path,
    prepare: ended('momo', (world) => world.payments.cancel('pur_1')),
    ready: '.notice',
  },
  { name: 'ended-refused', path, prepare: ended('momo', (world) => world.payments.refuse('pur_1')), ready: '.notice' },
  {
    name: 'ended-short',
    path,
    prepare: ended('momo', (world) => world.payments.refuse('pur_1', 'PAYER_FUNDS_SHORT')),
    ready: '.notice',
  },
  {
    name: 'ended-locked',
    path,
    prepare: ended('vnpay', (world) => world.payments.refuse('pur_1', 'PAYER_ACCOUNT_LOCKED')),
    ready: '.notice',
  },
  {
    name: 'ended-queued',
    path,
    script: { late: 'queue' },
    prepare: ended('vietqr', (world) => {
      world.payments.expire('pur_1');
      world.payments.pay('pur_1');
    }),
    ready: '.stack.progress .button.wide',
  },
  {
    name: 'ended-staff-refund',
    path,
    prepare: ended('momo', (world, purchase) => returned(purchase, 'refunded', 'STAFF_REFUND')),
    ready: '.good-text',
  },
  {
    name: 'ended-set-aside',
    path,
    prepare: ended('momo', (world, purchase) => returned(purchase, 'refund_queued', 'PAYMENT_SET_ASIDE')),
    ready: '.stack.progress .button.wide',
  },
  {
    name: 'ended-kept',
    path,
    script: { late: 'queue' },
    prepare: ended('vietqr', (world, purchase) => {
      world.payments.expire('pur_1');
      world.payments.pay('pur_1');
      world.payments.keep(purchase);
    }),
    ready: '.good-text',
  },
  { name: 'pay-anothers', path, prepare: forgotten(member), act: giveUp, ready: 'form' },
  {
    name: 'pay-window-who',
    path,
    prepare: (world) => {
      forgotten(guest)(world);
      world.script.window = problem('NOT_SIGNED_IN');
    },
    act: (page) => page.locator('.window .button').click(),
    ready: '.guest',
  },
  {
    name: 'ended-queued-who',
    path,
    script: { late: 'queue' },
    prepare: (world) => {
      queued(world);
      world.account = null;
    },
    act: (page) => page.getByRole('button', { name: /giữ làm tiền gửi|keep it as store credit/ }).click(),
    ready: '.guest',
  },
  {
    name: 'order-anothers',
    prepare: (world) => {
      forgotten(member)(world);
      world.guest();
    },
    act: async (page) => {
      await page.locator('.buy-bar .primary').click();
      await page.locator('.method input').first().waitFor({ state: 'attached' });
      await page.locator('.method', { hasText: 'MoMo' }).locator('input').check({ force: true });
      await page.locator('.buy-bar .primary').click();
    },
    ready: '.notice.bad',
  },
  {
    name: 'receipt-who',
    path: '/receipt/pur_1',
    prepare: (world) => {
      ended('momo', () => world.payments.pay('pur_1'))(world);
      world.account = null;
    },
    ready: '.guest',
  },
  { name: 'find-transfer', path: '/find-transfer', prepare: guest, ready: 'form' },
  {
    name: 'find-transfer-faults',
    path: '/find-transfer',
    prepare: guest,
    act: async (page) => {
      await page.locator('#find-last4').fill('12');
      await page.locator('form .primary').click();
    },
    ready: '.field-error',
  },
  ...['found', 'waiting', 'not_found'].map((transfer) => ({
    name: `find-transfer-${transfer.replace('_', '-')}`,
    path: '/find-transfer',
    script: { transfer },
    prepare: ended('vietqr', (world) => world.payments.expire('pur_1')),
    act: (page) => page.locator('form .primary').click(),
    ready: '.calm',
  })),
  {
    name: 'wallet-bank-form',
    path: '/wallet',
    script: { gateways: ['momo', 'vietqr'] },
    prepare: rich,
    act: (page) => page.locator('.link-method').last().click(),
    ready: '#bank-number',
  },
  {
    name: 'pay-bank-app',
    path,
    context: touch,
    script: { gateways: ['vietqr'] },
    prepare: (world) => {
      member(world);
      const bank = { bank_bin: '970422', bank_name: 'MB Bank' };
      world.wallet.add(savedMethod('mth_1', 'vietqr', { masked: '•••• 6789', bank }));
      world.buy(item(world), 'new', { method: 'vietqr', saved_method_id: 'mth_1' });
    },
    ready: '.bank-apps .primary',
  },
  { name: 'wallet', path: '/wallet', prepare: rich, ready: '.link-method' },
  { name: 'wallet-empty', path: '/wallet', prepare: member, ready: '.link-method' },
  { name: 'wallet-guest', path: '/wallet', prepare: guest, ready: 'form' },
  {
    name: 'wallet-renaming',
    path: '/wallet',
    prepare: rich,
    act: (page) => page.locator('[data-action=rename]').first().click(),
    ready: '.rename',
  },
  {
    name: 'wallet-remove-asked',
    path: '/wallet',
    prepare: rich,
    act: (page) => page.locator('.tools .button:last-child').first().click(),
    ready: '.danger',
  },
  {
    name: 'wallet-password',
    path: '/wallet',
    script: { prove: true },
    prepare: rich,
    act: async (page) => {
      await page.locator('.tools .button:last-child').first().click();
      await page.locator('.danger').click();
    },
    ready: '#reauth-password',
  },
  {
    name: 'wallet-linking',
    path: '/wallet',
    script: { binding: 'wait' },
    prepare: rich,
    act: (page) => page.locator('.link-method').first().click(),
    ready: '.calm',
  },
  {
    name: 'wallet-last-method',
    path: '/wallet',
    script: { lastMethod: true },
    prepare: (world) => {
      member(world);
      world.wallet.add(savedMethod('mth_1', 'momo'));
    },
    act: async (page) => {
      await page.locator('.tools .button:last-child').click();
      await page.locator('.danger').click();
    },
    ready: '.notice.bad',
  },
  {
    name: 'history-paged',
    path: '/history',
    script: { stepMs: 1, pageSize: 3 },
    prepare: (world) => {
      rich(world);
      world.buy(item(world), 'new', { method: 'vietqr' });
      world.payments.cancel('pur_1');
      world.buy(item(world, 'pkg_1h'), 'new', { method: 'momo', saved_method_id: 'mth_1' });
      world.buy(item(world), 'extension', {});
      world.buy(item(world, 'pkg_day'), 'new', { method: 'vnpay', use_credit: false });
      world.payments.pay('pur_4');
      world.purchases.get('pur_4').refunded = 10_000;
    },
    ready: '.history',
  },
  {
    name: 'receipt',
    path: '/receipt/pur_1',
    prepare: (world) => {
      rich(world);
      const purchase = world.buy(item(world), 'new', { method: 'momo', saved_method_id: 'mth_1' });
      Object.assign(purchase, { amountState: 'success', refunded: 4_000 });
    },
    ready: '.receipt',
  },
  { name: 'receipt-unknown', path: '/receipt/pur_9', prepare: member, ready: '.notice.bad' },
];

async function giveUp(page) {
  await page.getByRole('button', { name: /Đổi cách thanh toán|another way/ }).click();
}

async function openHelp(page) {
  await page.locator('.mini summary').click();
}

/** Each page in Vietnamese and in English. */
export const payScenes = [
  ...pages,
  ...pages.map((scene) => ({ ...scene, name: `${scene.name}-en`, language: 'en-US', phoneOnly: true })),
  {
    name: 'error-window-used-up',
    path,
    prepare: (world) => {
      waiting('vietqr')(world);
      world.script.window = problem('PAYMENT_WINDOW_USED_UP');
    },
    act: (page) => page.locator('.window .button').click(),
    ready: '.notice.bad',
  },
];
