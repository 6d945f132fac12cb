// The wallet: a customer keeps a way to pay, buys with one tap, and has it forgotten; at the simulated gateways, over the
// API and in a browser.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isAccessible, launch, openPortal, openWindow, signIn } from './support/browser.mjs';
import { openCafe } from './support/cafe.mjs';
import { codeOf } from './support/http.mjs';
import { answersItsShare } from './support/operations.mjs';
import { until } from './support/wait.mjs';

const evening = { name: '3 giờ', price: 12_000 };

describe('the wallet', { timeout: 240_000 }, () => {
  let cafe;
  before(async () => {
    cafe = await openCafe();
  });
  after(async () => {
    if (cafe === undefined) return;
    assert.deepEqual(await cafe.close(), { code: 0, signal: null }, `the program stops cleanly\n${cafe.log}`);
  });

  const prove = (handset, member) => handset.post('/reauthenticate', { body: { password: member.password } });
  const walletOf = async (handset) => (await handset.get('/wallet')).json;
  const names = ({ methods }) => methods.map(({ method, is_default }) => `${method}${is_default ? '*' : ''}`).join(' ');
  const methodsOf = (id) => cafe.rows(`select state, token_sealed from saved_method where id = '${id}'`);

  /** The customer agrees on the gateway's page; the id of what he keeps. */
  async function keep(handset, member, method) {
    assert.equal((await prove(handset, member)).status, 204);
    const asked = await handset.post('/wallet/bindings', { body: { method } });
    assert.equal(asked.status, 201, asked.text);
    assert.equal(asked.json.state, 'pending');
    assert.equal(new URL(asked.json.pay_url).port, String(cafe.ports.gateways));
    await cafe.payAt(method, { qr_text: asked.json.pay_url });
    const { id } = asked.json;
    await until('the wallet has agreed', async () => {
      const { json } = await handset.get('/wallet/bindings/{id}', { params: { id } });
      return json.state === 'bound';
    });
    return id;
  }

  const tap = (handset, method, id) => handset.buy(evening.name, { method, saved: id });

  for (const method of ['momo', 'zalopay']) {
    it(`keeps ${method}, pays with one tap, and has it forgotten`, async () => {
      const { handset, member } = await cafe.addGuest();
      assert.equal(names(await walletOf(handset)), 'pc_balance*');
      const unproven = await handset.post('/wallet/bindings', { body: { method } });
      assert.equal(unproven.status, 401);
      assert.equal(unproven.json.code, 'REAUTHENTICATION_REQUIRED');
      const wrong = await prove(handset, { password: 'not-this' });
      assert.equal(wrong.json.code, 'INVALID_CREDENTIALS');

      const id = await keep(handset, member, method);
      const wallet = await walletOf(handset);
      assert.equal(names(wallet), `pc_balance* ${method}`);
      const [{ token_sealed: sealed }] = await methodsOf(id);
      assert.match(sealed, /^[\w-]+:/, 'the token is sealed');
      const isDefault = await handset.patch(`/wallet/methods/{id}`, { params: { id }, body: { is_default: true } });
      assert.equal(names(isDefault.json), `pc_balance ${method}*`);

      const bought = await tap(handset, method, id);
      assert.ok([201, 202].includes(bought.status), bought.text);
      const purchase = await handset.followed(bought.json.id);
      assert.equal(purchase.state, 'online', JSON.stringify(purchase));
      assert.equal(await handset.hasInternet(), true);
      const paid = await cafe.rows(`select amount from payment where txn_id = '${bought.json.id}'`);
      assert.deepEqual(paid, [{ amount: evening.price }]);
      const used = (await walletOf(handset)).methods.find((each) => each.id === id).usage;
      assert.equal(used.payments, 1);
      assert.equal(used.total, evening.price);

      const removed = await handset.delete('/wallet/methods/{id}', { params: { id } });
      assert.equal(removed.status, 200, removed.text);
      assert.equal(names(removed.json), 'pc_balance*');
      await until('the gateway has forgotten it', async () => {
        const [{ state, token_sealed }] = await methodsOf(id);
        return state === 'removed' && token_sealed === '';
      });
      const again = await tap(handset, method, id);
      assert.equal(again.json.code, 'PAYMENT_METHOD_INACTIVE');
    });
  }

  it('keeps a card at VNPay, which wants a yes for each payment', async () => {
    const { handset, member } = await cafe.addGuest();
    const id = await keep(handset, member, 'vnpay');
    const bought = await tap(handset, 'vnpay', id);
    assert.equal(bought.status, 202, bought.text);
    assert.equal(bought.json.state, 'awaiting_payment');
    await cafe.payAt('vnpay', { qr_text: bought.json.payment.pay_url });
    const purchase = await handset.followed(bought.json.id);
    assert.equal(purchase.state, 'online', JSON.stringify(purchase));
  });

  it('keeps a bank account, from which one tap orders a transfer, and forgets it at once', async () => {
    const { handset, member } = await cafe.addGuest();
    assert.equal((await prove(handset, member)).status, 204);
    const account = { method: 'vietqr', bank_bin: '970422', account_number: '0123456789' };
    const kept = await handset.post('/wallet/bindings', { body: account });
    assert.equal(kept.status, 201, kept.text);
    assert.equal(kept.json.state, 'bound');
    const { id } = kept.json;
    const [{ state, token_sealed: sealed }] = await methodsOf(id);
    assert.equal(state, 'usable');
    assert.match(sealed, /^[\w-]+:/, 'the number is sealed');
    const shown = await handset.get('/wallet');
    assert.ok(!shown.text.includes('0123456789'), shown.text);
    assert.equal(shown.json.methods[1].masked, '•••• 6789');

    const bought = await tap(handset, 'vietqr', id);
    assert.equal(bought.status, 202, bought.text);
    const { bank, due } = bought.json.payment;
    assert.equal(bank.payer_bank, '970422');
    const { json: list } = await handset.get('/banks');
    const { app } = list.banks.find((each) => each.bank_bin === bank.payer_bank);
    const link = new URL(bank.app_link.replace('{app}', app.id));
    assert.equal(link.origin + link.pathname, 'https://dl.vietqr.io/pay');
    assert.equal(link.searchParams.get('app'), 'mb');
    assert.equal(link.searchParams.get('am'), String(due));
    assert.equal(link.searchParams.get('tn'), bank.memo);
    assert.equal(link.searchParams.get('ba').split('@')[0], bank.account_number);
    assert.equal(link.searchParams.get('url'), `${cafe.url}/`, 'without the token of the visit');

    await cafe.gateways('POST', 'transfer', {
      ...{ gateway: 'bank', bin: bank.bank_bin, account: bank.account_number },
      ...{ amount: due, memo: bank.memo },
    });
    const purchase = await handset.followed(bought.json.id);
    assert.equal(purchase.state, 'online', JSON.stringify(purchase));
    const removed = await handset.delete('/wallet/methods/{id}', { params: { id } });
    assert.equal(names(removed.json), 'pc_balance*');
    assert.deepEqual(await methodsOf(id), [{ state: 'removed', token_sealed: '' }]);
  });

  it('leaves the last way to pay to a customer while something runs on it', async () => {
    const { handset, member } = await cafe.addGuest();
    assert.equal((await prove(handset, member)).status, 204);
    const [{ id }] = (await walletOf(handset)).methods;
    const remove = () => handset.delete('/wallet/methods/{id}', { params: { id } });
    assert.equal((await handset.buyAndFollow(evening.name)).state, 'online');
    const refused = await remove();
    assert.deepEqual(codeOf(refused), [409, 'LAST_METHOD'], refused.text);
    assert.equal(names(await walletOf(handset)), 'pc_balance*');

    const { session } = (await handset.get('/sessions/current')).json;
    await handset.post('/sessions/{id}/end', { params: { id: session.id } });
    const removed = await remove();
    assert.deepEqual([removed.status, names(removed.json)], [200, ''], removed.text);
  });

  it('asks for another way when the wallet refuses, and pays from the balance then', async () => {
    const { handset, member } = await cafe.addGuest();
    assert.equal((await prove(handset, member)).status, 204);
    const asked = await handset.post('/wallet/bindings', { body: { method: 'momo' } });
    await cafe.payAt('momo', { qr_text: asked.json.pay_url, payer: 'poor' });
    const { id } = asked.json;
    await until('the wallet has agreed', async () => {
      const { json } = await handset.get('/wallet/bindings/{id}', { params: { id } });
      return json.state === 'bound';
    });
    await cafe.gateways('POST', 'wallets', { gateway: 'momo', payer: 'poor', balance: 1_000 });
    const refused = await tap(handset, 'momo', id);
    assert.equal(refused.status, 402, refused.text);
    assert.equal(refused.json.code, 'PAYER_FUNDS_SHORT');
    const bought = await handset.buyAndFollow(evening.name);
    assert.equal(bought.state, 'online');
  });

  answersItsShare(import.meta.url);

  describe('in a browser', () => {
    let browser;
    before(async () => {
      browser = await launch();
    });
    after(() => browser?.close());

    it('keeps a bank account by tapping, and opens its app', async () => {
      const handset = await cafe.addPhone();
      const member = await cafe.addMember();
      const window = await openWindow(browser, handset, { isMobile: true, hasTouch: true });
      const { page } = window;
      try {
        await openPortal(page, handset);
        await signIn(page, member);
        await page.locator('.buy-bar').waitFor();
        await page.goto(`${cafe.url}/wallet${new URL(page.url()).search}`);
        await page.getByRole('button', { name: 'Thêm ngân hàng' }).click();
        await page.locator('#bank-bin').selectOption({ label: 'MB Bank' });
        await page.locator('#bank-number').fill('0123 456 789');
        await isAccessible(page);
        await page.getByRole('button', { name: 'Lưu tài khoản' }).click();
        await page.locator('#reauth-password').fill(member.password);
        await page.locator('form[aria-labelledby=reauth-title] button[type=submit]').click();
        const card = page.locator('li.saved').filter({ hasText: 'MB Bank' });
        await card.waitFor();
        await card.getByRole('button', { name: /mặc định/ }).click();
        await card.locator('.tag').waitFor();

        await page.goto(`${cafe.url}/${new URL(page.url()).search}`);
        await page.locator('.buy-bar .primary').click();
        const open = page.getByRole('link', { name: 'Mở ứng dụng MB Bank' });
        await open.waitFor();
        assert.match(await open.getAttribute('href'), /^https:\/\/dl\.vietqr\.io\/pay\?app=mb&am=/);
        await isAccessible(page);
        assert.deepEqual(window.complaints, []);
      } finally {
        await window.close();
      }
    });

    it('is linked, used and emptied by tapping', async () => {
      const handset = await cafe.addPhone();
      const member = await cafe.addMember();
      const window = await openWindow(browser, handset, { language: 'en-US' });
      const { page } = window;
      try {
        await openPortal(page, handset);
        await signIn(page, member);
        await page.locator('.buy-bar').waitFor();
        await page.goto(`${cafe.url}/wallet${new URL(page.url()).search}`);
        await page.getByRole('button', { name: 'Link MoMo' }).click();
        await page.locator('#reauth-password').fill(member.password);
        await page.locator('form[aria-labelledby=reauth-title] button[type=submit]').click();
        const toPage = page.locator('a[href*="/v2/gateway/pay"]');
        const payUrl = await toPage.getAttribute('href');
        await isAccessible(page);
        await cafe.payAt('momo', { qr_text: payUrl });
        const card = page.locator('li.saved').filter({ hasText: 'MoMo' });
        await card.waitFor();
        await isAccessible(page);
        await card.getByRole('button', { name: /default/i }).click();
        await card.locator('.tag').waitFor();

        await page.goto(`${cafe.url}/${new URL(page.url()).search}`);
        await page.locator('.buy-bar .primary').click();
        await page.waitForURL(/\/online\.html\?|\/purchase\//);
        await handset.becomesOnline();
        const [paid] = await cafe.rows(
          "select method, saved_method_id from txn where method = 'momo' order by created_at desc limit 1",
        );
        assert.notEqual(paid.saved_method_id, '');
        assert.deepEqual(window.complaints, []);
      } finally {
        await window.close();
      }
    });
  });
});
