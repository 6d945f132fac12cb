// Waiting for a condition instead of for a time: fast on a fast machine, patient on a slow one.

export const patienceMs = 30_000;

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks until `condition` gives something true, and returns that. The error names what did not come, and the last value. */
export async function until(what, condition, withinMs = patienceMs) {
  const end = Date.now() + withinMs;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`not within ${withinMs / 1000} s: ${what} (last: ${JSON.stringify(value)})`);
    await pause(50);
  }
}
