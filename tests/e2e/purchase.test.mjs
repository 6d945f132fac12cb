// The main job, as a customer does it: a phone joins the WiFi, meets the portal, signs in with a PC account, pays with
// its balance and is online at the router; time runs; leaving the PC ends it.
import assert from 'node:assert/strict';
import { atOnlinePage, buyButton, choose, isAccessible, openPortal, signIn } from './support/browser.mjs';
import { comeIn, inCafe } from './support/scene.mjs';
import { until } from './support/wait.mjs';

const evening = { name: '3 giờ', price: 12_000, seconds: 3 * 3_600 };

inCafe('a purchase', (scene) => {
  const digits = async (page) => {
    const [hours, minutes, seconds] = (await page.locator('.digits').innerText()).split(':').map(Number);
    return hours * 3_600 + minutes * 60 + seconds;
  };

  scene(
    'goes from the captive redirect to online; time runs; leaving the PC pauses it; it is resumed and ended',
    { phone: { downBps: 4_000_000, upBps: 500_000 } },
    async ({ cafe, page, handset, member }) => {
      await cafe.sitDown(member);
      assert.equal(await handset.hasInternet(), false);

      await openPortal(page, handset);
      assert.equal(await page.locator('main h1').innerText(), 'Chào bạn đến Galaxy Quận 7');
      await isAccessible(page);
      await signIn(page, member);
      await buyButton(page).waitFor();
      await isAccessible(page);
      assert.match(await page.locator('.account').innerText(), /50\.000/);
      assert.match(await buyButton(page).innerText(), /12\.000/, 'the recommended package is chosen');

      // One tap.
      const tapped = Date.now();
      await buyButton(page).click();
      await atOnlinePage(page);
      const tookMs = Date.now() - tapped;
      await isAccessible(page);
      assert.match(await page.locator('.until').innerText(), /\d\d:\d\d/);
      assert.ok(tookMs < 10_000, `from the tap to online in ${tookMs} ms`);

      // The router agrees, and enforces what was bought.
      assert.equal(await handset.hasInternet(), true);
      const there = await cafe.atRouter(handset);
      assert.equal(there.online, true);
      assert.match(there.rate_limit, /^2(M|000k|000000)\/10(M|000k|000000)/);
      assert.ok(
        there.time_left_s > evening.seconds - 60 && there.time_left_s <= evening.seconds,
        `${there.time_left_s}`,
      );
      assert.equal(await cafe.cashOf(member), 50_000 - evening.price);
      const charges = await cafe.chargesOf(member);
      assert.deepEqual(
        charges.map(({ amount, refunded_total }) => [amount, refunded_total]),
        [[evening.price, 0]],
      );

      // Time runs, in the window and at the router.
      await page.locator('a').click();
      const first = await digits(page);
      assert.ok(first > evening.seconds - 60 && first <= evening.seconds, `${first}`);
      await until('the clock goes down', async () => (await digits(page)) <= first - 2);
      await until('the router counts octets', async () => (await cafe.atRouter(handset)).down_octets > 100_000);
      await isAccessible(page);

      // The customer leaves the PC: the window tells without a reload, and the router holds the phone back.
      const left = Date.now();
      await cafe.leave(member);
      await handset.becomesOffline();
      const offlineMs = Date.now() - left;
      await page.getByText('Bạn đã rời máy trạm').waitFor();
      assert.equal((await cafe.atRouter(handset)).online, false);
      assert.ok(offlineMs < 5_000, `cut off ${offlineMs} ms after leaving the PC`);
      await isAccessible(page);

      // The time is kept; one tap goes on with it.
      const kept = (await handset.arrive(), await handset.get('/sessions/current')).json.session;
      assert.equal(kept.state, 'paused');
      assert.ok(kept.seconds_left <= first && kept.seconds_left > first - 120, `${kept.seconds_left} of ${first}`);
      await page.getByRole('button', { name: 'Dùng tiếp' }).click();
      await atOnlinePage(page);
      await handset.becomesOnline();
      const again = await cafe.atRouter(handset);
      assert.ok(
        again.time_left_s <= kept.seconds_left && again.time_left_s > kept.seconds_left - 60,
        `${again.time_left_s}`,
      );
      assert.equal((await cafe.chargesOf(member)).length, 1, 'no second charge');

      // Ended by the customer, after asking.
      await page.locator('a').click();
      await page.getByRole('button', { name: 'Kết thúc phiên' }).click();
      assert.equal(await handset.hasInternet(), true);
      await page.getByRole('button', { name: 'Kết thúc', exact: true }).click();
      await page.getByText('Bạn đã kết thúc phiên này').waitFor();
      await handset.becomesOffline();
      assert.equal(await cafe.cashOf(member), 50_000 - evening.price);
    },
  );

  scene('and leaving the PC take no longer than promised, by the product’s own measure', {}, async ({ cafe }) => {
    for (let count = 0; count < 5; count += 1) {
      const handset = await cafe.addPhone();
      const member = await cafe.addMember();
      await cafe.sitDown(member);
      await handset.signIn(member);
      assert.equal((await handset.buyAndFollow('3 giờ')).state, 'online');
      await cafe.leave(member);
      await handset.becomesOffline();
    }
    // Never more than these, outside systems included; the scene before counts as well.
    const promised = { purchase: 2, log_in: 1, payment: 1, activation: 0.5, pc_logout: 1 };
    for (const [workflow, seconds] of Object.entries(promised)) {
      await until(`${workflow} is measured`, async () => (await cafe.runs(workflow, seconds)).all >= 5);
      const { all, over } = await cafe.runs(workflow, seconds);
      assert.equal(over, 0, `${over} of ${all} runs of ${workflow} took over ${seconds} s`);
    }
  });

  scene(
    'of a package that stops at the PC ends when the customer leaves it',
    {},
    async ({ cafe, page, handset, member }) => {
      await cafe.sitDown(member);
      await comeIn(page, handset, member);
      await choose(page, '15 phút');
      await buyButton(page).click();
      await atOnlinePage(page);
      await page.locator('a').click();
      await page.locator('.digits').waitFor();
      await cafe.leave(member);
      await page.getByRole('heading', { name: 'Phiên đã kết thúc' }).waitFor();
      await page.getByText('Bạn đã rời máy trạm').waitFor();
      await handset.becomesOffline();
      await page.getByRole('button', { name: 'Chọn gói WiFi' }).click();
      await buyButton(page).waitFor();
    },
  );

  scene('survives a move between PCs', {}, async ({ cafe, page, handset, member }) => {
    await cafe.sitDown(member);
    await comeIn(page, handset, member);
    await buyButton(page).click();
    await atOnlinePage(page);
    await cafe.pc('POST', `pcs/${member.pc}/move`, { to: `${member.pc}-B` });
    handset.continueFrom(page);
    const { json } = await handset.get('/sessions/current');
    assert.equal(json.session.state, 'active');
    assert.equal(await handset.hasInternet(), true);
    await cafe.pc('POST', `pcs/${member.pc}-B/logout`, {});
    await handset.becomesOffline();
  });

  scene('is extended from the session page', {}, async ({ cafe, page, handset, member }) => {
    await comeIn(page, handset, member);
    await choose(page, '1 giờ');
    await buyButton(page).click();
    await atOnlinePage(page);
    await page.locator('a').click();
    await page.getByRole('button', { name: 'Thêm giờ' }).click();
    await page.locator('.buy-bar').waitFor();
    await isAccessible(page);
    await choose(page, '1 giờ');
    await buyButton(page).click();
    await page.waitForURL(/\/session\?/);
    await until('two hours are left', async () => (await digits(page)) > 2 * 3_600 - 60);
    await until('the router knows it', async () => (await cafe.atRouter(handset)).time_left_s > 2 * 3_600 - 60);
    assert.equal(await cafe.cashOf(member), 40_000);
    await page.getByRole('button', { name: 'Lịch sử' }).click();
    await page.locator('.history li').nth(1).waitFor();
    assert.match(await page.locator('.history').innerText(), /1 giờ · thêm giờ[\s\S]*Thành công[\s\S]*5\.000/);
    await isAccessible(page);
  });

  scene('can be made with the keyboard alone', {}, async ({ cafe, page, handset, member }) => {
    const focused = (what) => page.evaluate((name) => document.activeElement?.[name] ?? null, what);
    const tabTo = async (what, value) => {
      for (let tabs = 0; tabs < 15; tabs += 1) {
        if ((await focused(what)) === value) return;
        await page.keyboard.press('Tab');
      }
      assert.fail(`Tab does not reach ${value}`);
    };
    await openPortal(page, handset);
    await tabTo('id', 'username');
    await page.keyboard.type(member.username);
    await tabTo('id', 'password');
    await page.keyboard.type(member.password);
    await page.keyboard.press('Enter');
    await buyButton(page).waitFor();
    await tabTo('name', 'package');
    const chosen = () => page.locator('input[name=package]:checked').inputValue();
    const before_ = await chosen();
    await page.keyboard.press('ArrowUp');
    assert.notEqual(await chosen(), before_);
    await page.keyboard.press('ArrowDown');
    assert.equal(await chosen(), before_);
    await tabTo('className', 'button primary wide');
    await page.keyboard.press('Enter');
    await atOnlinePage(page);
    assert.equal(await handset.hasInternet(), true);
  });
});

