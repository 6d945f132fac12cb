// The owner's program at the staff API, beside real customers: history, a refund at the gateway, what waits for a person,
// and a day that is compared. Every answer is held to docs/openapi.yaml.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { openCafe } from './support/cafe.mjs';
import { conforms, description, seen } from './support/description.mjs';
import { ask, codeOf } from './support/http.mjs';
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

  /** A transfer without a memo that anybody knows; it waits for a person. */
  async function lostTransfer(amount) {
    const handset = await cafe.addPhone();
    await handset.signInAsGuest();
    const bought = await handset.buy('3 giờ', { method: 'vietqr' });
    const { bank } = bought.json.payment;
    await cafe.gateways('POST', 'transfer', {
      gateway: 'bank',
      bin: bank.bank_bin,
      account: bank.account_number,
      amount: amount ?? bank.amount,
      memo: `khong ma ${randomUUID().slice(0, 8)}`,
    });
    let line;
    await until('the transfer waits for a person', async () => {
      const { json } = await read('/refunds');
      line = json.refunds.find(
        ({ due, transaction }) => due === (amount ?? bank.amount) && transaction.reason === 'unmatched_payment',
      );
      return line !== undefined;
    });
    return { handset, order: bought.json.id, line, id: line.transaction.id };
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
    const { refunds } = await cafe
      .rows(`select count(*) as refunds from txn_event where txn_id = '${id}' and state_after = 'refunded'`)
      .then(([row]) => row);
    assert.equal(refunds, 1);
    const late = await act('/transactions/{id}/refund', { id, body });
    assert.deepEqual(codeOf(late), [409, 'NOT_REFUNDABLE']);
    assert.deepEqual(codeOf(await call(viewer, 'POST', '/transactions/{id}/refund', { id, body })), [
      403,
      'NOT_ALLOWED',
    ]);
  });

  it('settles what waits for a person', async () => {
    const first = await lostTransfer(7_001);
    assert.deepEqual(first.line.actions, ['made', 'attach', 'dismiss']);
    const { id } = first;
    const retried = await act('/refunds/{id}/retry', { id, body: { reason: 'x' } });
    assert.deepEqual(codeOf(retried), [409, 'NOT_POSSIBLE']);
    assert.deepEqual(codeOf(await act('/refunds/{id}/keep', { id, body: { reason: 'x' } })), [409, 'NOT_POSSIBLE']);
    const made = await act('/refunds/{id}/made', { id, body: { reason: 'at the counter', reference: 'FT1' } });
    assert.equal(made.status, 200, made.text);
    assert.equal(await state(id), 'refunded');

    const second = await lostTransfer(7_002);
    const dismissed = await act('/refunds/{id}/dismiss', { id: second.id, body: { reason: 'of the landlord' } });
    assert.equal(dismissed.status, 200, dismissed.text);

    const third = await lostTransfer();
    const attached = await act('/refunds/{id}/attach', { id: third.id, body: { reason: 'his', order: third.order } });
    assert.equal(attached.status, 202, attached.text);
    assert.equal((await third.handset.followed(third.order)).state, 'online');
  });

  it('compares a day, reports it, and settles what differs', async () => {
    await lostTransfer(7_003);
    const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' }).format(new Date());
    const asked = await act('/reconciliation/run', { body: { day: today } });
    assert.equal(asked.status, 202, asked.text);
    let report;
    await until('the day is compared', async () => {
      const { json } = await read('/reconciliation/reports', { query: `?from=${today}&to=${today}` });
      [report] = json.reports;
      const done = report.subjects.filter(({ finished_at: at }) => at >= asked.json.asked_at);
      return done.length === asked.json.subjects.length;
    });
    assert.equal(report.figures.unaccounted, 0);

    // What a person finds later, as a comparison would keep it.
    const listed = await read('/reconciliation/differences', { query: '?state=open' });
    for (const [at, name] of ['explain', 'correct', 'dismiss'].entries()) {
      const template = `/reconciliation/differences/{id}/${name}`;
      const open = listed.json.differences[at];
      if (open === undefined) {
        assert.deepEqual(codeOf(await act(template, { id: 'none', body: { reason: 'x' } })), [404, 'NOT_FOUND']);
        continue;
      }
      const settled = await act(template, { id: open.id, body: { reason: 'looked up' } });
      assert.equal(settled.status, 200, settled.text);
      assert.equal((await read('/reconciliation/differences/{id}', { id: open.id })).json.state, settled.json.state);
    }
    assert.deepEqual(codeOf(await read('/reconciliation/differences/{id}', { id: 'none' })), [404, 'NOT_FOUND']);
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

  it('has answered every operation that is described', () => {
    const all = Object.entries(description.paths)
      .filter(([path]) => path.startsWith(base))
      .flatMap(([path, verbs]) => Object.keys(verbs).map((verb) => `${verb} ${path}`));
    assert.equal(all.length, 16);
    assert.deepEqual(
      all.filter((operation) => !seen.has(operation)),
      [],
    );
  });
});
