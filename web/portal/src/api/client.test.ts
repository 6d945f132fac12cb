import { describe, expect, it } from 'vitest';
import { ApiClient } from './client';
import { isUnknown } from './types';

interface Call {
  path: string;
  init: RequestInit;
}

function client(...responses: (Response | Error)[]) {
  const calls: Call[] = [];
  const fake = (path: RequestInfo | URL, init?: RequestInit) => {
    calls.push({ path: String(path), init: init ?? {} });
    const response = responses.shift() ?? new Error('no answer left');
    return response instanceof Error ? Promise.reject(response) : Promise.resolve(response);
  };
  return { calls, api: new ApiClient({ visit: 'tok', language: 'en', fetch: fake as typeof fetch }) };
}

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
const headers = (call: Call | undefined) => (call?.init.headers ?? {}) as Record<string, string>;

describe('the client', () => {
  it('names the visit and the language, and takes the token for writes from the portal', async () => {
    const { api, calls } = client(json({ csrf_token: 'c1', visit_token: 'tok2' }), json({ id: 'pur' }, 202));
    await api.portal();
    await api.buy('pkg', 12_000, { method: 'momo', savedId: 'mth_1', useCredit: false }, 'key-1');
    expect(headers(calls[0])).toMatchObject({ 'X-IWAS-Visit': 'tok', 'Accept-Language': 'en' });
    expect(headers(calls[0])['X-CSRF-Token']).toBeUndefined();
    expect(headers(calls[1])).toMatchObject({
      'X-IWAS-Visit': 'tok2',
      'X-CSRF-Token': 'c1',
      'Idempotency-Key': 'key-1',
    });
    expect(JSON.parse(String(calls[1]?.init.body))).toEqual({
      package_id: 'pkg',
      quoted_price: 12_000,
      method: 'momo',
      saved_method_id: 'mth_1',
      use_credit: false,
    });
  });

  it('asks for a page of the history with what it is filtered by', async () => {
    const { api, calls } = client(json({ transactions: [], next_cursor: null }), json({ transactions: [] }));
    await api.history({ cursor: null, state: null, method: null });
    await api.history({ cursor: 'c 1', state: 'refunded', method: 'momo' });
    expect(calls.map(({ path }) => path)).toEqual([
      '/api/v1/history',
      '/api/v1/history?cursor=c+1&state=refunded&method=momo',
    ]);
  });

  it('changes and removes saved methods by their own verbs, with the token for writes', async () => {
    const { api, calls } = client(json({ csrf_token: 'c1', visit_token: 't' }), json({}), json({}));
    await api.portal();
    await api.changeMethod('m/1', { is_default: true });
    await api.removeMethod('m/1');
    expect(calls.slice(1).map(({ path, init }) => `${init.method ?? ''} ${path}`)).toEqual([
      'PATCH /api/v1/wallet/methods/m%2F1',
      'DELETE /api/v1/wallet/methods/m%2F1',
    ]);
    for (const call of calls.slice(1)) expect(headers(call)['X-CSRF-Token']).toBe('c1');
  });

  it('names the visit in addresses that the browser fetches by itself', () => {
    const { api } = client();
    expect(api.withVisit('/a.svg')).toBe('/a.svg?v=tok');
    expect(api.withVisit('/a.svg?x=1')).toBe('/a.svg?x=1&v=tok');
    api.visit = null;
    expect(api.withVisit('/a.svg')).toBe('/a.svg');
  });

  it('tells the time by the server, where this device is wrong', async () => {
    const ahead = new Date(Date.now() + 7_200_000).toUTCString();
    const { api } = client(new Response('{}', { headers: { Date: ahead } }), json({}));
    expect(Math.abs(api.now() - Date.now())).toBeLessThan(100);
    await api.balance();
    expect(Math.abs(api.now() - Date.now() - 7_200_000)).toBeLessThan(2_000);
    await api.balance();
    expect(api.now() - Date.now()).toBeGreaterThan(7_000_000);
  });

  it('goes on in the new visit of a sign-in, with its token', async () => {
    const { api, calls } = client(json({ csrf_token: 'c2', visit_token: 'tok2' }), new Response(null, { status: 204 }));
    await api.signIn('minh', 'secret');
    expect(await api.signOut()).toEqual({ ok: true, value: null });
    expect(headers(calls[1])).toMatchObject({ 'X-IWAS-Visit': 'tok2', 'X-CSRF-Token': 'c2' });
  });

  it('fetches an answer that takes longer than the server holds anybody', async () => {
    const later = () =>
      new Response('{}', { status: 202, headers: { Location: '/api/v1/answers/01J8', 'Retry-After': '1' } });
    const { api, calls } = client(later(), later(), json({ csrf_token: 'c2', visit_token: 'tok2' }));
    const signedIn = await api.signIn('minh', 'secret');
    expect(signedIn.ok).toBe(true);
    expect(calls.map((call) => [call.init.method, call.path])).toEqual([
      ['POST', '/api/v1/sign-in'],
      ['GET', '/api/v1/answers/01J8'],
      ['GET', '/api/v1/answers/01J8'],
    ]);
    expect(headers(calls[2])).toMatchObject({ 'X-IWAS-Visit': 'tok' });
  });

  it('tells problems from answers of something in between', async () => {
    const problem = { code: 'PRICE_CHANGED', action: 'accept_new_price', current_price: 1 };
    const { api } = client(
      json(problem, 409),
      new Response('<html>', { status: 200 }),
      json({}, 502),
      new Error('down'),
    );
    expect(await api.packages()).toEqual({ ok: false, failure: { kind: 'problem', problem } });
    expect(await api.packages()).toEqual({ ok: false, failure: { kind: 'unexpected', status: 200 } });
    expect(await api.packages()).toEqual({ ok: false, failure: { kind: 'unexpected', status: 502 } });
    expect(await api.packages()).toEqual({ ok: false, failure: { kind: 'offline' } });
  });

  it('puts the visit into the address of a stream and escapes identifiers', () => {
    const { api } = client();
    expect(api.purchaseEventsUrl('a/b')).toBe('/api/v1/purchases/a%2Fb/events?v=tok');
  });
});

it('knows which failures leave the outcome open', () => {
  expect(isUnknown({ kind: 'timeout' })).toBe(true);
  expect(isUnknown({ kind: 'offline' })).toBe(true);
  expect(isUnknown({ kind: 'unexpected', status: 504 })).toBe(true);
  expect(isUnknown({ kind: 'unexpected', status: 200 })).toBe(true);
  expect(isUnknown({ kind: 'unexpected', status: 404 })).toBe(false);
});
