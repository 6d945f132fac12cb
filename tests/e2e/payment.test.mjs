// `iwas payment` against npm packages of VNPay, PayOS and MoMo, which are not ours: what we sign they
// believe or sign as we do, what they sign we believe, and what either refuses the other refuses too.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { PayOS } from '@payos/node';
import { ignoreLogger, VNPay } from 'vnpay';
import { calculateSecureHash } from 'vnpay/utils';
import { iwas, removeFolder, temporaryFolder } from './support/program.mjs';

const secret = 'XNBCJFAKAZQSGTARRLGCHVZWCIOIGSHN'; // of VNPay's published demonstration shop
const keys = { IWAS_PAYMENT_SECRET_KEY: secret, IWAS_PAYMENT_ACCESS_KEY: 'api-key' };

/** Runs a command that must succeed: its rows, {page: '...', order: '...'}. */
async function payment(...args) {
  const { code, stdout, stderr } = await iwas(['payment', ...args], keys);
  assert.equal(code, 0, stderr);
  return Object.fromEntries(
    stdout
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, 18).trim(), line.slice(19)]),
  );
}

/** What is not believed: the sentence. */
async function refused(...args) {
  const { code, stdout, stderr } = await iwas(['payment', ...args], keys);
  assert.equal(code, 1, stdout);
  return stderr;
}

const order = (method, id, amount, description) => [
  ...['order', '--method', method, '--order', id, '--amount', String(amount)],
  ...['--description', description, '--return-url', 'https://iwas.example/r/abc?x=1&y=ạ'],
  ...['--payer-address', '203.113.131.9'],
  ...['--created', '2026-11-22T10:15:00+07:00', '--expires', '2026-11-22T10:30:00+07:00'],
];

const orders = [
  ['IW2611220000000000000abc', 15_000, 'Mua WiFi 2 gio may 07'],
  ['A', 1, 'x'],
  ['IWAS-000123', 9_999_999, 'Goi 24 gio 100% a&b=c'],
];

