// The only place that calls fetch. One method per operation of docs/openapi.yaml.
import type {
  Balance,
  Bank,
  BankList,
  BindBody,
  Binding,
  DeviceList,
  Failure,
  FindTransferBody,
  FoundTransfer,
  History,
  Language,
  Package,
  PaymentMethodList,
  PaymentMethodName,
  Portal,
  Problem,
  Purchase,
  Receipt,
  ResumeAnswer,
  Result,
  Session,
  SignedIn,
  TransactionState,
  Wallet,
} from './types';

const readTimeoutMs = 8_000;
/** Above what the slowest outside system may take, with its retries: the server says when it gave up. */
const writeTimeoutMs = 30_000;

export interface ClientSettings {
  /** Signed visit token of the address bar; the server falls back to its cookie when it is null. */
  visit: string | null;
  language: Language;
  fetch?: typeof fetch;
}

/** How an order is paid. */
export interface PayWith {
  method: PaymentMethodName;
  /** One tap with a method of the wallet; null: paid by hand. */
  savedId: string | null;
  useCredit: boolean;
}

export interface HistoryPage {
  cursor: string | null;
  state: TransactionState | null;
  method: PaymentMethodName | null;
}

interface Write {
  method?: 'POST' | 'PATCH' | 'DELETE';
  body?: unknown;
  /** Required by every POST that changes something but those of signing in and out. */
  idempotencyKey?: string;
}

export class ApiClient {
  private csrf = '';
  /** The server's clock less this device's, which may be off by hours. */
  private clockAheadMs = 0;
  visit: string | null;
  language: Language;
  private readonly fetch: typeof fetch;

  constructor(settings: ClientSettings) {
    this.visit = settings.visit;
    this.language = settings.language;
    this.fetch = settings.fetch ?? ((input, init) => globalThis.fetch(input, init));
  }

  async portal(): Promise<Result<Portal>> {
    return this.entered(await this.read<Portal>('/portal'));
  }

  async signIn(username: string, password: string): Promise<Result<SignedIn>> {
    return this.entered(await this.write<SignedIn>('/sign-in', { body: { username, password } }));
  }

  async signInAsGuest(): Promise<Result<SignedIn>> {
    return this.entered(await this.write<SignedIn>('/sign-in/guest', { body: {} }));
  }

  reauthenticate(password: string): Promise<Result<null>> {
    return this.write<null>('/reauthenticate', { body: { password } });
  }

  signOut(): Promise<Result<null>> {
    return this.write<null>('/sign-out', {});
  }

  async packages(): Promise<Result<Package[]>> {
    return mapped(await this.read<{ packages: Package[] }>('/packages'), (answer) => answer.packages);
  }

  balance(): Promise<Result<Balance>> {
    return this.read<Balance>('/balance');
  }

  paymentMethods(): Promise<Result<PaymentMethodList>> {
    return this.read<PaymentMethodList>('/payment-methods');
  }

  /** Answers the portal, whose token for writes replaces the former. */
  async openPaymentWindow(idempotencyKey: string): Promise<Result<Portal>> {
    return this.entered(await this.write<Portal>('/payment-window', { idempotencyKey }));
  }

  buy(packageId: string, quotedPrice: number, pay: PayWith, idempotencyKey: string): Promise<Result<Purchase>> {
    const body = { package_id: packageId, quoted_price: quotedPrice, ...payBody(pay) };
    return this.write<Purchase>('/purchases', { body, idempotencyKey });
  }

  extend(packageId: string, quotedPrice: number, pay: PayWith, idempotencyKey: string): Promise<Result<Purchase>> {
    const body = { package_id: packageId, quoted_price: quotedPrice, ...payBody(pay) };
    return this.write<Purchase>('/sessions/current/extend', { body, idempotencyKey });
  }

  purchase(id: string): Promise<Result<Purchase>> {
    return this.read<Purchase>(`/purchases/${encodeURIComponent(id)}`);
  }

  cancelPurchase(id: string, idempotencyKey: string): Promise<Result<Purchase>> {
    return this.write<Purchase>(`/purchases/${encodeURIComponent(id)}/cancel`, { body: {}, idempotencyKey });
  }

  keepAsCredit(id: string, idempotencyKey: string): Promise<Result<Purchase>> {
    return this.write<Purchase>(`/purchases/${encodeURIComponent(id)}/keep-as-credit`, { body: {}, idempotencyKey });
  }

  purchaseEventsUrl(id: string): string {
    return this.withVisit(`/api/v1/purchases/${encodeURIComponent(id)}/events`);
  }

  receipt(id: string): Promise<Result<Receipt>> {
    return this.read<Receipt>(`/purchases/${encodeURIComponent(id)}/receipt`);
  }

  receiptPdfUrl(id: string): string {
    return this.withVisit(`/api/v1/purchases/${encodeURIComponent(id)}/receipt.pdf`);
  }

  findTransfer(body: FindTransferBody, idempotencyKey: string): Promise<Result<FoundTransfer>> {
    return this.write<FoundTransfer>('/transfers/find', { body, idempotencyKey });
  }

  wallet(): Promise<Result<Wallet>> {
    return this.read<Wallet>('/wallet');
  }

  bindMethod(body: BindBody, idempotencyKey: string): Promise<Result<Binding>> {
    return this.write<Binding>('/wallet/bindings', { body, idempotencyKey });
  }

  async banks(): Promise<Result<Bank[]>> {
    return mapped(await this.read<BankList>('/banks'), (answer) => answer.banks);
  }

