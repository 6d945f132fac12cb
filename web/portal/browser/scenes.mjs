// Every page of the portal and every error a customer can meet, each reached as a customer reaches it.
import { devices, problem, problems } from '../mock/world.mjs';
import { buyButton, member } from './customers.mjs';
import { signIn } from './harness.mjs';

const online = (world, extra = {}) => {
  member(world);
  world.addSession({ data_used_bytes: 734_003_200, startedMs: Date.now() - 3_600_000, ...extra });
};
const buy = async (page) => {
  await buyButton(page).click();
};

/** @type {{name: string, script?: object, context?: object, path?: string, language?: string, prepare?: Function, act?: Function, ready: string}[]} */
export const scenes = [
  { name: 'welcome', ready: 'form' },
  { name: 'welcome-en', language: 'en-US', ready: 'form' },
  {
    name: 'welcome-returning',
    prepare: (world) => {
      world.returning = { display_name: 'Minh' };
      world.known = true;
      world.addSession({ state: 'paused', reason: 'PC_LOGOUT', leftMs: 5_400_000, online: [] });
    },
    ready: '.resumable',
  },
  { name: 'sign-in-missing', act: (page) => page.locator('form button[type=submit]').click(), ready: '.field-error' },
  { name: 'packages', act: (page) => signIn(page), ready: '.buy-bar .primary' },
  { name: 'packages-en', language: 'en-US', prepare: member, ready: '.buy-bar .primary' },
  { name: 'packages-empty', script: { packages: 'empty' }, prepare: member, ready: '.empty' },
  { name: 'packages-short', prepare: (world) => (world.account = world.accounts.lan), ready: '.buy-bar .button' },
  { name: 'packages-method-off', script: { payable: false }, prepare: member, ready: '.buy-bar' },
  {
    name: 'packages-resume',
    prepare: (world) => {
      member(world);
      world.addSession({ deviceIds: ['dev_2'], online: ['dev_2'], leftMs: 4_000_000 });
    },
    ready: '.resumable',
  },
  { name: 'purchase-paying', script: { timeline: 'stuck' }, prepare: member, act: buy, ready: '.stages' },
  {
    name: 'purchase-activating',
    script: { timeline: 'activating', stepMs: 30 },
    prepare: member,
    act: buy,
    ready: '.stages .done',
  },
  {
    name: 'purchase-declined',
    script: { timeline: 'declined', stepMs: 60 },
    prepare: member,
    act: buy,
    ready: '.notice.bad',
  },
  {
    name: 'purchase-refunding',
    script: { timeline: 'refund', stepMs: 500 },
    prepare: member,
    act: buy,
    ready: '.stages .failed',
  },
  {
    name: 'purchase-refunded',
    script: { timeline: 'refund', stepMs: 60 },
    prepare: member,
    act: buy,
    ready: '.good-text',
  },
  {
    name: 'purchase-refund-queued',
    script: { timeline: 'refund_queued', stepMs: 60 },
    prepare: member,
    act: buy,
    ready: '.stage-panel .warn-text',
  },
  {
    name: 'purchase-late',
    script: { timeline: 'late', stepMs: 60 },
    prepare: member,
    act: buy,
    ready: '.stage-panel .warn-text',
  },
  {
    name: 'purchase-mismatch',
    script: { timeline: 'mismatch', stepMs: 60 },
    prepare: member,
    act: buy,
    ready: '.stages .failed',
  },
  {
    name: 'purchase-expired',
    script: { timeline: 'expired', stepMs: 60 },
    prepare: member,
    act: buy,
    ready: '.notice.bad',
  },
  {
    name: 'purchase-shaky',
    script: { timeline: 'stuck', loseAnswers: 9 },
    prepare: member,
    act: buy,
    ready: '.stages',
  },
  { name: 'purchase-not-found', path: '/purchase/pur_99', prepare: member, ready: '.notice.bad' },
  { name: 'online', path: '/online.html?until=2026-11-23T14:45:00Z', ready: 'a' },
  { name: 'session', prepare: (world) => online(world), ready: '.digits' },
  {
    name: 'session-devices',
    prepare: (world) =>
      online(world, {
        device_limit: 2,
        deviceIds: ['dev_1', 'dev_3'],
        online: ['dev_1', 'dev_3'],
        data_cap_bytes: 2e9,
      }),
    ready: '.digits',
  },
  { name: 'session-lost', prepare: (world) => online(world, { online: [] }), ready: '.resumable' },
  { name: 'session-low', prepare: (world) => online(world, { startedMs: Date.now() - 10_560_000 }), ready: '.low' },
  {
    name: 'session-end-asked',
    prepare: (world) => online(world),
    act: async (page) => page.locator('.button.quiet').click(),
    ready: '.button.danger',
  },
  {
    name: 'session-end-signed-out',
    prepare: (world) => world.addSession(),
    act: async (page) => {
      await page.locator('.button.quiet').click();
      await page.locator('.button.danger').click();
      await page.locator('.notice .primary').click();
    },
    ready: '#username',
  },
  { name: 'session-none', path: '/session', ready: '.button.primary' },
  {
    name: 'session-ended',
    path: '/session',
    prepare: (world) => {
      online(world);
      world.end(world.sessions[0], 'expired', 'TIME_EXPIRED');
    },
    ready: '.button.primary',
  },
  {
    name: 'session-paused',
    path: '/session',
    prepare: (world) => {
      online(world);
      world.end(world.sessions[0], 'paused', 'PC_LOGOUT');
    },
    ready: '.resumable .primary',
  },
  {
    name: 'session-pending',
    path: '/session',
    prepare: (world) => online(world, { state: 'pending' }),
    ready: '.loading',
  },
  {
    name: 'session-who',
    path: '/session',
    prepare: (world) => {
      online(world);
      world.account = null;
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Kết thúc phiên' }).click();
      await page.locator('.button.danger').click();
      await page.locator('.notice .primary', { hasText: 'Đăng nhập' }).click();
    },
    ready: '.guest',
  },
  { name: 'extend', path: '/extend', prepare: (world) => online(world), ready: '.buy-bar .primary' },
  { name: 'extend-signed-out', path: '/extend', ready: 'form' },
  { name: 'history-empty', path: '/history', prepare: member, ready: '.empty' },
  {
    name: 'history',
    path: '/history',
    script: { timeline: 'refund', stepMs: 1 },
    prepare: (world) => {
      member(world);
      world.buy(world.packages('vi')[1], 'new');
      world.buy(world.packages('vi')[0], 'extension');
    },
    ready: '.history',
  },
  { name: 'portal-down', script: { down: true }, ready: '.notice.bad' },
  {
    name: 'portal-slow',
    script: { latencyMs: 6_000 },
    act: (page) => page.waitForTimeout(2_700),
    ready: '.loading.first',
  },
  {
    name: 'resume-max-devices',
    prepare: maxDevicesWorld,
    act: (page) => page.locator('.resumable .primary').click(),
    ready: '.devices',
  },
  ...Object.keys(problems).map(errorScene),
];

