// SPDX-License-Identifier: EUPL-1.2
// The clinician's tools in a call, beside the call's own state: what was asked for and what came of
// it, what others wish, whose picture is large, who is pointed at. Pure: call.ts does what it wants.

import type {
  Act,
  ClientMessage,
  Outcome,
  OutcomeReason,
  Role,
  ServerMessage,
  Source,
  StillPart,
  Vouch,
  Wish,
} from "../protocol";
import type { Point, Room } from "../state/types";
import type { Delay } from "./delay";
import { arrived, type Letter, messageOf, unsent } from "./letters";

/** What somebody in the visit wants of the clinician. */
export interface Card {
  readonly key: number;
  readonly participant: string;
  readonly name: string;
  readonly what:
    | { readonly kind: "wish"; readonly wish: Wish }
    | { readonly kind: "invite"; readonly role: Role; readonly name: string };
}

/** asked: no answer yet. coming: parts of a picture are on their way. spoiled: not what was sent.
 * lapsed: the server began anew and knows nothing of it. */
export type AskStep = "asked" | "refused" | "given" | "coming" | "done" | "spoiled" | "lapsed";

export interface Ask {
  readonly id: string;
  readonly act: Act;
  readonly participant: string;
  readonly name: string;
  readonly step: AskStep;
  readonly arrived: number;
  readonly count: number;
}

/** A still that has come. It lives in this page alone, until the visit is over. */
export interface StillShown {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  readonly sha256: string;
  /** By the reader's clock. */
  readonly at: number;
}

export interface Large {
  readonly participant: string;
  readonly source: Source;
}

/** What of one's own is shown besides the camera. */
export type Sharing = "none" | "asking" | "on" | "refused";

export interface Tools {
  readonly cards: readonly Card[];
  readonly nextKey: number;
  readonly asks: readonly Ask[];
  readonly stills: readonly StillShown[];
  /** The still that is looked at. */
  readonly viewing: string | null;
  readonly large: Large | null;
  /** Whose picture one points at; who has said yes to it. */
  readonly pointing: string | null;
  readonly pointable: readonly Ask[];
  readonly point: Point | null;
  readonly vouched: Readonly<Record<string, Vouch>>;
  readonly sharing: Sharing;
  readonly exam: Sharing;
  readonly delays: Readonly<Record<string, Delay>>;
  /** When we came in, by the reader's clock. */
  readonly since: number;
  /** The visit begins without the interpreter. */
  readonly withoutInterpreter: boolean;
  readonly letters: readonly Letter[];
}

export function initialTools(since: number): Tools {
  return {
    cards: [],
    nextKey: 0,
    asks: [],
    stills: [],
    viewing: null,
    large: null,
    pointing: null,
    pointable: [],
    point: null,
    vouched: {},
    sharing: "none",
    exam: "none",
    delays: {},
    since,
    withoutInterpreter: false,
    letters: [],
  };
}

export type ToolEvent =
  | { readonly type: "heard"; readonly message: ServerMessage; readonly room: Room }
  | { readonly type: "admit" | "put-back" | "hold" | "remove"; readonly participant: string }
  | { readonly type: "private"; readonly participants: readonly string[] }
  | { readonly type: "vouch"; readonly participant: string; readonly how: Vouch }
  | {
      readonly type: "ask";
      readonly id: string;
      readonly act: Act;
      readonly participant: string;
      readonly name: string;
    }
  | { readonly type: "ask-closed"; readonly id: string }
  | { readonly type: "card-closed"; readonly key: number }
  | { readonly type: "large"; readonly large: Large | null }
  | { readonly type: "point"; readonly participant: string; readonly point: Point | null }
  | { readonly type: "point-stopped" }
  | { readonly type: "still-whole"; readonly still: StillShown }
  | { readonly type: "still-spoiled"; readonly id: string }
  | { readonly type: "view"; readonly id: string | null }
  | { readonly type: "sharing"; readonly what: "screen" | "exam-camera"; readonly sharing: Sharing }
  | { readonly type: "delays"; readonly delays: Readonly<Record<string, Delay>> }
  | {
      readonly type: "invite-made";
      readonly participant: string;
      readonly link: string;
      readonly name: string;
    }
  | { readonly type: "hand-over"; readonly staff: string }
  | {
      readonly type: "write-to";
      readonly id: string;
      readonly participant: string;
      readonly name: string;
      readonly text: string;
    }
  | { readonly type: "begin-without-interpreter" }
  | { readonly type: "end"; readonly outcome: Outcome; readonly reason: OutcomeReason | null };

