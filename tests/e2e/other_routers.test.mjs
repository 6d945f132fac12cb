// Routers that are no MikroTik: a CoovaChilli-like gateway whose form the browser posts, and one without a login page
// that asks by MAC address.
import assert from 'node:assert/strict';
import { atOnlinePage, buyButton } from './support/browser.mjs';
import { ask } from './support/http.mjs';
import { comeIn, inCafe } from './support/scene.mjs';
import { until } from './support/wait.mjs';

const uamSecret = 'between-portal-and-gateway';

/** Turns the café's router into another kind, at the router and in the café's file. */
async function change(cafe, face, lines) {
  await cafe.router('face', { face, uam_secret: face === 'uam' ? uamSecret : '' });
  const loaded = () => cafe.log.split('event=catalog_loaded').length;
  const loadedBefore = loaded();
  const phone = await cafe.addPhone();
  await cafe.reconfigure(
    (file) =>
      file.replace(/\[routers\.q7-gw\.api\][\s\S]*?(?=\n\[)/, '').replace('kind = "mikrotik"', lines.join('\n')),
    async () =>
      loaded() > loadedBefore &&
      (await phone.arrive()).landing.status === 302 &&
      (await phone.get('/portal')).status === 200,
  );
}

/** Ends the session as the customer does; the router must let go of the phone. */
async function end(page, handset) {
  handset.continueFrom(page);
  await handset.get('/portal');
  // The browser is let in first; the router's Accounting-Start, which makes the session active, comes after.
  const id = await until('the session is active', async () => {
    const { json } = await handset.get('/sessions/current');
    return json.session.state === 'active' && json.session.id;
  });
  await handset.post('/sessions/{id}/end', { params: { id } });
  await handset.becomesOffline();
}

for (const login of ['chap', 'pap']) {
  inCafe(`a UAM gateway that takes ${login.toUpperCase()}`, (scene) => {
    scene('lets in the phone whose browser posts its form', {}, async ({ cafe, page, handset, member }) => {
      await change(cafe, 'uam', ['kind = "uam"', `uam_secret = "${uamSecret}"`, `login = "${login}"`]);
      await comeIn(page, handset, member);
      const sent = [];
      page.on('request', (request) => request.url().includes('/logon') && sent.push(new URL(request.url())));
      await buyButton(page).click();
      await atOnlinePage(page);
      assert.equal(await handset.hasInternet(), true);
      assert.equal((await cafe.atRouter(handset)).login_by, `uam-${login}`);
      assert.equal(sent.length, 1);
      assert.equal(sent[0].searchParams.has(login === 'chap' ? 'response' : 'password'), true);
      assert.equal((await cafe.chargesOf(member)).length, 1);
      await end(page, handset);
    });

    scene('sends nobody in whose redirect it did not sign', {}, async ({ cafe, handset }) => {
      const { url } = await handset.arrive();
      assert.match(url.search, /&md=[0-9A-F]{32}$/);
      url.searchParams.set('mac', '02-00-00-00-00-99');
      const forged = await ask(cafe.ports.portal, { path: url.pathname + url.search });
      assert.equal(forged.status, 400);
      const evaded = await ask(cafe.ports.portal, {
        path: `/p?n=q7-gw&mac=02-00-00-00-00-99&ip=${handset.ip}`,
      });
      assert.equal(evaded.status, 400);
    });
  });
}

inCafe('a router without a login page', (scene) => {
  scene('finds the paid phone by its MAC address', {}, async ({ cafe, page, handset, member }) => {
    await change(cafe, 'bare', ['kind = "generic"']);
    await comeIn(page, handset, member);
    await buyButton(page).click();
    // The phone asks for something, as phones always do.
    await until('the router has asked for the phone', () => handset.hasInternet());
    await atOnlinePage(page);
    assert.equal((await cafe.atRouter(handset)).login_by, 'mac');
    await end(page, handset);
  });
});
