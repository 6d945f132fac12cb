import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { follow, type Source } from './follow';
import type { Failure, Result } from './types';

class FakeEvents {
  readonly listeners = new Map<string, (event: Event) => void>();
  closed = false;
  constructor(readonly url: string) {}
  addEventListener(name: string, listener: unknown): void {
    this.listeners.set(name, listener as (event: Event) => void);
  }
  close(): void {
    this.closed = true;
  }
  send(value: unknown): void {
    this.listeners.get('number')?.({ data: JSON.stringify(value) } as unknown as Event);
  }
  break(): void {
    this.listeners.get('error')?.({} as Event);
  }
}

let opened: FakeEvents[] = [];
let answers: Result<number>[] = [];
const openEvents = (url: string) => {
  const events = new FakeEvents(url);
  opened.push(events);
  return events as unknown as EventSource;
};
const offline: Result<number> = { ok: false, failure: { kind: 'offline' } };
const value = (n: number): Result<number> => ({ ok: true, value: n });

const source: Source<number> = {
  eventsUrl: () => '/events',
  eventName: 'number',
  poll: () => Promise.resolve(answers.shift() ?? offline),
  isFinal: (n) => n === 9,
  pollMs: 1_000,
  silenceMs: 3_000,
};

function watch(options: Parameters<typeof follow>[2]) {
  const seen: number[] = [];
  const failures: Failure[] = [];
  const stop = follow(source, { update: (n) => seen.push(n), failure: (f) => failures.push(f) }, options);
  return { seen, failures, stop };
}

beforeEach(() => {
  vi.useFakeTimers();
  opened = [];
  answers = [];
});
afterEach(() => vi.useRealTimers());

describe('follow', () => {
  it('takes events and closes after the final one', async () => {
    const { seen } = watch({ openEvents });
    opened[0]?.send(1);
    opened[0]?.send(9);
    expect(seen).toEqual([1, 9]);
    expect(opened[0]?.closed).toBe(true);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(seen).toEqual([1, 9]);
  });

  it('polls when the stream breaks', async () => {
    answers = [value(2), value(9)];
    const { seen } = watch({ openEvents });
    opened[0]?.send(1);
    opened[0]?.break();
    await vi.advanceTimersByTimeAsync(1_500);
    expect(seen).toEqual([1, 2, 9]);
  });

  it('polls when the stream is silent', async () => {
    answers = [value(9)];
    const { seen } = watch({ openEvents });
    await vi.advanceTimersByTimeAsync(2_900);
    expect(seen).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(seen).toEqual([9]);
  });

  it('polls where there is no EventSource, through failures, with growing pauses', async () => {
    answers = [offline, offline, value(9)];
    const { seen, failures } = watch({ openEvents: null });
    await vi.advanceTimersByTimeAsync(2_100);
    expect(failures).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(seen).toEqual([9]);
  });

  it('does nothing after it was stopped', async () => {
    answers = [value(1), value(2)];
    const { seen, stop } = watch({ openEvents });
    stop();
    opened[0]?.send(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(seen).toEqual([]);
  });
});
