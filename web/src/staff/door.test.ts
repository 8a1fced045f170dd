// SPDX-License-Identifier: EUPL-1.2
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ADMISSIONS, type Admission, type ClientMessage, ROLES, type Role } from "../protocol";
import { after, may, type Order } from "./door";

function vectors(name: string): unknown {
  return JSON.parse(
    readFileSync(new URL(`../../../tests/vectors/${name}`, import.meta.url), "utf8"),
  );
}

interface After {
  readonly now: Admission;
  readonly order: Order;
  readonly role: Role;
  readonly then: Admission | null;
}

interface Permissions {
  readonly roles: readonly Role[];
  readonly messages: Readonly<Record<ClientMessage["type"] | "watch", readonly string[]>>;
}

describe("tests/vectors/admission.json", () => {
  const { after: list } = vectors("admission.json") as { readonly after: readonly After[] };

  it.each(list)("$role, $now: $order", ({ now, order, role, then }) => {
    expect(after({ role, admission: now }, order)).toBe(then);
  });
});

describe("tests/vectors/permission.json", () => {
  const { roles, messages } = vectors("permission.json") as Permissions;
  // `watch` is no message of a seat.
  const said = Object.keys(messages).filter((m): m is ClientMessage["type"] => m !== "watch");

  it("knows each role", () => {
    expect(roles).toEqual(ROLES);
  });

  it.each(said)("who may say %s", (type) => {
    for (const [i, role] of roles.entries()) {
      for (const admission of ADMISSIONS) {
        const cell = messages[type][i];
        const is = cell === "always" || (cell === "admitted" && admission === "admitted");
        expect(may({ role, admission }, type), `${role}, ${admission}`).toBe(is);
      }
    }
  });
});
