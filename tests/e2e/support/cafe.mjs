// A café to test in: `iwas demo` on free ports, its router and its PC system in the test's hands.
import { execFile } from 'node:child_process';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Handset } from './handset.mjs';
import { ask } from './http.mjs';
import { iwas, removeFolder, serve, temporaryFolder } from './program.mjs';
import { until } from './wait.mjs';

const anyPort = ['', 'control-', 'device-', 'pc-', 'radius-', 'gateway-'].flatMap((name) => [`--${name}port`, '0']);

const run = promisify(execFile);

function portIn(text, pattern) {
  const found = pattern.exec(text);
  if (found === null) throw new Error(`the demonstration does not print ${pattern}:\n${text}`);
  return Number(found[1]);
}

/** Starts the café. `close` ends it and says how it ended. */
export async function openCafe() {
  const folder = await temporaryFolder();
  let process_;
  try {
    process_ = await serve(['demo', ...anyPort, '--devices', '1'], { TMPDIR: folder }, 'Ctrl-C stops everything');
  } catch (error) {
    await removeFolder(folder);
    throw error;
  }
  const text = process_.text();
  return new Cafe(process_, folder, {
    portal: portIn(text, /Portal\s+http:\/\/127\.0\.0\.1:(\d+)/),
    router: portIn(text, /Router\s+http:\/\/127\.0\.0\.1:(\d+)/),
    gateways: portIn(text, /Bank app\s+http:\/\/127\.0\.0\.1:(\d+)/),
    pcSystem: portIn(text, /PC system\s+http:\/\/127\.0\.0\.1:(\d+)/),
  });
}

class Cafe {
  #process;
  #folder;
  #phones = 0;
  #members = 0;

  constructor(process_, folder, ports) {
    this.#process = process_;
    this.#folder = folder;
    this.ports = ports;
    this.url = `http://127.0.0.1:${ports.portal}`;
  }

