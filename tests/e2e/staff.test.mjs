// The owner's program at the staff API, beside real customers: history, a refund at the gateway, what waits for a person,
// and a day that is compared. Every answer is held to docs/openapi.yaml.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { openCafe } from './support/cafe.mjs';
import { conforms } from './support/description.mjs';
import { ask, codeOf } from './support/http.mjs';
import { answersItsShare } from './support/operations.mjs';
import { until } from './support/wait.mjs';

const base = '/api/v1/staff';

describe('the staff API', { timeout: 200_000 }, () => {
  let cafe;
  let manager;
  let viewer;
  before(async () => {
    cafe = await openCafe();
    manager = await member('lan', 'manager');
    viewer = await member('binh', 'viewer');
  });
  after(() => cafe?.close());

  async function member(name, role, ...more) {
    const { code, stdout, stderr } = await cafe.command('staff', 'add', '--name', name, '--role', role, ...more);
    assert.equal(code, 0, stderr);
    return stdout.trim();
  }

  async function call(token, method, template, { id, query = '', body, key = randomUUID() } = {}) {
    const headers = { authorization: `Bearer ${token}` };
    if (body !== undefined) Object.assign(headers, { 'content-type': 'application/json', 'idempotency-key': key });
    const path = base + template.replace('{id}', id) + query;
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await ask(cafe.ports.portal, { method, path, headers, body: text });
    conforms(method, base + template, answer);
    return answer;
  }
  const read = (template, options) => call(viewer, 'GET', template, options);
  const act = (template, options) => call(manager, 'POST', template, options);

  async function paidWithMomo() {
    const handset = await cafe.addPhone();
    await handset.signInAsGuest();
    const bought = await handset.buy('3 giờ', { method: 'momo' });
    assert.equal(bought.status, 202, bought.text);
    const { id } = bought.json;
    const [{ order_id: order }] = await cafe.rows(`select order_id from txn where id = '${id}'`);
    await cafe.payAt('momo', { qr_text: bought.json.payment.pay_url });
    assert.equal((await handset.followed(id)).state, 'online');
    return { handset, id, order };
  }

  async function guestWithOrder() {
    const handset = await cafe.addPhone();
    await handset.signInAsGuest();
    const bought = await handset.buy('3 giờ', { method: 'vietqr' });
    assert.equal(bought.status, 202, bought.text);
    return { handset, order: bought.json.id, bank: bought.json.payment.bank };
  }

  /** A transfer whose memo and amount name no order; its line in the queue. */
  async function lostTransfer({ bank }, amount = bank.amount) {
    await cafe.gateways('POST', 'transfer', {
      gateway: 'bank',
      bin: bank.bank_bin,
      account: bank.account_number,
      amount,
      memo: 'CHUYEN TIEN',
    });
    return until('the transfer waits for a person', async () => {
      const { json } = await read('/refunds');
      return json.refunds.find(({ due }) => due === amount);
    });
  }

  const state = async (id) => (await read('/transactions/{id}', { id })).json.state;

  it('gives a payment back at the gateway, once', async () => {
    const { handset, id, order } = await paidWithMomo();
    const found = await read('/transactions', { query: `?reference=${order}&state=success` });
    assert.deepEqual(
      found.json.transactions.map((each) => each.id),
      [id],
    );
    const key = randomUUID();
    const body = { reason: 'the game did not load' };
    const first = await act('/transactions/{id}/refund', { id, body, key });
    assert.equal(first.status, 202, first.text);
    const again = await act('/transactions/{id}/refund', { id, body, key });
    assert.equal(again.text, first.text);
    await until('the money is back', async () => (await state(id)) === 'refunded');
    const shown = await read('/transactions/{id}', { id });
    assert.ok(shown.json.history.some(({ actor, to }) => actor === 'staff:lan' && to === 'refunding'));
    await until('the time is over', async () => !(await handset.hasInternet()));
    const ends = await cafe.rows(`select actor from txn_event where txn_id = '${id}' and state_after = 'refunded'`);
    assert.equal(ends.length, 1);
    const late = await act('/transactions/{id}/refund', { id, body });
    assert.deepEqual(codeOf(late), [409, 'NOT_REFUNDABLE']);
    assert.deepEqual(codeOf(await call(viewer, 'POST', '/transactions/{id}/refund', { id, body })), [
      403,
      'NOT_ALLOWED',
    ]);
  });

  it('settles what waits for a person', async () => {
    const guest = await guestWithOrder();
    const first = await lostTransfer(guest, 7_001);
    assert.deepEqual(first.actions, ['made', 'attach', 'dismiss']);
    const { id } = first.transaction;
    for (const name of ['retry', 'keep']) {
      const refused = await act(`/refunds/{id}/${name}`, { id, body: { reason: 'x' } });
      assert.deepEqual(codeOf(refused), [409, 'NOT_POSSIBLE']);
    }
    const made = await act('/refunds/{id}/made', { id, body: { reason: 'at the counter', reference: 'FT1' } });
    assert.equal(made.status, 200, made.text);
    assert.equal(await state(id), 'refunded');

    const second = (await lostTransfer(guest, 7_002)).transaction;
    const dismissed = await act('/refunds/{id}/dismiss', { id: second.id, body: { reason: 'of the landlord' } });
    assert.equal(dismissed.status, 200, dismissed.text);
    assert.equal(await state(second.id), 'refunded');
  });

  /** Paid, but the router does not take the phone: its line in the queue when the money cannot go back by itself. */
  async function queuedRefund(method) {
    const handset = await cafe.addPhone();
    await handset.signInAsGuest();
    const { id, payment } = (await handset.buy('3 giờ', { method })).json;
    await cafe.router(`devices/${handset.mac}/leave`);
    if (method === 'vietqr') {
      const { bank_bin: bin, account_number: account, amount, memo } = payment.bank;
      await cafe.gateways('POST', 'transfer', { gateway: 'bank', bin, account, amount, memo });
    } else await cafe.payAt(method, { qr_text: payment.pay_url });
    assert.equal((await handset.followed(id)).state, 'refund_queued');
    const { json } = await read('/refunds');
    return { handset, line: json.refunds.find(({ transaction }) => transaction.id === id) };
  }

  it('has a refund that the gateway refused tried again', async () => {
    await cafe.gateways('POST', 'faults', { gateway: 'momo', fault: 'refused', probability: 1, on: 'refund' });
    const { line } = await queuedRefund('momo');
    await cafe.gateways('DELETE', 'faults?gateway=momo');
    assert.ok(line.actions.includes('retry'), line.actions.join());
    const { id } = line.transaction;
    const retried = await act('/refunds/{id}/retry', { id, body: { reason: 'MoMo is back' } });
    assert.equal(retried.status, 202, retried.text);
    await until('the money is back', async () => (await state(id)) === 'refunded');
  });

  it('keeps a transfer for the next purchase where the customer agrees', async () => {
    const { handset, line } = await queuedRefund('vietqr');
    assert.ok(line.actions.includes('keep'), line.actions.join());
    const { id } = line.transaction;
    const kept = await act('/refunds/{id}/keep', { id, body: { reason: 'he said so at the counter' } });
    assert.equal(kept.status, 200, kept.text);
    assert.equal(await state(id), 'refunded');
    const { store_credit: credit } = (await handset.get('/payment-methods')).json;
    assert.equal(credit, line.due);
  });

  /** Asks for a comparison, waits until it has ended, and returns the day's report. */
  async function compared(day) {
    const asked = await act('/reconciliation/run', { body: { day } });
    assert.equal(asked.status, 202, asked.text);
    const since = Date.parse(asked.json.asked_at);
    const query = `?from=${day}&to=${day}`;
    return until('the day is compared', async () => {
      const { json } = await read('/reconciliation/reports', { query });
      const done = json.reports[0].subjects.filter(({ finished_at: at }) => Date.parse(at) >= since);
      return done.length === asked.json.subjects.length ? json.reports[0] : undefined;
    });
  }

  it('compares a day, reports it, and settles what differs', async () => {
    await paidWithMomo();
    const payers = [];
    for (let number = 0; number < 3; ++number) {
      const guest = await guestWithOrder();
      const { bank } = guest;
      const { reference } = await cafe.gateways('POST', 'transfer', {
        gateway: 'bank',
        bin: bank.bank_bin,
        account: bank.account_number,
        amount: bank.amount,
        memo: bank.memo,
      });
      assert.equal((await guest.handset.followed(guest.order)).state, 'online');
      payers.push({ order: guest.order, reference, amount: bank.amount });
    }
    const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' }).format(new Date());
    await cafe.leap(6 * 60); // what is younger may not be everywhere yet
    const before = await compared(today);
    assert.equal(before.open_differences, 0);
    assert.equal(before.outcome, 'agrees');
    assert.equal(before.figures.unaccounted, 0);

    // The bank's list is falsified: 1,000 less of each transfer.
    for (const { reference, amount } of payers)
      await cafe.gateways('POST', 'restate', { gateway: 'bank', reference, amount: amount - 1_000 });
    const report = await compared(today);
    assert.equal(report.outcome, 'differs');
    assert.equal(report.open_differences, payers.length);
    assert.deepEqual(report.figures, before.figures, 'nothing is corrected silently');

    const listed = await read('/reconciliation/differences', { query: `?state=open&day=${today}` });
    assert.equal(listed.json.differences.length, payers.length);
    const ends = { explain: 'explained', correct: 'corrected', dismiss: 'dismissed' };
    for (const [at, [name, end]] of Object.entries(ends).entries()) {
      const { order, amount } = payers[at];
      const found = listed.json.differences.find(({ transaction }) => transaction === order);
      assert.ok(found, JSON.stringify(listed.json));
      assert.equal(found.kind, 'amount_differs');
      assert.equal(found.side, 'gateway');
      assert.equal(found.ours_amount, amount);
      assert.equal(found.theirs_amount, amount - 1_000);
      const body = { reason: `the statement says so (${name})` };
      const path = `/reconciliation/differences/{id}/${name}`;
      const settled = await act(path, { id: found.id, body });
      assert.equal(settled.status, 200, settled.text);
      const shown = await read('/reconciliation/differences/{id}', { id: found.id });
      assert.equal(shown.json.state, end);
      const story = shown.json.history.map(({ from, to, actor, why }) => [from, to, actor, why]);
      assert.deepEqual(story.slice(1), [['open', end, 'staff:lan', body.reason]]);
      assert.deepEqual(story[0].slice(0, 3), ['', 'open', 'reconciliation']);
      assert.deepEqual(codeOf(await act(path, { id: found.id, body })), [409, 'ALREADY_SETTLED']);
      assert.deepEqual(codeOf(await act(path, { id: 'none', body })), [404, 'NOT_FOUND']);
    }
    const after = await read('/reconciliation/reports', { query: `?from=${today}&to=${today}` });
    assert.equal(after.json.reports[0].open_differences, 0);
    assert.equal(after.json.reports[0].settled_differences, payers.length);
  });

  it('attaches late money to the order that it is for', async () => {
    const guest = await guestWithOrder();
    await cafe.leap(70 * 60); // an amount names an order for an hour
    const { transaction } = await lostTransfer(guest);
    const body = { reason: 'he showed it', order: guest.order };
    const attached = await act('/refunds/{id}/attach', { id: transaction.id, body });
    assert.equal(attached.status, 202, attached.text);
    await until('late money counts', async () => (await state(guest.order)) === 'success');
    assert.equal(await guest.handset.hasInternet(), true);
  });

  it('opens to tokens only, and to each as far as it goes', async () => {
    for (const token of ['', 'iwas_staff_' + 'A'.repeat(43)])
      assert.deepEqual(codeOf(await call(token, 'GET', '/transactions')), [401, 'STAFF_TOKEN_NEEDED']);
    const gone = await member('dung', 'viewer');
    assert.equal((await call(gone, 'GET', '/refunds')).status, 200);
    assert.equal((await cafe.command('staff', 'revoke', 'dung')).code, 0);
    assert.deepEqual(codeOf(await call(gone, 'GET', '/refunds')), [401, 'STAFF_TOKEN_NEEDED']);
    assert.doesNotMatch(cafe.log, /iwas_staff_/, 'no token in the log');
  });

  answersItsShare(import.meta.url);
});
