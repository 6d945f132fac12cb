// `iwas serve` as an operator starts it: configuration, limits, stopping.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { conforms } from './support/description.mjs';
import { ask } from './support/http.mjs';
import { iwas, removeFolder, serve, temporaryFolder } from './support/program.mjs';

describe('iwas serve', { timeout: 120_000 }, () => {
  let folder;
  let env;
  before(async () => {
    folder = await temporaryFolder();
    env = {
      IWAS_STORE_URL: `sqlite:${join(folder, 'iwas.db')}`,
      IWAS_SECRETS_KEY_FILE: join(folder, 'iwas.key'),
      IWAS_SECRETS_PORTAL_KEY_FILE: join(folder, 'portal.key'),
      IWAS_HTTP_PORT: '0',
      IWAS_RADIUS_AUTHENTICATION_PORT: '0',
      IWAS_RADIUS_ACCOUNTING_PORT: '0',
    };
    const made = await iwas(['key', 'new', env.IWAS_SECRETS_KEY_FILE]);
    assert.equal(made.code, 0, made.stderr);
  });
  after(() => removeFolder(folder));

  const started = async (more = {}) => {
    const program = await serve(['serve'], { ...env, ...more }, 'IWAS is ready');
    const port = Number(/portal http:\/\/127\.0\.0\.1:(\d+)/.exec(program.text())[1]);
    return { program, port };
  };

  it('limits the requests of one address, in its language, but not the probes of an operator', async () => {
    const { program, port } = await started({ IWAS_HTTP_REQUESTS_PER_SECOND: '2', IWAS_HTTP_REQUESTS_BURST: '5' });
    try {
      const answers = [];
      for (let count = 0; count < 12; count += 1) answers.push(await ask(port, { path: '/api/v1/portal' }));
      const paths = ['/captive-portal/api', '/generate_204', '/p', '/'];
      for (const path of paths) assert.equal((await ask(port, { path })).status, 429, path);
      const event = await ask(port, { method: 'POST', path: '/api/v1/branches/q7/pc-events', body: '{}' });
      assert.equal(event.status, 429);
      const limited = answers.filter(({ status }) => status === 429);
      assert.ok(limited.length >= 3, answers.map(({ status }) => status).join());
      assert.match(limited[0].headers['retry-after'], /^\d+$/);
      assert.equal(limited[0].headers['content-type'], 'application/problem+json');
      assert.equal(limited[0].json.code, 'RATE_LIMITED');
      assert.equal(limited[0].json.title, 'Bạn thử quá nhiều lần');
      assert.ok(limited[0].json.retry_after_seconds >= 1);
      conforms('GET', '/api/v1/portal', limited[0]);
      const english = await ask(port, { path: '/api/v1/portal', headers: { 'Accept-Language': 'en' } });
      assert.deepEqual([english.status, english.json.title], [429, 'Too many tries']);
      for (let count = 0; count < 12; count += 1) assert.equal((await ask(port, { path: '/healthz' })).status, 200);
    } finally {
      await program.stop();
    }
  });

  it('tells its metrics to nobody through a proxy that it does not trust', async () => {
    const { program, port } = await started();
    try {
      assert.equal((await ask(port, { path: '/metrics' })).status, 200);
      for (const name of ['X-Forwarded-For', 'Forwarded', 'X-Real-IP', 'Via']) {
        const passedOn = await ask(port, { path: '/metrics', headers: { [name]: '192.168.20.15' } });
        assert.equal(passedOn.status, 404, name);
      }
    } finally {
      await program.stop();
    }
  });

  it('is ready on an empty database, and stops cleanly on SIGINT and SIGTERM', async () => {
    for (const signal of ['SIGINT', 'SIGTERM']) {
      const { program, port } = await started();
      try {
        assert.equal((await ask(port, { path: '/readyz' })).text, 'ready\n');
        const nobody = await ask(port, { path: '/api/v1/portal', headers: { Accept: 'application/json' } });
        assert.equal(nobody.json.code, 'VISIT_UNKNOWN');
      } finally {
        assert.deepEqual(await program.stop(signal), { code: 0, signal: null });
      }
    }
  });

  it('refuses a wrong configuration with the key, the value and what was expected', async () => {
    const { code, stderr, stdout } = await iwas(['serve'], { ...env, IWAS_HTTP_PORT: 'eighty' });
    assert.equal(code, 78, 'EX_CONFIG of sysexits.h');
    assert.match(stderr + stdout, /http\.port.*eighty.*whole number/);
  });

  it('names a port that is taken', async () => {
    const { program, port } = await started();
    try {
      const second = await iwas(['serve'], {
        ...env,
        IWAS_STORE_URL: `sqlite:${join(folder, 'b.db')}`,
        IWAS_HTTP_PORT: String(port),
      });
      assert.equal(second.code, 1);
      assert.match(second.stderr + second.stdout, new RegExp(`\\b${port}\\b`));
    } finally {
      await program.stop();
    }
  });
});
