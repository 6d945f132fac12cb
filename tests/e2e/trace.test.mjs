// `iwas trace`: a purchase made a moment ago, as the sequence diagram that it was.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openCafe } from './support/cafe.mjs';
import { until } from './support/wait.mjs';

describe('iwas trace', { timeout: 120_000 }, () => {
  let cafe;
  let handset;
  let member;
  let bought;
  before(async () => {
    cafe = await openCafe();
    ({ handset, member } = await cafe.addGuest());
    bought = await handset.buyAndFollow('1 giờ');
  });
  after(() => cafe?.close());

  /** Traces are written behind the workflow: the last step may come a moment later. */
  const trace = (format, id = bought.id, last = 'online') =>
    until(`the trace as ${format}`, async () => {
      const { code, stdout, stderr } = await cafe.command('trace', id, '--format', format);
      if (code !== 0) assert.match(stderr, /no run is known/);
      return stdout.includes(last) && stdout;
    });

  const hidesSecrets = (text) => {
    for (const secret of [member.password, handset.mac, 'demo-radius-secret', 'demo-branch-key'])
      assert.ok(!text.toLowerCase().includes(secret.toLowerCase()), `${secret} is in the trace`);
  };

  it('draws the purchase as text: who called whom, and how long it took', async () => {
    const text = await trace('text');
    assert.match(text, /──>/);
    assert.match(text, /<──/);
    assert.match(text, /\.\.\.>/);
    assert.match(text, /\d+ ms/);
    const order = ['buy 1 giờ', 'charge', 'paid, with its session', 'log in', 'online'].map((step) =>
      text.indexOf(step),
    );
    assert.ok(
      order.every((at) => at >= 0),
      text,
    );
    assert.deepEqual(
      order,
      [...order].sort((a, b) => a - b),
      text,
    );
    hidesSecrets(text);
  });

  it('draws it in Mermaid', async () => {
    const text = await trace('mermaid');
    assert.match(text, /^sequenceDiagram/m);
    assert.match(text, /->>/);
    hidesSecrets(text);
  });

  it('draws it in SVG', async () => {
    const text = await trace('svg');
    assert.match(text, /^(<\?xml[^>]*>\s*)?<svg[^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    assert.match(text, /<\/svg>\s*$/);
    assert.doesNotMatch(text, /<script/);
    hidesSecrets(text);
  });

  it('gives it as JSON', async () => {
    const text = await trace('json');
    const value = JSON.parse(text);
    assert.ok(JSON.stringify(value).includes('charge'));
    hidesSecrets(text);
  });

  it('draws failures and retries', async () => {
    const other = await cafe.addPhone();
    const poor = await cafe.addMember({ cash: 1_000 });
    await other.signIn(poor);
    const refused = await other.buy('1 giờ');
    const text = await trace('text', refused.json.purchase_id, 'insufficient');
    assert.match(text, /─X─/);
  });

  it('draws sessions', async () => {
    const { json } = await handset.get('/sessions/current');
    await handset.post('/sessions/{id}/end', { params: { id: json.session.id } });
    const text = await trace('text', json.session.id, 'disconnect');
    assert.match(text, /USER_LOGOUT/);
  });

  it('says what is wrong with an id, and fails', async () => {
    for (const [id, sentence] of [
      ['nonsense', /expected the id/],
      ['01J8ZBZZZZZZZZZZZZZZZZZZZZ', /no run is known/],
    ]) {
      const { code, stderr } = await cafe.command('trace', id);
      assert.equal(code, 1);
      assert.match(stderr, sentence);
    }
    const { code, stderr } = await cafe.command('trace', bought.id, '--format', 'gif');
    assert.notEqual(code, 0);
    assert.match(stderr, /format/);
  });
});