export type ToolAloud =
  | { readonly key: "card"; readonly card: Card }
  | { readonly key: "ask"; readonly ask: Ask }
  | { readonly key: "waits"; readonly name: string };

export type ToolEffect =
  | { readonly do: "say"; readonly message: ClientMessage }
  /** A part of a picture came; it is kept where bytes are kept. */
  | { readonly do: "part"; readonly from: string; readonly part: StillPart }
  | { readonly do: "aloud"; readonly what: ToolAloud; readonly urgent: boolean };

export interface ToolStep {
  readonly tools: Tools;
  readonly effects: readonly ToolEffect[];
}

function stay(tools: Tools): ToolStep {
  return { tools, effects: [] };
}

function say(message: ClientMessage): ToolEffect {
  return { do: "say", message };
}

function said(tools: Tools, message: ClientMessage): ToolStep {
  return { tools, effects: [say(message)] };
}

function nameOf(room: Room, id: string): string {
  return room.participants.find((p) => p.id === id)?.name ?? "";
}

export function toolStep(tools: Tools, event: ToolEvent): ToolStep {
  switch (event.type) {
    case "heard":
      return heard(tools, event.message, event.room);
    case "admit":
    case "put-back":
    case "hold":
    case "remove":
      return said(tools, { type: event.type, participant: event.participant });
    case "private":
      return said(tools, { type: "private", participants: event.participants });
    case "vouch":
      return said(
        { ...tools, vouched: { ...tools.vouched, [event.participant]: event.how } },
        { type: "vouch", participant: event.participant, how: event.how },
      );
    case "ask":
      return asked(tools, event);
    case "ask-closed":
      return stay({ ...tools, asks: tools.asks.filter((a) => a.id !== event.id) });
    case "card-closed":
      return stay({ ...tools, cards: tools.cards.filter((c) => c.key !== event.key) });
    case "large":
      return stay({ ...tools, large: event.large });
    case "point":
      return pointed(tools, event.participant, event.point);
    case "point-stopped":
      return pointStopped(tools);
    case "view":
      return stay({ ...tools, viewing: event.id });
    case "sharing":
      return stay(
        event.what === "screen"
          ? { ...tools, sharing: event.sharing }
          : { ...tools, exam: event.sharing },
      );
    case "delays":
      return stay({ ...tools, delays: event.delays });
    default:
      return further(tools, event);
  }
}

type Further = Extract<
  ToolEvent,
  {
    type:
      | "still-whole"
      | "still-spoiled"
      | "invite-made"
      | "hand-over"
      | "write-to"
      | "begin-without-interpreter"
      | "end";
  }
>;

function further(tools: Tools, event: Further): ToolStep {
  switch (event.type) {
    case "still-whole":
      return stepped(
        { ...tools, stills: [...tools.stills, event.still], viewing: event.still.id },
        event.still.id,
        { step: "done" },
      );
    case "still-spoiled":
      return stepped(tools, event.id, { step: "spoiled" });
    case "invite-made": {
      const { participant, link, name } = event;
      return said(tools, { type: "invite-made", participant, link, name });
    }
    case "hand-over":
      return said(tools, { type: "hand-over", staff: event.staff });
    case "write-to": {
      const { id, participant, name, text } = event;
      const letter: Letter = { id, participant, name, text, isSent: false };
      return said({ ...tools, letters: [...tools.letters, letter] }, messageOf(letter));
    }
    case "begin-without-interpreter":
      return stay({ ...tools, withoutInterpreter: true });
    case "end":
      return said(tools, { type: "end", outcome: event.outcome, reason: event.reason });
  }
}

