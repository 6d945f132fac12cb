// A café in memory for development and tests: accounts, packages, sessions, purchases, and switchable faults.
// It follows docs/openapi.yaml (mock/conformance.test.ts holds it to that) and knows nothing of IWAS's inside.
import { randomUUID } from 'node:crypto';

const hour = 3_600;
const iso = (ms) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

/** status and action of each code: the table of docs/openapi.yaml. */
export const problems = {
  VALIDATION_FAILED: [422, 'retry'],
  NOT_SIGNED_IN: [401, 'sign_in'],
  CSRF_FAILED: [403, 'reload'],
  IDEMPOTENCY_CONFLICT: [409, 'reload'],
  NOT_FOUND: [404, 'reload'],
  TRY_LATER: [503, 'retry'],
  VISIT_UNKNOWN: [400, 'reopen_portal'],
  PACKAGE_NOT_AVAILABLE: [409, 'choose_package'],
  PACKAGE_AT_CAPACITY: [409, 'choose_package'],
  PRICE_CHANGED: [409, 'accept_new_price'],
  DEVICE_ALREADY_ACTIVE: [409, 'sign_in'],
  DEVICE_BLOCKED: [403, 'ask_staff'],
  MAX_DEVICES_REACHED: [409, 'manage_devices'],
  PURCHASE_LIMIT_REACHED: [409, 'choose_package'],
  INSUFFICIENT_BALANCE: [402, 'top_up'],
  INVALID_CREDENTIALS: [401, 'retry'],
  ACCOUNT_SUSPENDED: [403, 'ask_staff'],
  RATE_LIMITED: [429, 'wait'],
  PC_SYSTEM_UNAVAILABLE: [503, 'retry'],
  PAYMENT_DECLINED: [402, 'ask_staff'],
  PAYMENT_EXPIRED: [409, 'choose_package'],
  AMOUNT_MISMATCH: [409, 'ask_staff'],
  PAYMENT_METHOD_INACTIVE: [409, 'ask_staff'],
  ACTIVATION_FAILED: [502, 'retry'],
  SESSION_EXPIRED: [409, 'choose_package'],
};

export function problem(code, extra = {}) {
  const [status, action] = problems[code];
  const waits = { RATE_LIMITED: 90, PC_SYSTEM_UNAVAILABLE: 5, TRY_LATER: 5 };
  const wait = code in waits ? { retry_after_seconds: waits[code] } : {};
  const type = `urn:iwas:problem:${code}`;
  return { type, title: code, status, detail: `${code}.`, code, action, request_id: 'req_7K2M', ...wait, ...extra };
}

export const devices = {
  phone: { id: 'dev_1', mac_masked: 'A4:5E:••:••:••:0F', is_private_mac: false },
  tablet: { id: 'dev_2', mac_masked: '3C:22:••:••:••:71', is_private_mac: false },
  spare: { id: 'dev_3', mac_masked: '02:9B:••:••:••:C4', is_private_mac: true },
};

