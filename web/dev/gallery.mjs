// SPDX-License-Identifier: EUPL-1.2
// npm run gallery [-- --help]
//
// Opens every state of gallery/*states.ts and the accessibility statement on a phone and a desktop,
// light and dark, in every language and from right to left, with letters twice as large and on the
// narrowest screen; takes a picture of each and lets axe-core and some rules of our own look at it;
// two of the looks are walked through with Tab. Any finding makes it fail.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { build, createServer, preview } from "vite";
import { chosen, helpText, Misused, readArguments } from "./gallery/arguments.mjs";

const PHONE = { viewport: { width: 390, height: 844 }, touch: true };
const DESKTOP = { viewport: { width: 1280, height: 800 } };
// What a browser on a laptop of 1366 by 768 leaves for the page.
const LAPTOP = { viewport: { width: 1366, height: 620 } };
// Where the keyboard goes all the way is walked.
const LOOKS = [
  { name: "phone-light-sv", ...PHONE, scheme: "light", language: "sv" },
  { name: "phone-dark-en", ...PHONE, scheme: "dark", language: "en" },
  { name: "desktop-light-en", ...DESKTOP, scheme: "light", language: "en" },
  { name: "desktop-dark-sv", ...DESKTOP, scheme: "dark", language: "sv", walked: true },
  { name: "laptop-light-sv", ...LAPTOP, scheme: "light", language: "sv" },
  // The letters of the browser twice as large, as its own setting makes them.
  { name: "phone-200-sv", ...PHONE, scheme: "light", language: "sv", letters: 32 },
  // A desktop of 1280 by 800 magnified to 200 %, and to 400 % (WCAG 1.4.4, 1.4.10).
  {
    name: "zoom-light-latt",
    viewport: { width: 640, height: 400 },
    scheme: "light",
    language: "sv-latt",
  },
  {
    name: "narrow-light-sv",
    viewport: { width: 320, height: 568 },
    scheme: "light",
    language: "sv",
    walked: true,
  },
  {
    name: "tablet-light-sv",
    viewport: { width: 820, height: 1180 },
    touch: true,
    scheme: "light",
    language: "sv",
  },
  { name: "phone-light-latt", ...PHONE, scheme: "light", language: "sv-latt" },
  { name: "phone-rtl", ...PHONE, scheme: "light", language: "ar" },
  { name: "desktop-rtl", ...DESKTOP, scheme: "light", language: "ar" },
  {
    name: "lying-dark-sv",
    viewport: { width: 740, height: 340 },
    touch: true,
    scheme: "dark",
    language: "sv",
  },
];
// What has to be pressed before the picture.
const ACTS = {
  "call-2-people": "[data-testid=people]",
  "call-unseen-people": "[data-testid=people]",
  "preview-choices": ".choices:not(.check .choices) summary",
  "preview-checked": ".check summary",
  "call-talk": "[data-testid=talk]",
  "call-talk-empty": "[data-testid=talk]",
  "call-more": "[data-testid=more]",
  "call-help": "[data-testid=more] -> [data-testid=help]",
  "call-help-hear": "[data-testid=more] -> [data-testid=help] -> [data-testid=help-hear]",
  "call-help-heard": "[data-testid=more] -> [data-testid=help] -> [data-testid=help-heard]",
  "call-invite": "[data-testid=more] -> [data-testid=invite] -> [data-testid=invite-name]",
  "call-invite-asked": "[data-testid=more] -> [data-testid=invite] -> [data-testid=invite-waiting]",
  "call-invite-ready": "[data-testid=more] -> [data-testid=invite] -> [data-testid=qr]",
};
// What has to be there before the picture.
const AWAITED = {
  "call-stills-old": "text=/\\d s /",
  "waiting-e-id": "[data-testid=identify]",
};
/** The smallest thing that a shaking finger must hit, in CSS pixels at normal text size. */
const TARGET_PX = 48;
const STATEMENT = "accessibility";
/** Longer words may be divided where letters are large and the screen is small. */
const WORD_LETTERS = 11;
/** At a desk all day, with more on the page; WCAG 2.5.8 asks for 24. */
const STAFF_TARGET_PX = 40;

