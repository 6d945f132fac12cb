// The wallet of the mock: saved ways to pay, linking, and the password once more.
import { banks } from './banks.mjs';
import { problem } from './catalogue.mjs';

export const savedMethod = (id, method, extra = {}) => ({
  id,
  method,
  label: '',
  masked: '•••• 678',
  bank: null,
  is_default: false,
  position: 0,
  expires_at: null,
  is_usable: true,
  usage: { payments: 0, total: 0, last_used_at: null },
  ...extra,
});

export class Wallet {
  constructor(world) {
    this.world = world;
    this.methods = [];
    this.bindings = new Map();
    this.provenUntilMs = 0;
  }

  isProven() {
    return this.provenUntilMs > Date.now() || !this.world.script.prove;
  }

  reauthenticate({ password }) {
    const { account } = this.world;
    if (account === null) return problem('NOT_SIGNED_IN');
    if (account.password !== password) return problem('INVALID_CREDENTIALS');
    this.provenUntilMs = Date.now() + 300_000;
    return null;
  }

  view() {
    const { credit, entries } = this.world.payments;
    return { methods: this.methods, credit, credit_entries: entries.slice(0, 50) };
  }

  bind({ method, bank_bin, account_number }) {
    if (!this.isProven()) return problem('REAUTHENTICATION_REQUIRED');
    if (method === 'vietqr' || method === 'payos') return this.keepAccount(bank_bin, account_number);
    const id = `bnd_${this.bindings.size + 1}`;
    const binding = { id, method, state: 'pending' };
    this.bindings.set(id, binding);
    this.world.later(2, () => {
      if (this.world.script.binding === 'wait') return;
      binding.state = this.world.script.binding;
      if (binding.state === 'bound') this.add(savedMethod(`mth_${this.methods.length + 1}`, method));
    });
    return this.bindingView(binding);
  }

  /** Nothing to agree to: nothing can be taken from it. */
  keepAccount(bank_bin, account_number) {
    const bank = banks.find((entry) => entry.bank_bin === bank_bin);
    if (bank === undefined) return problem('VALIDATION_FAILED', { field: 'bank_bin' });
    if (!/^[0-9A-Za-z]{6,19}$/.test(account_number ?? ''))
      return problem('VALIDATION_FAILED', { field: 'account_number' });
    const id = `mth_${this.methods.length + 1}`;
    const { bank_name } = bank;
    const masked = `•••• ${account_number.slice(-4)}`;
    this.add(savedMethod(id, 'vietqr', { masked, bank: { bank_bin, bank_name } }));
    return { id, state: 'bound', pay_url: null, deep_link: null, qr: null };
  }

  bindingView({ id, method, state }) {
    const page = `${this.world.origin}/mock/gateway/${id}`;
    return { id, state, pay_url: page, deep_link: `${method}://bind?request=${id}`, qr: null };
  }

  add(saved) {
    this.methods.push({ ...saved, is_default: this.methods.length === 0 });
    this.number();
  }

  change(id, { label, position, is_default }) {
    const saved = this.methods.find((entry) => entry.id === id);
    if (saved === undefined) return problem('NOT_FOUND');
    if (label !== undefined) saved.label = label;
    if (is_default === true) for (const entry of this.methods) entry.is_default = entry === saved;
    if (position !== undefined) {
      this.methods = this.methods.filter((entry) => entry !== saved);
      this.methods.splice(position, 0, saved);
    }
    this.number();
    return this.view();
  }

  remove(id) {
    if (!this.isProven()) return problem('REAUTHENTICATION_REQUIRED');
    if (this.methods.length === 1 && this.world.script.lastMethod) return problem('LAST_METHOD');
    if (!this.methods.some((entry) => entry.id === id)) return problem('NOT_FOUND');
    this.methods = this.methods.filter((entry) => entry.id !== id);
    this.number();
    return this.view();
  }

  number() {
    this.methods.forEach((entry, position) => (entry.position = position));
  }
}
