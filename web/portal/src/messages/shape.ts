// What every catalogue must hold.
import type { PaymentMethodName, ProblemCode, PurchaseState, SessionReason, TransactionState } from '../api/types';

/** The states of a purchase whose money goes back. */
export type Refund = Extract<PurchaseState, 'refunding' | 'refunded' | 'refund_queued'>;
export type RefundCause = 'network' | 'session' | 'late' | 'amount' | 'aside' | 'staff';

export interface ProblemText {
  title: string;
  /** What happened and what to do next. */
  body: string;
}

export interface Messages {
  languageName: string;
  switchLanguage: string;
  skipToContent: string;
  common: Record<
    | 'loading'
    | 'slow'
    | 'offline'
    | 'retry'
    | 'back'
    | 'close'
    | 'cancel'
    | 'reload'
    | 'unlimited'
    | 'thisDevice'
    | 'staffRef',
    string
  >;
  units: {
    days: (n: number) => string;
    hours: (n: number) => string;
    minutes: (n: number) => string;
    seconds: (n: number) => string;
    devices: (n: number) => string;
  };
  welcome: {
    title: (branch: string) => string;
    lead: string;
    tagline: string;
    back: (name: string) => string;
    device: string;
    privateMac: string;
    guest: string;
    guestLead: string;
    guestSending: string;
  };
  signIn: Record<
    | 'title'
    | 'help'
    | 'username'
    | 'password'
    | 'show'
    | 'hide'
    | 'submit'
    | 'sending'
    | 'needUsername'
    | 'needPassword'
    | 'again',
    string
  >;
  /** For a window that does not know its customer any more. */
  who: Record<'title' | 'lead' | 'guest' | 'guestLead' | 'buyer' | 'buyerLead' | 'keep' | 'anothersMoney', string>;
  account: {
    balance: string;
    balanceUnknown: string;
    balanceStale: string;
    checkBalance: string;
    checking: string;
    signOut: string;
    history: string;
    wallet: string;
    guest: string;
    guestLead: string;
    hello: (name: string) => string;
  };
  methods: {
    name: Record<PaymentMethodName, string>;
    with: string;
    change: string;
    other: string;
    choose: (price: string) => string;
    credit: (amount: string) => string;
    afterCode: string;
  };
  reauth: Record<'title' | 'lead' | 'submit', string>;
  packages: {
    title: string;
    extendTitle: string;
    extendLead: string;
    recommended: string;
    speed: (mbps: number) => string;
    data: (amount: string) => string;
    unlimitedData: string;
    empty: string;
    emptyHelp: string;
    buy: (price: string) => string;
    extend: (price: string) => string;
    choose: string;
    after: (left: string) => string;
    short: (missing: string) => string;
    shortOnly: (missing: string) => string;
    unavailable: Record<'PACKAGE_NOT_AVAILABLE' | 'PACKAGE_AT_CAPACITY' | 'PURCHASE_LIMIT_REACHED', string>;
    methodInactive: string;
    signInToBuy: string;
  };
  purchase: {
    title: Record<PurchaseState, string>;
    lead: Record<Exclude<PurchaseState, Refund>, string>;
    /** Why there is no WiFi for money that was taken. */
    cause: Record<RefundCause, string>;
    /** Where that money is. */
    money: Record<Refund, string>;
    /** Failed because no payment was found in time. */
    noPayment: string;
    /** The same at a gateway. */
    noTransfer: string;
    cancelled: string;
    payingOutside: string;
    /** What becomes of money that comes after the end. */
    late: string;
    findTransfer: string;
    keep: string;
    keepLead: string;
    keeping: string;
    kept: string;
    amountKept: (amount: string) => string;
    openTitle: string;
    openLead: (amount: string, time: string) => string;
    openGo: string;
    stage: Record<'pay' | 'activate' | 'online', string>;
    stageState: Record<'waiting' | 'running' | 'done' | 'failed', string>;
    sending: string;
    sendingLead: string;
    checking: string;
    checkingLead: string;
    unsure: string;
    unsureLead: string;
    checkAgain: string;
    browserLogin: string;
    browserLoginLead: string;
    closeHint: string;
    lost: string;
    took: (seconds: string) => string;
    toSession: string;
    again: string;
    reference: string;
    amountBack: (amount: string) => string;
    amountQueued: (amount: string) => string;
  };
  session: {
    title: string;
    left: string;
    until: (time: string) => string;
    package: string;
    used: string;
    usedOf: (used: string, cap: string) => string;
    speed: string;
    speedValue: (down: number, up: number) => string;
    extend: string;
    end: string;
    endAsk: string;
    endYes: string;
    endNo: string;
    ending: string;
    pending: string;
    pendingLead: string;
    paused: string;
    pausedLead: string;
    kept: (time: string) => string;
    lost: string;
    lostLead: string;
    backOnline: string;
    otherDevice: string;
    otherDeviceLead: string;
    resume: string;
    moveHere: string;
    resuming: string;
    signInToResume: string;
    over: string;
    none: string;
    noneLead: string;
    choosePackage: string;
    reason: Record<SessionReason, string>;
    failed: string;
    soon: (minutes: number) => string;
  };
  devices: {
    title: string;
    count: (online: number, limit: number) => string;
    numbered: (n: number) => string;
    online: string;
    offline: string;
    privateMac: string;
    disconnect: string;
    disconnectNamed: (name: string) => string;
    disconnecting: string;
    empty: string;
    freed: string;
  };
  history: {
    title: string;
    empty: string;
    emptyLead: string;
    extension: string;
    state: Record<TransactionState, string>;
  };
  online: Record<'title' | 'lead' | 'until' | 'link', string>;
  /** The titles of PAYER_... follow the name of the way to pay. */
  problem: Record<ProblemCode, ProblemText>;
  /** The unpaid purchase that stands in the way of an order is not this customer's. */
  foreignOrder: ProblemText;
  offline: ProblemText;
  timeout: ProblemText;
  unexpected: ProblemText;
  problemExtra: {
    needed: string;
    available: string;
    missing: string;
    newPrice: string;
    waitFor: (time: string) => string;
    canRetry: string;
  };
  step: {
    check_balance: string;
    choose_package: string;
    retry: string;
    sign_in: string;
    accept_price: (price: string) => string;
    reload: string;
    choose_method: string;
    new_code: string;
    pay_again: string;
    reauthenticate: string;
  };
}
