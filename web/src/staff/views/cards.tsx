// SPDX-License-Identifier: EUPL-1.2
// What wants the clinician's attention in a call: wishes of the others, questions under way, an
// interpreter who is not there, and that somebody else has come.

import type { VNode } from "preact";
import { useSurroundings } from "../../views/context";
import { Icon } from "../../views/icon";
import { PROFILES } from "../profiles";
import { type Card, isInterpreterMissing, type Tools } from "../tools";
import { useNow, useStaff } from "./context";
import { StaffIcon } from "./icon";
import { AskLine, type VisitProps } from "./visit";

interface CardProps {
  readonly card: Card;
  readonly onEnd: () => void;
  readonly onTalk: () => void;
}

function CardActs({ card, onEnd, onTalk }: CardProps): VNode {
  const { desk, words, tell, call } = useStaff();
  const close = (): void => call.act({ type: "card-closed", key: card.key });
  const { what } = card;
  const id = desk.current?.id;
  return (
    <div class="row-acts">
      {what.kind === "invite" && id !== undefined && (
        <button
          type="button"
          class="primary"
          data-testid="card-accept"
          onClick={() => {
            const person = {
              role: what.role,
              name: what.name,
              phone: "",
              email: "",
              language: "",
            };
            tell({ type: "invite-pressed", id, person, asker: card.participant });
            close();
          }}
        >
          {words.cards.accept(what.name)}
        </button>
      )}
      {what.kind === "wish" && what.wish === "physical-visit" && (
        <button
          type="button"
          class="secondary"
          onClick={() => {
            close();
            onEnd();
          }}
        >
          {words.cards.end}
        </button>
      )}
      {what.kind === "wish" && what.wish === "help" && (
        <button
          type="button"
          class="secondary"
          onClick={() => {
            close();
            onTalk();
          }}
        >
          {words.cards.write}
        </button>
      )}
      <button type="button" class="quiet" data-testid="card-close" onClick={close}>
        {what.kind === "invite" ? words.cards.decline : words.ok}
      </button>
    </div>
  );
}

export function Cards({
  tools,
  onEnd,
  onTalk,
}: {
  readonly tools: Tools;
  readonly onEnd: () => void;
  readonly onTalk: () => void;
}): VNode | null {
  const { words } = useStaff();
  const asks = tools.asks.filter((ask) => ask.step !== "given" || ask.act === "still");
  if (tools.cards.length === 0 && asks.length === 0) {
    return null;
  }
  return (
    <ul class="cards" aria-label={words.cards.label} data-testid="cards">
      {tools.cards.map((card) => (
        <li key={card.key} class="card" data-testid="card">
          <p>
            <Icon name={card.what.kind === "invite" ? "people" : "hand"} />
            <span>{words.cards.text(card)}</span>
          </p>
          <CardActs card={card} onEnd={onEnd} onTalk={onTalk} />
        </li>
      ))}
      {asks.map((ask) => (
        <AskLine key={ask.id} ask={ask} tools={tools} />
      ))}
    </ul>
  );
}

/** The visit does not begin before the interpreter is there; and an interpreter does not wait for
 * ever either, nor does anybody for one who does not come. */
export function InterpreterGate({
  room,
  tools,
  onInvite,
}: Omit<VisitProps, "state"> & {
  readonly onInvite: () => void;
}): VNode | null {
  const { words, call } = useStaff();
  const now = useNow(1000);
  if (!isInterpreterMissing(room) || tools.withoutInterpreter) {
    return null;
  }
  const planned = Date.parse(room.consultation.planned ?? "");
  const from = Number.isNaN(planned) ? tools.since : Math.max(planned, tools.since);
  const waited = Math.max(0, now - from);
  return (
    <div class="banner" data-testid="interpreter-missing">
      <div>
        <p class="banner-title">{words.interpreter.missing}</p>
        <p>
          <span role="timer" data-testid="interpreter-clock">
            {words.interpreter.waited(waited)}
          </span>{" "}
          {words.interpreter.lead}
        </p>
      </div>
      <div class="row-acts">
        <button type="button" class="secondary" onClick={onInvite}>
          {words.interpreter.invite}
        </button>
        <button
          type="button"
          class="quiet"
          data-testid="without-interpreter"
          onClick={() => call.act({ type: "begin-without-interpreter" })}
        >
          {words.interpreter.without}
        </button>
      </div>
    </div>
  );
}

/** Somebody has come to another visit meanwhile. */
export function Arrivals(): VNode | null {
  const { desk, words, tell } = useStaff();
  const last = desk.arrivals[desk.arrivals.length - 1];
  if (last === undefined) {
    return null;
  }
  return (
    <div class="told" data-testid="arrival">
      <Icon name="people" />
      <p>{words.queue.arrived(last.name, desk.arrivals.length - 1)}</p>
      <button type="button" class="quiet" onClick={() => tell({ type: "arrivals-seen" })}>
        {words.ok}
      </button>
    </div>
  );
}

export function PracticeBar(): VNode | null {
  const { words, call } = useStaff();
  const { profile } = call;
  if (profile === null) {
    return null;
  }
  return (
    <div class="banner practice" data-testid="practice-bar">
      <label class="field">
        <span>{words.practice.link}</span>
        <select
          data-testid="profile"
          value={profile}
          onChange={(event) => {
            const chosen = PROFILES.find((p) => p === event.currentTarget.value);
            if (chosen !== undefined) {
              call.chooseProfile(chosen);
            }
          }}
        >
          {PROFILES.map((p) => (
            <option key={p} value={p}>
              {words.practice.profiles[p]}
            </option>
          ))}
        </select>
      </label>
      <p class="small">{words.practice.honest}</p>
    </div>
  );
}

/** What is shown of one's own besides the face, so that it is never shown unawares. */
export function Shown({ tools }: { readonly tools: Tools }): VNode | null {
  const { words, call } = useStaff();
  const { text } = useSurroundings();
  if (tools.sharing !== "on" && tools.exam !== "on") {
    return null;
  }
  return (
    <section class="told" data-testid="showing" aria-label={text.you}>
      <StaffIcon name="screen" />
      <p>{tools.sharing === "on" ? words.show.showsScreen : words.show.showsExam}</p>
      <button
        type="button"
        class="quiet"
        onClick={() => call.stopShowing(tools.sharing === "on" ? "screen" : "exam-camera")}
      >
        {words.show.stop}
      </button>
    </section>
  );
}