function packagesOf(language) {
  const vi = language === 'vi';
  const item = (id, name, description, price, hours, down, up, extra = {}) => ({
    id,
    name,
    description,
    price,
    duration_seconds: hours * hour,
    rate: { down_mbps: down, up_mbps: up },
    data_cap_bytes: null,
    device_limit: 1,
    recommended: false,
    available: true,
    unavailable_code: null,
    ...extra,
  });
  return [
    item('pkg_1h', vi ? 'Lướt nhanh' : 'Quick', '', 5_000, 1, 10, 2, { data_cap_bytes: 2_000_000_000 }),
    item(
      'pkg_3h',
      vi ? 'Game thủ' : 'Gamer',
      vi ? 'Đủ cho một buổi leo rank.' : 'Enough for an evening of ranked.',
      12_000,
      3,
      20,
      5,
      {
        recommended: true,
      },
    ),
    item('pkg_day', vi ? 'Cả ngày' : 'All day', '', 30_000, 24, 20, 5, { device_limit: 2 }),
    item('pkg_night', vi ? 'Xuyên đêm' : 'All night', '', 20_000, 9, 50, 10, {
      available: false,
      unavailable_code: 'PACKAGE_AT_CAPACITY',
    }),
  ];
}

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
      ...script,
    };
    this.accounts = {
      minh: { id: 'acc_1', username: 'minh', display_name: 'Minh', password: '1234', balance: 50_000 },
      lan: { id: 'acc_2', username: 'lan', display_name: 'Lan', password: '1234', balance: 4_000 },
    };
    this.device = devices.phone;
    this.known = false;
    this.returning = null;
    this.account = null;
    this.sessions = [];
    this.purchases = new Map();
    this.answers = new Map();
    this.debits = 0;
    this.csrf = 'csrf-1';
    this.listeners = new Set();
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
      payment_methods: [{ method: 'pc_balance', available: this.script.payable }],
    };
  }

  accountView() {
    if (this.account === null) return null;
    const { id, username, display_name } = this.account;
    return { id, username, display_name };
  }

  balance() {
    if (this.account === null) return null;
    return { amount: this.account.balance, as_of: iso(Date.now()), stale: false };
  }

  signIn({ username, password }) {
    const account = this.accounts[username];
    if (account === undefined || account.password !== password) return problem('INVALID_CREDENTIALS');
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

  /** Checks in the order of the specification; null when nothing speaks against it. */
  refusal(item, body) {
    if (this.account === null) return problem('NOT_SIGNED_IN');
    if (item === undefined || !item.available) return problem(item?.unavailable_code ?? 'PACKAGE_NOT_AVAILABLE');
    if (body.quoted_price !== item.price) return problem('PRICE_CHANGED', { current_price: item.price });
    if (this.account.balance < item.price)
      return problem('INSUFFICIENT_BALANCE', { needed: item.price, available: this.account.balance });
    return null;
  }

  buy(item, kind) {
    const purchase = {
      id: `pur_${this.purchases.size + 1}`,
      kind,
      item,
      state: 'paying',
      createdMs: Date.now(),
      session: null,
      error: null,
      loginForm: null,
      amountState: 'pending',
    };
    this.purchases.set(purchase.id, purchase);
    this.account.balance -= item.price;
    this.debits += 1;
    this.run(purchase);
    return purchase;
  }

  /** Moves the purchase along the script's timeline. */
  run(purchase) {
    const { stepMs, timeline } = this.script;
    const later = (steps, move) => {
      const timer = setTimeout(() => {
        move();
        this.changed();
      }, steps * stepMs);
      timer.unref();
    };
    const activating = () => ((purchase.state = 'activating'), (purchase.amountState = 'success'));
    const refuse = (state, code, amountState) => () => {
      Object.assign(purchase, { state, amountState });
      purchase.error = problem(code, { purchase_id: purchase.id, purchase_state: state });
    };
    switch (timeline) {
      case 'fast':
      case 'slow':
        later(1, activating);
        later(2, () => this.online(purchase));
        return;
      case 'stuck':
        return;
      case 'activating':
        return later(1, activating);
      case 'declined':
        return later(1, () => {
          this.account.balance += purchase.item.price;
          refuse('declined', 'PAYMENT_DECLINED', 'failed')();
        });
      case 'late':
      case 'mismatch': {
        const code = timeline === 'late' ? 'PAYMENT_EXPIRED' : 'AMOUNT_MISMATCH';
        return later(1, refuse('refund_queued', code, 'refunding'));
      }
      case 'expired':
        return later(1, () => {
          this.account.balance += purchase.item.price;
          refuse('failed', 'PAYMENT_EXPIRED', 'expired')();
        });
      case 'refund':
      case 'refund_queued':
        later(1, activating);
        later(2, refuse('refunding', 'ACTIVATION_FAILED', 'refunding'));
        if (timeline === 'refund') {
          later(4, () => (this.account.balance += purchase.item.price));
          later(4, refuse('refunded', 'ACTIVATION_FAILED', 'refunded'));
        } else {
          later(4, refuse('refund_queued', 'ACTIVATION_FAILED', 'refunding'));
        }
        return;
      case 'browser_login':
        return later(1, () => {
          activating();
          const fields = { username: 's-1', password: 'one-time', dst: '/online.html' };
          purchase.loginForm = { url: this.script.loginUrl ?? 'http://10.5.50.1/login', method: 'POST', fields };
        });
      default:
        throw new Error(`no such timeline: ${timeline}`);
    }
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
    const { id, kind, item, state, error, session, loginForm, amountState, createdMs } = purchase;
    return {
      id,
      kind,
      state,
      package_name: item.name,
      created_at: iso(createdMs),
      steps: this.steps(state),
      transaction: { id: `txn_${id}`, amount: item.price, state: amountState },
      error,
      session: this.view(session),
      login_form: loginForm,
    };
  }

  steps(state) {
    const reached = { paying: 1, declined: 1, failed: 1, activating: 3, online: 4 }[state] ?? 3;
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

  history() {
    return [...this.purchases.values()].reverse().map(({ id, kind, item, amountState, createdMs }) => ({
      id: `txn_${id}`,
      kind: kind === 'extension' ? 'extension' : 'purchase',
      package_name: item.name,
      amount: item.price,
      state: amountState,
      created_at: iso(createdMs),
    }));
  }

  newVisit() {
    return `visit.${randomUUID()}`;
  }
}