// Runs in the page: what axe does not look at.
function ownRules(target) {
  const found = [];
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) {
    found.push(`the page is ${page.scrollWidth} wide in ${page.clientWidth}`);
  }
  for (const element of document.querySelectorAll("button, select, summary, a[href], input")) {
    const box = element.getBoundingClientRect();
    const words = element.textContent.trim().slice(0, 40);
    // A tick is hit by its label.
    if (box.width === 0 || ["checkbox", "radio"].includes(element.type)) {
      continue;
    }
    if (box.height < target || box.width < target) {
      found.push(`"${words}" is ${Math.round(box.width)} x ${Math.round(box.height)}`);
    }
    if (
      !["SELECT", "INPUT"].includes(element.tagName) &&
      element.scrollWidth > element.clientWidth + 1
    ) {
      found.push(`"${words}" is cut off`);
    }
  }
  // What scrolls in itself must show enough to be found.
  for (const element of document.querySelectorAll("aside, dialog, section, ul, ol, div")) {
    const { clientHeight: high, scrollHeight: whole } = element;
    const isMoved = /auto|scroll/.test(getComputedStyle(element).overflowY) && whole > high + 1;
    if (isMoved && high > 0 && high < Math.min(whole, 96)) {
      found.push(`"${element.textContent.trim().slice(0, 40)}" shows ${high} of ${whole} px`);
    }
  }
  // Less motion is asked for: nothing may move by itself or glide (WCAG 2.3.3, 2.2.2).
  for (const animation of document.getAnimations()) {
    const { duration, iterations } = animation.effect.getTiming();
    if (Number(duration) * iterations > 0) {
      found.push(`${animation.animationName ?? animation.transitionProperty} moves`);
    }
  }
  for (const element of document.querySelectorAll("h1, h2, p, li, figcaption, label")) {
    const box = element.getBoundingClientRect();
    if (box.width > 0 && (box.left < -1 || box.right > page.clientWidth + 1)) {
      found.push(`"${element.textContent.trim().slice(0, 40)}" sticks out`);
    }
  }
  return found;
}

// Runs in the page: who has nothing to mend first sees the way in without scrolling.
function wayInSight() {
  const way = document.querySelector(".preview-join .primary");
  const isFree = way === null || document.querySelector(".trouble") !== null;
  return isFree || way.getBoundingClientRect().bottom <= innerHeight
    ? []
    : ["the way in is below the screen"];
}

// Runs in the page: words of what can be pressed that go on in the next line.
function brokenWords(most) {
  const found = [];
  for (const element of document.querySelectorAll("button, summary, a[href], legend, label")) {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      for (const { 0: word, index } of node.data.matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        const tops = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
        if (tops.size > 1 && word.length <= most && element.checkVisibility()) {
          found.push(`"${word}" is broken in two`);
        }
      }
    }
  }
  return found;
}

// Runs in the page: what can have the focus and is seen, marked with a number in its order.
function markStops() {
  const selector = "a[href], button, input, select, summary, [tabindex='0']";
  // A sheet before everything keeps the focus in itself.
  const root = document.querySelector("dialog[open]") ?? document.body;
  const stops = [...root.querySelectorAll(selector)].filter((element) => {
    const shut = element.closest("details:not([open])");
    const isShut = shut !== null && element.closest("summary")?.parentElement !== shut;
    // Of choices that exclude each other Tab goes to one; the arrow keys go on from there.
    const group = element.type === "radio" ? [...document.getElementsByName(element.name)] : [];
    const isOther = group.some((one) => one !== element && one.checked);
    const isLater = !group.some((one) => one.checked) && group.indexOf(element) > 0;
    const isReached = !element.disabled && !isShut && !isOther && !isLater;
    return isReached && element.getClientRects().length > 0;
  });
  for (const [i, element] of stops.entries()) {
    element.dataset.stop = String(i);
  }
  // Tab goes on from where the focus was last: here, from the top.
  const top = document.createElement("span");
  top.tabIndex = -1;
  root.prepend(top);
  top.focus();
  return stops.length;
}

// Runs in the page: what is wrong with the element that has the focus now.
function atStop(expected) {
  const element = document.activeElement;
  const words = (element?.textContent?.trim() || element?.id || "nothing").slice(0, 30);
  if (element?.dataset?.stop !== String(expected)) {
    return `stop ${expected} is "${words}"`;
  }
  const style = getComputedStyle(element);
  if (style.outlineStyle === "none" || Number.parseFloat(style.outlineWidth) < 2) {
    return `"${words}" does not show that it has the focus`;
  }
  const box = element.getBoundingClientRect();
  const inside = Math.max(0, Math.min(box.left + box.width / 2, innerWidth - 1));
  // A table may be higher than the screen: of it any part in sight will do.
  const down = Math.max(12, Math.min(box.top + 12, innerHeight - 1));
  const seen = document.elementFromPoint(inside, down);
  // WCAG 2.4.11: not wholly covered by what stays in sight.
  return seen !== null && (element.contains(seen) || seen.contains(element))
    ? null
    : `"${words}" has the focus under something else`;
}

