// What the API refuses: strangers, forgeries, repetitions, nonsense and too much. Every refusal is checked against its
// schema (support/description.mjs), and none of them moves money.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openCafe } from './support/cafe.mjs';
import { conforms } from './support/description.mjs';
import { ask, codeOf } from './support/http.mjs';

describe('the API refuses', { timeout: 200_000 }, () => {
  let cafe;
  before(async () => (cafe = await openCafe()));
  after(() => cafe?.close());

  it('knows nobody without a visit', async () => {
    const handset = await cafe.addPhone();
    for (const template of ['/packages', '/sessions/current'])
      assert.deepEqual(codeOf(await handset.get(template, { visit: 'none' })), [400, 'VISIT_UNKNOWN'], template);
    const { visit } = (await handset.arrive(), handset);
    const changed = visit.slice(0, -1) + (visit.endsWith('A') ? 'B' : 'A');
    const tampered = await handset.get('/portal', { headers: { 'X-IWAS-Visit': changed } });
    assert.deepEqual(codeOf(tampered), [400, 'VISIT_UNKNOWN']);
  });

  it('refuses a redirect that no router of ours has written', async () => {
    const handset = await cafe.addPhone();
    const { url } = await handset.arrive();
    const wrong = { n: 'nobody', ip: '8.8.8.8', mac: 'no-address' };
    for (const [name, value] of Object.entries(wrong)) {
      const forged = new URLSearchParams(url.search);
      forged.set(name, value);
      const answer = await ask(cafe.ports.portal, { path: `/p?${forged}` });
      conforms('GET', '/p', answer);
      assert.deepEqual(codeOf(answer), [400, 'VISIT_UNKNOWN'], name);
    }
    // A person is shown a page, not a problem document.
    const page = await ask(cafe.ports.portal, { path: '/p?n=nobody', headers: { Accept: 'text/html' } });
    assert.equal(page.status, 400);
    assert.match(page.headers['content-type'], /^text\/html/);
  });

  it('changes nothing without the CSRF token', async () => {
    const { handset, member } = await cafe.addGuest();
    const good = handset.csrf;
    for (const csrf of ['', 'x'.repeat(40), good.slice(1)]) {
      handset.csrf = csrf;
      const [{ id, price }] = await handset.packages();
      const body = { package_id: id, quoted_price: price, method: 'pc_balance' };
      assert.deepEqual(codeOf(await handset.post('/purchases', { body })), [403, 'CSRF_FAILED']);
      assert.deepEqual(codeOf(await handset.post('/sign-out')), [403, 'CSRF_FAILED']);
      const login = { username: member.username, password: member.password };
      assert.deepEqual(codeOf(await handset.post('/sign-in', { body: login })), [403, 'CSRF_FAILED']);
    }
    // Nor with the token of another visit.
    const { handset: other } = await cafe.addGuest();
    handset.csrf = other.csrf;
    assert.deepEqual(codeOf(await handset.post('/sign-out')), [403, 'CSRF_FAILED']);
    assert.deepEqual(await cafe.chargesOf(member), []);
  });

  it('needs a key for an order', async () => {
    const { handset, member } = await cafe.addGuest();
    for (const key of [null, 'short', 'x'.repeat(65), 'with space here']) {
      const answer = await handset.buy('1 giờ', { key });
      assert.deepEqual(codeOf(answer), [422, 'VALIDATION_FAILED'], key);
      assert.equal(answer.json.field, 'Idempotency-Key');
    }
    assert.deepEqual(await cafe.chargesOf(member), []);
  });

  it('sells a device one session, whoever asks at once', async () => {
    const { handset, member } = await cafe.addGuest();
    const answers = await Promise.all(Array.from({ length: 8 }, () => handset.buy('1 giờ')));
    const statuses = answers.map((answer) => answer.json.code ?? answer.json.state);
    const refused = statuses.filter((code) => code === 'DEVICE_ALREADY_ACTIVE');
    assert.equal(refused.length, 7, statuses.join());
    assert.equal((await cafe.chargesOf(member)).length, 1);
  });

  it('names what is wrong in a body', async () => {
    const { handset, member } = await cafe.addGuest();
    const [{ id, price }] = await handset.packages();
    const good = { package_id: id, quoted_price: price, method: 'pc_balance' };
    const wrong = [
      ['package_id', { ...good, package_id: 7 }],
      ['package_id', { ...good, package_id: 'x'.repeat(65) }],
      ['quoted_price', { ...good, quoted_price: '5000' }],
      ['quoted_price', { ...good, quoted_price: -1 }],
      ['quoted_price', { ...good, quoted_price: 1.5 }],
      ['method', { package_id: id, quoted_price: price }],
    ];
    for (const [field, body] of wrong) {
      const answer = await handset.post('/purchases', { body });
      assert.deepEqual(codeOf(answer), [422, 'VALIDATION_FAILED'], JSON.stringify(body));
      assert.equal(answer.json.field, field);
    }
    const json = { 'Content-Type': 'application/json' };
    for (const raw of ['', '{', '[]', '"text"', `${'['.repeat(100)}`, '{"package_id":"\xff"'])
      assert.deepEqual(
        codeOf(await handset.post('/purchases', { raw, headers: json })),
        [422, 'VALIDATION_FAILED'],
        raw,
      );
    const plain = await handset.post('/purchases', {
      raw: JSON.stringify(good),
      headers: { 'Content-Type': 'text/plain' },
    });
    assert.equal(plain.json.field, 'Content-Type');
    const unknown = await handset.post('/purchases', { body: { ...good, package_id: 'galaxy.none' } });
    assert.deepEqual(codeOf(unknown), [409, 'PACKAGE_NOT_AVAILABLE']);
    const cheaper = await handset.post('/purchases', { body: { ...good, quoted_price: price - 1 } });
    assert.deepEqual(codeOf(cheaper), [409, 'PRICE_CHANGED']);
    assert.equal(cheaper.json.current_price, price);
    const method = await handset.post('/purchases', { body: { ...good, method: 'gold' } });
    assert.deepEqual(codeOf(method), [409, 'PAYMENT_METHOD_INACTIVE']);
    for (const login of [
      { username: '', password: 'x' },
      { username: 'a'.repeat(65), password: 'x' },
      { username: 'a' },
    ])
      assert.equal((await handset.post('/sign-in', { body: login })).status, 422);
    assert.deepEqual(await cafe.chargesOf(member), []);
  });

  it('shows nobody the purchases, sessions and devices of others', async () => {
    const { handset } = await cafe.addGuest();
    const bought = await handset.buyAndFollow('1 giờ');
    const { json } = await handset.get('/devices');
    const { handset: stranger } = await cafe.addGuest();
    const foreign = [
      await stranger.get('/purchases/{id}', { params: { id: bought.id } }),
      await stranger.get('/purchases/{id}', { params: { id: 'nonsense' } }),
      await stranger.post('/sessions/{id}/end', { params: { id: bought.session.id } }),
      await stranger.post('/sessions/{id}/resume', { params: { id: bought.session.id } }),
      await stranger.post('/sessions/{id}/end', { params: { id: 'nonsense' } }),
      await stranger.post('/devices/{id}/disconnect', { params: { id: json.devices[0].id } }),
    ];
    for (const answer of foreign) assert.deepEqual(codeOf(answer), [404, 'NOT_FOUND']);
    const anonymous = await cafe.addPhone();
    await anonymous.arrive();
    await anonymous.get('/portal');
    const unsigned = await anonymous.post('/sessions/{id}/end', { params: { id: bought.session.id } });
    assert.deepEqual(codeOf(unsigned), [401, 'NOT_SIGNED_IN']);
    assert.equal(await handset.hasInternet(), true);
  });

  it('counts wrong passwords of an account, a device and an address', async () => {
    const member = await cafe.addMember();
    const handset = await cafe.addPhone();
    for (let tries = 0; tries < 3; tries += 1)
      assert.deepEqual(codeOf(await handset.signIn({ ...member, password: 'no' })), [401, 'INVALID_CREDENTIALS']);
    const blocked = await handset.signIn(member);
    assert.deepEqual(codeOf(blocked), [429, 'RATE_LIMITED']);
    assert.ok(blocked.json.retry_after_seconds > 200 && blocked.json.retry_after_seconds <= 300);
    assert.equal(blocked.headers['retry-after'], String(blocked.json.retry_after_seconds));
    // The same account elsewhere, and another account from the same device.
    const elsewhere = await cafe.addPhone();
    assert.deepEqual(codeOf(await elsewhere.signIn(member)), [429, 'RATE_LIMITED']);
    assert.deepEqual(codeOf(await handset.signIn(await cafe.addMember())), [429, 'RATE_LIMITED']);
  });

  it('bounds what it reads', async () => {
    const { handset } = await cafe.addGuest();
    const large = { path: '/api/v1/purchases', method: 'POST', body: 'x'.repeat(100_000) };
    assert.equal((await ask(cafe.ports.portal, large)).status, 413);
    const header = await ask(cafe.ports.portal, { path: '/api/v1/portal', headers: { 'X-Long': 'x'.repeat(20_000) } });
    assert.equal(header.status, 431);
    const method = await ask(cafe.ports.portal, { path: '/api/v1/portal', method: 'DELETE' });
    assert.equal(method.status, 405);
    assert.match(method.headers.allow, /GET/);
    assert.equal((await handset.get('/portal')).status, 200);
  });
});
