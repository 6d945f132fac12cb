// Notices that the gateways' npm packages sign, which are not ours, over the wire: the running program believes them, answers
// what the gateway expects, and lets the payer in; what is not rightly signed or fits no order lets nobody in.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { PayOS } from '@payos/node';
import { calculateSecureHash } from 'vnpay/utils';
import { openCafe } from './support/cafe.mjs';
import { conforms } from './support/description.mjs';
import { ask } from './support/http.mjs';
import { answersItsShare } from './support/operations.mjs';

const evening = { name: '3 giờ', price: 12_000 };
const template = '/api/v1/payments/{account}/notice';

describe('a notice', { timeout: 120_000 }, () => {
  let cafe;
  let keyOf;
  before(async () => {
    cafe = await openCafe();
    const file = await cafe.file();
    keyOf = (account, name) => {
      const table = new RegExp(`^\\[payment_accounts\\.${account}\\]\\n(?:.+\\n)*?${name} = "(.+)"$`, 'm').exec(file);
      assert.ok(table, `${account}.${name} in\n${file}`);
      return table[1];
    };
  });
  after(async () => {
    if (cafe === undefined) return;
    assert.deepEqual(await cafe.close(), { code: 0, signal: null }, `the program stops cleanly\n${cafe.log}`);
  });

  async function order(method) {
    const handset = await cafe.addPhone();
    await handset.signInAsGuest();
    const bought = await handset.buy(evening.name, { method });
    assert.equal(bought.json.state, 'awaiting_payment', bought.text);
    const { id, payment } = bought.json;
    const [{ order_id: name }] = await cafe.rows(`select order_id from txn where id = '${id}'`);
    return { handset, id, name, page: new URL(payment.pay_url) };
  }

  async function isOnline({ handset, id }) {
    assert.equal((await handset.followed(id)).state, 'online');
    assert.equal(await handset.hasInternet(), true);
    const paid = await cafe.rows(`select amount from payment where txn_id = '${id}'`);
    assert.deepEqual(paid, [{ amount: evening.price }]);
  }

  async function tell(method, account, { query = '', body } = {}) {
    const path = template.replace('{account}', account) + query;
    const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const answer = await ask(cafe.ports.portal, { method, path, headers, body: JSON.stringify(body) });
    conforms(method, template, answer);
    return answer;
  }

  it('of VNPay is answered in its own codes', async () => {
    const secureSecret = keyOf('galaxy-vnpay', 'hash_secret');
    const bought = await order('vnpay');
    const asked = bought.page.searchParams;
    assert.equal(asked.get('vnp_TxnRef'), bought.name);
    const ipn = async (changes = {}, isForged = false) => {
      const fields = {
        vnp_Amount: asked.get('vnp_Amount'),
        vnp_BankCode: 'NCB',
        vnp_BankTranNo: 'VNP14532700',
        vnp_CardType: 'ATM',
        vnp_OrderInfo: asked.get('vnp_OrderInfo'),
        vnp_PayDate: asked.get('vnp_CreateDate'),
        vnp_ResponseCode: '00',
        vnp_TmnCode: asked.get('vnp_TmnCode'),
        vnp_TransactionNo: '14532700',
        vnp_TransactionStatus: '00',
        vnp_TxnRef: bought.name,
        ...changes,
      };
      const data = new URLSearchParams(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))).toString();
      const hash = calculateSecureHash({ secureSecret, data, hashAlgorithm: 'SHA512' });
      const query = `?${data}&vnp_SecureHash=${isForged ? hash.replace(/./, (c) => (c === '0' ? '1' : '0')) : hash}`;
      const answer = await tell('GET', 'galaxy-vnpay', { query });
      assert.equal(answer.status, 200, answer.text);
      return answer.json.RspCode;
    };
    assert.equal(await ipn({}, true), '97');
    assert.equal(await ipn({ vnp_TxnRef: 'IW000000000000', vnp_TransactionNo: '14532701' }), '01');
    assert.equal(await ipn({ vnp_Amount: '100', vnp_TransactionNo: '14532702' }), '04');
    assert.equal(await bought.handset.hasInternet(), false, 'nobody has paid');
    assert.equal(await ipn(), '00');
    await isOnline(bought);
    assert.equal(await ipn(), '02');
    await isOnline(bought);
  });

  it('of PayOS is believed when its package has signed it', async () => {
    const key = keyOf('galaxy-payos', 'checksum_key');
    const shop = new PayOS({ clientId: 'client', apiKey: 'api-key', checksumKey: key });
    const bought = await order('payos');
    const webhook = async (changes = {}) => {
      const data = {
        orderCode: Number(bought.name),
        amount: evening.price,
        description: 'CS1 GOI 3 GIO',
        accountNumber: '0022005000456',
        reference: 'TF261122000042',
        transactionDateTime: '2026-11-22 23:59:59',
        currency: 'VND',
        paymentLinkId: bought.page.pathname.split('/').at(-1),
        code: '00',
        desc: 'success',
        ...changes,
      };
      return {
        code: '00',
        desc: 'success',
        success: true,
        data,
        signature: await shop.crypto.createSignatureFromObj(data, key),
      };
    };
    const right = await webhook();
    const forged = { ...right, data: { ...right.data, reference: 'TF261122000043' } };
    assert.equal((await tell('POST', 'galaxy-payos', { body: forged })).status, 401);
    assert.equal(await bought.handset.hasInternet(), false, 'nobody has paid');
    assert.equal((await tell('POST', 'galaxy-payos', { body: right })).status, 200);
    await isOnline(bought);
    assert.equal((await tell('POST', 'galaxy-payos', { body: right })).status, 200);
    await isOnline(bought);
  });

  it('of nobody is refused', async () => {
    for (const method of ['GET', 'POST']) {
      const body = method === 'POST' ? {} : undefined;
      assert.equal((await tell(method, 'nobody', { body })).status, 404);
    }
    assert.equal((await tell('POST', 'galaxy-momo', { body: {} })).status, 400);
    assert.equal((await tell('POST', 'galaxy-bank', { body: {} })).status, 401);
  });

  answersItsShare(import.meta.url);
});
