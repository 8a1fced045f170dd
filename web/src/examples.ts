// SPDX-License-Identifier: EUPL-1.2
// One of each message of a visit, for the tests: what the compiler takes for a message here must have
// the members that docs/protocol.md gives it.

import type { ClientMessage, ServerMessage } from "./protocol";
import { buildWatch, type Watch, type WatchMessage } from "./staff/watch";

const STILL = {
  id: "r1",
  bytes: 1234567,
  seq: 0,
  count: 80,
  data: "/9j/4AAQSkZJRg==",
  sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
};

export const CLIENT: readonly (ClientMessage | Watch)[] = [
  { type: "code", code: "123456" },
  { type: "invite-request", role: "relative", name: "Karin" },
  { type: "consent", act: "still", id: "r1", given: true, wording: "Anna får en bild." },
  { type: "still", to: "p2cD", ...STILL },
  { type: "still-ack", id: "r1", seq: 0, to: "p1aB" },
  { type: "wish", wish: "audio-only" },
  { type: "signing", signing: true },
  { type: "text", seq: 12, t140: "hej" },
  { type: "chat", id: "m1", text: "Jag är strax tillbaka." },
  { type: "interpreter-number", number: "12345", name: "Omar" },
  {
    type: "checked",
    up_kbps: 610,
    down_kbps: 2400,
    loss_percent: 0.4,
    jitter_ms: 12,
    rtt_ms: 48,
    rtt_loaded_ms: 180,
    transport: "udp",
    verdicts: { talk: "good", sign: "good", skin: "poor", movement: "poor", auscultation: "good" },
  },
  { type: "admit", participant: "p1aB" },
  { type: "put-back", participant: "p1aB" },
  { type: "hold", participant: "p1aB" },
  { type: "remove", participant: "p1aB" },
  { type: "private", participants: ["p1aB", "p3eF"] },
  { type: "vouch", participant: "p1aB", how: "id-document" },
  { type: "invite-made", participant: "p1aB", link: "https://vidd.example/#Zk1xq8N3" },
  { type: "ask", id: "r1", act: "still", participant: "p1aB" },
  { type: "pointer", participant: "p1aB", x: 0.4, y: 0.6 },
  { type: "end", outcome: "physical-visit", reason: "examination" },
  { type: "hand-over", staff: "s1" },
  buildWatch("t1"),
];

export const SERVER: readonly (ServerMessage | WatchMessage)[] = [
  {
    type: "waiting",
    place: 2,
    ahead: 1,
    meet: "Anna Berg",
    clinician: "busy",
    planned: "2026-11-26T10:00:00Z",
    reason: "queue",
  },
  { type: "admitted", by: "p2cD" },
  { type: "held", by: "p2cD" },
  { type: "private", participants: ["p1aB", "p2cD"] },
  { type: "private", participants: [], outside: true },
  { type: "code-needed", sent_to: "•••• 12 34" },
  { type: "invite-request", participant: "p1aB", role: "relative", name: "Karin" },
  { type: "invite", link: "https://vidd.example/#Zk1xq8N3", name: "Karin" },
  { type: "consent", participant: "p1aB", act: "still", id: "r1", given: true },
  { type: "ask", id: "r1", act: "still", from: "p2cD" },
  { type: "still", from: "p1aB", ...STILL },
  { type: "still-ack", from: "p2cD", id: "r1", seq: 0 },
  { type: "pointer", from: "p2cD", participant: "p1aB", x: 0.4, y: 0.6 },
  { type: "wish", participant: "p1aB", wish: "physical-visit" },
  { type: "signing", participant: "p1aB", signing: true },
  { type: "text", participant: "p1aB", seq: 12, t140: "hej" },
  { type: "chat", participant: "p1aB", id: "m1", text: "Hej" },
  { type: "watching", units: ["u1"] },
  {
    type: "queue",
    consultations: [
      {
        id: "c1",
        title: "Uppföljning",
        unit: "u1",
        state: "open",
        planned: null,
        responsible: "s1",
        mode: "talk",
        participants: [
          {
            id: "p1aB",
            role: "patient",
            name: "Elsa",
            admission: "waiting",
            link: "here",
            level: "good",
            up_kbps: 610,
            down_kbps: 2400,
            rtt_ms: 48,
            since_s: 90,
            assurance: "B",
            check: "good",
          },
        ],
      },
    ],
  },
];
