// What customers do, from the tap to the answer, with the faults of a café network.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { problem } from '../mock/world.mjs';
import { atOnlinePage, buyButton, member } from './customers.mjs';
import { flowsIn, launch, signIn, visit } from './harness.mjs';

describe('flows', () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser.close());

  const flow = flowsIn(() => browser);

  flow(
    'signs in, buys with one tap and leaves for the plain page by a full navigation',
    { script: { stepMs: 40 } },
    async ({ page, world }) => {
      const loads = [];
      page.on('load', () => loads.push(page.url()));
      await signIn(page);
      await buyButton(page).click();
      await atOnlinePage(page);
      assert.equal(world.debits, 1);
      assert.equal(loads.filter((url) => url.includes('/online.html')).length, 1);
      assert.match(await page.locator('.until').innerText(), /\d\d:\d\d/);
      await page.locator('a').click();
      assert.match(await page.locator('.digits').innerText(), /^2:59:5\d|3:00:00$/);
    },
  );

  flow(
    'shows each step of a slow purchase, pushed',
    { script: { timeline: 'slow', stepMs: 700 }, prepare: member },
    async ({ page }) => {
      await buyButton(page).click();
      await page.waitForURL(/\/purchase\/pur_1/);
      await page.locator('.stages li.running', { hasText: 'Thanh toán' }).waitFor();
      await page.locator('.stages li.running', { hasText: 'Mở mạng' }).waitFor();
      await atOnlinePage(page);
    },
  );

  flow(
    'follows by polling where events do not come through',
    { script: { timeline: 'slow', stepMs: 2_500, events: false }, prepare: member },
    async ({ page }) => {
      await buyButton(page).click();
      await page.locator('.stages li.running', { hasText: 'Mở mạng' }).waitFor();
      await atOnlinePage(page);
    },
  );

  flow(
    'asks again under the same key when answers are lost: one debit',
    { script: { stepMs: 40, loseAnswers: 2 }, prepare: member },
    async ({ page, world }) => {
      await buyButton(page).click();
      await page.locator('h1', { hasText: 'đang hỏi lại' }).waitFor();
      await atOnlinePage(page);
      assert.equal(world.debits, 1);
    },
  );

  flow(
    'finds the purchase again after a reload, and after the window was closed',
    { script: { timeline: 'slow', stepMs: 1_500 }, prepare: member },
    async ({ page, phone, url, world }) => {
      await buyButton(page).click();
      await page.waitForURL(/\/purchase\/pur_1/);
      await page.reload();
      await page.locator('.stages').waitFor();
      await page.close();
      const again = await phone.newPage();
      await again.goto(`${url}/?v=visit.test`);
      await again.waitForURL(/\/(purchase\/pur_1|online\.html)/);
      await atOnlinePage(again);
      assert.equal(world.debits, 1);
    },
  );

  flow(
    'does not leave again when an old purchase is opened',
    { script: { stepMs: 20 }, prepare: member },
    async ({ page, url }) => {
      await buyButton(page).click();
      await atOnlinePage(page);
      await page.goto(`${url}/purchase/pur_1?v=visit.test`);
      await page.locator('.stage-panel.won').waitFor();
      await page.waitForTimeout(300);
      assert.match(page.url(), /\/purchase\/pur_1/);
    },
  );

  flow(
    'offers the new price and buys at it',
    {
      script: { stepMs: 20, buy: problem('PRICE_CHANGED', { current_price: 12_000 }), buyOnce: true },
      prepare: member,
    },
    async ({ page, world }) => {
      await buyButton(page).click();
      await page.locator('.notice .primary', { hasText: '12.000' }).click();
      await atOnlinePage(page);
      assert.equal(world.debits, 1);
    },
  );

  flow(
    'checks the balance again after a top-up',
    { script: { stepMs: 20 }, prepare: (world) => (world.account = world.accounts.lan) },
    async ({ page, world }) => {
      await page.locator('.buy-bar', { hasText: '8.000' }).waitFor();
      world.accounts.lan.balance = 20_000;
      await page.getByRole('button', { name: 'Tôi đã nạp' }).click();
      await page.locator('.way', { hasText: 'Số dư' }).waitFor();
      await buyButton(page).click();
      await atOnlinePage(page);
    },
  );

  flow(
    'frees a place by disconnecting a device, then goes on',
    {
      prepare: (world) => {
        member(world);
        world.addSession({ deviceIds: ['dev_2', 'dev_3'], online: ['dev_2', 'dev_3'], device_limit: 2 });
        const taken = [
          {
            id: 'dev_2',
            mac_masked: '3C:22:••:••:••:71',
            is_private_mac: false,
            is_this_device: false,
            online: true,
          },
        ];
        world.script.resume = problem('MAX_DEVICES_REACHED', { devices: taken, device_limit: 2 });
      },
    },
    async ({ page, world }) => {
      await page.locator('.resumable .primary').click();
      await page.getByRole('button', { name: /Ngắt Thiết bị 1/ }).click();
      await page.getByText('Đã ngắt.').waitFor();
      world.script.resume = null;
      await page.locator('.notice .primary').click();
      await atOnlinePage(page);
      assert.deepEqual(world.sessions[0].online, ['dev_1']);
    },
  );

  flow(
    'recognises the device, and resumes the paused session after sign-in',
    {
      prepare: (world) => {
        world.returning = { display_name: 'Minh' };
        world.addSession({ state: 'paused', reason: 'PC_LOGOUT', leftMs: 5_400_000, online: [] });
      },
    },
    async ({ page }) => {
      await page.getByText('Mừng bạn trở lại, Minh').waitFor();
      await signIn(page);
      await page.getByRole('button', { name: 'Dùng tiếp' }).click();
      await atOnlinePage(page);
    },
  );

  flow(
    'brings back a device that the router has lost',
    {
      prepare: (world) => {
        member(world);
        world.addSession({ online: [] });
      },
    },
    async ({ page, world }) => {
      await page.getByText('Máy này đang mất mạng').waitFor();
      await page.getByRole('button', { name: 'Vào mạng lại' }).click();
      await atOnlinePage(page);
      assert.deepEqual(world.sessions[0].online, ['dev_1']);
    },
  );

  flow(
    'shows the pause when the customer leaves the PC, without a reload',
    {
      prepare: (world) => {
        member(world);
        world.addSession();
      },
    },
    async ({ page, world }) => {
      await page.locator('.digits').waitFor();
      world.end(world.sessions[0], 'paused', 'PC_LOGOUT');
      await page.getByText('Bạn đã rời máy trạm').waitFor();
      await page.getByRole('button', { name: 'Dùng tiếp' }).waitFor();
    },
  );

  flow(
    'adds time to the running session and stays on its page',
    {
      script: { stepMs: 20 },
      prepare: (world) => {
        member(world);
        world.addSession();
      },
    },
    async ({ page, world }) => {
      await page.getByRole('button', { name: 'Thêm giờ' }).click();
      await buyButton(page).click();
      await page.waitForURL(/\/session\?/);
      await page.locator('.digits', { hasText: /^5:59:5\d|6:00:00$/ }).waitFor();
      assert.equal(world.debits, 1);
    },
  );

  flow(
    'ends the session only after asking',
    {
      prepare: (world) => {
        member(world);
        world.addSession();
      },
    },
    async ({ page, world }) => {
      await page.getByRole('button', { name: 'Kết thúc phiên' }).click();
      assert.equal(world.sessions[0].state, 'active');
      await page.getByRole('button', { name: 'Kết thúc', exact: true }).click();
      await page.getByText('Bạn đã kết thúc phiên này').waitFor();
      await page.getByRole('button', { name: 'Chọn gói WiFi' }).click();
      await buyButton(page).waitFor();
    },
  );

  flow('signs out', { prepare: member }, async ({ page }) => {
    await page.getByRole('button', { name: 'Đăng xuất' }).click();
    await page.locator('#username').waitFor();
  });

  flow('changes the language and keeps it over a reload', {}, async ({ page }) => {
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Welcome to Quận 7' }).waitFor();
    assert.equal(await page.getAttribute('html', 'lang'), 'en');
    await page.reload();
    await page.getByRole('heading', { name: 'Welcome to Quận 7' }).waitFor();
  });

  flow('can be used with the keyboard alone', { script: { stepMs: 20 } }, async ({ page }) => {
    const press = async (key, times = 1) => {
      for (let count = 0; count < times; count += 1) await page.keyboard.press(key);
    };
    await page.locator('#username').waitFor();
    for (let tabs = 0; tabs < 10 && (await page.evaluate(() => document.activeElement?.id)) !== 'username'; tabs += 1)
      await press('Tab');
    await page.keyboard.type('minh');
    await press('Tab');
    await page.keyboard.type('1234');
    await press('Enter');
    await buyButton(page).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1');
    await press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'package');
    await press('ArrowDown');
    // Past the way to choose another way to pay.
    await press('Tab', 2);
    await press('Enter');
    await atOnlinePage(page);
  });

  flow('works without storage and cookies', { script: { stepMs: 20 } }, async ({ page, phone }) => {
    await page.addInitScript(() => {
      for (const name of ['localStorage', 'sessionStorage'])
        Object.defineProperty(window, name, {
          get: () => {
            throw new Error('no storage here');
          },
        });
    });
    await page.reload();
    await signIn(page);
    await buyButton(page).click();
    await atOnlinePage(page);
    assert.deepEqual(await phone.cookies(), []);
  });

  flow(
    'comes back by itself when the portal could not be reached',
    { script: { down: true } },
    async ({ page, world }) => {
      await page.locator('.notice.bad').waitFor();
      world.script.down = false;
      await page.getByRole('button', { name: 'Thử lại' }).click();
      await page.locator('#username').waitFor();
    },
  );

  flow('asks for the sign-in again when the server forgot it', { prepare: member }, async ({ page, world }) => {
    await buyButton(page).waitFor();
    world.account = null;
    await buyButton(page).click();
    await page.locator('.notice .primary', { hasText: 'Đăng nhập' }).click();
    await signIn(page);
    await buyButton(page).waitFor();
  });

  flow(
    'ends a session only for its signed-in customer, who is asked again after signing in',
    { prepare: (world) => world.addSession() },
    async ({ page, world }) => {
      await page.getByRole('button', { name: 'Kết thúc phiên' }).click();
      await page.locator('.button.danger').click();
      await page.locator('.notice.bad', { hasText: 'Bạn chưa đăng nhập' }).waitFor();
      assert.equal(world.sessions[0].state, 'active');
      await page.locator('.notice .primary', { hasText: 'Đăng nhập' }).click();
      await signIn(page);
      await page.locator('#end-ask').waitFor();
      assert.equal(world.sessions[0].state, 'active');
      await page.locator('.button.danger').click();
      await page.getByText('Bạn đã kết thúc phiên này').waitFor();
    },
  );

  flow('goes on in the visit that the sign-in begins', {}, async ({ page }) => {
    await page.locator('#username').waitFor();
    const before = new URL(page.url()).searchParams.get('v');
    await signIn(page);
    await buyButton(page).waitFor();
    const after = new URL(page.url()).searchParams.get('v');
    assert.notEqual(after, before);
    await page.reload();
    await buyButton(page).waitFor();
    assert.equal(new URL(page.url()).searchParams.get('v'), after);
  });

  it('posts the login form of a router that lets only the browser log in, once', async () => {
    const posted = [];
    const router = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        if (request.method === 'POST') posted.push(body);
        response.end('<!doctype html><title>router</title>');
      });
    });
    await new Promise((resolve) => router.listen(0, '127.0.0.1', resolve));
    const loginUrl = `http://127.0.0.1:${router.address().port}/login`;
    const { page, url, close } = await visit(browser, {
      script: { timeline: 'browser_login', stepMs: 20, loginUrl },
      prepare: member,
    });
    try {
      await buyButton(page).click();
      await page.waitForURL(loginUrl);
      assert.deepEqual(posted, ['username=s-1&password=one-time&dst=%2Fonline.html']);
      await page.goBack();
      await page.getByRole('button', { name: 'Bước cuối: vào mạng' }).waitFor();
      await page.waitForTimeout(300);
      assert.equal(posted.length, 1);

      // Found in a new window, perhaps because the router refused: the customer decides.
      await page.goto(`${url}/?v=visit.test`);
      await page.waitForURL(/\/purchase\/pur_1/);
      const button = page.getByRole('button', { name: 'Bước cuối: vào mạng' });
      await button.waitFor();
      await page.waitForTimeout(300);
      assert.equal(posted.length, 1);
      await button.click();
      await page.waitForURL(loginUrl);
      assert.equal(posted.length, 2);
    } finally {
      await close();
      router.close();
    }
  });
});
