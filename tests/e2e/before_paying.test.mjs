// What helps a customer who pays outside: a few minutes of slow internet, a transfer that finds its order, and a receipt
// to keep. With the real program and the simulated router and bank.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { openCafe } from './support/cafe.mjs';
import { answersItsShare } from './support/operations.mjs';
import { removeFolder, temporaryFolder } from './support/program.mjs';
import { until } from './support/wait.mjs';

const run = promisify(execFile);
const evening = { name: '3 giờ', price: 12_000, seconds: 3 * 3_600 };

describe('before paying', { timeout: 200_000 }, () => {
  let cafe;
  let folder;
  before(async () => {
    folder = await temporaryFolder();
    cafe = await openCafe();
  });
  after(async () => {
    await removeFolder(folder);
    if (cafe === undefined) return;
    assert.deepEqual(await cafe.close(), { code: 0, signal: null }, `the program stops cleanly\n${cafe.log}`);
  });

  async function guest() {
    const handset = await cafe.addPhone();
    const signedIn = await handset.signInAsGuest();
    assert.equal(signedIn.status, 200, signedIn.text);
    return handset;
  }

  async function order(handset, method) {
    const bought = await handset.buy(evening.name, { method });
    assert.equal(bought.status, 202, bought.text);
    assert.equal(bought.json.state, 'awaiting_payment', bought.text);
    return bought.json;
  }

  const windowOf = async (handset) => (await handset.get('/portal')).json.payment_window;
  const open = (handset) => handset.post('/payment-window', { body: {} });
  const transfer = ({ payment: { bank } }, memo) =>
    cafe.gateways('POST', 'transfer', {
      ...{ gateway: 'bank', bin: bank.bank_bin, account: bank.account_number },
      ...{ amount: bank.amount, memo },
    });

  it('the phone is let in slowly, put out again when the time is up, and not a third time', async () => {
    const handset = await guest();
    assert.deepEqual(await windowOf(handset), { minutes: 5, rate_kbps: 512, times_left_today: 2, active_until: null });
    for (const left of [1, 0]) {
      const opened = await open(handset);
      assert.equal(opened.status, 200, opened.text);
      assert.equal(opened.json.payment_window.times_left_today, left);
      assert.equal(opened.json.active_session, null, 'it is no session');
      assert.equal(await handset.hasInternet(), true);
      const there = await cafe.atRouter(handset);
      assert.match(there.user, /^p-/);
      assert.match(there.rate_limit, /^512k\/512k/);
      // Leaps do not reach the RADIUS threads, which keep the machine's own time.
      if (left === 1) assert.ok(there.time_left_s <= 300 && there.time_left_s > 290, `${there.time_left_s}`);

      await cafe.leap(4 * 60);
      assert.equal(await handset.hasInternet(), true, 'not before its time');
      await cafe.leap(61);
      await handset.becomesOffline();
      assert.equal((await windowOf(handset)).active_until, null);
    }
    const refused = await open(handset);
    assert.equal(refused.status, 409, refused.text);
    assert.equal(refused.json.code, 'PAYMENT_WINDOW_USED_UP');
    assert.equal(await handset.hasInternet(), false);
    assert.deepEqual(await cafe.rows("select count(*) as left from job where kind = 'end_payment_window'"), [
      { left: 0 },
    ]);
  });

  it('what is bought meanwhile ends it and has its whole time', async () => {
    const handset = await guest();
    const bought = await order(handset, 'momo');
    assert.equal((await open(handset)).status, 200);
    assert.equal(await handset.hasInternet(), true);
    await cafe.leap(60);
    await cafe.payAt('momo', { qr_text: bought.payment.pay_url });
    const ended = await handset.followed(bought.id);
    assert.equal(ended.state, 'online', JSON.stringify(ended));
    const there = await cafe.atRouter(handset);
    assert.match(there.user, /^w-/);
    assert.ok(there.time_left_s > evening.seconds - 30, `${there.time_left_s}`);
    assert.equal((await windowOf(handset)).active_until, null);
    // Its old end does nothing to the session.
    await cafe.leap(10 * 60);
    assert.equal(await handset.hasInternet(), true);
    assert.equal((await open(handset)).json.code, 'DEVICE_ALREADY_ACTIVE');
  });

  it('a transfer that lost its memo and whose amount names no order any more is found by its reference', async () => {
    const handset = await guest();
    const bought = await order(handset, 'vietqr');
    assert.equal((await handset.get('/portal')).json.offers.find_transfer, true);
    await cafe.leap(70 * 60); // an amount names an order for an hour
    await until('the order expires', async () => {
      const { json } = await handset.get('/purchases/{id}', { params: { id: bought.id } });
      return json.state === 'failed';
    });
    await transfer(bought, 'CHUYEN TIEN');
    const received = await until('the bank tells of it', async () => {
      const [row] = await cafe.rows(
        `select gateway_id from payment where account_id = 'galaxy-bank' and amount = ${bought.payment.due}`,
      );
      return row;
    });
    const wrong = await handset.post('/transfers/find', {
      body: { amount: bought.payment.due, bank_reference: 'FT00000000000' },
    });
    assert.equal(wrong.status, 200, wrong.text);
    assert.deepEqual(wrong.json, { outcome: 'not_found', purchase: null });

    const found = await handset.post('/transfers/find', {
      body: { amount: bought.payment.due, bank_reference: received.gateway_id },
    });
    assert.equal(found.status, 200, found.text);
    assert.equal(found.json.outcome, 'found', `${received.gateway_id} ${found.text}`);
    assert.equal(found.json.purchase.id, bought.id);
    await until('late money counts', async () => {
      const { json } = await handset.get('/purchases/{id}', { params: { id: bought.id } });
      return json.state === 'online';
    });
    assert.equal(await handset.hasInternet(), true);
    assert.deepEqual(await cafe.rows('select count(*) as queued from refund_queue'), [{ queued: 0 }]);
  });

  it('the receipt is a PDF with every Vietnamese letter', async () => {
    const handset = await guest();
    handset.language = 'vi';
    const bought = await order(handset, 'momo');
    await cafe.payAt('momo', { qr_text: bought.payment.pay_url });
    assert.equal((await handset.followed(bought.id)).state, 'online');
    const answer = await handset.get('/purchases/{id}/receipt.pdf', { params: { id: bought.id } });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers['content-type'], 'application/pdf');
    const file = join(folder, 'receipt.pdf');
    await writeFile(file, answer.bytes);
    const { stdout } = await run('pdftotext', ['-layout', file, '-']);
    for (const words of [
      'Biên nhận',
      'Nơi bán',
      'Galaxy Quận 7',
      evening.name,
      'MoMo',
      'Tổng cộng',
      '12.000',
      bought.id,
    ])
      assert.ok(stdout.includes(words), `${words} in\n${stdout}`);
  });

  answersItsShare(import.meta.url);
});
