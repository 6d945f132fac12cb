// What every page shares: the API, the language, the address and the portal's answer.
import { ApiClient } from '../api/client';
import type {
  Account,
  Balance,
  Bank,
  Failure,
  Language,
  PaymentMethodList,
  Portal,
  Purchase,
  Session,
  SignedIn,
} from '../api/types';
import { en } from '../messages/en';
import type { Messages } from '../messages/shape';
import { vi } from '../messages/vi';
import { firstLanguage } from './language';
import { addressOf, contextOf, onlineAddress, routeOf, type Route } from './route';

const catalogues: Record<Language, Messages> = { vi, en };
const slowAfterMs = 2_500;

export type Loading = { kind: 'loading'; slow: boolean } | { kind: 'failed'; failure: Failure } | { kind: 'ready' };

export class PortalModel {
  readonly api: ApiClient;
  route = $state<Route>({ page: 'home' });
  /** Grows with every move, also to the same address: pages start afresh. */
  moves = $state(0);
  language = $state<Language>('vi');
  loading = $state<Loading>({ kind: 'loading', slow: false });
  portal = $state<Portal | null>(null);
  /** How this customer can pay, once it was asked for; null again when that may have changed. */
  methods = $state.raw<PaymentMethodList | null>(null);
  /** The banks of the country, once somebody needed them. */
  banks = $state.raw<Bank[] | null>(null);
  /** False while the browser itself knows that there is no network. */
  connected = $state(true);
  private chosenLanguage: Language | null;

  constructor() {
    const context = contextOf(location.search);
    this.chosenLanguage = context.language;
    this.language = firstLanguage(context.language, navigator.languages, null);
    this.route = routeOf(location.pathname);
    this.api = new ApiClient({ visit: context.visit, language: this.language });
    this.connected = navigator.onLine;
    addEventListener('popstate', () => (this.route = routeOf(location.pathname)));
    addEventListener('online', () => (this.connected = true));
    addEventListener('offline', () => (this.connected = false));
  }

  get text(): Messages {
    return catalogues[this.language];
  }

  get account(): Account | null {
    return this.portal?.account ?? null;
  }

  get balance(): Balance | null {
    return this.portal?.balance ?? null;
  }

  async load(): Promise<void> {
    this.loading = { kind: 'loading', slow: false };
    const slow = setTimeout(() => (this.loading = { kind: 'loading', slow: true }), slowAfterMs);
    const result = await this.api.portal();
    clearTimeout(slow);
    if (!result.ok) {
      this.loading = { kind: 'failed', failure: result.failure };
      return;
    }
    this.portal = result.value;
    this.setLanguage(firstLanguage(this.chosenLanguage, navigator.languages, result.value.location.language_default));
    this.loading = { kind: 'ready' };
    history.replaceState(history.state, '', this.addressOf(this.route));
  }

  /** Reads the portal again without leaving the page; a failure keeps what is known. */
  async refresh(): Promise<void> {
    const result = await this.api.portal();
    if (result.ok) this.portal = result.value;
  }

  /** Reads how this customer can pay; a failure is the caller's to show, and keeps what is known. */
  async loadMethods(): Promise<Failure | null> {
    const result = await this.api.paymentMethods();
    if (!result.ok) return result.failure;
    this.methods = result.value;
    return null;
  }

  /** Reads the banks, once; a failure is the caller's to show. */
  async loadBanks(): Promise<Failure | null> {
    if (this.banks !== null) return null;
    const result = await this.api.banks();
    if (!result.ok) return result.failure;
    this.banks = result.value;
    return null;
  }

  signedIn(answer: SignedIn): void {
    this.methods = null;
    if (this.portal === null) return;
    this.portal = {
      ...this.portal,
      account: answer.account,
      balance: answer.balance,
      active_session: answer.active_session,
      other_sessions: answer.other_sessions,
      visit_token: answer.visit_token,
      csrf_token: answer.csrf_token,
    };
    // The address of the visit before the sign-in would lead back to the form.
    history.replaceState(history.state, '', this.addressOf(this.route));
  }

  /** The server no longer knows the customer: show the sign-in form again. */
  forgetCustomer(): void {
    this.methods = null;
    if (this.portal === null) return;
    this.portal = { ...this.portal, account: null, balance: null };
  }

  setBalance(balance: Balance): void {
    if (this.portal !== null) this.portal = { ...this.portal, balance };
  }

  setOpenPurchase(purchase: Purchase | null): void {
    if (this.portal !== null) this.portal = { ...this.portal, open_purchase: purchase };
  }

  setSession(session: Session | null): void {
    if (this.portal !== null) this.portal = { ...this.portal, active_session: session };
  }

  chooseLanguage(language: Language): void {
    this.chosenLanguage = language;
    this.setLanguage(language);
    history.replaceState(history.state, '', this.addressOf(this.route));
  }

  go(route: Route, how: 'push' | 'replace' = 'push'): void {
    const address = this.addressOf(route);
    if (how === 'push') history.pushState(null, '', address);
    else history.replaceState(null, '', address);
    this.route = route;
    this.moves += 1;
    scrollTo(0, 0);
  }

  addressOf(route: Route): string {
    return addressOf(route, this.context());
  }

  /** Leaves for the plain page by a full navigation. */
  goOnline(until: string | null): void {
    location.assign(onlineAddress(this.context(), until));
  }

  private context() {
    return { visit: this.api.visit, language: this.chosenLanguage };
  }

  private setLanguage(language: Language): void {
    this.language = language;
    this.api.language = language;
    document.documentElement.lang = language;
  }
}
