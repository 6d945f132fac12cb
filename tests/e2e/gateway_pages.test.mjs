// Paying outside in a phone's browser: from the portal through the walled garden to the gateway's page, there a click, and
// back to the portal, which says what came of it. And what a customer can meet on the way.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isLetThrough } from './support/handset.mjs';
import { removeFolder, temporaryFolder } from './support/program.mjs';
import { choosePayment, idAt, inCafe, isTold, orderBy, toWaysToPay } from './support/scene.mjs';
import { until } from './support/wait.mjs';

const run = promisify(execFile);
const gateways = [
  { method: 'momo', name: 'MoMo', path: '/v2/gateway/pay' },
  { method: 'zalopay', name: 'ZaloPay', path: '/zalopay/pay' },
  { method: 'vnpay', name: 'VNPAY', path: '/paymentv2/vpcpay.html' },
  { method: 'payos', name: 'payOS', path: /^\/web\/[0-9a-f]+$/ },
];

const paymentsOf = (cafe, id) => cafe.rows(`select amount from payment where txn_id = '${id}'`);

/** Follows the open payment's link to the gateway's page, which shows what is to be paid. */
async function toGateway(page, cafe) {
  await page.getByRole('link', { name: 'Đến trang thanh toán' }).click();
  await page.waitForURL((url) => url.port === String(cafe.ports.gateways));
  await page.getByText('12.000').waitFor();
}

/** Decides there, and is sent back to the address of his order, from which the portal takes over. */
async function decide(page, cafe, id, button) {
  const asked = [];
  const note = (request) => request.isNavigationRequest() && asked.push(new URL(request.url()));
  page.on('request', note);
  await page.getByRole('button', { name: button, exact: true }).click();
  await page.waitForURL((url) => url.origin === cafe.url && !url.pathname.startsWith('/r/'));
  page.off('request', note);
  const back = asked.find(({ origin, pathname }) => origin === cafe.url && pathname.startsWith('/r/'));
  assert.ok(back?.pathname.endsWith(`/${id}`), `${asked}`);
}

/** On the page of the order, or on the one to which it leads when the money comes while he looks. */
async function saysOnline(page, handset) {
  await page.getByRole('heading', { name: 'Bạn đã lên mạng' }).waitFor();
  await page.getByRole('link', { name: 'Xem thời gian còn lại' }).waitFor();
  assert.equal(await handset.hasInternet(), true);
}

