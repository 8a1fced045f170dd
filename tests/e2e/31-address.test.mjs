// SPDX-License-Identifier: EUPL-1.2
// The patient's address changes in the middle of the call, as when a phone leaves the Wi-Fi.
import { after, before, test } from "node:test";

import { chromiumPerson } from "./lib/chromium.mjs";
import { startNetwork } from "./lib/network.mjs";
import { startServer } from "./lib/server.mjs";
import { until } from "./lib/until.mjs";

const OURS = "10.78.0.1";
let network;
let server;

before(async () => {
  network = await startNetwork({ ours: OURS, theirs: "10.78.0.2" });
  server = await startServer({ address: OURS });
});

after(async () => {
  await server?.stop();
  network?.close();
});

test("a client that moves to another address is seen and heard again by itself", async (t) => {
  const { participants } = await server.consultation([
    { role: "patient", name: "Elsa" },
    { role: "clinician", name: "Anna Berg" },
  ]);
  const [elsa, anna] = await Promise.all([
    chromiumPerson("Elsa", { hz: 440, executablePath: network.executablePath }),
    chromiumPerson("Anna", { hz: 770 }),
  ]);
  t.after(() => Promise.all([elsa.close(), anna.close()]));
  await elsa.join(participants[0].link);
  await anna.join(participants[1].link);
  await Promise.all([elsa.seesMovingPictures(1), anna.seesMovingPictures(1)]);

  network.moveTo("10.78.0.9");
  const moved = performance.now();
  const before = (await anna.totals()).framesDecoded;
  await until("Anna gets frames from the new address",
    async () => (await anna.totals()).framesDecoded > before + 40, { timeout: 25000 });
  t.diagnostic(`frames again ${Math.round(performance.now() - moved)} ms after the address changed`);
  await Promise.all([elsa.seesMovingPictures(1), anna.seesMovingPictures(1)]);
  await Promise.all([elsa.hearsTone(770), anna.hearsTone(440)]);
  await until("Elsa's page says nothing of trouble any more",
    async () => !/bruten|avbrutna/.test(await elsa.text()), { timeout: 25000 });
});