describe('iwas payment and the package vnpay', { timeout: 120_000 }, () => {
  const shop = new VNPay({
    tmnCode: 'CGXZLS0Z',
    secureSecret: secret,
    vnpayHost: 'https://sandbox.vnpayment.vn',
    hashAlgorithm: 'SHA512',
    enableLog: false,
    loggerFn: ignoreLogger,
  });
  const page = 'https://sandbox.vnpayment.vn/paymentv2/vpcpay.html';
  const sign = (fields) => {
    const query = new URLSearchParams(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
    const hash = calculateSecureHash({ secureSecret: secret, data: query.toString(), hashAlgorithm: 'SHA512' });
    return `${query}&vnp_SecureHash=${hash}`;
  };
  const notice = (changes = {}) => ({
    vnp_Amount: '1500000',
    vnp_BankCode: 'NCB',
    vnp_BankTranNo: 'VNP14532700',
    vnp_CardType: 'ATM',
    vnp_OrderInfo: 'Thanh toán gói ngày: 24 giờ',
    vnp_PayDate: '20261122101733',
    vnp_ResponseCode: '00',
    vnp_TmnCode: 'CGXZLS0Z',
    vnp_TransactionNo: '14532700',
    vnp_TransactionStatus: '00',
    vnp_TxnRef: 'IWAS-000123',
    ...changes,
  });
  const read = (query) => ['notice', '--method', 'vnpay', '--merchant', 'CGXZLS0Z', '--query', query];

  it('writes the same payment page', async () => {
    for (const [id, amount, description] of orders) {
      const ours = new URL(
        (await payment(...order('vnpay', id, amount, description), '--merchant', 'CGXZLS0Z', '--page-url', page)).page,
      );
      const theirs = new URL(
        shop.buildPaymentUrl({
          vnp_Amount: amount,
          vnp_CreateDate: 20261122101500,
          vnp_ExpireDate: 20261122103000,
          vnp_IpAddr: '203.113.131.9',
          vnp_OrderInfo: description,
          vnp_OrderType: 'other',
          vnp_ReturnUrl: 'https://iwas.example/r/abc?x=1&y=ạ',
          vnp_TxnRef: id,
        }),
      );
      assert.equal(ours.origin + ours.pathname, theirs.origin + theirs.pathname);
      assert.deepEqual(Object.fromEntries(ours.searchParams), Object.fromEntries(theirs.searchParams));
      assert.equal(shop.verifyReturnUrl(Object.fromEntries(ours.searchParams)).isVerified, true);
    }
  });

  it('believes what the package signs, and the package agrees', async () => {
    const query = sign(notice());
    assert.equal(shop.verifyIpnCall(Object.fromEntries(new URLSearchParams(query))).isVerified, true);
    const read_ = await payment(...read(query));
    assert.equal(read_.signature, 'right');
    assert.equal(read_.order, 'IWAS-000123');
    assert.equal(read_.state, 'paid');
    assert.equal(read_.received, '15000 VND');
    assert.equal(read_.at, '2026-11-22T03:17:33Z');
    const cancelled = await payment(...read(sign(notice({ vnp_ResponseCode: '24', vnp_TransactionStatus: '02' }))));
    assert.equal(cancelled.state, 'failed');
    assert.equal(cancelled.reason, 'cancelled');
  });

  it('refuses what the package refuses', async () => {
    for (const [name, value] of [
      ['vnp_Amount', '9500000'],
      ['vnp_TxnRef', 'IWAS-000124'],
      ['vnp_ResponseCode', '24'],
    ]) {
      const query = new URLSearchParams(sign(notice()));
      query.set(name, value);
      assert.equal(shop.verifyIpnCall(Object.fromEntries(query)).isVerified, false);
      assert.match(await refused(...read(query.toString())), /signature is missing or wrong/);
    }
  });
});

describe('iwas payment and the package @payos/node', { timeout: 120_000 }, () => {
  const shop = new PayOS({ clientId: 'client', apiKey: 'api-key', checksumKey: secret });
  let folder;
  before(async () => (folder = await temporaryFolder()));
  after(() => removeFolder(folder));

  const data = (changes = {}) => ({
    orderCode: 42,
    amount: 120_000,
    description: 'CSAB12 nạp ví & "quà" / null',
    accountNumber: '0004100012345001',
    reference: 'TF261122000042',
    transactionDateTime: '2026-11-22 23:59:59',
    currency: 'VND',
    paymentLinkId: '00112233445566778899aabbccddeeff',
    code: '00',
    desc: 'Thành công',
    counterAccountBankId: null,
    counterAccountNumber: '0123456789',
    virtualAccountName: 'null',
    ...changes,
  });
  async function bodyFile(webhook) {
    const file = join(folder, 'body.json');
    await writeFile(file, JSON.stringify(webhook));
    return ['notice', '--method', 'payos', '--merchant', 'client', file];
  }
  const signed = async (members) => ({
    code: '00',
    desc: 'success',
    success: true,
    data: members,
    signature: await shop.crypto.createSignatureFromObj(members, secret),
  });

  it('signs links in the same way', async () => {
    for (const [id, amount] of [
      ['1', 2_000],
      ['9007199254740991', 1_000_000],
    ]) {
      const { call, body } = await payment(...order('payos', id, amount, 'GOI 15P'), '--merchant', 'client');
      assert.match(call, /^POST .*\/v2\/payment-requests$/);
      const { signature, ...request } = JSON.parse(body);
      assert.equal(request.orderCode, Number(id));
      assert.equal(request.amount, amount);
      assert.equal(signature, await shop.crypto.createSignatureOfPaymentRequest(request, secret));
    }
  });

  it('believes what the package signs, and the package agrees', async () => {
    for (const changes of [
      {},
      { amount: 1 },
      {
        unknownMember: [
          { b: 1, a: 'ạ/"' },
          { z: null, y: true },
        ],
        another: false,
        rate: 1.25,
        none: [],
      },
    ]) {
      const webhook = await signed(data(changes));
      assert.equal((await shop.webhooks.verify(webhook)).orderCode, 42);
      const read = await payment(...(await bodyFile(webhook)));
      assert.equal(read.order, '42');
      assert.equal(read.state, 'paid');
      assert.equal(read.received, `${webhook.data.amount} VND`);
      assert.equal(read.name, 'TF261122000042');
      assert.equal(read.payer, '****6789');
    }
  });

  it('refuses what the package refuses', async () => {
    for (const change of [{ amount: 900_000 }, { orderCode: 43 }, { unknownMember: 1 }]) {
      const webhook = await signed(data());
      Object.assign(webhook.data, change);
      await assert.rejects(shop.webhooks.verify(webhook));
      assert.match(await refused(...(await bodyFile(webhook))), /signature is missing or wrong/);
    }
  });
});

describe('iwas payment and the package momo-payment-api', { timeout: 120_000 }, () => {
  const ours = createRequire(import.meta.url);
  const { MomoPayment } = ours('momo-payment-api');
  const axios = createRequire(ours.resolve('momo-payment-api'))('axios');
  const sent = [];
  let usual;
  before(() => {
    usual = axios.defaults.adapter;
    axios.defaults.adapter = async (config) => {
      sent.push({ url: config.url, body: JSON.parse(config.data) });
      return { data: {}, status: 200, statusText: 'OK', headers: {}, config };
    };
  });
  after(() => (axios.defaults.adapter = usual));

  it('signs orders in the same way', async () => {
    const shop = new MomoPayment('MOMO', keys.IWAS_PAYMENT_ACCESS_KEY, secret);
    for (const [id, amount, description] of orders.filter(([, each]) => each >= 1_000)) {
      const { call, body } = await payment(
        ...order('momo', id, amount, description),
        ...['--merchant', 'MOMO', '--notify-url', 'https://iwas.example/api/v1/payments/momo/notice'],
      );
      assert.match(call, /^POST .*\/v2\/gateway\/api\/create$/);
      const request = JSON.parse(body);
      await shop.createPayment(request);
      const theirs = sent.pop();
      assert.equal(new URL(theirs.url).pathname, '/v2/gateway/api/create');
      assert.equal(request.amount, amount);
      for (const name of ['partnerCode', 'requestId', 'orderId', 'orderInfo', 'redirectUrl', 'ipnUrl', 'requestType'])
        assert.equal(request[name], theirs.body[name], name);
      assert.equal(request.signature, theirs.body.signature);
    }
  });
});