// Runs in the page: still in the date or time that was the stop before this one.
function isInside(expected) {
  const { dataset, type } = document.activeElement ?? {};
  return ["date", "time"].includes(type) && dataset?.stop === String(expected - 1);
}

/** Tab goes to everything that can be pressed, in the order it is read, and each stop is seen. */
async function walk(page) {
  const count = await page.evaluate(markStops);
  for (let i = 0; i < count; i++) {
    await page.keyboard.press("Tab");
    // A date has several stops of its own: day, month, year, calendar.
    for (let parts = 0; parts < 6 && (await page.evaluate(isInside, i)); parts++) {
      await page.keyboard.press("Tab");
    }
    const wrong = await page.evaluate(atStop, i);
    if (wrong !== null) {
      return [`keyboard: ${wrong}`];
    }
  }
  return [];
}

/** A sheet that was opened by key closes by Escape, and the focus is back where it was. */
async function opensAndCloses(page, button) {
  await page.focus(button);
  await page.keyboard.press("Enter");
  await page.waitForTimeout(100);
  const heading = await page.evaluate(() => document.activeElement?.tagName);
  await page.keyboard.press("Escape");
  await page.waitForTimeout(100);
  const isBack = await page.evaluate(
    (selector) => document.activeElement === document.querySelector(selector),
    button,
  );
  return [
    ...(heading === "H2" ? [] : [`keyboard: ${button} leaves the focus at ${heading}`]),
    ...(isBack ? [] : [`keyboard: Escape does not go back to ${button}`]),
  ];
}

async function act(page, doing) {
  for (const step of doing.split(" -> ")) {
    const key = /^key (.)$/.exec(step)?.[1];
    if (key !== undefined) {
      await page.keyboard.press(key);
      continue;
    }
    const selector = step.replace(/\?$/, "");
    const isOpen = (await page.getAttribute(selector, "aria-expanded")) === "true";
    if (!step.endsWith("?") || !isOpen) {
      await page.click(selector);
    }
  }
}

/** Which page a state is of; the statement is a page without states. */
function addressOf(root, state, language) {
  if (state === STATEMENT) {
    return `${root}/accessibility.html`;
  }
  const kind = /^(staff|room)-/.exec(state)?.[1] ?? "index";
  return `${root}/dev/gallery/${kind}.html#${state}?${language}`;
}

