// SPDX-License-Identifier: EUPL-1.2
// One participant at a browser: opens a link, joins, and can be asked what it sees and hears.
// The browser behind it is Chromium (playwright-core) or Firefox (puppeteer-core); both give a page
// with evaluate(), which is all that is used here.
import { join } from "node:path";

import { ARTIFACTS } from "./server.mjs";
import { pause, until } from "./until.mjs";

/** A tone counts as heard when it stands out from the rest of the spectrum by this much. */
const TONE_ABOVE_REST_DB = 15;
const TONE_LEAST_DB = -75;

function differs(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i]);
  return sum / a.length;
}

export class Person {
  constructor(name, page, { hz, close }) {
    this.name = name;
    this.page = page;
    this.hz = hz;
    this.close = close;
    this.consoleLines = [];
  }

  evaluate(work, ...args) {
    return this.page.evaluate(work, ...args);
  }

  async open(link) {
    await this.page.goto(link);
  }

  /** Opens the link and goes in, as the person would: waits for the preview, presses the button. */
  async join(link) {
    await this.open(link);
    await this.goIn();
  }

  async goIn() {
    await this.waitFor("[data-testid=join]:not([disabled])");
    await this.click("[data-testid=join]");
    await this.waitFor("[data-testid=leave]");
  }

  async waitFor(selector, options) {
    await until(`${this.name} has ${selector}`, async () => {
      const count = await this.evaluate((wanted) => document.querySelectorAll(wanted).length, selector);
      return count > 0 || Promise.reject(new Error((await this.text()).replace(/\s+/g, " ").slice(0, 300)));
    }, options);
  }

  async click(selector) {
    const handle = await until(`${this.name} has ${selector} to press`, () => this.page.$(selector));
    await handle.click();
  }

  text() {
    return this.evaluate(() => window.e2e.text());
  }

  /** Presses the first enabled button whose accessible name matches, as a finger would. */
  async press(pattern, options) {
    const source = pattern instanceof RegExp ? pattern.source : pattern;
    const handle = await until(`${this.name} can press "${source}"`, async () => {
      const found = await this.page.evaluateHandle((wanted) => {
        const test = new RegExp(wanted, "i");
        return [...document.querySelectorAll("button, a[href], [role=button]")].find((button) => {
          const name = button.getAttribute("aria-label") ?? button.textContent ?? "";
          const box = button.getBoundingClientRect();
          return test.test(name.trim()) && !button.disabled && box.width > 0;
        });
      }, source);
      return found.asElement();
    }, options);
    await handle.click();
  }

  async sees(pattern, options) {
    await until(`${this.name} reads ${pattern}`, async () => {
      const text = await this.text();
      return pattern.test(text) || Promise.reject(new Error(text.replace(/\s+/g, " ").slice(0, 300)));
    }, options);
  }

  /**
   * At least `count` remote pictures move: each track's frame count grows and its picture changes
   * from look to look, three times. Returns them.
   */
  async seesMovingPictures(count, { timeout = 20000 } = {}) {
    const looks = new Map();
    return until(`${this.name} sees ${count} moving picture(s)`, async () => {
      const now = await this.evaluate(() => window.e2e.pictures());
      for (const p of now) {
        const old = looks.get(p.track);
        if (!old || p.frames < old.frames) {
          looks.set(p.track, { ...p, changes: 0 });
        } else if (p.frames > old.frames + 1) {
          const changes = old.changes + (differs(p.picture, old.picture) > 0.02 ? 1 : 0);
          looks.set(p.track, { ...p, changes });
        }
      }
      const moving = now.filter((p) => looks.get(p.track).changes >= 3);
      if (moving.length >= count) return moving.map(({ picture, ...rest }) => rest);
      const frames = now.map((p) => p.frames).join(" ");
      return Promise.reject(new Error(`${now.length} shown, ${moving.length} moving, frames ${frames}, states ` +
        JSON.stringify(await this.evaluate(() => window.e2e.connectionStates()))));
    }, { timeout, every: 200 });
  }

  /** Hears somebody's tone on one of the received tracks. */
  async hearsTone(hz, { timeout = 15000 } = {}) {
    return until(`${this.name} hears ${hz} Hz`, async () => {
      const heard = await this.evaluate((at) => window.e2e.hear(at), hz);
      const good = heard.find((h) => h.peak > TONE_LEAST_DB && h.peak - h.rest > TONE_ABOVE_REST_DB);
      return good ?? Promise.reject(new Error(JSON.stringify(heard)));
    }, { timeout, every: 60 });
  }

  /** True when no look within `ms` finds the tone. */
  async hearsNoTone(hz, ms = 2000) {
    const end = performance.now() + ms;
    while (performance.now() < end) {
      const heard = await this.evaluate((at) => window.e2e.hear(at), hz);
      if (heard.some((h) => h.peak > TONE_LEAST_DB && h.peak - h.rest > TONE_ABOVE_REST_DB)) return false;
      await pause(100);
    }
    return true;
  }

  totals() {
    return this.evaluate(() => window.e2e.totals());
  }

  async screenshot(name) {
    await this.page.screenshot({ path: join(ARTIFACTS, `${name}.png`) });
  }
}
