// SPDX-License-Identifier: EUPL-1.2
// Links and permissions that do not work as hoped, in plain words; and every state of the page
// looked through with axe, on a phone and in the dark.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { audit, DARK, PHONE } from "./lib/audit.mjs";
import { startChromium } from "./lib/chromium.mjs";
import { startServer } from "./lib/server.mjs";

let server;
let chromium;
let denying;

before(async () => {
  [server, chromium, denying] = await Promise.all([
    startServer(), startChromium(), startChromium({ camera: "denied" })]);
});

after(async () => {
  await Promise.all([chromium?.close(), denying?.close()]);
  await server?.stop();
});

async function person(t, name, options, browser = chromium) {
  const someone = await browser.person(name, options);
  t.after(() => someone.close());
  return someone;
}

function consultation() {
  return server.consultation([{ role: "patient", name: "Elsa" }, { role: "clinician", name: "Anna Berg" }]);
}

test("camera denied: it is said how to allow it, and one may go in all the same", async (t) => {
  const { participants } = await consultation();
  const elsa = await person(t, "Elsa", { context: PHONE }, denying);
  await elsa.open(participants[0].link);
  await elsa.sees(/Kamera och mikrofon är inte tillåtna/);
  await elsa.sees(/Så här ändrar du det/);
  await audit(elsa, "denied");
  const anna = await person(t, "Anna");
  await anna.join(participants[1].link);
  await elsa.goIn();
  await elsa.seesMovingPictures(1);
  await elsa.hearsTone(440);
  await anna.sees(/Elsa/);
});

test("a link that nobody gave out", async (t) => {
  const { participants } = await consultation();
  const elsa = await person(t, "Elsa");
  const { token } = participants[0];
  const wrong = (token[0] === "A" ? "B" : "A") + token.slice(1);
  await elsa.open(participants[0].link.replace(token, wrong));
  await elsa.waitFor("[data-testid=join]:not([disabled])");
  await elsa.click("[data-testid=join]");
  await elsa.sees(/Länken leder inte till något samtal/);
  await audit(elsa, "link-unknown");
});

test("a link without its last part", async (t) => {
  const elsa = await person(t, "Elsa", { context: PHONE });
  await elsa.open(`${server.origin}/`);
  await elsa.sees(/Länken är inte hel/);
  await audit(elsa, "link-broken");
});

test("a link opened twice: the newer window has the seat, the older one says so and can take it back", async (t) => {
  const { participants } = await consultation();
  const anna = await person(t, "Anna");
  await anna.join(participants[1].link);
  const first = await person(t, "Elsa's computer");
  await first.join(participants[0].link);
  await anna.seesMovingPictures(1);
  const second = await person(t, "Elsa's phone", { context: PHONE });
  await second.join(participants[0].link);
  await first.sees(/Samtalet fortsätter på ett annat ställe/);
  await audit(first, "replaced");
  await Promise.all([second.seesMovingPictures(1), anna.seesMovingPictures(1)]);
  assert.equal(await anna.evaluate(() => document.querySelectorAll("[data-participant]").length), 1);
  await first.press(/Ta tillbaka samtalet hit/);
  await second.sees(/Samtalet fortsätter på ett annat ställe/);
  await first.seesMovingPictures(1);
});

test("a consultation that ends tells everybody, and its links say so afterwards", async (t) => {
  const { id, participants } = await consultation();
  const elsa = await person(t, "Elsa");
  const anna = await person(t, "Anna");
  await elsa.join(participants[0].link);
  await anna.join(participants[1].link);
  await elsa.seesMovingPictures(1);
  await server.endConsultation(id);
  await Promise.all([elsa, anna].map((p) => p.sees(/Samtalet är avslutat/)));
  await audit(elsa, "ended");
  const late = await person(t, "late");
  await late.open(participants[0].link);
  await late.waitFor("[data-testid=join]:not([disabled])");
  await late.click("[data-testid=join]");
  await late.sees(/Samtalet är avslutat/);
});

for (const [name, context] of [["phone", PHONE], ["dark", DARK], ["english", { locale: "en-GB" }]]) {
  test(`axe finds nothing from preview to call and goodbye: ${name}`, async (t) => {
    const { participants } = await consultation();
    const elsa = await person(t, "Elsa", { context });
    await elsa.open(participants[0].link);
    await elsa.waitFor("[data-testid=join]:not([disabled])");
    await elsa.waitFor("[data-testid=self-video]");
    await audit(elsa, `preview-${name}`);
    await elsa.goIn();
    await audit(elsa, `alone-${name}`);
    const anna = await person(t, "Anna");
    await anna.join(participants[1].link);
    await elsa.seesMovingPictures(1);
    await audit(elsa, `call-${name}`);
    await elsa.press(/^(Lämna|Leave)/);
    await elsa.sees(name === "english" ? /You have left/ : /Du har lämnat samtalet/);
    await audit(elsa, `left-${name}`);
  });
}

test("the whole path works from the keyboard", async (t) => {
  const { participants } = await consultation();
  const elsa = await person(t, "Elsa");
  await elsa.open(participants[0].link);
  await elsa.waitFor("[data-testid=join]:not([disabled])");
  const tabTo = async (test) => {
    for (let i = 0; i < 40; i++) {
      await elsa.page.keyboard.press("Tab");
      const name = await elsa.evaluate(() =>
        document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "");
      if (test.test(name.trim())) return;
    }
    assert.fail(`no Tab stop called ${test}`);
  };
  await tabTo(/^Gå in/);
  await elsa.page.keyboard.press("Enter");
  await elsa.waitFor("[data-testid=leave]");
  await tabTo(/^Lämna/);
  await elsa.page.keyboard.press("Enter");
  await elsa.sees(/Du har lämnat samtalet/);
});
