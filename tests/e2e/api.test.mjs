// The customer API as docs/openapi.yaml describes it, asked of the real program. Every answer in these tests, also the
// refusals, is checked against its schema (support/description.mjs).
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { openCafe } from './support/cafe.mjs';
import { conforms, conformsTo, description } from './support/description.mjs';
import { ask, codeOf } from './support/http.mjs';
import { answersItsShare, sharesAreTrue } from './support/operations.mjs';
import { until } from './support/wait.mjs';

describe('the API', { timeout: 200_000 }, () => {
  let cafe;
  before(async () => (cafe = await openCafe()));
  after(() => cafe?.close());

  it('serves its own description', async () => {
    const answer = await ask(cafe.ports.portal, { path: '/openapi.json' });
    conforms('GET', '/openapi.json', answer);
    assert.deepEqual(answer.json, description);
  });

  it('answers as described from arrival to the end of the session', async () => {
    const handset = await cafe.addPhone();
    const member = await cafe.addMember();
    const { redirect, url, landing } = await handset.arrive('news.example', '/today');
    assert.equal(redirect.status, 302);
    assert.equal(url.origin, cafe.url);
    assert.equal(url.searchParams.get('mac'), handset.mac);
    assert.equal(url.searchParams.get('dst'), 'http://news.example/today');
    conforms('GET', '/p', landing);
    assert.match(landing.headers.location, /^\/\?v=/);

    const portal = await handset.get('/portal');
    assert.equal(portal.headers['cache-control'], 'no-store');
    assert.equal(portal.json.location.name, 'Galaxy Quận 7');
    assert.equal(portal.json.location.brand, 'Galaxy Gaming');
    assert.deepEqual(
      portal.json.payment_methods,
      ['pc_balance', 'momo', 'zalopay', 'vietqr', 'payos', 'vnpay'].map((method) => ({ method, available: true })),
    );
    assert.equal(portal.json.account, null);
    assert.doesNotMatch(portal.text, new RegExp(handset.mac, 'i'), 'the address is masked');

    assert.deepEqual(codeOf(await handset.get('/balance')), [401, 'NOT_SIGNED_IN']);
    assert.deepEqual(codeOf(await handset.get('/history')), [401, 'NOT_SIGNED_IN']);
    assert.deepEqual(codeOf(await handset.get('/devices')), [401, 'NOT_SIGNED_IN']);
    assert.equal((await handset.get('/sessions/current')).json.session, null);

    const signedIn = await handset.signIn(member);
    assert.equal(signedIn.json.account.username, member.username);
    assert.equal(signedIn.json.balance.amount, 50_000);
    assert.equal((await handset.get('/balance')).json.amount, 50_000);
    const packages = await handset.packages();
    assert.deepEqual(packages.map(({ name, price }) => [name, price]).sort(), [
      ['1 giờ', 5_000],
      ['15 phút', 2_000],
      ['3 giờ', 12_000],
      ['Cả ngày', 30_000],
    ]);
    assert.equal(packages.filter(({ recommended }) => recommended).length, 1);

    const bought = await handset.buy('1 giờ');
    assert.equal(bought.status, 201);
    assert.equal(bought.json.state, 'online');
    assert.equal(bought.json.session.state, 'active');
    assert.deepEqual(bought.json.transaction, {
      id: bought.json.transaction.id,
      amount: 5_000,
      state: 'success',
      credit_used: 0,
      refunded: 0,
    });
    const receipt = await handset.get('/purchases/{id}/receipt', { params: { id: bought.json.id } });
    assert.equal(receipt.json.total_kept, 5_000);
    assert.equal((await handset.get('/wallet')).json.credit, 0);
    const kept = await handset.post('/purchases/{id}/keep-as-credit', { params: { id: bought.json.id }, body: {} });
    assert.equal(kept.json.state, 'online', 'nothing waits, so nothing changes');
    assert.equal(await handset.hasInternet(), true);
    const followed = await handset.get('/purchases/{id}', { params: { id: bought.json.id } });
    assert.equal(followed.json.state, 'online');

    const [hour] = packages.filter(({ name }) => name === '1 giờ');
    const extended = await handset.post('/sessions/current/extend', {
      body: { package_id: hour.id, quoted_price: hour.price },
    });
    assert.equal(extended.status, 201);
    assert.equal(extended.json.kind, 'extension');
    const current = (await handset.get('/sessions/current')).json.session;
    assert.ok(current.seconds_left > 7_100 && current.seconds_left <= 7_200, `${current.seconds_left}`);
    assert.equal(current.devices.length, 1);
    const devices = (await handset.get('/devices')).json;
    assert.equal(devices.devices[0].is_this_device, true);
    const history = (await handset.get('/history')).json.transactions;
    assert.deepEqual(
      history.map(({ kind, state }) => [kind, state]),
      [
        ['extension', 'success'],
        ['purchase', 'success'],
      ],
    );

    const parted = await handset.post('/devices/{id}/disconnect', { params: { id: devices.devices[0].id } });
    assert.equal(parted.status, 200);
    await handset.becomesOffline();
    const resumed = await handset.post('/sessions/{id}/resume', { params: { id: current.id } });
    assert.equal(resumed.status, 200);
    assert.equal(resumed.json.login_form, null);
    await handset.becomesOnline();

    const ended = await handset.post('/sessions/{id}/end', { params: { id: current.id } });
    assert.deepEqual([ended.json.state, ended.json.reason], ['terminated', 'USER_LOGOUT']);
    await handset.becomesOffline();
    const over = await handset.post('/sessions/{id}/resume', { params: { id: current.id } });
    assert.deepEqual(codeOf(over), [409, 'SESSION_EXPIRED']);

    const out = await handset.post('/sign-out');
    assert.equal(out.status, 204);
    assert.match(out.cookies.join(), /iwas_session=;/);
    assert.deepEqual(codeOf(await handset.get('/balance')), [401, 'NOT_SIGNED_IN']);
  });

  it('sets cookies that scripts cannot read and other sites cannot send', async () => {
    const handset = await cafe.addPhone();
    const { landing } = await handset.arrive();
    const signedIn = await handset.signIn(await cafe.addMember());
    const cookies = [...landing.cookies, ...signedIn.cookies];
    assert.deepEqual(
      cookies.map((text) => text.split('=')[0]),
      ['iwas_device', 'iwas_device', 'iwas_session'],
    );
    for (const text of cookies) {
      assert.match(text, /; HttpOnly/);
      assert.match(text, /; SameSite=(Lax|Strict)/);
      assert.match(text, /; Path=\//);
    }
    // The cookies alone carry the visit and the customer.
    const headers = { Cookie: signedIn.cookies.map((text) => text.split(';')[0]).join('; ') };
    const portal = await handset.get('/portal', { visit: 'none', headers });
    assert.equal(portal.json.account.username, signedIn.json.account.username);
    // The query does too; a wrong header is not made up for by a good cookie.
    assert.equal((await handset.get('/portal', { visit: 'query' })).status, 200);
    const forged = await handset.get('/portal', { headers: { ...headers, 'X-IWAS-Visit': 'forged.token' } });
    assert.deepEqual(codeOf(forged), [400, 'VISIT_UNKNOWN']);
  });

  it('takes an order once under one key', async () => {
    const { handset, member } = await cafe.addGuest();
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 5 }, () => handset.buy('1 giờ', { key })));
    const ids = new Set(answers.map(({ json }) => json.id));
    assert.equal(ids.size, 1);
    const again = await handset.buy('1 giờ', { key });
    assert.equal(again.json.id, [...ids][0]);
    assert.equal((await cafe.chargesOf(member)).length, 1);
    const other = await handset.buy('15 phút', { key });
    assert.deepEqual(codeOf(other), [409, 'IDEMPOTENCY_CONFLICT']);

    // The same with what changes a session.
    const { json } = await handset.get('/sessions/current');
    const params = { id: json.session.id };
    const endKey = randomUUID();
    const first = await handset.post('/sessions/{id}/end', { params, key: endKey });
    const second = await handset.post('/sessions/{id}/end', { params, key: endKey });
    assert.deepEqual(second.json, first.json);
  });

  it('tells errors in the language asked for, under the same code', async () => {
    const { handset, member } = await cafe.addGuest({ cash: 4_000 });
    const texts = {};
    for (const language of ['vi', 'en', 'fr;q=0.9, en;q=0.4', 'xx']) {
      handset.language = language;
      const answer = await handset.buy('1 giờ');
      assert.deepEqual(codeOf(answer), [402, 'INSUFFICIENT_BALANCE']);
      assert.deepEqual([answer.json.needed, answer.json.available], [5_000, 4_000]);
      assert.equal(answer.json.action, 'top_up');
      assert.ok(answer.json.purchase_id);
      assert.equal(answer.json.purchase_state, 'declined');
      texts[language] = answer.json.title;
    }
    assert.equal(texts.vi, 'Số dư không đủ');
    assert.equal(texts.xx, texts.vi);
    assert.equal(texts.en, 'Not enough balance');
    assert.equal(texts['fr;q=0.9, en;q=0.4'], texts.en);
    assert.deepEqual(await cafe.chargesOf(member), []);
  });

  it('pushes a slow purchase step by step, and ends the stream with its end', async () => {
    const { handset } = await cafe.addGuest();
    await cafe.fault('delay', { on: '/v1/charges', next: 1, delayMs: 2_500 });
    const bought = await handset.buy('1 giờ');
    assert.equal(bought.status, 202);
    assert.equal(bought.headers.location, `/api/v1/purchases/${bought.json.id}`);
    assert.equal(bought.json.state, 'paying');
    const params = { id: bought.json.id };
    const { status, events, ended } = await handset.events('/purchases/{id}/events', { params });
    assert.equal(status, 200);
    assert.equal(ended, 'server');
    const states = events.map(({ event, data }) => {
      assert.equal(event, 'purchase');
      const purchase = JSON.parse(data);
      conformsTo('Purchase', purchase);
      return purchase.state;
    });
    assert.equal(states[0], 'paying');
    assert.equal(states.at(-1), 'online');
    // A stream of a purchase that has ended tells it once.
    const late = await handset.events('/purchases/{id}/events', { params });
    assert.equal(late.events.length, 1);
    const strange = await handset.call('GET', '/api/v1/purchases/{id}/events', { params: { id: 'nonsense' } });
    assert.equal(strange.status, 404);
  });

  it('pushes a session until it is over', async () => {
    const { handset, member } = await cafe.addGuest();
    assert.equal((await handset.get('/sessions/current/events')).status, 404);
    await cafe.sitDown(member);
    await handset.buyAndFollow('3 giờ');
    let state = '';
    let left = false;
    const { events } = await handset.events('/sessions/current/events', {
      onEvent: ({ event, data }) => {
        assert.equal(event, 'session');
        const session = JSON.parse(data);
        conformsTo('Session', session);
        ({ state } = session);
        if (state === 'active' && !left) {
          left = true;
          void cafe.leave(member);
        }
      },
      isEnough: () => state === 'paused',
    });
    const paused = JSON.parse(events.at(-1).data);
    assert.deepEqual([paused.reason, paused.ends_at, paused.can_resume], ['PC_LOGOUT', null, true]);

    const stream = handset.events('/sessions/current/events', { timeoutMs: 30_000 });
    await handset.post('/sessions/{id}/end', { params: { id: paused.id } });
    const over = await stream;
    assert.equal(over.ended, 'server');
    assert.equal(JSON.parse(over.events.at(-1).data).state, 'terminated');
  });

  it('takes signed events of the café only', async () => {
    const { handset, member } = await cafe.addGuest();
    await cafe.sitDown(member);
    await handset.buyAndFollow('3 giờ');
    const template = '/api/v1/branches/{branch}/pc-events';
    const secret = 'demo-webhook-secret-0123456789abcdef';
    const send = async ({
      branch = 'q7',
      at = Math.floor(Date.now() / 1_000),
      with: key = secret,
      signature,
      ...event
    }) => {
      const body = JSON.stringify({
        event_id: `evt_${randomUUID()}`,
        type: 'session.ended',
        branch_id: 'q7',
        member_id: member.id,
        occurred_at: new Date().toISOString(),
        ...event,
      });
      const mac = createHmac('sha256', key).update(`${at}.${body}`).digest('hex');
      const headers = {
        'Content-Type': 'application/json',
        'X-IWAS-Timestamp': String(at),
        'X-IWAS-Signature': signature ?? `v1=${mac}`,
      };
      const path = template.replace('{branch}', branch);
      const answer = await ask(cafe.ports.portal, { method: 'POST', path, headers, body });
      return answer;
    };
    assert.equal((await send({ with: 'another secret' })).status, 401);
    assert.equal((await send({ signature: 'v1=00' })).status, 401);
    assert.equal((await send({ at: Math.floor(Date.now() / 1_000) - 400 })).status, 401);
    assert.equal((await send({ branch_id: 'q8' })).status, 403);
    assert.equal((await send({ branch: 'nowhere' })).status, 401);
    assert.equal((await send({ type: 'weather.changed' })).status, 202);
    assert.equal(await handset.hasInternet(), true);

    // Two secrets while one rotates; a repetition has no effect.
    const id = `evt_${randomUUID()}`;
    const ended = await send({ event_id: id });
    conforms('POST', template, ended);
    assert.equal(ended.status, 202);
    await handset.becomesOffline();
    const { json } = await handset.get('/sessions/current');
    await handset.post('/sessions/{id}/resume', { params: { id: json.session.id } });
    await handset.becomesOnline();
    assert.equal((await send({ event_id: id })).status, 200);
    assert.equal(await handset.hasInternet(), true);
  });

  it('is alive, ready and measured', async () => {
    for (const path of ['/healthz', '/readyz']) {
      const answer = await ask(cafe.ports.portal, { path });
      conforms('GET', path, answer);
      assert.equal(answer.status, 200, path);
    }
    const { handset } = await cafe.addGuest();
    await handset.buyAndFollow('1 giờ');
    const metrics = await until('the purchase is measured', async () => {
      const answer = await ask(cafe.ports.portal, { path: '/metrics' });
      conforms('GET', '/metrics', answer);
      return /workflow="purchase"/.test(answer.text) && answer;
    });
    // What each workflow promises, target and maximum, are edges of the histograms.
    const edges = (workflow) =>
      [...metrics.text.matchAll(new RegExp(`_bucket\\{[^}]*workflow="${workflow}"[^}]*le="([^"]+)"`, 'g'))].map(
        ([, le]) => Number(le),
      );
    for (const [workflow, target, maximum] of [
      ['purchase', 1, 2],
      ['log_in', 0.5, 1],
    ]) {
      assert.ok(edges(workflow).includes(target), `${workflow}: ${edges(workflow)}`);
      assert.ok(edges(workflow).includes(maximum), `${workflow}: ${edges(workflow)}`);
    }
    assert.doesNotMatch(metrics.text, new RegExp(handset.mac, 'i'));
  });

  it('answers later what takes longer than a customer is held', async () => {
    const handset = await cafe.addPhone();
    const member = await cafe.addMember();
    await cafe.fault('delay', { on: '/verify', next: 1, delayMs: 2_500 });
    const began = Date.now();
    const late = await handset.signIn(member);
    assert.equal(late.status, 202, late.text);
    assert.ok(Date.now() - began < 2_000, 'held no longer than about a second');
    const id = late.headers.location.split('/').at(-1);
    let answer;
    await until('the late answer', async () => {
      answer = await handset.get('/answers/{id}', { params: { id } });
      return answer.status !== 202;
    });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json.account.username, member.username);
  });

  it('leaves to other files only what they answer for', sharesAreTrue);
  answersItsShare(import.meta.url);
});
