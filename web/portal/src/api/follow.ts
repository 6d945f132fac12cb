// Follows a purchase or a session: server-sent events first, polling when they do not come through.
import type { ApiClient } from './client';
import type { Failure, Purchase, Result, Session } from './types';

export interface Followed<T> {
  update(value: T): void;
  /** The last poll had no answer; following goes on. */
  failure(failure: Failure): void;
}

export interface Source<T> {
  eventsUrl(): string;
  eventName: string;
  poll(): Promise<Result<T>>;
  isFinal(value: T): boolean;
  pollMs: number;
  /** Polling begins when no event has come for so long. */
  silenceMs: number;
}

type EventSourceLike = Pick<EventSource, 'addEventListener' | 'close'>;

export interface FollowOptions {
  /** null when the browser has none, as some captive windows. */
  openEvents?: ((url: string) => EventSourceLike) | null;
}

const pollMsMax = 5_000;

/** Calls `to.update` with every new value until one is final or the returned function is called. */
export function follow<T>(source: Source<T>, to: Followed<T>, options: FollowOptions = {}): () => void {
  const openEvents = options.openEvents === undefined ? browserEvents() : options.openEvents;
  let stopped = false;
  let events: EventSourceLike | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pollMs = source.pollMs;

  function stop(): void {
    stopped = true;
    clearTimeout(timer);
    events?.close();
    events = null;
  }

  function take(value: T): void {
    if (stopped) return;
    if (source.isFinal(value)) stop();
    to.update(value);
  }

  async function poll(): Promise<void> {
    const result = await source.poll();
    if (stopped) return;
    if (result.ok) {
      pollMs = source.pollMs;
      take(result.value);
    } else {
      pollMs = Math.min(pollMs * 2, pollMsMax);
      to.failure(result.failure);
    }
    if (!stopped) timer = setTimeout(() => void poll(), pollMs);
  }

  function fallBack(): void {
    if (stopped) return;
    events?.close();
    events = null;
    clearTimeout(timer);
    void poll();
  }

  function expectEvent(): void {
    clearTimeout(timer);
    timer = setTimeout(fallBack, source.silenceMs);
  }

  if (openEvents === null) {
    void poll();
    return stop;
  }
  events = openEvents(source.eventsUrl());
  events.addEventListener(source.eventName, (event) => {
    const value = parsedEvent<T>((event as MessageEvent<string>).data);
    if (value === undefined) return fallBack();
    expectEvent();
    take(value);
  });
  // A broken stream is not waited for: EventSource would try again in its own time, polling knows sooner.
  events.addEventListener('error', fallBack);
  expectEvent();
  return stop;
}

function browserEvents(): ((url: string) => EventSourceLike) | null {
  return typeof EventSource === 'undefined' ? null : (url) => new EventSource(url);
}

function parsedEvent<T>(data: string): T | undefined {
  try {
    return JSON.parse(data) as T;
  } catch {
    return undefined;
  }
}

export function isFinalPurchase(purchase: Purchase): boolean {
  switch (purchase.state) {
    case 'paying':
    case 'awaiting_payment':
    case 'activating':
    case 'refunding':
      return false;
    case 'online':
    case 'declined':
    case 'refunded':
    case 'failed':
    case 'refund_queued':
      return true;
  }
}

export function isOverSession(session: Session): boolean {
  switch (session.state) {
    case 'pending':
    case 'active':
    case 'paused':
      return false;
    case 'expired':
    case 'terminated':
    case 'failed':
      return true;
  }
}

export function purchaseSource(api: ApiClient, id: string): Source<Purchase> {
  return {
    eventsUrl: () => api.purchaseEventsUrl(id),
    eventName: 'purchase',
    poll: () => api.purchase(id),
    isFinal: isFinalPurchase,
    pollMs: 1_000,
    // The server speaks every 2 s; one word may be late.
    silenceMs: 5_000,
  };
}

export function sessionSource(api: ApiClient): Source<Session | null> {
  return {
    eventsUrl: () => api.sessionEventsUrl(),
    eventName: 'session',
    poll: () => api.currentSession(),
    isFinal: (session) => session === null || isOverSession(session),
    pollMs: 5_000,
    silenceMs: 45_000,
  };
}
