// Paying outside the PC system, as a guest does it: order, pay at the simulated gateway or bank, and be online at the
// router; what goes wrong on the way; and in the ledger each payment once, whatever is told of it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { openCafe } from './support/cafe.mjs';
import { conforms } from './support/description.mjs';
import { ask } from './support/http.mjs';
import { answersItsShare } from './support/operations.mjs';
import { removeFolder, temporaryFolder } from './support/program.mjs';
import { until } from './support/wait.mjs';

const run = promisify(execFile);
const evening = { name: '3 giờ', price: 12_000, seconds: 3 * 3_600 };

describe('paying at gateways', { timeout: 200_000 }, () => {
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

  /** A guest with a phone of his own, who has chosen the package and how to pay. */
  async function order(method, name = evening.name) {
    const handset = await cafe.addPhone();
    const signedIn = await handset.signInAsGuest();
    assert.equal(signedIn.status, 200, signedIn.text);
    const bought = await handset.buy(name, { method });
    assert.equal(bought.status, 202, bought.text);
    assert.equal(bought.json.state, 'awaiting_payment', bought.text);
    assert.equal(bought.json.method, method);
    assert.equal(await handset.hasInternet(), false, 'nobody has paid');
    return { handset, id: bought.json.id, payment: bought.json.payment };
  }

  const look = async ({ handset, id }) => (await handset.get('/purchases/{id}', { params: { id } })).json;
  const paymentsOf = ({ id }) => cafe.rows(`select amount, account_id from payment where txn_id = '${id}'`);
  const noticesOf = ({ id }) =>
    cafe.rows(
      'select outcome from payment_notice where order_id = ' +
        `(select order_id from txn where id = '${id}') order by outcome`,
    );

  /** What became of webhooks about transfers with this text. */
  const transferNotices = (memo) =>
    cafe.rows(`select outcome from payment_notice where body like '%${memo}%' order by outcome`);

  /** The purchase is online, and the router and the ledger say so too: these amounts, and no others. */
  async function isOnline(bought, amounts) {
    const purchase = await bought.handset.followed(bought.id);
    assert.equal(purchase.state, 'online', JSON.stringify(purchase));
    assert.equal(purchase.payment, null, 'nothing is left to be paid');
    assert.equal(await bought.handset.hasInternet(), true);
    const there = await cafe.atRouter(bought.handset);
    assert.equal(there.online, true);
    assert.ok(there.time_left_s <= evening.seconds && there.time_left_s > evening.seconds - 60, `${there.time_left_s}`);
    const payments = await paymentsOf(bought);
    assert.deepEqual(
      payments.map(({ amount }) => amount).sort((a, b) => a - b),
      [...amounts].sort((a, b) => a - b),
    );
    return purchase;
  }

  /** A transfer as the customer's bank app makes it from what the portal shows. */
  const transfer = ({ payment: { bank } }, { amount = bank.amount, memo = bank.memo } = {}) =>
    cafe.gateways('POST', 'transfer', {
      gateway: 'bank',
      bin: bank.bank_bin,
      account: bank.account_number,
      amount,
      memo,
    });

  const drawing = ({ handset, id }, kind) => handset.get(`/purchases/{id}/qr.${kind}`, { params: { id } });

  /** Where the gateway sends the browser back to. */
  async function comeBack(url) {
    const landing = await ask(cafe.ports.portal, { path: url.pathname + url.search });
    conforms('GET', '/r/{token}/{purchase_id}', landing);
    return landing.headers.location;
  }

  /** What a phone reads from the picture. */
  async function scan(bytes) {
    const file = join(folder, 'qr.png');
    await writeFile(file, bytes);
    const { stdout } = await run('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', file]);
    return stdout.replace(/\n$/, '');
  }

  it('is offered to guests, the PC balance not', async () => {
    const { handset } = await order('momo');
    const { status, json } = await handset.get('/payment-methods');
    assert.equal(status, 200);
    assert.equal(json.store_credit, 0);
    assert.deepEqual(
      json.methods.map(({ method, kind, is_available, why_not }) => [method, kind, is_available, why_not]),
      [
        ['pc_balance', 'balance', false, 'needs_account'],
        ['momo', 'wallet', true, null],
        ['zalopay', 'wallet', true, null],
        ['vietqr', 'bank_transfer', true, null],
        ['payos', 'bank_transfer', true, null],
        ['vnpay', 'redirect', true, null],
      ],
    );
  });

  for (const method of ['momo', 'zalopay', 'vnpay']) {
    it(`by ${method} leads to the gateway and from there online; a second notice changes nothing`, async () => {
      await cafe.gateways('POST', 'faults', { gateway: method, fault: 'notice_twice', next: 1 });
      const bought = await order(method);
      const { payment } = bought;
      assert.equal(payment.due, evening.price);
      assert.equal(payment.received, 0);
      assert.equal(payment.bank, null);
      assert.equal(new URL(payment.pay_url).port, String(cafe.ports.gateways));

      // The page is there, and shows what is to be paid.
      const { pathname, search } = new URL(payment.pay_url);
      const page = await ask(cafe.ports.gateways, { path: pathname + search });
      assert.equal(page.status, 200);
      assert.match(page.text, /12[.,]000/);

      const began = Date.now();
      const paid = await cafe.payAt(method, { qr_text: payment.pay_url });
      await isOnline(bought, [evening.price]);
      const tookMs = Date.now() - began;
      assert.ok(tookMs < 10_000, `from the payment to online in ${tookMs} ms`);
      const told = await until('both notices are told of', async () => {
        const notices = await noticesOf(bought);
        return notices.length >= 2 && notices;
      });
      assert.deepEqual(
        told.map(({ outcome }) => outcome),
        ['recorded', 'repeated'],
      );
      await isOnline(bought, [evening.price]);
      const book = await cafe.gateways('GET', `payments?gateway=${method}`);
      assert.equal(book.refunded, 0, 'nothing was given back');

      // The gateway sends the browser back to where the purchase is shown.
      const back = new URL(paid.redirect_url);
      assert.equal(back.origin, cafe.url);
      const shown = await comeBack(back);
      assert.ok(shown.startsWith(`/purchase/${bought.id}?v=`), shown);
    });
  }

  it('by a click on the gateway’s page works like that, too', async () => {
    const bought = await order('zalopay');
    const { pathname, search } = new URL(bought.payment.pay_url);
    const clicked = await ask(cafe.ports.gateways, {
      method: 'POST',
      path: pathname + search,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'outcome=pay',
    });
    assert.equal(clicked.status, 303, clicked.text);
    assert.ok(clicked.headers.location.startsWith(`${cafe.url}/r/`), clicked.headers.location);
    await isOnline(bought, [evening.price]);
  });

  it('by a bank transfer shows a QR that phones read; SePay tells it twice and Casso once, and it counts once', async () => {
    await cafe.gateways('POST', 'faults', { gateway: 'sepay', fault: 'notice_twice', next: 1 });
    const bought = await order('vietqr');
    const { bank, qr, due } = bought.payment;
    assert.equal(bank.amount, due);
    assert.equal(bank.account_name, 'GALAXY GAMING');
    assert.ok(due <= evening.price && due >= evening.price - 99, `${due}`);
    assert.equal(qr.svg_url, `/api/v1/purchases/${bought.id}/qr.svg`);

    const svg = await drawing(bought, 'svg');
    assert.deepEqual([svg.status, svg.headers['content-type']], [200, 'image/svg+xml']);
    assert.match(svg.text, /<svg /);
    const png = await drawing(bought, 'png');
    assert.deepEqual([png.status, png.headers['content-type']], [200, 'image/png']);
    const text = await scan(png.bytes);
    assert.ok(text.includes(bank.memo) && text.includes(bank.account_number), text);
    const stranger = await cafe.addPhone();
    await stranger.arrive();
    assert.equal((await drawing({ handset: stranger, id: bought.id }, 'png')).status, 404, 'not his order');

    await cafe.payAt('bank', { qr_text: text });
    await isOnline(bought, [due]);
    const told = await until('all three webhooks are told of', async () => {
      const notices = await transferNotices(bank.memo);
      return notices.length >= 3 && notices;
    });
    assert.deepEqual(
      told.map(({ outcome }) => outcome),
      ['recorded', 'repeated', 'repeated'],
    );
    await isOnline(bought, [due]);
    assert.equal((await drawing(bought, 'png')).status, 404, 'there is nothing to pay any more');
  });

  it('by a bank transfer that SePay never tells of is told by Casso', async () => {
    await cafe.gateways('POST', 'faults', { gateway: 'sepay', fault: 'notice_lost', next: 1 });
    const bought = await order('vietqr');
    await transfer(bought);
    await isOnline(bought, [bought.payment.due]);
  });

  it('by PayOS has a page and a QR that phones read; a second webhook changes nothing', async () => {
    await cafe.gateways('POST', 'faults', { gateway: 'payos', fault: 'notice_twice', next: 1 });
    const bought = await order('payos');
    const { bank, due, pay_url: link } = bought.payment;
    assert.equal(due, evening.price);
    assert.equal(bank.amount, due);
    const { pathname, search } = new URL(link);
    const page = await ask(cafe.ports.gateways, { path: pathname + search });
    assert.equal(page.status, 200, page.text);
    assert.match(page.text, /12[.,]000/);
    const text = await scan((await drawing(bought, 'png')).bytes);
    assert.ok(text.includes(bank.account_number), text);

    await cafe.payAt('payos', { qr_text: text });
    await isOnline(bought, [due]);
    const told = await until('both webhooks are told of', async () => {
      const notices = await noticesOf(bought);
      return notices.length >= 2 && notices;
    });
    assert.deepEqual(
      told.map(({ outcome }) => outcome),
      ['recorded', 'repeated'],
    );
    await isOnline(bought, [due]);
  });

  it('by PayOS in two parts waits for the second', async () => {
    const bought = await order('payos');
    await transfer(bought, { amount: 4_000 });
    await until('the part is seen', async () => (await look(bought)).payment?.received === 4_000);
    assert.equal(await bought.handset.hasInternet(), false);
    await transfer(bought, { amount: 8_000 });
    await isOnline(bought, [4_000, 8_000]);
  });

  it('that the customer refuses at the gateway costs nothing, and he may choose again', async () => {
    for (const method of ['momo', 'zalopay', 'vnpay']) {
      const bought = await order(method);
      await cafe.payAt(method, { qr_text: bought.payment.pay_url }, { outcome: 'refuse' });
      // ZaloPay tells of success only; coming back makes IWAS ask.
      await comeBack(new URL(`/r/${bought.handset.visit}/${bought.id}`, cafe.url));
      const ended = await bought.handset.followed(bought.id);
      assert.ok(['declined', 'failed'].includes(ended.state), `${method}: ${JSON.stringify(ended)}`);
      assert.ok(['PAYMENT_CANCELLED', 'PAYMENT_DECLINED'].includes(ended.error.code), `${method}: ${ended.error.code}`);
      assert.deepEqual(await paymentsOf(bought), []);
      assert.equal(await bought.handset.hasInternet(), false);

      const again = await bought.handset.buy(evening.name, { method: 'vietqr' });
      assert.equal(again.json.state, 'awaiting_payment', again.text);
    }
  });

  it('with too little in the wallet is declined', async () => {
    await cafe.gateways('POST', 'wallets', { gateway: 'momo', payer: 'ngheo', balance: 1_000 });
    const bought = await order('momo');
    await cafe.payAt('momo', { qr_text: bought.payment.pay_url }, { payer: 'ngheo' });
    const ended = await bought.handset.followed(bought.id);
    assert.equal(ended.state, 'declined');
    assert.equal(ended.error.code, 'PAYER_FUNDS_SHORT');
    assert.deepEqual(await paymentsOf(bought), []);
  });

  it('by a transfer of too little waits for the rest', async () => {
    const bought = await order('vietqr');
    await transfer(bought, { amount: 5_000 });
    const partly = await until('the part is seen', async () => {
      const purchase = await look(bought);
      return purchase.payment?.received === 5_000 && purchase;
    });
    assert.equal(partly.state, 'awaiting_payment');
    assert.equal(await bought.handset.hasInternet(), false);
    const rest = bought.payment.due - 5_000;
    await transfer(bought, { amount: rest });
    await isOnline(bought, [5_000, rest]);
  });

  it('by a transfer without its text is found by its amount, and a cancelled order by late money', async () => {
    const first = await order('vietqr');
    const second = await order('vietqr');
    assert.notEqual(first.payment.due, second.payment.due, 'each open order has an amount of its own');
    await transfer(second, { memo: '' });
    await isOnline(second, [second.payment.due]);
    assert.equal((await look(first)).state, 'awaiting_payment');

    const cancelled = await first.handset.post('/purchases/{id}/cancel', { params: { id: first.id }, body: {} });
    assert.equal(cancelled.status, 200, cancelled.text);
    assert.equal(cancelled.json.state, 'failed');
    assert.equal(cancelled.json.error.code, 'PAYMENT_CANCELLED');
    await transfer(first);
    await until('the late money counts', async () => (await look(first)).state === 'online');
    await isOnline(first, [first.payment.due]);
  });

  it('after the order has expired still buys what was ordered', async () => {
    const bought = await order('vietqr');
    await cafe.leap(15 * 60 + 5);
    const expired = await until('the order expires', async () => {
      const purchase = await look(bought);
      return purchase.state !== 'awaiting_payment' && purchase;
    });
    assert.equal(expired.state, 'failed');
    assert.equal(expired.error.code, 'PAYMENT_EXPIRED');
    assert.equal((await drawing(bought, 'svg')).status, 404, 'nobody shall pay it now');
    await transfer(bought);
    await until('the late money counts', async () => (await look(bought)).state === 'online');
    await isOnline(bought, [bought.payment.due]);
  });

  answersItsShare(import.meta.url);
});
