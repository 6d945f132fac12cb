// Phones as they are: captive windows that close, forget and lose answers, customers that come back or bring a new phone.
import assert from 'node:assert/strict';
import { anyHost, atOnlinePage, buyButton, isAccessible, openPortal, signIn } from './support/browser.mjs';
import { comeIn, inCafe } from './support/scene.mjs';

inCafe('a purchase', (scene) => {
  scene(
    'works without cookies and without storage',
    { window: { keepsCookies: false, hasStorage: false } },
    async ({ page, context, handset, member }) => {
      await comeIn(page, handset, member);
      await page.reload();
      await buyButton(page).waitFor();
      await buyButton(page).click();
      await atOnlinePage(page);
      assert.equal(await handset.hasInternet(), true);
      await page.locator('a').click();
      await page.locator('.digits').waitFor();
      assert.deepEqual(await context.cookies(), []);
    },
  );

  scene(
    'speaks English where the phone does, and Vietnamese on demand',
    { window: { language: 'en-GB' } },
    async ({ cafe, page, handset, member }) => {
      await openPortal(page, handset);
      await page.getByRole('heading', { name: 'Welcome to Galaxy Quận 7' }).waitFor();
      assert.equal(await page.getAttribute('html', 'lang'), 'en');
      await signIn(page, { ...member, password: 'wrong' });
      await page.getByText('Wrong account name or password').waitFor();
      await signIn(page, member);
      await page.getByRole('heading', { name: 'Pick a WiFi package' }).waitFor();
      await page.getByRole('button', { name: 'Tiếng Việt' }).click();
      await page.getByRole('heading', { name: 'Chọn gói WiFi' }).waitFor();
      assert.equal(await page.getAttribute('html', 'lang'), 'vi');
      await page.reload();
      await page.getByRole('heading', { name: 'Chọn gói WiFi' }).waitFor();
      await page.getByRole('button', { name: 'English' }).click();
      await buyButton(page).click();
      await atOnlinePage(page);
      await page.getByRole('heading', { name: 'You are online' }).waitFor();
    },
  );

  scene('is found again by a captive window that was closed', {}, async ({ cafe, page, handset, member, open }) => {
    await cafe.fault('delay', { on: '/v1/charges', next: 1, delayMs: 4_000 });
    await comeIn(page, handset, member);
    await buyButton(page).click();
    await page.waitForURL(/\/purchase\//);
    const address = new URL(page.url()).pathname;
    await page.close();

    // A new window, without cookies or address: the server knows this phone's purchase.
    const reopened = await open();
    await reopened.page.goto(`http://${anyHost}/news`);
    await reopened.page.waitForURL((url) => url.pathname === address || url.pathname === '/online.html');
    await atOnlinePage(reopened.page);
    await reopened.page.locator('a').click();
    await reopened.page.locator('.digits').waitFor();
    assert.equal((await cafe.chargesOf(member)).length, 1);
    assert.equal(await handset.hasInternet(), true);
  });

  scene(
    'loses no answer: the same order is sent again and paid once',
    {},
    async ({ cafe, page, handset, member, air }) => {
      await comeIn(page, handset, member);
      let isLosing = true;
      air.loseAnswer = (method, url) => isLosing && method === 'POST' && url.pathname === '/api/v1/purchases';
      await buyButton(page).click();
      await page.getByRole('heading', { name: 'Mạng chập chờn, đang hỏi lại kết quả' }).waitFor();
      isLosing = false;
      await atOnlinePage(page);
      assert.equal((await cafe.chargesOf(member)).length, 1);
    },
  );

  scene(
    'by a phone that was here before is offered to its last customer',
    {},
    async ({ cafe, page, handset, member, open }) => {
      await cafe.sitDown(member);
      await comeIn(page, handset, member);
      await buyButton(page).click();
      await atOnlinePage(page);
      await cafe.leave(member);
      await handset.becomesOffline();

      const later = await open();
      await openPortal(later.page, handset);
      await later.page.getByText(`Mừng bạn trở lại, ${member.display_name.slice(0, 2)}…`).waitFor();
      await later.page.locator('.resumable').waitFor();
      await isAccessible(later.page);
      await signIn(later.page, member);
      await later.page.getByRole('button', { name: 'Dùng tiếp' }).click();
      await atOnlinePage(later.page);
      await later.page.locator('a').click();
      await later.page.getByRole('button', { name: 'Đăng xuất' }).click();
      await later.page.locator('.digits').waitFor();
      assert.equal(await handset.hasInternet(), true, 'signing out of the portal leaves the session alone');
      assert.equal((await cafe.chargesOf(member)).length, 1);
    },
  );

  scene(
    "moves to the customer's new phone, and the old one goes offline",
    {},
    async ({ cafe, page, handset, member, open }) => {
      await comeIn(page, handset, member);
      await buyButton(page).click();
      await atOnlinePage(page);

      const newPhone = await cafe.addPhone();
      const other = await open(newPhone);
      await openPortal(other.page, newPhone);
      await signIn(other.page, member);
      await other.page.getByRole('button', { name: 'Chuyển sang máy này' }).click();
      await atOnlinePage(other.page);
      assert.equal(await newPhone.hasInternet(), true);
      await handset.becomesOffline();
      assert.equal((await cafe.chargesOf(member)).length, 1);
    },
  );
});
