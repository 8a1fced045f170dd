// SPDX-License-Identifier: EUPL-1.2
// What the tests of one file begin with: a server that is theirs, and people who come to it.
import assert from "node:assert/strict";
import { after, before } from "node:test";

import { chromiumPerson } from "./chromium.mjs";
import { Server } from "./server.mjs";
import { tapWire } from "./wire.mjs";

/** A server that runs for the tests of the file, and must end in order. */
export function serverOfFile(options) {
  const server = new Server(options);
  before(() => server.start());
  after(async () => {
    const { code } = await server.stop();
    assert.equal(code, 0, "the server ends in order at SIGTERM");
  });
  return server;
}

/** Somebody in a browser of their own, whose wire is tapped, until the test is over. */
export async function arrive(t, name, options) {
  const person = await chromiumPerson(name, options);
  t.after(() => person.close());
  await person.context.addInitScript(tapWire);
  return person;
}
