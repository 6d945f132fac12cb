// When the PC system or the router fails in the middle of a purchase: the customer is told the truth, gets WiFi or his
// money back, and pays once.
import assert from 'node:assert/strict';
import { atOnlinePage, buyButton, isAccessible, openPortal, signIn } from './support/browser.mjs';
import { comeIn, inCafe, isTold } from './support/scene.mjs';
import { until } from './support/wait.mjs';

inCafe('a PC system that is down', (scene) => {
  scene(
    'keeps nobody from trying again: sign-in works as soon as it is back',
    {},
    async ({ cafe, page, handset, member }) => {
      await openPortal(page, handset);
      await cafe.fault('error_before_commit');
      await signIn(page, member);
      await isTold(page, 'Máy chủ của quán chưa trả lời');
      await cafe.clearFaults();
      // Its circuit breaker may still be open; the customer's next taps find it closed.
      await until('the sign-in works again', async () => {
        await page.locator('form button[type=submit]:enabled').click();
        const shown = page.locator('.buy-bar .primary, .notice.bad').first();
        await page.locator('form button[type=submit]:disabled').waitFor({ state: 'detached' });
        await shown.waitFor();
        return buyButton(page).isVisible();
      });
      await buyButton(page).click();
      await atOnlinePage(page);
    },
  );
});

inCafe('a PC system that takes the money and does not answer', (scene) => {
  scene('is asked until it is known: online, paid once', {}, async ({ cafe, page, handset, member }) => {
    await comeIn(page, handset, member);
    // Four tries of the charge and the first question after it get no answer.
    await cafe.fault('drop_after_commit', { on: '/v1/charges', next: 5 });
    await buyButton(page).click();
    await page.waitForURL(/\/purchase\//);
    await page.locator('.stages li.running', { hasText: 'Thanh toán' }).waitFor();
    await isAccessible(page);
    await page.waitForURL(/\/online\.html\?/, { timeout: 60_000 });
    const charges = await cafe.chargesOf(member);
    assert.equal(charges.length, 1);
    assert.equal(await cafe.cashOf(member), 38_000);
    assert.equal(await handset.hasInternet(), true);
  });
});

inCafe('a router that refuses the phone', (scene) => {
  scene('costs nothing: the money is back at once', {}, async ({ cafe, page, handset, member }) => {
    await comeIn(page, handset, member);
    await cafe.router(`devices/${handset.mac}/leave`);
    await buyButton(page).click();
    await page.locator('.good-text', { hasText: '12.000' }).waitFor();
    await page.getByRole('heading', { name: 'Đã hoàn tiền' }).waitFor();
    await isAccessible(page);
    assert.equal(await cafe.cashOf(member), 50_000);
    const [charge] = await cafe.chargesOf(member);
    assert.equal(charge.refunded_total, 12_000);
    await page.getByRole('button', { name: 'Chọn gói khác' }).click();
    await buyButton(page).waitFor();
    assert.match(await page.locator('.account').innerText(), /50\.000/);
  });

  scene('costs nothing even if the refund needs a second try', {}, async ({ cafe, page, handset, member }) => {
    await comeIn(page, handset, member);
    await cafe.router(`devices/${handset.mac}/leave`);
    await cafe.fault('error_before_commit', { on: '/refunds', next: 4 });
    await buyButton(page).click();
    await page.getByRole('heading', { name: 'Đang hoàn tiền' }).waitFor();
    await page.locator('.good-text', { hasText: '12.000' }).waitFor({ timeout: 60_000 });
    assert.equal(await cafe.cashOf(member), 50_000);
  });
});

inCafe('a router that is away', (scene) => {
  scene('and comes back in time: paid, and online without another tap', {}, async ({ cafe, page, handset, member }) => {
    await comeIn(page, handset, member);
    await cafe.router('disappear');
    await buyButton(page).click();
    await page.waitForURL(/\/purchase\//);
    await page.locator('.stages li.running', { hasText: 'Mở mạng' }).waitFor();
    await isAccessible(page);
    assert.equal(await cafe.cashOf(member), 38_000);
    await cafe.router('reappear');
    await page.waitForURL(/\/online\.html\?/, { timeout: 60_000 });
    assert.equal(await handset.hasInternet(), true);
    assert.equal((await cafe.chargesOf(member))[0].refunded_total, 0);
  });

  scene('for too long: the money comes back, and the window says so', {}, async ({ cafe, page, handset, member }) => {
    await comeIn(page, handset, member);
    await cafe.router('disappear');
    await buyButton(page).click();
    await page.waitForURL(/\/purchase\//);
    // The way in by the browser is tried as well; where it fails, the router sends the browser back to its purchase.
    await page.getByRole('button', { name: 'Bước cuối: vào mạng' }).waitFor({ timeout: 60_000 });
    await isAccessible(page);
    await cafe.leap(90);
    await page.locator('.good-text', { hasText: '12.000' }).waitFor({ timeout: 60_000 });
    assert.equal(await cafe.cashOf(member), 50_000);
    assert.equal((await cafe.atRouter(handset)).online, false);
    await cafe.router('reappear');
    assert.equal(await handset.hasInternet(), false);
  });
});
