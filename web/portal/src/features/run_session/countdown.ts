// Time left between two answers of the server.

export interface Countdown {
  secondsLeft: number;
  /** Date.now() when the answer came. */
  receivedAtMs: number;
  running: boolean;
}

export function leftAt(countdown: Countdown, nowMs: number): number {
  if (!countdown.running) return countdown.secondsLeft;
  // A clock that was set back adds no time.
  const passed = Math.max(0, Math.floor((nowMs - countdown.receivedAtMs) / 1_000));
  return Math.max(0, countdown.secondsLeft - passed);
}

/** Share of the session's whole time that is left, 0 to 1; null when its length is not known. */
export function shareLeft(secondsLeft: number, startsAt: string | null, endsAt: string | null): number | null {
  if (startsAt === null || endsAt === null) return null;
  const total = (Date.parse(endsAt) - Date.parse(startsAt)) / 1_000;
  if (!(total > 0)) return null;
  return Math.min(1, Math.max(0, secondsLeft / total));
}

const announcedMinutes = [10, 5, 1];

/** The minutes to announce when the time left went from `before` to `now`; null when no mark was passed. */
export function announcement(before: number, now: number): number | null {
  return announcedMinutes.find((minutes) => before > minutes * 60 && now <= minutes * 60 && now > 0) ?? null;
}
