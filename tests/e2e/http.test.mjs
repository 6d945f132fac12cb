// What every answer of the portal's server carries, whatever it is about.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openCafe } from './support/cafe.mjs';
import { ask } from './support/http.mjs';

describe('the HTTP server', { timeout: 60_000 }, () => {
  let cafe;
  before(async () => (cafe = await openCafe()));
  after(() => cafe?.close());

  it('sends security headers with every answer', async () => {
    const handset = await cafe.addPhone();
    await handset.arrive();
    const answers = {
      page: await ask(cafe.ports.portal, { path: '/' }),
      api: await handset.get('/portal'),
      problem: await handset.get('/balance'),
      missing: await ask(cafe.ports.portal, { path: '/none.js' }),
    };
    for (const [name, { headers }] of Object.entries(answers)) {
      assert.equal(headers['x-content-type-options'], 'nosniff', name);
      assert.equal(headers['x-frame-options'], 'DENY', name);
      assert.equal(headers['referrer-policy'], 'no-referrer', name);
      assert.match(headers['content-security-policy'], /default-src 'self'.*frame-ancestors 'none'/, name);
      assert.doesNotMatch(headers['content-security-policy'], /unsafe/, name);
      assert.equal(headers.server, undefined, name);
    }
    assert.match(answers.page.headers['content-security-policy'], /form-action 'self' [^;]*127\.0\.0\.1/);
    for (const name of ['api', 'problem']) assert.match(answers[name].headers['cache-control'], /no-store/, name);
    assert.equal(answers.missing.status, 404);
    const api = await ask(cafe.ports.portal, { path: '/api/v1/none' });
    assert.deepEqual([api.status, api.json?.code], [404, 'NOT_FOUND']);
  });

  it('serves the portal compressed, and what is named by its content for good', async () => {
    const page = await ask(cafe.ports.portal, { path: '/session' });
    assert.equal(page.status, 200);
    assert.match(page.headers['content-type'], /^text\/html/);
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(page.text)[1];
    const asset = await ask(cafe.ports.portal, { path: script, headers: { 'Accept-Encoding': 'gzip' } });
    assert.equal(asset.headers['content-encoding'], 'gzip');
    assert.match(asset.headers['cache-control'], /immutable/);
    const etag = asset.headers.etag;
    if (etag !== undefined) {
      const known = await ask(cafe.ports.portal, {
        path: script,
        headers: { 'Accept-Encoding': 'gzip', 'If-None-Match': etag },
      });
      assert.equal(known.status, 304);
    }
  });
});
