// SPDX-License-Identifier: EUPL-1.2
// Waiting for something to become true, with a deadline and a reason. Tests never sleep instead.
// The deadline only ends what hangs, on the slowest of machines; how soon something has to come is a
// claim, which a test makes with its own clock.

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Calls `look` until it returns something truthy, which is returned; fails after `timeout` ms with
 * `what` and the last thing seen. `look` may throw: that counts as not yet.
 */
export async function until(what, look, { timeout = 40000, every = 100 } = {}) {
  const end = performance.now() + timeout;
  let last;
  for (;;) {
    try {
      last = await look();
      if (last) return last;
    } catch (error) {
      last = error;
    }
    if (performance.now() >= end) {
      const seen = last instanceof Error ? last.message : JSON.stringify(last);
      throw new Error(`not within ${timeout} ms: ${what} (last seen: ${seen})`);
    }
    await pause(every);
  }
}
