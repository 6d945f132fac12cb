// A phone without a browser: what it asks goes through the router, or to the portal's API. Every answer of the API is
// held to docs/openapi.yaml.
import { randomUUID } from 'node:crypto';
import { conforms } from './description.mjs';
import { ask, listen } from './http.mjs';
import { until } from './wait.mjs';

const filledIn = (template, params) => template.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(params[name]));
const probe = { host: 'connectivitycheck.gstatic.com', path: '/generate_204' };

/** Whether the router has let a request pass to its host: it says so in place of the host. */
export const isLetThrough = ({ status, text }) => status === 200 && /^(internet|walled garden): /.test(text);

export class Handset {
  constructor(cafe, { mac, ip, port }) {
    Object.assign(this, { cafe, mac, ip, port });
    this.visit = null;
    this.csrf = '';
    this.language = 'en';
    this.cookies = new Map();
  }

  /** To a host in the internet; before the login the router answers instead of it. */
  through(host, path = '/', headers = {}) {
    return ask(this.port, { path, headers: { ...headers, Host: host } });
  }

  /** As the phone itself finds out. */
  async hasInternet() {
    const answer = await this.through(probe.host, probe.path);
    return answer.status === 204;
  }

  async becomesOnline() {
    await until('the phone reaches the internet', () => this.hasInternet());
  }

  async becomesOffline() {
    await until('the router holds the phone back', async () => !(await this.hasInternet()));
  }

  /** Follows the router's redirect to the portal: the visit begins. Returns the answers on the way. */
  async arrive(host = 'example.com', path = '/') {
    const redirect = await this.through(host, path);
    const url = new URL(redirect.headers.location);
    const landing = await ask(this.cafe.ports.portal, { path: url.pathname + url.search });
    const token = new URL(landing.headers.location ?? '/', this.cafe.url).searchParams.get('v');
    this.visit = token;
    return { redirect, url, landing };
  }

  /** Goes on with the visit of a window on this phone. */
  continueFrom(page) {
    this.visit = new URL(page.url()).searchParams.get('v');
  }

  /**
   * One operation of the API by its path in the description, such as '/api/v1/purchases/{id}'.
   * `visit`: 'header' (default), 'query' or 'none'. `key`: an Idempotency-Key, made for every change but
   * sign-in and sign-out; null sends none.
   */
  async call(method, template, { params = {}, body, key, headers = {}, visit = 'header', raw } = {}) {
    let path = filledIn(template, params);
    const sent = { Accept: 'application/json', 'Accept-Language': this.language };
    if (visit === 'header') sent['X-IWAS-Visit'] = this.visit;
    if (visit === 'query') path += `?v=${encodeURIComponent(this.visit)}`;
    let text = raw;
    if (method !== 'GET') {
      sent['X-CSRF-Token'] = this.csrf;
      const isKeyless = method !== 'POST' || /\/(sign-(in|in\/guest|out)|reauthenticate)$/.test(template);
      const used = key === undefined && !isKeyless ? randomUUID() : key;
      if (used) sent['Idempotency-Key'] = used;
      if (body !== undefined) {
        sent['Content-Type'] = 'application/json';
        text = JSON.stringify(body);
      }
    }
    const all = { ...sent, ...headers };
    for (const [name, value] of Object.entries(all)) if (value === null) delete all[name];
    const answer = await ask(this.cafe.ports.portal, { method, path, headers: all, body: text });
    conforms(method, template, answer);
    if (answer.status === 200 && answer.json?.csrf_token) this.csrf = answer.json.csrf_token;
    if (answer.status === 200 && answer.json?.visit_token) this.visit = answer.json.visit_token;
    return answer;
  }

  get(template, options) {
    return this.call('GET', `/api/v1${template}`, options);
  }

  post(template, options) {
    return this.call('POST', `/api/v1${template}`, options);
  }

  patch(template, options) {
    return this.call('PATCH', `/api/v1${template}`, options);
  }

  delete(template, options) {
    return this.call('DELETE', `/api/v1${template}`, options);
  }

  async signIn(member) {
    if (this.visit === null) await this.arrive();
    await this.get('/portal');
    return this.post('/sign-in', { body: { username: member.username, password: member.password } });
  }

  /** Without an account of the PC system. */
  async signInAsGuest() {
    if (this.visit === null) await this.arrive();
    await this.get('/portal');
    return this.post('/sign-in/guest', { body: {} });
  }

  async packages() {
    return (await this.get('/packages')).json.packages;
  }

  /** Buys the package of this name at its price, or at `price`; `saved`: the saved method that pays. */
  buy(name, options) {
    return this.#order('/purchases', name, options);
  }

  /** The same for the running session. */
  extend(name, options) {
    return this.#order('/sessions/current/extend', name, options);
  }

  async #order(path, name, { price, key, method = 'pc_balance', saved, ...options } = {}) {
    const found = (await this.packages()).find((each) => each.name === name);
    const body = { package_id: found.id, quoted_price: price ?? found.price, method };
    if (saved !== undefined) body.saved_method_id = saved;
    return this.post(path, { body, key, ...options });
  }

  /** Buys and follows the purchase to its end. */
  async buyAndFollow(name, options) {
    const bought = await this.buy(name, options);
    const id = bought.json.id ?? bought.json.purchase_id;
    return this.followed(id);
  }

  followed(id) {
    const isFinal = ({ state }) => !['paying', 'awaiting_payment', 'activating', 'refunding'].includes(state);
    return until(`the purchase ${id} has ended`, async () => {
      const { json } = await this.get('/purchases/{id}', { params: { id } });
      return isFinal(json) && json;
    });
  }

  /** An event stream of the API; the visit travels in the query, as EventSource has to do it. */
  async events(template, { params = {}, ...options } = {}) {
    const path = `/api/v1${filledIn(template, params)}?v=${encodeURIComponent(this.visit)}`;
    const stream = await listen(this.cafe.ports.portal, { path, ...options });
    conforms('GET', `/api/v1${template}`, { ...stream, text: '' });
    return stream;
  }
}