async function look(browser, view, states, { root, folder, axe }) {
  const context = await browser.newContext({
    viewport: view.viewport,
    hasTouch: view.touch === true,
    colorScheme: view.scheme,
    reducedMotion: "reduce",
    locale: view.language === "en" ? "en-GB" : "sv-SE",
  });
  const page = await context.newPage();
  const findings = [];
  // Tablets are at the clinic and in the room.
  const isTablet = view.name.startsWith("tablet");
  const shown = states.filter((state) => !isTablet || /^(staff|room)-/.test(state));
  page.on("pageerror", (error) => findings.push(`${view.name}: ${error.message}`));
  for (const state of shown) {
    await page.goto("about:blank");
    const isStaff = state.startsWith("staff-");
    await page.goto(addressOf(root, state, view.language));
    await page.waitForSelector("h1");
    if (ACTS[state]) {
      await act(page, ACTS[state]);
    }
    await page.waitForFunction(() =>
      [...document.querySelectorAll("video")].every((video) => video.videoWidth > 0),
    );
    if (AWAITED[state]) {
      await page.waitForSelector(AWAITED[state]);
    }
    await page.waitForTimeout(120);
    if (folder !== null) {
      await page.screenshot({ path: join(folder, `${state}.${view.name}.png`), fullPage: true });
    }
    const problems = await page.evaluate(ownRules, isStaff ? STAFF_TARGET_PX : TARGET_PX);
    problems.push(...(await page.evaluate(brokenWords, WORD_LETTERS)));
    if (/^(desktop|laptop)/.test(view.name)) {
      problems.push(...(await page.evaluate(wayInSight)));
    }
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() =>
      window.axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      }),
    );
    if (view.walked) {
      problems.push(...(await walk(page)));
      if (state === "call-2") {
        for (const name of ["people", "more", "talk"]) {
          problems.push(...(await opensAndCloses(page, `[data-testid=${name}]`)));
        }
      }
    }
    for (const { id, nodes } of violations) {
      problems.push(`axe ${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
    }
    findings.push(...problems.map((text) => `${state} ${view.name}: ${text}`));
  }
  await context.close();
  return { shown: shown.length, found: findings };
}

// Answers what the pages ask a server for.
function answer({ middlewares }) {
  middlewares.use("/auth/eid", (_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ name: "e-legitimation" }));
  });
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PAGES = ["dev/gallery/index", "dev/gallery/staff", "dev/gallery/room", STATEMENT];

/** Builds the pages of the gallery into the folder, and serves them: loaded anew for each state, they
 * take a third less time than module by module. */
async function serve(outDir) {
  await build({
    root: ROOT,
    logLevel: "error",
    build: {
      outDir,
      emptyOutDir: true,
      rollupOptions: { input: PAGES.map((page) => join(ROOT, `${page}.html`)) },
    },
  });
  return preview({
    root: ROOT,
    build: { outDir },
    preview: { port: 0, host: "127.0.0.1" },
    plugins: [{ name: "vidd-gallery-server", configurePreviewServer: answer }],
    logLevel: "error",
  });
}

/** A browser whose letters are so large by default; rem, and em in a media query, follow. */
function launch(letters = 16) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--autoplay-policy=no-user-gesture-required",
      `--blink-settings=defaultFontSize=${letters}`,
    ],
  });
}

/** The names of all states; what has to be pressed before the picture of some goes into ACTS. */
async function loadStates() {
  const server = await createServer({
    root: ROOT,
    server: { middlewareMode: true },
    logLevel: "error",
  });
  try {
    const { STATES } = await server.ssrLoadModule("/dev/gallery/states.ts");
    const { STAFF_STATES, STAFF_ACTS } = await server.ssrLoadModule("/dev/gallery/staff-states.ts");
    const { ROOM_STATES, ROOM_ACTS } = await server.ssrLoadModule("/dev/gallery/room-states.ts");
    Object.assign(ACTS, STAFF_ACTS, ROOM_ACTS);
    return [STATES, STAFF_STATES, ROOM_STATES, { [STATEMENT]: null }].flatMap(Object.keys);
  } finally {
    await server.close();
  }
}

/** Looks at one view after the other until none is left, with so many browsers as jobs says. */
async function drawAll(views, states, { root, out, jobs }) {
  const folder = out === "none" ? null : out;
  if (folder !== null) {
    mkdirSync(folder, { recursive: true });
  }
  const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  const findings = [];
  let drawn = 0;
  const work = async () => {
    for (let view = views.shift(); view !== undefined; view = views.shift()) {
      const browser = await launch(view.letters);
      try {
        const { shown, found } = await look(browser, view, states, { root, folder, axe });
        findings.push(...found);
        drawn += shown;
        console.log(`${view.name}: ${shown} states, ${found.length} findings`);
      } finally {
        await browser.close();
      }
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  for (const finding of findings) {
    console.log(`  ${finding}`);
  }
  console.log(`${drawn} drawn, ${findings.length} findings, pictures in ${out}`);
  return findings.length === 0 ? 0 : 1;
}

async function main() {
  const { only, views, out, jobs, help } = readArguments(process.argv.slice(2));
  const looks = LOOKS.map(({ name }) => name);
  const named = chosen("look", looks, views);
  const all = await loadStates();
  if (help) {
    console.log(helpText(looks, all));
    return 0;
  }
  const states = chosen("state", all, [only]);
  const pages = mkdtempSync(join(tmpdir(), "vidd-gallery-pages-"));
  let server;
  try {
    server = await serve(pages);
    return await drawAll(
      LOOKS.filter(({ name }) => named.includes(name)),
      states,
      {
        root: `http://127.0.0.1:${server.httpServer.address().port}`,
        out: out ?? mkdtempSync(join(tmpdir(), "vidd-gallery-")),
        jobs,
      },
    );
  } finally {
    await server?.close();
    rmSync(pages, { recursive: true });
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof Misused)) {
    throw error;
  }
  console.error(`gallery: ${error.message}`);
  process.exitCode = 2;
}
