// The only place that calls fetch. One method per operation of docs/openapi.yaml.
import type {
  Balance,
  DeviceList,
  Failure,
  HistoryItem,
  Language,
  Package,
  Portal,
  Problem,
  Purchase,
  ResumeAnswer,
  Result,
  Session,
  SignedIn,
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

interface Write {
  body?: unknown;
  /** Required by every state-changing operation but sign-in and sign-out. */
  idempotencyKey?: string;
}

export class ApiClient {
  private csrf = '';
  visit: string | null;
  language: Language;
  private readonly fetch: typeof fetch;

  constructor(settings: ClientSettings) {
    this.visit = settings.visit;
    this.language = settings.language;
    this.fetch = settings.fetch ?? ((input, init) => globalThis.fetch(input, init));
  }

  async portal(): Promise<Result<Portal>> {
    const result = await this.read<Portal>('/portal');
    if (result.ok) {
      this.csrf = result.value.csrf_token;
      this.visit = result.value.visit_token;
    }
    return result;
  }

  async signIn(username: string, password: string): Promise<Result<SignedIn>> {
    const result = await this.write<SignedIn>('/sign-in', { body: { username, password } });
    if (result.ok) {
      this.csrf = result.value.csrf_token;
      this.visit = result.value.visit_token;
    }
    return result;
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

  buy(packageId: string, quotedPrice: number, idempotencyKey: string): Promise<Result<Purchase>> {
    const body = { package_id: packageId, quoted_price: quotedPrice, method: 'pc_balance' };
    return this.write<Purchase>('/purchases', { body, idempotencyKey });
  }

  extend(packageId: string, quotedPrice: number, idempotencyKey: string): Promise<Result<Purchase>> {
    const body = { package_id: packageId, quoted_price: quotedPrice };
    return this.write<Purchase>('/sessions/current/extend', { body, idempotencyKey });
  }

  purchase(id: string): Promise<Result<Purchase>> {
    return this.read<Purchase>(`/purchases/${encodeURIComponent(id)}`);
  }

  purchaseEventsUrl(id: string): string {
    return this.eventsUrl(`/purchases/${encodeURIComponent(id)}/events`);
  }

  async currentSession(): Promise<Result<Session | null>> {
    return mapped(await this.read<{ session: Session | null }>('/sessions/current'), (answer) => answer.session);
  }

  sessionEventsUrl(): string {
    return this.eventsUrl('/sessions/current/events');
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

  async history(): Promise<Result<HistoryItem[]>> {
    return mapped(await this.read<{ transactions: HistoryItem[] }>('/history'), (answer) => answer.transactions);
  }

  /** EventSource sends no headers of ours, so the visit travels in the query. */
  private eventsUrl(path: string): string {
    return `/api/v1${path}${this.visit === null ? '' : `?v=${encodeURIComponent(this.visit)}`}`;
  }

  private read<T>(path: string): Promise<Result<T>> {
    return this.send<T>(path, { method: 'GET', headers: this.headers() }, readTimeoutMs);
  }

  private write<T>(path: string, { body, idempotencyKey }: Write): Promise<Result<T>> {
    const headers: Record<string, string> = { ...this.headers(), 'X-CSRF-Token': this.csrf };
    if (idempotencyKey !== undefined) headers['Idempotency-Key'] = idempotencyKey;
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const init: RequestInit = { method: 'POST', headers };
    if (body !== undefined) init.body = JSON.stringify(body);
    return this.send<T>(path, init, writeTimeoutMs);
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
