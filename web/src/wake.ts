// SPDX-License-Identifier: EUPL-1.2
// Keeps the screen lit during a call, where the browser can. The system takes the lock away when
// the page is hidden, so it is asked for again when the page is seen again.

export class Wake {
  private isWanted = false;
  private lock: WakeLockSentinel | null = null;

  constructor() {
    document.addEventListener("visibilitychange", () => void this.settle());
  }

  want(isWanted: boolean): void {
    if (isWanted !== this.isWanted) {
      this.isWanted = isWanted;
      void this.settle();
    }
  }

  private async settle(): Promise<void> {
    const held = this.lock;
    if (!this.isWanted) {
      this.lock = null;
      await held?.release();
      return;
    }
    if (document.visibilityState !== "visible" || (held !== null && !held.released)) {
      return;
    }
    try {
      const lock = await navigator.wakeLock?.request("screen");
      this.lock = lock ?? null;
      if (!this.isWanted) {
        await this.settle();
      }
    } catch {
      // Low battery: the system may say no, and the call goes on.
    }
  }
}