function maxDevicesWorld(world) {
  member(world);
  world.addSession({ deviceIds: ['dev_2', 'dev_3'], online: ['dev_2', 'dev_3'], device_limit: 2 });
  world.script.resume = maxDevices();
}

function maxDevices() {
  const taken = [devices.tablet, devices.spare].map((device) => ({ ...device, is_this_device: false, online: true }));
  return problem('MAX_DEVICES_REACHED', { devices: taken, device_limit: 2 });
}

/** Each code where a customer most likely meets it. */
function errorScene(code) {
  const name = `error-${code.toLowerCase().replace(/_/g, '-')}`;
  const ready = '.notice.bad';
  switch (code) {
    case 'VISIT_UNKNOWN':
      return { name, script: { portal: code }, ready };
    case 'INVALID_CREDENTIALS':
      return { name, act: (page) => signIn(page, 'minh', 'wrong'), ready };
    case 'ACCOUNT_SUSPENDED':
    case 'RATE_LIMITED':
    case 'VALIDATION_FAILED':
      return { name, script: { signIn: code }, act: (page) => signIn(page), ready };
    case 'INSUFFICIENT_BALANCE':
      return {
        name,
        script: { buy: problem(code, { needed: 12_000, available: 4_000 }) },
        prepare: member,
        act: buy,
        ready,
      };
    case 'PAYER_FUNDS_SHORT':
    case 'PAYER_ACCOUNT_LOCKED':
      return { name, script: { buy: problem(code, { method: 'momo' }) }, prepare: member, act: buy, ready };
    case 'PRICE_CHANGED':
      return { name, script: { buy: problem(code, { current_price: 14_000 }) }, prepare: member, act: buy, ready };
    case 'MAX_DEVICES_REACHED':
      return { name, script: { buy: maxDevices() }, prepare: member, act: buy, ready };
    case 'DEVICE_BLOCKED':
      return { name, script: { buy: problem(code, { retry_after_seconds: 1_800 }) }, prepare: member, act: buy, ready };
    default:
      return { name, script: { buy: code }, prepare: member, act: buy, ready };
  }
}
