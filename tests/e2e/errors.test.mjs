// What a customer may do wrong or meet at the counter, each reached in the browser against the real program: what he is
// told, what he can do next, and that his money is where he is told it is.
import assert from 'node:assert/strict';
import { atOnlinePage, buyButton, choose, isAccessible, notice, openPortal, signIn } from './support/browser.mjs';
import { comeIn, inCafe, isTold } from './support/scene.mjs';
import { until } from './support/wait.mjs';

/** Where there are several ways to pay, the balance is one of them. */
const chooseBalance = (page) => page.locator('.method', { hasText: 'Số dư' }).click();

inCafe('signing in', (scene) => {
  scene(
    'refuses a wrong password, and after three tries lets nobody try again for a while',
    {},
    async ({ cafe, page, handset, member }) => {
      await openPortal(page, handset);
      await page.locator('form button[type=submit]').click();
      await page.getByText('Hãy nhập tên tài khoản').waitFor();
      for (let tries = 0; tries < 3; tries += 1) {
        await signIn(page, { ...member, password: `wrong ${tries}` });
        await isTold(page, 'Sai tên tài khoản hoặc mật khẩu');
        assert.equal(await page.locator('#password').inputValue(), '');
      }
      await signIn(page, member);
      await isTold(page, 'Bạn đã thử quá nhiều lần');
      assert.match(await notice(page).innerText(), /Thử lại được sau (4|5) phút/);

      // Another customer on another phone is not kept out by it.
      const neighbour = await cafe.addPhone();
      assert.equal((await neighbour.signIn(await cafe.addMember())).status, 200);
    },
  );

  scene(
    'sends a suspended account to the staff',
    { member: { status: 'suspended' } },
    async ({ page, handset, member }) => {
      await openPortal(page, handset);
      await signIn(page, member);
      await isTold(page, 'Tài khoản đang bị khóa');
      assert.match(await notice(page).innerText(), /nhân viên/);
    },
  );

  scene('tells a browser that did not come through the router to reopen the WiFi page', {}, async ({ cafe, page }) => {
    await page.goto(`${cafe.url}/`);
    await isTold(page, 'Chưa nhận ra thiết bị');
    await page.goto(`${cafe.url}/?v=forged.token`);
    await isTold(page, 'Chưa nhận ra thiết bị');
  });

  scene('comes back by itself when the WiFi was lost', {}, async ({ page, handset, member, air }) => {
    await openPortal(page, handset);
    air.isDown = true;
    await signIn(page, member);
    await isTold(page, 'Không kết nối được');
    air.isDown = false;
    await signIn(page, member);
    await buyButton(page).waitFor();
  });
});

inCafe('money', (scene) => {
  scene(
    'that is not there: the page says how much is missing, and goes on after a top-up',
    { member: { cash: 5_000 } },
    async ({ cafe, page, handset, member }) => {
      await comeIn(page, handset, member);
      await page.locator('.buy-bar', { hasText: '7.000' }).waitFor();
      await isAccessible(page);
      await cafe.pc('PATCH', `accounts/${member.id}`, { cash: 20_000 });
      await page.locator('.buy-bar .button').click();
      await chooseBalance(page);
      await buyButton(page).click();
      await atOnlinePage(page);
      assert.equal(await cafe.cashOf(member), 8_000);
    },
  );

  scene(
    'that was spent meanwhile: the PC system refuses, the figures are told',
    {},
    async ({ cafe, page, handset, member }) => {
      await comeIn(page, handset, member);
      await cafe.pc('PATCH', `accounts/${member.id}`, { cash: 4_000 });
      await buyButton(page).click();
      await isTold(page, 'Số dư không đủ');
      const figures = (await page.locator('.figures').innerText()).replace(/\s+/g, ' ');
      assert.match(figures, /12\.000.*4\.000.*8\.000/);
      assert.deepEqual(await cafe.chargesOf(member), []);
      assert.equal(await handset.hasInternet(), false);

      await cafe.pc('PATCH', `accounts/${member.id}`, { cash: 30_000 });
      await page.getByRole('button', { name: 'Tôi đã nạp, kiểm tra lại' }).click();
      await buyButton(page).click();
      await atOnlinePage(page);
      assert.equal(await cafe.cashOf(member), 18_000);
    },
  );

  scene('of an account that was suspended meanwhile is not taken', {}, async ({ cafe, page, handset, member }) => {
    await comeIn(page, handset, member);
    await cafe.pc('PATCH', `accounts/${member.id}`, { status: 'suspended' });
    await buyButton(page).click();
    await isTold(page, 'Tài khoản đang bị khóa');
    assert.equal(await cafe.cashOf(member), 50_000);
    assert.equal(await handset.hasInternet(), false);
  });
});

