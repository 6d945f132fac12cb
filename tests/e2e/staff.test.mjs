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

  it('compares a day, reports it, and settles what differs', async () => {
    await paidWithMomo();
    const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' }).format(new Date());
    const asked = await act('/reconciliation/run', { body: { day: today } });
    assert.equal(asked.status, 202, asked.text);
    const since = Date.parse(asked.json.asked_at);
    const report = await until('the day is compared', async () => {
      const { json } = await read('/reconciliation/reports', { query: `?from=${today}&to=${today}` });
      const done = json.reports[0].subjects.filter(({ finished_at: at }) => Date.parse(at) >= since);
      return done.length === asked.json.subjects.length ? json.reports[0] : undefined;
    });
    assert.equal(report.figures.unaccounted, 0);

    // Both sides agree here, so there may be nothing to settle; tests/api does that.
    const listed = await read('/reconciliation/differences', { query: '?state=open' });
    for (const [at, name] of ['explain', 'correct', 'dismiss'].entries()) {
      const id = listed.json.differences[at]?.id;
      const settled = await act(`/reconciliation/differences/{id}/${name}`, {
        id: id ?? 'none',
        body: { reason: 'x' },
      });
      assert.equal(settled.status, id === undefined ? 404 : 200, settled.text);
      const shown = await read('/reconciliation/differences/{id}', { id: id ?? 'none' });
      assert.equal(shown.json.state, settled.json.state);
    }
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