function asked(
  tools: Tools,
  { id, act, participant, name }: Extract<ToolEvent, { type: "ask" }>,
): ToolStep {
  const ask: Ask = { id, act, participant, name, step: "asked", arrived: 0, count: 0 };
  // The same asked anew takes the place of what nobody answered.
  const others = tools.asks.filter((a) => a.act !== act || a.participant !== participant);
  return said({ ...tools, asks: [...others, ask] }, { type: "ask", id, act, participant });
}

function stepped(tools: Tools, id: string, change: Partial<Ask>): ToolStep {
  const before = tools.asks.find((ask) => ask.id === id);
  if (before === undefined) {
    return stay(tools);
  }
  const ask: Ask = { ...before, ...change };
  const isTold = ask.step !== before.step && ask.step !== "coming";
  return {
    tools: { ...tools, asks: tools.asks.map((a) => (a.id === id ? ask : a)) },
    effects: isTold ? [{ do: "aloud", what: { key: "ask", ask }, urgent: false }] : [],
  };
}

function heard(tools: Tools, message: ServerMessage, room: Room): ToolStep {
  switch (message.type) {
    case "wish":
      return carded(tools, message.participant, nameOf(room, message.participant), {
        kind: "wish",
        wish: message.wish,
      });
    case "invite-request":
      return carded(tools, message.participant, nameOf(room, message.participant), {
        kind: "invite",
        role: message.role,
        name: message.name,
      });
    case "consent":
      return consented(tools, message.id, message.participant, message.given);
    case "still":
      return partCame(tools, message);
    case "participant-joined":
      return message.participant.admission === "waiting"
        ? {
            tools,
            effects: [
              {
                do: "aloud",
                what: { key: "waits", name: message.participant.name },
                urgent: false,
              },
            ],
          }
        : stay(tools);
    case "participant-left":
      return left(tools, message.participant);
    case "held":
      return stay({ ...tools, pointing: null, point: null });
    case "chat":
      return message.participant === room.self.id
        ? stay({ ...tools, letters: arrived(tools.letters, message.id) })
        : stay(tools);
    case "joined": {
      const step = lapsed(tools);
      return { ...step, effects: [...step.effects, ...unsaid(tools, room)] };
    }
    case "resumed":
      return { tools, effects: unsaid(tools, room) };
    default:
      return stay(tools);
  }
}

function unsaid({ letters }: Tools, room: Room): readonly ToolEffect[] {
  return unsent(letters, room).map((letter) => say(messageOf(letter)));
}

const OPEN: readonly AskStep[] = ["asked", "given", "coming"];

/** A seat taken anew: every yes, and every question, is forgotten there. Asking again begins anew. */
function lapsed(tools: Tools): ToolStep {
  const isOpen = ({ step }: Ask): boolean => OPEN.includes(step);
  const over = [...tools.pointable, ...tools.asks.filter(isOpen)].map(
    (ask): Ask => ({ ...ask, step: "lapsed" }),
  );
  const asks = [...tools.asks.filter((ask) => !isOpen(ask)), ...over];
  return {
    tools: { ...tools, asks, pointable: [], pointing: null, point: null },
    effects: over.map((ask) => ({ do: "aloud", what: { key: "ask", ask }, urgent: true })),
  };
}

function carded(tools: Tools, participant: string, name: string, what: Card["what"]): ToolStep {
  const card: Card = { key: tools.nextKey, participant, name, what };
  const isSame = (other: Card): boolean =>
    other.participant === participant && JSON.stringify(other.what) === JSON.stringify(what);
  const cards = [...tools.cards.filter((other) => !isSame(other)), card];
  return {
    tools: { ...tools, cards, nextKey: tools.nextKey + 1 },
    effects: [{ do: "aloud", what: { key: "card", card }, urgent: true }],
  };
}

function consented(tools: Tools, id: string, participant: string, given: boolean): ToolStep {
  const ask = tools.asks.find((a) => a.id === id && a.participant === participant);
  if (ask === undefined) {
    return stay(tools);
  }
  const step = stepped(tools, id, { step: given ? "given" : "refused" });
  if (ask.act !== "pointer" || !given) {
    return step;
  }
  // A yes to being pointed at is the beginning of pointing.
  return {
    ...step,
    tools: {
      ...step.tools,
      asks: step.tools.asks.filter((a) => a.id !== id),
      pointable: [...tools.pointable, ask],
      pointing: participant,
    },
  };
}