  async close() {
    try {
      return await this.#process.stop();
    } finally {
      await removeFolder(this.#folder);
    }
  }

  get log() {
    return this.#process.output();
  }

  // The router.

  /** A phone joins the WiFi. Every second one has a private address, as phones have. */
  async addPhone({ upBps, downBps } = {}) {
    const number = ++this.#phones;
    const octet = number.toString(16).padStart(2, '0').toUpperCase();
    const mac = `${number % 2 === 0 ? '02' : 'BC'}:24:11:E2:E0:${octet}`;
    const body = { mac, ip: `192.168.21.${number}`, up_bps: upBps, down_bps: downBps };
    const { port, ip } = await this.router('devices', body);
    return new Handset(this, { mac, ip, port });
  }

  async router(action, body = {}) {
    const path = `/_sim/${action}`;
    const answer = await ask(this.ports.router, { method: 'POST', path, body: JSON.stringify(body) });
    if (answer.status !== 200) throw new Error(`POST ${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  }

  async routerState() {
    return (await ask(this.ports.router, { path: '/_sim/state' })).json;
  }

  /** What the router knows about a phone: {online, user, rate_limit, time_left_s, ...}. */
  async atRouter({ mac }) {
    const { devices } = await this.routerState();
    return devices.find((device) => device.mac.toUpperCase() === mac.toUpperCase()) ?? { online: false };
  }

  /** Lets hours pass at once, for IWAS, router and PC system alike. */
  leap(seconds) {
    return this.router('leap', { seconds });
  }

  // The PC system.

  async pc(method, path, body) {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await ask(this.ports.pcSystem, { method, path: `/_sim/${path}`, body: text });
    if (answer.status >= 300) throw new Error(`${method} /_sim/${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  }

  /** A member of this test alone, so that no other test's money or tries count against him. */
  async addMember({ cash = 50_000, status = 'active' } = {}) {
    const number = ++this.#members;
    const id = String(9_000 + number);
    const username = `khach${number}`;
    const member = { id, username, password: `mat-khau-${number}`, display_name: `Khách ${number}`, cash, status };
    await this.pc('POST', 'accounts', member);
    return { ...member, pc: `E2E-${number}` };
  }

  /** A phone whose owner, a new member, has signed in. */
  async addGuest(options) {
    const handset = await this.addPhone();
    const member = await this.addMember(options);
    await handset.signIn(member);
    return { handset, member };
  }

  async cashOf({ id }) {
    const { accounts } = await this.pc('GET', 'accounts');
    return accounts.find((account) => account.id === id).cash;
  }

  async chargesOf({ id }) {
    const { charges } = await this.pc('GET', 'charges');
    return charges.filter((charge) => charge.member_id === id);
  }

  sitDown(member) {
    return this.pc('POST', `pcs/${member.pc}/login`, { username: member.username });
  }

  leave(member) {
    return this.pc('POST', `pcs/${member.pc}/logout`, {});
  }

  /** `fault` strikes the next `next` times, or each time, on paths that hold `on`. */
  fault(fault, { next, on = '', delayMs } = {}) {
    const body = { fault, on, ...(next === undefined ? { probability: 1 } : { next }) };
    if (delayMs !== undefined) body.delay_ms = delayMs;
    return this.pc('POST', 'faults', body);
  }

  clearFaults() {
    return this.pc('DELETE', 'faults');
  }

  /** Of a workflow's histogram: how many runs there were, and how many of them took over `seconds`, one of its edges. */
  async runs(workflow, seconds) {
    const { text } = await ask(this.ports.portal, { path: '/metrics' });
    const buckets = new Map();
    const line = /^iwas_workflow_duration_seconds_bucket\{(.*)\} (\d+)$/gm;
    for (const [, labels, count] of text.matchAll(line))
      if (labels.includes(`workflow="${workflow}"`)) buckets.set(/le="([^"]+)"/.exec(labels)[1], Number(count));
    const within = [...buckets].find(([edge]) => Number(edge) === seconds);
    if (within === undefined) throw new Error(`no edge ${seconds} in ${workflow}: ${[...buckets.keys()]}`);
    const all = buckets.get('+Inf');
    return { all, over: all - within[1] };
  }

  // The gateways and the bank.

  /** The simulators' control API: pay, payments, faults, transfers and so on; see sim/payment/hub.hpp. */
  async gateways(method, path, body) {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await ask(this.ports.gateways, { method, path: `/_sim/${path}`, body: text });
    if (answer.status >= 300) throw new Error(`${method} /_sim/${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  }

  /** A payer pays at the gateway, or does what `how` says: {outcome, code, payer, amount, memo}. */
  payAt(gateway, order, how = {}) {
    return this.gateways('POST', 'pay', { gateway, ...order, ...how });
  }

  // The program's own commands, beside the running one.

  async #store() {
    const names = await readdir(this.#folder);
    const name = names.find((each) => each.startsWith('iwas-demo-'));
    if (name === undefined) throw new Error(`no folder of the demonstration in ${this.#folder}: ${names}`);
    const folder = join(this.#folder, name);
    return {
      folder,
      env: { IWAS_STORE_URL: `sqlite:${join(folder, 'iwas.db')}`, IWAS_SECRETS_KEY_FILE: join(folder, 'iwas.key') },
    };
  }

  /** What the running program's database answers: [{column: value}]. */
  async rows(query) {
    const { folder } = await this.#store();
    const { stdout } = await run('sqlite3', ['-readonly', '-json', join(folder, 'iwas.db'), query]);
    return stdout.trim() === '' ? [] : JSON.parse(stdout);
  }

  async command(...args) {
    const { env } = await this.#store();
    return iwas(args, env);
  }

  /** The café's file as the running program was started with it. */
  async file() {
    const { folder } = await this.#store();
    return readFile(join(folder, 'cafe.toml'), 'utf8');
  }

  /** Changes the café's file and applies it, as an operator does; returns when the server has taken it over. */
  async reconfigure(change, isTakenOver) {
    const { env } = await this.#store();
    const before = await this.file();
    const after = change(before);
    if (after === before) throw new Error('the change changes nothing');
    const file = join(this.#folder, 'changed.toml');
    await writeFile(file, after);
    const { code, stdout, stderr } = await iwas(['apply', file], env);
    if (code !== 0) throw new Error(`iwas apply: ${code}\n${stdout}${stderr}`);
    await until('the server has taken the new café file over', isTakenOver);
  }
}
