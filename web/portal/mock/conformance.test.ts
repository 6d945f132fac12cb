// Holds the mock, and the examples of the description itself, to docs/openapi.yaml.
import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
// @ts-expect-error: plain JavaScript without declarations
import { startMock } from './server.mjs';
// @ts-expect-error: plain JavaScript without declarations
import { problem, problems } from './world.mjs';

type Json = Record<string, unknown>;
interface MockWorld {
  csrf: string;
  script: Json;
  addSession(extra?: Json): { id: string };
  payments: { window: Json | null; pay(id: string, amount?: number): void; expire(id: string): void };
}
const description = parse(readFileSync('../../docs/openapi.yaml', 'utf8')) as {
  paths: Record<string, Record<string, { responses?: Record<string, Json> }>>;
  components: { schemas: Json; examples: Record<string, { value: unknown }>; responses: Record<string, Json> };
};

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema({ $id: 'openapi', ...description } as Json);

function errorsOf(reference: string, value: unknown): string[] {
  const validate = ajv.getSchema(`openapi#${reference}`);
  if (validate === undefined) throw new Error(`no schema at ${reference}`);
  return validate(value) === true
    ? []
    : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
}

/** The schema of an answer, through one level of $ref. */
function schemaOf(path: string, method: string, status: number): string {
  const response = description.paths[path]?.[method]?.responses?.[String(status)];
  if (response === undefined) throw new Error(`${method} ${path} has no ${status}`);
  if (typeof response['$ref'] === 'string') return '/components/schemas/Problem';
  const content = response['content'] as Json | undefined;
  const type = Object.keys(content ?? {})[0];
  if (type === undefined) throw new Error(`${method} ${path} ${status} has no content`);
  const escaped = (part: string) => part.replace(/~/g, '~0').replace(/\//g, '~1');
  return `/paths/${escaped(path)}/${method}/responses/${status}/content/${escaped(type)}/schema`;
}

describe('examples of the description', () => {
  const schemas: [RegExp, string][] = [
    [/^Portal/, 'Portal'],
    [/^Purchase/, 'Purchase'],
    [/^(InsufficientBalance|PriceChanged|MaxDevices)$/, 'Problem'],
    [/^PaymentMethods$/, 'PaymentMethodList'],
    [/^Receipt$/, 'Receipt'],
    [/^Wallet$/, 'Wallet'],
  ];
  it.each(Object.entries(description.components.examples))('%s', (name, { value }) => {
    const schema = schemas.find(([pattern]) => pattern.test(name))?.[1];
    expect(schema, 'which schema?').toBeDefined();
    expect(errorsOf(`/components/schemas/${schema}`, value)).toEqual([]);
  });

  it('name every code with its status in the table of the introduction', () => {
    const { info } = description as unknown as { info: { description: string } };
    for (const [code, [status, action]] of Object.entries(problems as Record<string, [number, string]>)) {
      const row = info.description.split('\n').find((line) => line.startsWith(`| ${code} |`));
      expect(row, code).toContain(`| ${status} |`);
      expect(row, code).toContain(action);
    }
  });

  it('is the type of every problem', () => {
    for (const code of Object.keys(problems as object)) {
      const extra = {
        INSUFFICIENT_BALANCE: { needed: 2, available: 1 },
        PRICE_CHANGED: { current_price: 1 },
        PAYER_FUNDS_SHORT: { method: 'momo' },
        PAYER_ACCOUNT_LOCKED: { method: 'vnpay' },
        MAX_DEVICES_REACHED: { devices: [], device_limit: 1 },
      }[code];
      expect(errorsOf('/components/schemas/Problem', problem(code, extra)), code).toEqual([]);
    }
  });
});

describe('the mock', () => {
  let close: () => Promise<void> = () => Promise.resolve();
  afterEach(() => close());

  async function start(script: Json) {
    const mock = (await startMock({ script: { stepMs: 5, ...script } })) as {
      url: string;
      world: MockWorld;
      close(): Promise<void>;
    };
    close = mock.close;
    let key = 0;
    const ask = async (method: 'get' | 'post' | 'patch' | 'delete', path: string, actual: string, body?: Json) => {
      key += 1;
      const headers: Record<string, string> = { 'X-IWAS-Visit': 'visit.1' };
      if (method !== 'get') {
        headers['X-CSRF-Token'] = mock.world.csrf;
        headers['Idempotency-Key'] = `00000000-0000-4000-8000-${String(key).padStart(12, '0')}`;
      }
      const init: RequestInit = { method: method.toUpperCase(), headers };
      if (body !== undefined) init.body = JSON.stringify(body);
      const response = await fetch(`${mock.url}${actual}`, init);
      if (response.status === 204) return null;
      const value = (await response.json()) as Json;
      const errors = errorsOf(schemaOf(path, method, response.status), value);
      expect(errors, `${method} ${actual} ${response.status}: ${JSON.stringify(value)}`).toEqual([]);
      return value;
    };
    return { ask, world: mock.world };
  }

  it('answers as described, from sign-in to the end of a session', async () => {
    const { ask, world } = await start({});
    const v1 = '/api/v1';
    await ask('get', `${v1}/portal`, `${v1}/portal`);
    await ask('get', `${v1}/balance`, `${v1}/balance`);
    await ask('post', `${v1}/sign-in`, `${v1}/sign-in`, { username: 'minh', password: 'wrong' });
    await ask('post', `${v1}/sign-in`, `${v1}/sign-in`, { username: 'minh', password: '1234' });
    for (const name of ['portal', 'balance', 'packages', 'devices', 'history', 'sessions/current'])
      await ask('get', `${v1}/${name}`, `${v1}/${name}`);
    const order = { package_id: 'pkg_3h', quoted_price: 12_000, method: 'pc_balance' };
    await ask('post', `${v1}/purchases`, `${v1}/purchases`, { ...order, quoted_price: 1 });
    const bought = await ask('post', `${v1}/purchases`, `${v1}/purchases`, order);
    expect(bought?.['state']).toBe('online');
    await ask('get', `${v1}/purchases/{id}`, `${v1}/purchases/${String(bought?.['id'])}`);
    await ask('get', `${v1}/purchases/{id}`, `${v1}/purchases/none`);
    await ask('post', `${v1}/sessions/current/extend`, `${v1}/sessions/current/extend`, {
      package_id: 'pkg_1h',
      quoted_price: 5_000,
    });
    for (const name of ['portal', 'devices', 'history', 'sessions/current'])
      await ask('get', `${v1}/${name}`, `${v1}/${name}`);
    await ask('post', `${v1}/devices/{id}/disconnect`, `${v1}/devices/dev_1/disconnect`);
    const paused = world.addSession({ state: 'paused', reason: 'PC_LOGOUT' });
    await ask('post', `${v1}/sessions/{id}/resume`, `${v1}/sessions/${paused.id}/resume`);
    await ask('post', `${v1}/sessions/{id}/end`, `${v1}/sessions/${paused.id}/end`);
    await ask('post', `${v1}/sign-out`, `${v1}/sign-out`);
  });

  it.each(['slow', 'declined', 'refund', 'refund_queued', 'browser_login'])(
    'describes a purchase that goes %s',
    async (timeline) => {
      const { ask } = await start({ timeline });
      await ask('post', '/api/v1/sign-in', '/api/v1/sign-in', { username: 'minh', password: '1234' });
      const order = { package_id: 'pkg_3h', quoted_price: 12_000, method: 'pc_balance' };
      const bought = await ask('post', '/api/v1/purchases', '/api/v1/purchases', order);
      for (let look = 0; look < 8; look += 1) {
        await ask('get', '/api/v1/purchases/{id}', `/api/v1/purchases/${String(bought?.['id'])}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  );

  const v1 = '/api/v1';
  const order = { package_id: 'pkg_3h', quoted_price: 12_000 };

  it.each(['momo', 'zalopay', 'vnpay', 'vietqr'])('describes a guest who pays by %s, in each state', async (method) => {
    const { ask, world } = await start({});
    world.payments.window = { minutes: 5, rate_kbps: 512, times_left_today: 1 };
    await ask('post', `${v1}/sign-in/guest`, `${v1}/sign-in/guest`, {});
    await ask('get', `${v1}/payment-methods`, `${v1}/payment-methods`);
    await ask('post', `${v1}/payment-window`, `${v1}/payment-window`);
    await ask('post', `${v1}/purchases`, `${v1}/purchases`, { ...order, method: 'pc_balance' });
    const bought = await ask('post', `${v1}/purchases`, `${v1}/purchases`, { ...order, method });
    expect(bought?.['state']).toBe('awaiting_payment');
    const id = String(bought?.['id']);
    const at = (part: string) => [`${v1}/purchases/{id}${part}`, `${v1}/purchases/${id}${part}`] as const;
    if (method === 'vietqr') world.payments.pay(id, 4_000);
    await ask('get', ...at(''));
    await ask('get', `${v1}/portal`, `${v1}/portal`);
    const cancelled = await ask('post', ...at('/cancel'), {});
    expect(cancelled?.['state']).toBe('failed');
    await ask('post', `${v1}/transfers/find`, `${v1}/transfers/find`, { amount: 1 });
    world.script['late'] = 'queue';
    world.payments.pay(id);
    const queued = await ask('get', ...at(''));
    expect(queued).toMatchObject({ state: 'refund_queued', can_keep_as_credit: true });
    const kept = await ask('post', ...at('/keep-as-credit'), {});
    expect(kept).toMatchObject({ state: 'refunded', kept_as_credit: true });
    await ask('get', ...at('/receipt'));
    await ask('post', `${v1}/payment-window`, `${v1}/payment-window`);
    await ask('get', `${v1}/history`, `${v1}/history?method=${method}&state=refunded`);
  });

  it('describes the wallet of a member, from linking to removing', async () => {
    const { ask } = await start({ prove: true });
    await ask('get', `${v1}/wallet`, `${v1}/wallet`);
    await ask('post', `${v1}/sign-in`, `${v1}/sign-in`, { username: 'minh', password: '1234' });
    await ask('post', `${v1}/wallet/bindings`, `${v1}/wallet/bindings`, { method: 'momo' });
    await ask('post', `${v1}/reauthenticate`, `${v1}/reauthenticate`, { password: 'wrong' });
    await ask('post', `${v1}/reauthenticate`, `${v1}/reauthenticate`, { password: '1234' });
    const binding = await ask('post', `${v1}/wallet/bindings`, `${v1}/wallet/bindings`, { method: 'momo' });
    await new Promise((resolve) => setTimeout(resolve, 60));
    const bound = await ask('get', `${v1}/wallet/bindings/{id}`, `${v1}/wallet/bindings/${String(binding?.['id'])}`);
    expect(bound?.['state']).toBe('bound');
    await ask('get', `${v1}/payment-methods`, `${v1}/payment-methods`);
    const one = [`${v1}/wallet/methods/{id}`, `${v1}/wallet/methods/mth_1`] as const;
    await ask('patch', ...one, { label: 'Ví chính', position: 0, is_default: true });
    await ask('delete', ...one);
    await ask('get', `${v1}/banks`, `${v1}/banks`);
    const own = { method: 'vietqr', bank_bin: '970422', account_number: '0123456789' };
    const account = await ask('post', `${v1}/wallet/bindings`, `${v1}/wallet/bindings`, own);
    expect(account?.['state']).toBe('bound');
    await ask('post', `${v1}/wallet/bindings`, `${v1}/wallet/bindings`, { ...own, bank_bin: '000000' });
    await ask('get', `${v1}/payment-methods`, `${v1}/payment-methods`);
    await ask('delete', `${v1}/wallet/methods/{id}`, `${v1}/wallet/methods/none`);
    await ask('get', `${v1}/wallet`, `${v1}/wallet`);
  });
});
