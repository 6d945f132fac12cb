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
    await api.buy('pkg', 12_000, 'key-1');
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
      method: 'pc_balance',
    });
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