  binding(id: string): Promise<Result<Binding>> {
    return this.read<Binding>(`/wallet/bindings/${encodeURIComponent(id)}`);
  }

  changeMethod(id: string, body: { label?: string; position?: number; is_default?: true }): Promise<Result<Wallet>> {
    return this.write<Wallet>(`/wallet/methods/${encodeURIComponent(id)}`, { method: 'PATCH', body });
  }

  removeMethod(id: string): Promise<Result<Wallet>> {
    return this.write<Wallet>(`/wallet/methods/${encodeURIComponent(id)}`, { method: 'DELETE' });
  }

  async currentSession(): Promise<Result<Session | null>> {
    return mapped(await this.read<{ session: Session | null }>('/sessions/current'), (answer) => answer.session);
  }

  sessionEventsUrl(): string {
    return this.withVisit('/api/v1/sessions/current/events');
  }

  endSession(id: string, idempotencyKey: string): Promise<Result<Session>> {
    return this.write<Session>(`/sessions/${encodeURIComponent(id)}/end`, { idempotencyKey });
  }

  resumeSession(id: string, idempotencyKey: string): Promise<Result<ResumeAnswer>> {
    return this.write<ResumeAnswer>(`/sessions/${encodeURIComponent(id)}/resume`, { idempotencyKey });
  }

  disconnectDevice(id: string, idempotencyKey: string): Promise<Result<DeviceList>> {
    return this.write<DeviceList>(`/devices/${encodeURIComponent(id)}/disconnect`, { idempotencyKey });
  }

  history(page: HistoryPage): Promise<Result<History>> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(page)) if (value !== null) query.set(name, value as string);
    const text = query.toString();
    return this.read<History>(`/history${text === '' ? '' : `?${text}`}`);
  }

  /** The time by the server's clock, for what ends at a moment of the server's. */
  now(): number {
    return Date.now() + this.clockAheadMs;
  }

  /** For what the browser fetches by itself, without headers of ours: events, pictures, files. */
  withVisit(address: string): string {
    if (this.visit === null) return address;
    return `${address}${address.includes('?') ? '&' : '?'}v=${encodeURIComponent(this.visit)}`;
  }

  private entered<T extends { csrf_token: string; visit_token: string }>(result: Result<T>): Result<T> {
    if (result.ok) {
      this.csrf = result.value.csrf_token;
      this.visit = result.value.visit_token;
    }
    return result;
  }

  private read<T>(path: string): Promise<Result<T>> {
    return this.send<T>(path, { method: 'GET', headers: this.headers() }, readTimeoutMs);
  }

  private write<T>(path: string, { method = 'POST', body, idempotencyKey }: Write): Promise<Result<T>> {
    const headers: Record<string, string> = { ...this.headers(), 'X-CSRF-Token': this.csrf };
    if (idempotencyKey !== undefined) headers['Idempotency-Key'] = idempotencyKey;
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const init: RequestInit = { method, headers };
    if (body !== undefined) init.body = JSON.stringify(body);
    return this.send<T>(path, init, writeTimeoutMs);
  }

  /** Whole seconds and the way of the answer are within what does not matter. */
  private compareClocks(date: string | null): void {
    const ahead = Date.parse(date ?? '') - Date.now();
    if (Number.isNaN(ahead)) return;
    this.clockAheadMs = Math.abs(ahead) < 3_000 ? 0 : ahead;
  }

  private headers(): Record<string, string> {
    const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': this.language };
    if (this.visit !== null) headers['X-IWAS-Visit'] = this.visit;
    return headers;
  }

  private async send<T>(path: string, init: RequestInit, timeoutMs: number): Promise<Result<T>> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), timeoutMs);
    try {
      const options: RequestInit = { signal: abort.signal, credentials: 'same-origin', cache: 'no-store' };
      let response = await this.fetch(`/api/v1${path}`, { ...init, ...options });
      // The answer takes longer than the server holds anybody: it waits at another address.
      for (let later = laterAnswer(response); later !== null; later = laterAnswer(response)) {
        response = await this.fetch(later, { method: 'GET', headers: this.headers(), ...options });
      }
      this.compareClocks(response.headers.get('Date'));
      if (response.status === 204) return { ok: true, value: null as T };
      const text = await response.text();
      const body = parsed(text);
      if (response.ok && body !== undefined) return { ok: true, value: body as T };
      return { ok: false, failure: failureOf(response.status, body) };
    } catch {
      return { ok: false, failure: { kind: abort.signal.aborted ? 'timeout' : 'offline' } };
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Where a late answer will be; the server holds that request too, so asking at once is no hurry. */
function laterAnswer(response: Response): string | null {
  const location = response.status === 202 ? response.headers.get('Location') : null;
  return location !== null && location.startsWith('/api/v1/answers/') ? location : null;
}

function payBody({ method, savedId, useCredit }: PayWith) {
  return { method, ...(savedId === null ? {} : { saved_method_id: savedId }), use_credit: useCredit };
}

function failureOf(status: number, body: unknown): Failure {
  if (status >= 400 && isProblem(body)) return { kind: 'problem', problem: body };
  return { kind: 'unexpected', status };
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && typeof (body as { code?: unknown }).code === 'string';
}

/** undefined when the text is no JSON: the page of some router or proxy in between. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function mapped<A, B>(result: Result<A>, map: (value: A) => B): Result<B> {
  return result.ok ? { ok: true, value: map(result.value) } : result;
}
