// Paying outside, store credit and the payment window, as the portal sees them. `world.script.gateway` says what the
// payer does: wait (a test or the gateway's page decides), pays, refuses, is_short, is_locked, expires, part_pays.
import { problem } from './catalogue.mjs';

export const gatewayKinds = {
  momo: 'wallet',
  zalopay: 'wallet',
  vnpay: 'redirect',
  vietqr: 'bank_transfer',
  payos: 'bank_transfer',
};
const iso = (ms) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
export const isBank = (method) => gatewayKinds[method] === 'bank_transfer';

export class Payments {
  constructor(world) {
    this.world = world;
    this.credit = 0;
    this.entries = [];
    /** As the portal view has it, with `active_until` in milliseconds; null: the location gives none. */
    this.window = null;
  }

  // Ways to pay ------------------------------------------------------------------------------------

  methods() {
    const { world } = this;
    const { script } = world;
    const off = (method) => !script.payable || script.off.includes(method);
    const saved = (method) =>
      world.wallet.methods.filter((entry) => (entry.bank === null ? entry.method === method : method === firstBank));
    const firstBank = script.gateways.find(isBank);
    const guest = world.account?.kind === 'guest';
    const methods = [
      this.method('pc_balance', 'balance', off('pc_balance') ? 'unavailable' : guest ? 'needs_account' : null, []),
      ...script.gateways.map((method) =>
        this.method(method, gatewayKinds[method], off(method) ? 'unavailable' : null, guest ? [] : saved(method)),
      ),
    ];
    return { methods, store_credit: this.credit };
  }

  method(method, kind, why_not, saved) {
    const { account, script } = this.world;
    const can_save = account?.kind === 'member' && (kind === 'wallet' || method === script.gateways.find(isBank));
    return { method, kind, is_available: why_not === null, why_not, can_save, saved };
  }

  /** Why `body` cannot be paid so; null when nothing speaks against it. */
  refusal(item, { method = 'pc_balance', saved_method_id, use_credit = true }) {
    const { world } = this;
    const due = item.price - this.creditFor(item.price, use_credit);
    if (method === 'store_credit') return due === 0 ? null : problem('CREDIT_CHANGED');
    const found = this.methods().methods.find((entry) => entry.method === method);
    if (found === undefined || !found.is_available) return problem('PAYMENT_METHOD_INACTIVE');
    if (method === 'pc_balance' && world.account.balance < due)
      return problem('INSUFFICIENT_BALANCE', { needed: due, available: world.account.balance });
    if (saved_method_id === undefined) return null;
    const saved = found.saved.find((entry) => entry.id === saved_method_id);
    if (saved === undefined || !saved.is_usable) return problem('PAYMENT_METHOD_INACTIVE');
    return due > 100_000 && saved.bank === null && !world.wallet.isProven()
      ? problem('REAUTHENTICATION_REQUIRED')
      : null;
  }

  creditFor(price, useCredit) {
    return useCredit ? Math.min(this.credit, price) : 0;
  }

  spend(purchase, useCredit) {
    purchase.creditUsed = this.creditFor(purchase.item.price, useCredit);
    if (purchase.creditUsed > 0) this.book(-purchase.creditUsed, 'spent');
  }

  giveBack(purchase) {
    if (purchase.creditUsed > 0) this.book(purchase.creditUsed, 'returned');
    purchase.creditUsed = 0;
  }

  book(amount, why) {
    this.credit += amount;
    this.entries.unshift({ at: iso(Date.now()), amount, why });
  }

  // An open payment --------------------------------------------------------------------------------

  /** The invitation to pay; then the payer of the script acts. */
  open(purchase) {
    const { script } = this.world;
    const due = purchase.item.price - purchase.creditUsed;
    purchase.state = 'awaiting_payment';
    purchase.payment = { due, received: 0, expiresMs: Date.now() + script.expiresMs };
    const acts = {
      wait: () => undefined,
      pays: () => this.pay(purchase.id),
      refuses: () => this.refuse(purchase.id),
      is_short: () => this.refuse(purchase.id, 'PAYER_FUNDS_SHORT'),
      is_locked: () => this.refuse(purchase.id, 'PAYER_ACCOUNT_LOCKED'),
      expires: () => this.expire(purchase.id),
      part_pays: () => this.pay(purchase.id, Math.floor((due * 2) / 5 / 1_000) * 1_000),
    };
    this.world.later(2, acts[script.gateway]);
  }

  /** Money has come; also after the end. */
  pay(id, amount) {
    const purchase = this.world.purchases.get(id);
    const { payment } = purchase;
    if (purchase.state !== 'awaiting_payment' && purchase.state !== 'failed') return;
    payment.received += amount ?? payment.due - payment.received;
    if (payment.received < payment.due) return this.world.changed();
    if (purchase.state === 'failed' && this.world.script.late === 'queue') {
      purchase.payment.lost = true;
      this.world.settle(purchase, 'refund_queued', 'PAYMENT_EXPIRED', 'refunding');
    } else {
      Object.assign(purchase, { state: 'activating', amountState: 'success', error: null });
      this.world.later(1, () => this.world.online(purchase));
    }
    this.world.changed();
  }

