// SPDX-License-Identifier: EUPL-1.2
import { expect, it } from "vitest";
import { Api } from "./api";

interface Sent {
  readonly path: string;
  readonly init: RequestInit;
}

function fake(status: number, body: string): { readonly api: Api; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const api = new Api(async (path, init) => {
    sent.push({ path: String(path), init: init ?? {} });
    return new Response(status === 204 ? null : body, { status });
  });
  return { api, sent };
}

const SESSION = JSON.stringify({
  staff: { id: "s1", name: "Anna" },
  commission: null,
  commissions: [],
  csrf: "secret",
});

function headers(sent: Sent | undefined): Record<string, string> {
  return sent?.init.headers as Record<string, string>;
}

it("what changes something carries the session's word against forgery, and reading does not", async () => {
  const { api, sent } = fake(200, SESSION);
  await api.session();
  await api.choose("m1");
  expect(headers(sent[0])["x-vidd-csrf"]).toBeUndefined();
  expect(headers(sent[1])["x-vidd-csrf"]).toBe("secret");
  expect(sent[1]?.init.credentials).toBe("same-origin");
});

it("ids go into paths as one part of them", async () => {
  const { api, sent } = fake(200, "{}");
  await api.enter("a/../b?c", null);
  expect(sent[0]?.path).toBe("/api/v1/consultations/a%2F..%2Fb%3Fc/enter");
});

it("a refusal is its code, and a network that is away has one, too", async () => {
  const refused = await fake(403, '{"code":"not-allowed"}').api.visits("2026-11-26");
  expect(refused).toEqual({ ok: false, problem: { status: 403, code: "not-allowed" } });
  const away = new Api(() => Promise.reject(new TypeError("no network")));
  expect(await away.units()).toEqual({ ok: false, problem: { status: 0, code: "no-network" } });
  const odd = await fake(200, '{"units":7}').api.units();
  expect(odd).toEqual({ ok: false, problem: { status: 200, code: "not-understood" } });
});

it("logging out has nothing to say, or where to go next", async () => {
  expect(await fake(204, "").api.logOut()).toEqual({ ok: true, value: null });
  const there = await fake(200, '{"logout":"https://id.example.se/out"}').api.logOut();
  expect(there).toEqual({ ok: true, value: "https://id.example.se/out" });
});

it("a booking carries its key, and no empty members", async () => {
  const { api, sent } = fake(201, "{}");
  const person = { role: "patient", name: "Elsa", phone: "", email: "", language: "sv" } as const;
  await api.create(
    {
      title: "Uppföljning",
      planned: null,
      minutes: 30,
      kind: "",
      needsInterpreter: false,
      needs: "",
      persons: [person],
    },
    "k1",
  );
  expect(headers(sent[0])["idempotency-key"]).toBe("k1");
  expect(JSON.parse(String(sent[0]?.init.body))).toEqual({
    title: "Uppföljning",
    minutes: 30,
    needs_interpreter: false,
    participants: [{ role: "patient", name: "Elsa", language: "sv" }],
  });
});