inCafe('the end', (scene) => {
  scene(
    'of the time cuts the phone off; nothing is sold for what is over',
    {},
    async ({ cafe, page, handset, member }) => {
      await comeIn(page, handset, member);
      await choose(page, '1 giờ');
      await buyButton(page).click();
      await atOnlinePage(page);

      // A minute before its end the session still runs.
      await cafe.leap(3_600 - 60);
      assert.equal(await handset.hasInternet(), true);
      await page.locator('a').click();
      await page.locator('.time-left.low').waitFor();
      await page.getByRole('button', { name: 'Thêm giờ' }).click();
      await buyButton(page).waitFor();
      await cafe.leap(65);
      await handset.becomesOffline();
      await buyButton(page).click();
      const refusal = page.locator('.notice.bad');
      await refusal.getByText('Phiên đã hết giờ').waitFor();
      await isAccessible(page);
      assert.equal((await cafe.chargesOf(member)).length, 1, 'nothing was paid for a session that is over');

      await page.getByRole('button', { name: 'Quay lại' }).click();
      await page.getByRole('heading', { name: 'Phiên đã kết thúc' }).waitFor();
      await page.getByText('Đã hết thời gian của gói').waitFor();
      await page.getByRole('button', { name: 'Chọn gói WiFi' }).click();

      // The sign-in lasts for half a day.
      await cafe.leap(12 * 3_600);
      await buyButton(page).click();
      await page.locator('.notice.bad').getByText('Bạn chưa đăng nhập').waitFor();
      await page.locator('.notice .primary', { hasText: 'Đăng nhập' }).click();
      await signIn(page, member);
      await buyButton(page).waitFor();

      // The visit lasts for a day.
      await cafe.leap(24 * 3_600);
      await page.reload();
      await page.locator('.notice.bad').getByText('Chưa nhận ra thiết bị').waitFor();
      await isAccessible(page);
    },
  );
});
