// A café in memory for development and tests: accounts, packages, sessions, purchases, and switchable faults.
// It follows docs/openapi.yaml (mock/conformance.test.ts holds it to that) and knows nothing of IWAS's inside.
import { randomUUID } from 'node:crypto';
import { devices, packagesOf, problem, problems } from './catalogue.mjs';
import { gatewayKinds, isBank, Payments } from './payments.mjs';
import { runTimeline } from './timeline.mjs';
import { Wallet } from './wallet.mjs';

const hour = 3_600;
const iso = (ms) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

export { devices, problem, problems };

export class World {
  constructor(script = {}) {
    /** What goes wrong, by operation; null or a problem code, unless said otherwise. */
    this.script = {
      portal: null,
      signIn: null,
      packages: null,
      buy: null,
      resume: null,
      disconnect: null,
      end: null,
      timeline: 'fast',
      events: true,
      stepMs: 350,
      latencyMs: 0,
      loseAnswers: 0,
      payable: true,
      /** The gateways of the organization, those that are switched off, and what the payer does. */
      gateways: ['momo', 'zalopay', 'vnpay', 'vietqr'],
      off: [],
      gateway: 'wait',
      expiresMs: 900_000,
      deepLinks: true,
      /** What becomes of late money: opens (the WiFi) or queue. */
      late: 'opens',
      transfer: 'found',
      /** Whether the password is asked for again; how linking a wallet ends: bound, failed or wait. */
      prove: false,
      binding: 'bound',
      lastMethod: false,
      pageSize: 20,
      guest: null,
      ...script,
    };
    this.accounts = {
      minh: { id: 'acc_1', kind: 'member', username: 'minh', display_name: 'Minh', password: '1234', balance: 50_000 },
      lan: { id: 'acc_2', kind: 'member', username: 'lan', display_name: 'Lan', password: '1234', balance: 4_000 },
    };
    this.device = devices.phone;
    this.known = false;
    this.returning = null;
    this.guests = new Map(); // by device: each is known again when he comes back
    this.account = null;
    this.sessions = [];
    this.purchases = new Map();
    this.answers = new Map();
    this.debits = 0;
    this.csrf = 'csrf-1';
    this.listeners = new Set();
    /** Where the mock listens; the gateways' pages are there too. */
    this.origin = '';
    this.payments = new Payments(this);
    this.wallet = new Wallet(this);
  }

  /** Does `move` after so many steps of the script. */
  later(steps, move) {
    const timer = setTimeout(() => {
      move();
      this.changed();
    }, steps * this.script.stepMs);
    timer.unref();
  }

  changed() {
    for (const listener of [...this.listeners]) listener();
  }

  portal(token, language) {
    const open = [...this.purchases.values()].filter((item) => item.state !== 'online').pop() ?? null;
    return {
      location: { id: 'loc_q7', name: 'Quận 7', brand: 'Galaxy Gaming', language_default: 'vi' },
      device: { mac_masked: this.device.mac_masked, is_private_mac: this.device.is_private_mac, known: this.known },
      visit_token: token,
      account: this.accountView(),
      returning_customer: this.returning,
      balance: this.balance(),
      active_session: this.view(this.activeSession()),
      other_sessions: this.others(),
      open_purchase: open === null ? null : this.purchaseView(open, language),
      csrf_token: this.csrf,
      payment_methods: this.payments
        .methods()
        .methods.map(({ method, is_available }) => ({ method, available: is_available })),
      payment_window: this.payments.windowView(),
      offers: { find_transfer: true, receipt_pdf: true },
    };
  }

  accountView() {
    if (this.account === null) return null;
    const { id, kind, username, display_name } = this.account;
    return { id, kind, username, display_name };
  }

  balance() {
    if (this.account === null || this.account.kind === 'guest') return null;
    return { amount: this.account.balance, as_of: iso(Date.now()), stale: false };
  }

  signIn({ username, password }) {
    const account = this.accounts[username];
    if (account === undefined || account.password !== password) return problem('INVALID_CREDENTIALS');
    return this.entered(account);
  }

  guest() {
    const { id } = this.device;
    const fresh = { id: `acc_guest_${id}`, kind: 'guest', username: '', display_name: '', balance: 0 };
    if (!this.guests.has(id)) this.guests.set(id, fresh);
    return this.entered(this.guests.get(id));
  }

  entered(account) {
    this.account = account;
    this.csrf = 'csrf-2';
    return {
      account: this.accountView(),
      balance: this.balance(),
      active_session: this.view(this.activeSession()),
      other_sessions: this.others(),
      visit_token: this.newVisit(),
      csrf_token: this.csrf,
    };
  }

