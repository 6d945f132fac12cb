// When something fails between the customer's money and his WiFi: he gets one of the two, once, and is told which.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openCafe } from './support/cafe.mjs';
import { codeOf } from './support/http.mjs';
import { until } from './support/wait.mjs';

const evening = { name: '3 giờ', price: 12_000 };
const wallets = ['momo', 'zalopay', 'vnpay'];

describe('money and WiFi when something fails', { timeout: 200_000 }, () => {
  let cafe;
  before(async () => {
    cafe = await openCafe();
  });
  after(async () => {
    if (cafe === undefined) return;
    assert.deepEqual(await cafe.close(), { code: 0, signal: null }, `the program stops cleanly\n${cafe.log}`);
  });

  async function order(method, handset) {
    handset ??= await cafe.addPhone();
    const signedIn = await handset.signInAsGuest();
    assert.equal(signedIn.status, 200, signedIn.text);
    const bought = await handset.buy(evening.name, { method });
    assert.equal(bought.json.state, 'awaiting_payment', bought.text);
    return { handset, id: bought.json.id, method, payment: bought.json.payment };
  }

  const look = async ({ handset, id }) => (await handset.get('/purchases/{id}', { params: { id } })).json;

  const pay = ({ method, payment: { pay_url, bank } }, { amount = bank?.amount, memo = bank?.memo } = {}) =>
    method === 'vietqr'
      ? cafe.gateways('POST', 'transfer', {
          gateway: 'bank',
          bin: bank.bank_bin,
          account: bank.account_number,
          amount,
          memo,
        })
      : cafe.payAt(method, { qr_text: pay_url });

  /** What the gateway's own book says of this order: {taken, back}. */
  async function atGateway({ id, method }) {
    const [{ order_id: name }] = await cafe.rows(`select order_id from txn where id = '${id}'`);
    const { payments } = await cafe.gateways('GET', `payments?gateway=${method}`);
    const sum = (isOne) =>
      payments.filter((line) => line.order === name && isOne(line.move)).reduce((all, line) => all + line.amount, 0);
    return { taken: sum((move) => move === 'taken'), back: sum((move) => move !== 'taken') };
  }

  const fault = (gateway, kind, how = { probability: 1 }) =>
    cafe.gateways('POST', 'faults', { gateway, fault: kind, ...how });
  const clearFaults = (gateway) => cafe.gateways('DELETE', `faults?gateway=${gateway}`);

  for (const method of wallets)
    it(`a router that refuses the phone: what was paid by ${method} is back at the gateway, once`, async () => {
      const bought = await order(method);
      await cafe.router(`devices/${bought.handset.mac}/leave`);
      await pay(bought);
      const ended = await bought.handset.followed(bought.id);
      assert.equal(ended.state, 'refunded', JSON.stringify(ended));
      assert.equal(ended.error.code, 'ACTIVATION_FAILED');
      assert.equal(ended.transaction.refunded, evening.price);
      assert.deepEqual(await atGateway(bought), { taken: evening.price, back: evening.price });
      const { transactions } = (await bought.handset.get('/history')).json;
      assert.equal(transactions[0].refunded, evening.price);
    });

  it('a refund whose answer is lost is asked for and not made twice', async () => {
    for (const method of ['momo', 'zalopay']) {
      const bought = await order(method);
      await cafe.router(`devices/${bought.handset.mac}/leave`);
      await pay(bought);
      await until('the money is taken', async () => (await atGateway(bought)).taken === evening.price);
      await fault(method, 'lost_answer', { next: 1, on: 'refund' });
      const ended = await bought.handset.followed(bought.id);
      assert.equal(ended.state, 'refunded', JSON.stringify(ended));
      assert.deepEqual(await atGateway(bought), { taken: evening.price, back: evening.price });
      await clearFaults(method);
    }
  });

  it('a transfer cannot go back by itself: it waits for the staff, or stays as credit and buys the next package', async () => {
    const bought = await order('vietqr');
    await cafe.router(`devices/${bought.handset.mac}/leave`);
    await pay(bought);
    const ended = await bought.handset.followed(bought.id);
    assert.equal(ended.state, 'refund_queued', JSON.stringify(ended));
    assert.equal(ended.can_keep_as_credit, true);

    const kept = await bought.handset.post('/purchases/{id}/keep-as-credit', { params: { id: bought.id }, body: {} });
    assert.equal(kept.status, 200, kept.text);
    assert.equal(kept.json.state, 'refunded');
    const again = await bought.handset.post('/purchases/{id}/keep-as-credit', { params: { id: bought.id }, body: {} });
    assert.deepEqual([again.status, again.json.state], [200, 'refunded'], again.text);
    const creditOf = async () => (await bought.handset.get('/payment-methods')).json.store_credit;
    assert.equal(await creditOf(), bought.payment.due);

    // Two windows still show it all: the first spends a part, and the second is told before anything is recorded.
    const { mac, ip } = bought.handset;
    bought.handset.port = (await cafe.router('devices', { mac, ip })).port;
    assert.equal((await bought.handset.buyAndFollow('1 giờ', { method: 'store_credit' })).state, 'online');
    assert.equal(await creditOf(), bought.payment.due - 5_000);
    const orders = async () => (await cafe.rows('select count(*) as made from txn'))[0].made;
    const before = await orders();
    const late = await bought.handset.extend(evening.name, { method: 'store_credit' });
    assert.deepEqual(codeOf(late), [409, 'CREDIT_CHANGED'], late.text);
    assert.equal(await orders(), before);
    assert.equal(await creditOf(), bought.payment.due - 5_000);
  });

  it('a notice that never comes is made up for by asking', async () => {
    for (const method of wallets) {
      const bought = await order(method);
      await fault(method, 'notice_lost');
      await pay(bought);
      await cafe.leap(12);
      const online = await bought.handset.followed(bought.id);
      await clearFaults(method);
      assert.equal(online.state, 'online', `${method}: ${JSON.stringify(online)}`);
      assert.deepEqual(await atGateway(bought), { taken: evening.price, back: 0 });
    }
  });

  it('a gateway that is down when it is asked costs nothing, and another one works', async () => {
    const handset = await cafe.addPhone();
    await handset.signInAsGuest();
    await fault('momo', 'error_before');
    const refused = await handset.buy(evening.name, { method: 'momo' });
    // 202 where the gateway was asked for longer than the customer waits.
    if (refused.status !== 202) assert.deepEqual(codeOf(refused), [503, 'PAYMENT_UNAVAILABLE'], refused.text);
    const ended = await handset.followed(refused.json.id ?? refused.json.purchase_id);
    assert.equal(ended.state, 'failed', JSON.stringify(ended));
    assert.deepEqual([ended.error.code, ended.error.action], ['PAYMENT_UNAVAILABLE', 'choose_method']);
    assert.equal(ended.payment, null);
    assert.equal(await handset.hasInternet(), false);
    await clearFaults('momo');
    const other = await order('zalopay', handset);
    await pay(other);
    assert.equal((await handset.followed(other.id)).state, 'online');
  });

  it('a transfer of too much buys, and the rest waits for the staff', async () => {
    const bought = await order('vietqr');
    await pay(bought, { amount: bought.payment.due + 5_000 });
    const online = await bought.handset.followed(bought.id);
    assert.equal(online.state, 'online', JSON.stringify(online));
    const rest = await until('the rest is in the queue', async () => {
      const queue = await cafe.rows('select amount from txn where is_refund_queued = 1 and amount = 5000');
      return queue.length > 0 && queue;
    });
    assert.equal(rest.length, 1);
  });

  it('what is paid twice buys once', async () => {
    const bought = await order('vietqr');
    await pay(bought);
    await pay(bought);
    const online = await bought.handset.followed(bought.id);
    assert.equal(online.state, 'online');
    await until('the second waits for the staff', async () => {
      const queue = await cafe.rows(
        `select amount from txn where is_refund_queued = 1 and amount = ${bought.payment.due} and id <> '${bought.id}'`,
      );
      return queue.length === 1;
    });
    const sessions = await cafe.rows(`select id from open_session where transaction_id = '${bought.id}'`);
    assert.equal(sessions.length, 1);
  });

  /** Of the order's account at the gateway, in the order in which they came. */
  const outcomes = async () =>
    (await cafe.rows('select outcome from payment_notice order by id')).map((row) => row.outcome);

  for (const [kind, outcome] of [
    ['wrong_signature', null],
    ['wrong_merchant', 'other_merchant'],
  ])
    it(`a notice with ${kind.replace('_', ' ')} lets nobody online; what was paid in truth is found by asking`, async (t) => {
      t.after(() => clearFaults('momo'));
      const bought = await order('momo');
      const before = await outcomes();
      await fault('momo', kind);
      await pay(bought);
      if (outcome === null)
        await until('it is refused', async () => cafe.log.includes('payment_notice_refused account=galaxy-momo'));
      else
        await until('it is kept', async () => {
          const kept = (await outcomes()).slice(before.length);
          return kept.length > 0 && kept.every((each) => each === outcome);
        });
      assert.equal((await look(bought)).state, 'awaiting_payment');
      assert.equal(await bought.handset.hasInternet(), false);
      await clearFaults('momo');
      await cafe.leap(12);
      assert.equal((await bought.handset.followed(bought.id)).state, 'online');
    });

  for (const [kind, amount] of [
    ['wrong_amount', 13_000],
    ['unknown_order', 12_000],
  ])
    it(`a notice with ${kind.replace('_', ' ')} lets nobody online, and the money waits for the staff`, async (t) => {
      t.after(() => clearFaults('momo'));
      const bought = await order('momo');
      const queued = async () =>
        (
          await cafe.rows(
            `select amount from txn where is_refund_queued = 1 and amount = ${amount} and method = 'momo'`,
          )
        ).length;
      const before = await queued();
      await fault('momo', kind);
      await pay(bought);
      await until('it is kept', async () => (await outcomes()).at(-1) === kind);
      assert.equal((await look(bought)).state, 'awaiting_payment');
      assert.equal(await bought.handset.hasInternet(), false);
      assert.equal(await queued(), before + 1);
    });
});