inCafe('a payment', (scene) => {
  scene('that the café refuses sends to the staff', {}, async ({ cafe, page, handset, member }) => {
    await comeIn(page, handset, member);
    await cafe.fault('refused', { on: '/v1/charges' });
    await buyButton(page).click();
    await isTold(page, 'Thanh toán bị từ chối');
    assert.match(await page.locator('main').innerText(), /chưa bị trừ tiền/);
    assert.equal(await cafe.cashOf(member), 50_000);
    assert.deepEqual(await cafe.chargesOf(member), []);
    assert.equal(await handset.hasInternet(), false);
  });

  scene("that the café's system does not take can be tried again", {}, async ({ cafe, page, handset, member }) => {
    await comeIn(page, handset, member);
    await cafe.fault('wrong_key', { on: '/v1/charges' });
    await buyButton(page).click();
    await isTold(page, 'Máy chủ của quán chưa trả lời');
    assert.match(await page.locator('main').innerText(), /chưa bị trừ tiền/);
    assert.deepEqual(await cafe.chargesOf(member), []);
    await cafe.clearFaults();
    await page.locator('.notice .primary').click();
    await buyButton(page).click();
    await atOnlinePage(page);
    assert.equal(await cafe.cashOf(member), 38_000);
  });

  scene(
    'of another amount than the price is left to the staff, and said so',
    {},
    async ({ cafe, page, handset, member }) => {
      await comeIn(page, handset, member);
      await cafe.fault('wrong_amount', { on: '/v1/charges', next: 1 });
      await buyButton(page).click();
      await page.getByRole('heading', { name: 'Tiền đang chờ hoàn' }).waitFor();
      const said = await page.locator('main').innerText();
      assert.match(said, /Số tiền đã trả khác số tiền cần trả/);
      assert.match(said, /nhân viên sẽ trả/);
      assert.doesNotMatch(said, /Không mở được mạng|12\.000/, 'not the router, and not an amount that nobody took');
      await isAccessible(page);
      assert.equal(await handset.hasInternet(), false);
      const [charge] = await cafe.chargesOf(member);
      assert.equal(charge.amount, 13_000);

      handset.continueFrom(page);
      const { json } = await handset.get('/portal');
      assert.equal(json.open_purchase.error.code, 'AMOUNT_MISMATCH');
      assert.equal(json.open_purchase.error.purchase_state, 'refund_queued');
    },
  );

  scene(
    'that never reaches the café expires, and the next one is charged once',
    {},
    async ({ cafe, page, handset, member }) => {
      await comeIn(page, handset, member);
      await cafe.fault('lost_request', { on: '/v1/charges' });
      await buyButton(page).click();
      await page.waitForURL(/\/purchase\//);
      await page.locator('.stages li.running', { hasText: 'Thanh toán' }).waitFor();
      await cafe.leap(20 * 60);
      await page.locator('.notice.bad', { hasText: 'Đã quá hạn thanh toán' }).waitFor({ timeout: 60_000 });
      assert.match(await page.locator('main').innerText(), /tự động được trả lại/);
      await isAccessible(page);
      assert.deepEqual(await cafe.chargesOf(member), []);
      assert.equal(await cafe.cashOf(member), 50_000);

      await cafe.clearFaults();
      await page.locator('.notice .primary').click();
      await chooseBalance(page);
      await buyButton(page).click();
      await atOnlinePage(page);
      assert.equal(await cafe.cashOf(member), 38_000);
      assert.equal((await cafe.chargesOf(member)).length, 1);
    },
  );
});

inCafe('devices', (scene) => {
  scene('that the café has blocked are sent to the staff', {}, async ({ cafe, page, handset, member }) => {
    await comeIn(page, handset, member);
    const watcher = await cafe.addPhone();
    await watcher.signIn(await cafe.addMember());
    // The price tells when the changed file is in force.
    await cafe.reconfigure(
      (text) =>
        text
          .replace('[locations.q7]', `[locations.q7]\nblocked_devices = ["${handset.mac}"]`)
          .replace('price = 2000', 'price = 2500'),
      async () => (await watcher.packages()).some(({ price }) => price === 2_500),
    );
    await buyButton(page).click();
    await isTold(page, 'Máy này đang bị chặn');
    assert.match(await notice(page).innerText(), /nhân viên/);
    assert.deepEqual(await cafe.chargesOf(member), []);
    assert.equal((await watcher.buyAndFollow('1 giờ')).state, 'online', 'another phone is not kept out');
  });

  scene('that are online already are not sold a second package', {}, async ({ cafe, page, handset, member, open }) => {
    const friend = await cafe.addMember();
    await comeIn(page, handset, member);
    const second = await open();
    await comeIn(second.page, handset, friend);
    await buyButton(second.page).click();
    await atOnlinePage(second.page);

    await buyButton(page).click();
    await isTold(page, 'Máy này đang có phiên WiFi');
    assert.deepEqual(await cafe.chargesOf(member), []);
    await page.getByRole('button', { name: 'Tải lại trang' }).click();
    await page.locator('.digits').waitFor();
  });

  scene(
    "beyond the package's limit get in when another one is disconnected",
    {},
    async ({ cafe, page, handset, member, open }) => {
      await comeIn(page, handset, member);
      await choose(page, 'Cả ngày');
      await buyButton(page).click();
      await atOnlinePage(page);
      const phones = [];
      for (let count = 0; count < 2; count += 1) {
        const phone = await cafe.addPhone();
        phones.push(phone);
        await phone.signIn(member);
        const { json } = await phone.get('/portal');
        const resumed = await phone.post('/sessions/{id}/resume', { params: { id: json.other_sessions[0].id } });
        assert.equal(resumed.status, 200);
        assert.equal(await phone.hasInternet(), true);
      }

      const fourth = await cafe.addPhone();
      const { page: late } = await open(fourth);
      await openPortal(late, fourth);
      await signIn(late, member);
      await late.getByRole('button', { name: 'Chuyển sang máy này' }).click();
      await isTold(late, 'Đã đủ số thiết bị');
      assert.equal(await late.locator('.notice .devices li').count(), 3);
      assert.equal(await fourth.hasInternet(), false);

      const last = phones[1].mac.slice(-2);
      await late
        .locator('.notice .devices li', { hasText: `:${last}` })
        .getByRole('button')
        .click();
      await late.getByText('Đã ngắt. Bây giờ bạn có thể thử lại.').waitFor();
      await phones[1].becomesOffline();
      await late.locator('.notice .primary').click();
      await atOnlinePage(late);
      await fourth.becomesOnline();
      assert.equal(await handset.hasInternet(), true);
      assert.equal(await phones[0].hasInternet(), true);
      assert.equal((await cafe.chargesOf(member)).length, 1);
    },
  );

  scene('that the customer disconnects from the session page go offline', {}, async ({ page, handset, member }) => {
    await comeIn(page, handset, member);
    await buyButton(page).click();
    await atOnlinePage(page);
    await page.locator('a').click();
    await page.locator('.devices li').getByRole('button').click();
    await handset.becomesOffline();
    await isAccessible(page);
  });
});

inCafe('a café that changes its offers', (scene) => {
  scene('asks before it takes another price', {}, async ({ cafe, page, handset, member }) => {
    await comeIn(page, handset, member);
    const watcher = await cafe.addPhone();
    await watcher.signIn(await cafe.addMember());
    await cafe.reconfigure(
      (text) => text.replace('price = 12000', 'price = 14000'),
      async () => (await watcher.packages()).some(({ price }) => price === 14_000),
    );
    await buyButton(page).click();
    await isTold(page, 'Giá vừa thay đổi');
    assert.deepEqual(await cafe.chargesOf(member), []);
    await page.locator('.notice .primary', { hasText: '14.000' }).click();
    await atOnlinePage(page);
    assert.equal(await cafe.cashOf(member), 36_000);
  });

  scene(
    'refuses what is not sold any more, is full, or was bought often enough',
    {},
    async ({ cafe, page, handset, member, open }) => {
      await comeIn(page, handset, member);
      await choose(page, '1 giờ');
      const watcher = await cafe.addPhone();
      await watcher.signIn(await cafe.addMember());
      const table = (name, more) => (text) => text.replace(`[packages.${name}]`, `[packages.${name}]\n${more}`);
      await cafe.reconfigure(
        (text) =>
          [
            table('hour', 'status = "archived"'),
            table('day', 'capacity = 1'),
            table('quick', 'purchases_per_day = 1'),
          ].reduce((changed, change) => change(changed), text),
        async () => !(await watcher.packages()).some(({ name }) => name === '1 giờ'),
      );

      await buyButton(page).click();
      await isTold(page, 'Gói này hiện không bán');
      await page.getByRole('button', { name: 'Chọn gói khác' }).click();
      await page.locator('label.package').first().waitFor();
      await until(
        'the archived package is gone',
        async () => (await page.getByText('1 giờ', { exact: true }).count()) === 0,
      );

      // One place only, and it is taken.
      assert.equal((await watcher.buyAndFollow('Cả ngày')).state, 'online');
      await choose(page, 'Cả ngày');
      await buyButton(page).click();
      await isTold(page, 'Gói này đã hết chỗ');
      await page.getByRole('button', { name: 'Chọn gói khác' }).click();

      // Once a day.
      await choose(page, '15 phút');
      await buyButton(page).click();
      await atOnlinePage(page);
      handset.continueFrom(page);
      await handset.signIn(member);
      const { json } = await handset.get('/sessions/current');
      await handset.post('/sessions/{id}/end', { params: { id: json.session.id } });
      const again = await open();
      await comeIn(again.page, handset, member);
      await again.page.locator('label.package.off', { hasText: 'Hết lượt mua hôm nay' }).waitFor();
      await isAccessible(again.page);
      const refused = await handset.buy('15 phút');
      assert.equal(refused.json.code, 'PURCHASE_LIMIT_REACHED');
      assert.equal((await cafe.chargesOf(member)).length, 1);
    },
  );

  scene(
    'ends a session whose data is used up',
    { phone: { downBps: 40_000_000 } },
    async ({ cafe, page, handset, member }) => {
      const watcher = await cafe.addPhone();
      await watcher.signIn(await cafe.addMember());
      await cafe.reconfigure(
        (text) => text.replace('[packages.evening]', '[packages.evening]\ndata_cap = "5MB"'),
        async () => (await watcher.packages()).some(({ data_cap_bytes }) => data_cap_bytes !== null),
      );
      await comeIn(page, handset, member);
      await buyButton(page).click();
      await atOnlinePage(page);
      await handset.becomesOffline();
      await page.locator('a').click();
      await page.getByText('Đã dùng hết dữ liệu của gói').waitFor();
      await isAccessible(page);
    },
  );

  scene('that stops taking the balance says so', {}, async ({ cafe, page, handset, member }) => {
    await comeIn(page, handset, member);
    const watcher = await cafe.addPhone();
    await watcher.arrive();
    await cafe.reconfigure(
      (text) =>
        text.replace(/\[pc_systems\.q7\][^[]*(\[[^\]]*\][^[]*?)?(?=\n\[)/, (found) =>
          found.includes('webhook_secrets') ? '' : found,
        ),
      async () => (await watcher.get('/portal')).json.payment_methods[0].available === false,
    );
    await buyButton(page).click();
    await isTold(page, 'Cách thanh toán này đang tạm ngừng');
    await page.reload();
    // The other ways to pay are still there.
    await buyButton(page).click();
    await page.locator('.method', { hasText: 'MoMo' }).waitFor();
    assert.equal(await page.locator('.method', { hasText: 'Số dư' }).count(), 0);
    assert.deepEqual(await cafe.chargesOf(member), []);
  });
});
