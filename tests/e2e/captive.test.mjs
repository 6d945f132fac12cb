// How operating systems find out that they are held back, and that they are free: their probes through the router, the
// same probes at IWAS, and the captive portal API (RFC 8908).
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openCafe } from './support/cafe.mjs';
import { conforms } from './support/description.mjs';
import { ask } from './support/http.mjs';
import { answersItsShare } from './support/operations.mjs';
import { until } from './support/wait.mjs';

/** What each system expects from the internet. */
const probes = [
  { system: 'Android', host: 'connectivitycheck.gstatic.com', path: '/generate_204', status: 204, body: '' },
  { system: 'Android', host: 'www.google.com', path: '/gen_204', status: 204, body: '' },
  {
    system: 'iOS',
    host: 'captive.apple.com',
    path: '/hotspot-detect.html',
    status: 200,
    body: /<TITLE>Success<\/TITLE>/,
  },
  { system: 'macOS', host: 'www.apple.com', path: '/library/test/success.html', status: 200, body: /Success/ },
  {
    system: 'Windows',
    host: 'www.msftconnecttest.com',
    path: '/connecttest.txt',
    status: 200,
    body: /^Microsoft Connect Test$/,
  },
  { system: 'Firefox', host: 'detectportal.firefox.com', path: '/success.txt', status: 200, body: /^success\n$/ },
  { system: 'iOS', host: 'captive.apple.com', path: '/', status: 200, body: /<TITLE>Success<\/TITLE>/ },
  { system: 'Ubuntu', host: 'connectivity-check.ubuntu.com', path: '/', status: 204, body: '' },
];

describe('captive detection', { timeout: 120_000 }, () => {
  let cafe;
  before(async () => (cafe = await openCafe()));
  after(() => cafe?.close());

  const isFree = (answer, probe) =>
    answer.status === probe.status && (probe.body === '' ? answer.text === '' : probe.body.test(answer.text));
  const leadsToPortal = (answer) => answer.status === 302 && answer.headers.location.startsWith(cafe.url);

  const captiveApi = async (handset, options = {}) => {
    const answer = await handset.call('GET', '/captive-portal/api', { visit: 'query', ...options });
    assert.equal(answer.headers['content-type'].split(';')[0], 'application/captive+json');
    assert.match(answer.headers['cache-control'], /private|no-store/);
    return answer.json;
  };

  it('sends each system to the portal before the login, and lets it through after', async () => {
    const handset = await cafe.addPhone();
    for (const probe of probes) {
      const held = await handset.through(probe.host, probe.path);
      assert.ok(leadsToPortal(held), `${probe.system} before: ${held.status} ${held.headers.location}`);
    }
    await handset.signIn(await cafe.addMember());
    await handset.buyAndFollow('1 giờ');
    for (const probe of probes) {
      const free = await handset.through(probe.host, probe.path);
      assert.ok(isFree(free, probe), `${probe.system} after: ${free.status} ${free.text}`);
    }
    const page = await handset.through('example.com', '/news');
    assert.equal(page.text.trim(), 'internet: example.com/news');
  });

  it('answers probes that reach IWAS itself by what the device may do', async () => {
    const handset = await cafe.addPhone();
    await handset.arrive();
    const at = async (probe) =>
      ask(cafe.ports.portal, {
        path: `${probe.path}?v=${encodeURIComponent(handset.visit)}`,
        headers: { Host: probe.host },
      });
    for (const probe of probes) assert.ok(leadsToPortal(await at(probe)), `${probe.system} before`);
    await handset.signIn(await cafe.addMember());
    await handset.buyAndFollow('1 giờ');
    for (const probe of probes) {
      const free = await at(probe);
      assert.ok(isFree(free, probe), `${probe.system} after: ${free.status} ${free.text}`);
    }
    // Whoever is not told apart is not told to be free.
    const unknown = await ask(cafe.ports.portal, { path: '/generate_204', headers: { Host: 'www.google.com' } });
    assert.ok(leadsToPortal(unknown));
  });

  it('tells over RFC 8908 whether a device is captive, where to go, and how long it may stay', async () => {
    const handset = await cafe.addPhone();
    await handset.arrive();
    const before_ = await captiveApi(handset);
    assert.equal(before_.captive, true);
    assert.ok(before_['user-portal-url'].startsWith(cafe.url));
    assert.equal(before_['seconds-remaining'], undefined);

    await handset.signIn(await cafe.addMember());
    await handset.buyAndFollow('1 giờ');
    const online = await captiveApi(handset);
    assert.equal(online.captive, false);
    assert.ok(
      online['seconds-remaining'] > 3_500 && online['seconds-remaining'] <= 3_600,
      `${online['seconds-remaining']}`,
    );
    assert.equal(online['can-extend-session'], true);

    const { json } = await handset.get('/sessions/current');
    await handset.post('/sessions/{id}/end', { params: { id: json.session.id } });
    await handset.becomesOffline();
    assert.equal((await captiveApi(handset)).captive, true);

    const stranger = await ask(cafe.ports.portal, { path: '/captive-portal/api' });
    conforms('GET', '/captive-portal/api', stranger);
    assert.equal(stranger.json.captive, true);
  });

  it('does not lose a session that the router forgot', async () => {
    const { handset, member } = await cafe.addGuest();
    await handset.buyAndFollow('1 giờ');
    await cafe.router('log-out', { mac: handset.mac });
    await handset.becomesOffline();
    await until('the accounting Stop has arrived', async () => (await captiveApi(handset)).captive);
    const { json } = await handset.get('/sessions/current');
    assert.ok(['active', 'paused'].includes(json.session.state), json.session.state);
    const resumed = await handset.post('/sessions/{id}/resume', { params: { id: json.session.id } });
    assert.equal(resumed.status, 200);
    await handset.becomesOnline();
    assert.equal((await cafe.chargesOf(member)).length, 1);
  });

  answersItsShare(import.meta.url);
});