  signOut() {
    this.account = null;
    this.csrf = 'csrf-3';
  }

  packages(language) {
    return this.script.packages === 'empty' ? [] : packagesOf(language);
  }

  // Sessions ---------------------------------------------------------------------------------------

  addSession(extra = {}) {
    const now = Date.now();
    const session = {
      id: `ses_${this.sessions.length + 1}`,
      package_name: 'Game thủ',
      state: 'active',
      reason: null,
      startedMs: now,
      leftMs: 3 * hour * 1_000,
      data_used_bytes: 0,
      data_cap_bytes: null,
      rate: { down_mbps: 20, up_mbps: 5 },
      deviceIds: [this.device.id],
      online: [this.device.id],
      device_limit: 1,
      ...extra,
    };
    this.sessions.push(session);
    return session;
  }

  activeSession() {
    const live = this.sessions.filter((item) => item.state === 'active' || item.state === 'pending');
    return live.find((item) => item.deviceIds.includes(this.device.id)) ?? null;
  }

  others() {
    const open = (item) => item.state === 'paused' || item.state === 'active';
    return this.sessions.filter((item) => open(item) && item !== this.activeSession()).map((item) => this.view(item));
  }

  current() {
    return this.activeSession() ?? this.sessions[this.sessions.length - 1] ?? null;
  }

  leftMs(session) {
    if (session.state !== 'active') return session.leftMs;
    return Math.max(0, session.startedMs + session.leftMs - Date.now());
  }

  deviceViews(session) {
    return Object.values(devices)
      .filter((device) => session.deviceIds.includes(device.id))
      .map((device) => ({
        ...device,
        is_this_device: device.id === this.device.id,
        online: session.online.includes(device.id) && session.state === 'active',
      }));
  }

  view(session) {
    if (session === null) return null;
    const { id, package_name, state, reason, data_used_bytes, data_cap_bytes, rate, device_limit } = session;
    const started = state === 'active' || session.endedMs !== undefined;
    return {
      id,
      package_name,
      state,
      reason,
      starts_at: started ? iso(session.startedMs) : null,
      ends_at: started ? iso(session.endedMs ?? session.startedMs + session.leftMs) : null,
      seconds_left: Math.floor(this.leftMs(session) / 1_000),
      data_used_bytes,
      data_cap_bytes,
      rate,
      devices: this.deviceViews(session),
      device_limit,
      can_extend: state === 'active',
      can_resume: state === 'paused' || (state === 'active' && !session.online.includes(this.device.id)),
    };
  }

  end(session, state, reason) {
    session.leftMs = state === 'paused' ? this.leftMs(session) : 0;
    session.state = state;
    session.reason = reason;
    session.online = [];
    if (state !== 'paused') session.endedMs = Date.now();
    this.changed();
  }

  resume(session) {
    session.deviceIds = [...new Set([...session.deviceIds.slice(0, session.device_limit - 1), this.device.id])];
    session.online = [this.device.id];
    session.startedMs = Date.now();
    session.state = 'active';
    session.reason = null;
    this.changed();
  }

  disconnect(id) {
    for (const session of this.sessions) session.online = session.online.filter((online) => online !== id);
    this.changed();
  }

  deviceList() {
    const session = this.current();
    return { devices: session === null ? [] : this.deviceViews(session), device_limit: session?.device_limit ?? null };
  }

  // Purchases --------------------------------------------------------------------------------------

  /** Why whoever is signed in has no right to what the buyer of `purchase` has; null when it is he. */
  notBuyer({ buyer }) {
    if (this.account === null) return problem('NOT_SIGNED_IN');
    return buyer === this.account ? null : problem('NOT_FOUND');
  }

  /** A guest's order can be given up by whoever holds his device. */
  mayNotCancel(purchase) {
    const isGuests = purchase.buyer?.kind === 'guest' && purchase.deviceId === this.device.id;
    return isGuests ? null : this.notBuyer(purchase);
  }

  /** Checks in the order of the specification; null when nothing speaks against it. */
  refusal(item, body) {
    if (this.account === null) return problem('NOT_SIGNED_IN');
    if (item === undefined || !item.available) return problem(item?.unavailable_code ?? 'PACKAGE_NOT_AVAILABLE');
    if (body.quoted_price !== item.price) return problem('PRICE_CHANGED', { current_price: item.price });
    return this.payments.refusal(item, body);
  }