inCafe('a guest who pays', (scene) => {
  scene('reaches the payment pages before he is online, and nothing else', {}, async ({ cafe, handset, page }) => {
    const gateway = new URL(`http://127.0.0.1:${cafe.ports.gateways}`);
    assert.ok(isLetThrough(await handset.through(gateway.host, '/v2/gateway/pay')));
    for (const host of [
      `127.0.0.1:${cafe.ports.pcSystem}`,
      '127.0.0.1',
      'example.com',
      `example.com:${gateway.port}`,
    ]) {
      const answer = await handset.through(host, '/');
      assert.ok(
        !isLetThrough(answer) && answer.headers.location.startsWith(`${cafe.url}/p?`),
        `${host}: ${answer.text}`,
      );
    }
    // The browser finds the same.
    await page.goto(`${gateway.origin}/v2/gateway/pay`);
    await page.getByText('Không tìm thấy đơn hàng này.').waitFor();
    await page.goto(`http://127.0.0.1:${cafe.ports.pcSystem}/_sim/accounts`);
    await page.getByRole('heading', { name: 'Chào bạn đến Galaxy Quận 7' }).waitFor();
    assert.equal(await handset.hasInternet(), false);
  });

  for (const { method, name, path } of gateways)
    scene(`at ${name}’s page comes back online`, {}, async ({ cafe, handset, page }) => {
      await toWaysToPay(page, handset);
      const id = await orderBy(page, method);
      await toGateway(page, cafe);
      assert.match(new URL(page.url()).pathname, path instanceof RegExp ? path : new RegExp(`^${path}$`));
      assert.match(await page.locator('header').innerText(), new RegExp(name));
      assert.equal(await handset.hasInternet(), false, 'the garden is not the internet');
      await decide(page, cafe, id, 'Thanh toán');
      await saysOnline(page, handset);
      assert.deepEqual(await paymentsOf(cafe, id), [{ amount: 12_000 }]);
    });

  scene(
    'with his bank’s app scans the code of the page, which goes online by itself',
    {},
    async ({ cafe, handset, page }) => {
      await toWaysToPay(page, handset);
      await orderBy(page, 'vietqr');
      const folder = await temporaryFolder();
      try {
        const file = join(folder, 'seen.png');
        const code = page.locator('.qr img');
        await until('the code is drawn', () => code.evaluate((image) => image.complete && image.naturalWidth > 0));
        await writeFile(file, await code.screenshot());
        const { stdout } = await run('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', file]);
        await cafe.payAt('bank', { qr_text: stdout.trim() });
      } finally {
        await removeFolder(folder);
      }
      await saysOnline(page, handset);
    },
  );

  scene('but puts it off at the gateway finds his order open, and pays then', {}, async ({ cafe, handset, page }) => {
    await toWaysToPay(page, handset);
    const id = await orderBy(page, 'zalopay');
    await toGateway(page, cafe);
    await decide(page, cafe, id, 'Để sau');
    await page.getByRole('heading', { name: 'Trả 12.000' }).waitFor();
    assert.equal(idAt(page), id);
    await toGateway(page, cafe);
    await decide(page, cafe, id, 'Thanh toán');
    await saysOnline(page, handset);
  });

  scene('but declines at MoMo is told so, and pays in another way', {}, async ({ cafe, handset, page }) => {
    await toWaysToPay(page, handset);
    const id = await orderBy(page, 'momo');
    await toGateway(page, cafe);
    await decide(page, cafe, id, 'Từ chối');
    await isTold(page, 'Đã bỏ thanh toán');
    assert.deepEqual(await paymentsOf(cafe, id), []);
    assert.equal(await handset.hasInternet(), false);

    await page.getByRole('button', { name: 'Chọn cách khác' }).click();
    const other = await orderBy(page, 'zalopay');
    assert.notEqual(other, id);
    await toGateway(page, cafe);
    await decide(page, cafe, other, 'Thanh toán');
    await saysOnline(page, handset);
  });

  for (const [button, title, words] of [
    ['Từ chối', 'Đã bỏ thanh toán', 'Tiền đã chuyển không mất'],
    ['Không đủ số dư (51)', 'VNPay: không đủ tiền', 'Bạn chưa bị trừ tiền'],
  ])
    scene(`but ends at VNPAY with “${button}” is told: ${title}`, {}, async ({ cafe, handset, page }) => {
      await toWaysToPay(page, handset);
      const id = await orderBy(page, 'vnpay');
      await toGateway(page, cafe);
      await decide(page, cafe, id, button);
      await isTold(page, title);
      assert.equal(idAt(page), id);
      await page.getByText(words).first().waitFor();
      await page.getByRole('button', { name: 'Chọn cách khác' }).waitFor();
      assert.deepEqual(await paymentsOf(cafe, id), []);
      assert.equal(await handset.hasInternet(), false);
    });

  scene('at a gateway that is down is told so at once, and chooses another', {}, async ({ cafe, handset, page }) => {
    await toWaysToPay(page, handset);
    await cafe.gateways('POST', 'faults', { gateway: 'momo', fault: 'error_before', probability: 1 });
    try {
      await choosePayment(page, 'momo');
      await isTold(page, 'Cổng thanh toán đang bận');
      assert.deepEqual(await paymentsOf(cafe, idAt(page)), []);
    } finally {
      await cafe.gateways('DELETE', 'faults?gateway=momo');
    }
    await page.getByRole('button', { name: 'Chọn cách khác' }).click();
    const id = await orderBy(page, 'vnpay');
    await toGateway(page, cafe);
    await decide(page, cafe, id, 'Thanh toán');
    await saysOnline(page, handset);
  });

  scene('but too late finds the code expired, and pays with a new one', {}, async ({ cafe, handset, page }) => {
    await toWaysToPay(page, handset);
    const id = await orderBy(page, 'payos');
    await cafe.leap(15 * 60 + 5);
    await isTold(page, 'Đã quá hạn thanh toán');
    assert.equal(idAt(page), id);
    assert.equal(await page.locator('.qr img').count(), 0, 'nobody shall pay it now');
    await page.getByRole('button', { name: 'Tạo mã mới' }).click();
    await page.getByRole('heading', { name: 'Trả 12.000' }).waitFor();
    const other = idAt(page);
    assert.notEqual(other, id);
    await toGateway(page, cafe);
    await decide(page, cafe, other, 'Thanh toán');
    await saysOnline(page, handset);
  });
});