  refuse(id, code = 'PAYMENT_DECLINED') {
    this.end(id, 'declined', code, 'failed');
  }

  expire(id) {
    this.end(id, 'failed', 'PAYMENT_EXPIRED', 'expired');
  }

  cancel(id) {
    this.end(id, 'failed', 'PAYMENT_CANCELLED', 'failed');
  }

  end(id, state, code, amountState) {
    const purchase = this.world.purchases.get(id);
    if (purchase.state !== 'awaiting_payment') return;
    this.giveBack(purchase);
    this.world.settle(purchase, state, code, amountState);
    this.world.changed();
  }

  keep(purchase) {
    if (purchase.state !== 'refund_queued') return;
    const amount = purchase.item.price - (purchase.creditUsed ?? 0);
    this.book(amount, 'kept_refund');
    Object.assign(purchase, { state: 'refunded', amountState: 'refunded', refunded: amount, kept: true });
    this.world.changed();
  }

  /** The bank transfer that the memo was lost of. */
  find({ amount }) {
    const waiting = [...this.world.purchases.values()].find(
      (item) => isBank(item.method) && (item.state === 'awaiting_payment' || item.state === 'failed'),
    );
    if (waiting === undefined || amount !== waiting.payment.due || this.world.script.transfer === 'not_found')
      return { outcome: 'not_found', purchase: null };
    const outcome = this.world.script.transfer;
    if (outcome === 'found') this.pay(waiting.id);
    return { outcome, purchase: this.world.purchaseView(waiting) };
  }

  view(purchase) {
    const { payment, method, id } = purchase;
    if (purchase.state !== 'awaiting_payment') return null;
    const { origin, script } = this.world;
    const page = method === 'vietqr' ? null : `${origin}/mock/gateway/${id}`;
    const pictures = { svg_url: `/api/v1/purchases/${id}/qr.svg`, png_url: `/api/v1/purchases/${id}/qr.png` };
    return {
      due: payment.due,
      received: payment.received,
      expires_at: iso(payment.expiresMs),
      pay_url: page,
      deep_link: gatewayKinds[method] === 'wallet' && script.deepLinks ? `${method}://pay?order=${id}` : null,
      qr: gatewayKinds[method] === 'redirect' ? null : pictures,
      bank: isBank(method)
        ? {
            bank_name: 'Vietcombank',
            bank_bin: '970436',
            account_number: '1012345678',
            account_name: 'GALAXY GAMING',
            memo: this.memo(id),
            amount: payment.due - payment.received,
            payer_bank: this.world.wallet.methods.find(({ id }) => id === purchase.savedId)?.bank?.bank_bin ?? null,
            app_link: `https://dl.vietqr.io/pay?app={app}&am=${payment.due - payment.received}&tn=${this.memo(id)}`,
          }
        : null,
    };
  }

  memo(id) {
    return `IW7K2M${id.replace(/\D/g, '').padStart(2, '0')}`;
  }

  /** What the QR says; of the right shape, with a checksum of nobody's. */
  qrText(purchase) {
    const { payment, id } = purchase;
    const amount = String(payment.due - payment.received);
    const field = (tag, value) => `${tag}${String(value.length).padStart(2, '0')}${value}`;
    const bank = field('00', '970436') + field('01', '1012345678');
    const account = field('00', 'A000000727') + field('01', bank) + field('02', 'QRIBFTTA');
    const memo = field('08', this.memo(id));
    return `000201010212${field('38', account)}5303704${field('54', amount)}5802VN${field('62', memo)}63040000`;
  }

  receipt(purchase) {
    const { id, item, method, creditUsed = 0, refunded = 0, createdMs } = purchase;
    return {
      number: `R-2026-${id.replace(/\D/g, '').padStart(6, '0')}`,
      organization: 'Galaxy Gaming',
      location: 'Quận 7',
      package_name: item.name,
      paid_at: iso(createdMs + 1_000),
      method,
      amount: item.price,
      credit_used: creditUsed,
      refunds: refunded > 0 ? [{ amount: refunded, at: iso(createdMs + 2_000), state: 'refunded' }] : [],
      reference: '4088878653',
      total_kept: item.price - refunded,
    };
  }

  // The payment window -----------------------------------------------------------------------------

  windowView() {
    if (this.window === null) return null;
    const { activeMs = 0, ...view } = this.window;
    return { ...view, active_until: activeMs > Date.now() ? iso(activeMs) : null };
  }

  /** null when it is open now. */
  openWindow() {
    const { window, world } = this;
    const waits = [...world.purchases.values()].some(({ state }) => state === 'awaiting_payment');
    if (world.account === null && !waits) return problem('NOT_SIGNED_IN');
    if (window === null || window.times_left_today === 0) return problem('PAYMENT_WINDOW_USED_UP');
    this.window = {
      ...window,
      times_left_today: window.times_left_today - 1,
      activeMs: Date.now() + window.minutes * 60_000,
    };
    return null;
  }
}