const CLOSED: readonly AskStep[] = ["refused", "lapsed"];

function partCame(tools: Tools, message: Extract<ServerMessage, { type: "still" }>): ToolStep {
  const ask = tools.asks.find((a) => a.id === message.id && a.participant === message.from);
  if (ask === undefined || ask.act !== "still" || CLOSED.includes(ask.step)) {
    return stay(tools);
  }
  const { type: _type, from, ...part } = message;
  const step = ask.step === "done" || ask.step === "spoiled" ? ask.step : "coming";
  const arrived = Math.min(message.count, Math.max(ask.arrived, message.seq + 1));
  const next = stepped(tools, ask.id, { step, arrived, count: message.count });
  return {
    tools: next.tools,
    effects: [
      ...next.effects,
      { do: "part", from, part },
      say({ type: "still-ack", id: message.id, seq: message.seq, to: from }),
    ],
  };
}

function left(tools: Tools, id: string): ToolStep {
  const isPointed = tools.pointing === id;
  return stay({
    ...tools,
    cards: tools.cards.filter((card) => card.participant !== id),
    asks: tools.asks.filter((ask) => ask.participant !== id || ask.step === "done"),
    large: tools.large?.participant === id ? null : tools.large,
    pointing: isPointed ? null : tools.pointing,
    point: isPointed ? null : tools.point,
    pointable: tools.pointable.filter((ask) => ask.participant !== id),
  });
}

/** That person has said yes to it. */
export function mayPoint({ pointable }: Tools, participant: string): boolean {
  return pointable.some((ask) => ask.participant === participant);
}

function pointed(tools: Tools, participant: string, point: Point | null): ToolStep {
  if (!mayPoint(tools, participant)) {
    return stay(tools);
  }
  return said(
    { ...tools, pointing: participant, point },
    { type: "pointer", participant, x: point?.x ?? null, y: point?.y ?? null },
  );
}

function pointStopped(tools: Tools): ToolStep {
  const { pointing } = tools;
  const without = { ...tools, pointing: null, point: null };
  return pointing === null
    ? stay(without)
    : said(without, { type: "pointer", participant: pointing, x: null, y: null });
}

// --- what is drawn -----------------------------------------------------------------------------

/** Pictures that can be chosen as the large one: each camera of each person by itself. */
export function pictures(room: Room): Large[] {
  const sources: readonly Source[] = ["screen", "exam-camera", "exam-camera-2", "camera"];
  return room.participants
    .filter((p) => (p.admission ?? "admitted") === "admitted")
    .flatMap((p) => {
      const shown = sources.filter(
        (source) =>
          !p.muted.includes(source) &&
          room.slots.some((s) => s.participant === p.id && s.source === source),
      );
      // Who shows nothing still has a place.
      const list: readonly Source[] = shown.length === 0 ? ["camera"] : shown;
      return list.map((source) => ({ participant: p.id, source }));
    });
}

export function nextLarge(room: Room, large: Large | null): Large | null {
  const all = pictures(room);
  if (large === null) {
    return all[0] ?? null;
  }
  const at = all.findIndex((p) => p.participant === large.participant && p.source === large.source);
  // After the last: all alike again.
  return all[at + 1] ?? null;
}

/** Whom an examination is about: the patient, or whoever is there with the patient. */
export function subjectOf(room: Room): string | null {
  const inside = room.participants.filter((p) => (p.admission ?? "admitted") === "admitted");
  for (const role of ["patient", "room", "staff", "relative"] as const) {
    const found = inside.find((p) => p.role === role);
    if (found !== undefined) {
      return found.id;
    }
  }
  return null;
}

export function isInterpreterMissing(room: Room): boolean {
  return (
    room.consultation.needs_interpreter === true &&
    !room.participants.some((p) => p.role === "interpreter" && p.link !== "away")
  );
}