  /** `body`: as it was ordered. */
  buy(item, kind, body = {}) {
    const { method = 'pc_balance', saved_method_id, use_credit = true } = body;
    const purchase = {
      id: `pur_${this.purchases.size + 1}`,
      kind,
      method,
      savedId: saved_method_id ?? null,
      buyer: this.account,
      deviceId: this.device.id,
      item,
      state: 'paying',
      createdMs: Date.now(),
      session: null,
      error: null,
      loginForm: null,
      amountState: 'pending',
      payment: null,
      refunded: 0,
      kept: false,
    };
    this.purchases.set(purchase.id, purchase);
    this.payments.spend(purchase, use_credit);
    if (method in gatewayKinds && (saved_method_id === undefined || isBank(method))) {
      this.payments.open(purchase);
      return purchase;
    }
    if (method === 'pc_balance') this.account.balance -= item.price - purchase.creditUsed;
    this.debits += 1;
    this.run(purchase);
    return purchase;
  }

  run(purchase) {
    runTimeline(this, purchase);
  }

  /** Ends it without WiFi, or says where its money is. */
  settle(purchase, state, code, amountState) {
    Object.assign(purchase, { state, amountState });
    const payer = code.startsWith('PAYER_') ? { method: purchase.method } : {};
    purchase.error = problem(code, { ...payer, purchase_id: purchase.id, purchase_state: state });
  }

  online(purchase) {
    const { item } = purchase;
    purchase.state = 'online';
    purchase.loginForm = null;
    const running = this.activeSession();
    if (purchase.kind === 'extension' && running !== null) {
      running.leftMs += item.duration_seconds * 1_000;
      purchase.session = running;
      return;
    }
    purchase.session = this.addSession({
      package_name: item.name,
      leftMs: item.duration_seconds * 1_000,
      data_cap_bytes: item.data_cap_bytes,
      rate: item.rate,
      device_limit: item.device_limit,
    });
  }

  purchaseView(purchase) {
    const { id, kind, method, item, state, error, session, loginForm, amountState, createdMs } = purchase;
    const { creditUsed, refunded, kept } = purchase;
    return {
      id,
      kind,
      state,
      method,
      package_id: item.id,
      package_name: item.name,
      price: item.price,
      created_at: iso(createdMs),
      steps: this.steps(state),
      transaction: { id, amount: item.price, credit_used: creditUsed, refunded, state: amountState },
      payment: this.payments.view(purchase),
      can_keep_as_credit: state === 'refund_queued' && this.notBuyer(purchase) === null,
      kept_as_credit: kept,
      error,
      session: this.view(session),
      login_form: loginForm,
    };
  }

  steps(state) {
    const reached = { paying: 1, awaiting_payment: 1, declined: 1, failed: 1, activating: 3, online: 4 }[state] ?? 3;
    const ms = [1, 214, 2, 96];
    const failed = state === 'declined' || state === 'failed' || state.startsWith('refund');
    const steps = ['validate', 'pay', 'create_session', 'activate'].map((name, index) => {
      if (index < reached) return { name, state: 'done', ms: ms[index] };
      if (index > reached) return { name, state: 'waiting', ms: null };
      return failed ? { name, state: 'failed', ms: ms[index] } : { name, state: 'running', ms: null };
    });
    if (!state.startsWith('refund')) return steps;
    const refund = { refunding: ['running', null], refunded: ['done', 180], refund_queued: ['failed', 900] }[state];
    return [...steps, { name: 'refund', state: refund[0], ms: refund[1] }];
  }

  history({ cursor, state, method }) {
    const { pageSize } = this.script;
    const all = [...this.purchases.values()]
      .reverse()
      .filter((item) => item.buyer === this.account)
      .filter((item) => state === null || item.amountState === state)
      .filter((item) => method === null || item.method === method);
    const from = Number(cursor ?? 0);
    const transactions = all.slice(from, from + pageSize).map((purchase) => ({
      id: purchase.id,
      kind: purchase.kind === 'extension' ? 'extension' : 'purchase',
      package_name: purchase.item.name,
      method: purchase.method,
      amount: purchase.item.price,
      credit_used: purchase.creditUsed,
      refunded: purchase.refunded,
      state: purchase.amountState,
      created_at: iso(purchase.createdMs),
      has_receipt: /success|refund/.test(purchase.amountState),
    }));
    return { transactions, next_cursor: from + pageSize < all.length ? String(from + pageSize) : null };
  }

  newVisit() {
    return `visit.${randomUUID()}`;
  }
}
