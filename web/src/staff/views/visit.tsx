// SPDX-License-Identifier: EUPL-1.2
// The visit's people as the clinician meets them: who waits at the door, who is here and how sure one
// is of that, how their link is and why, and what can be done with each.

import type { VNode } from "preact";
import { type Participant, VOUCHES } from "../../protocol";
import type { Room, State } from "../../state/types";
import { useSurroundings } from "../../views/context";
import { Icon } from "../../views/icon";
import { delayWord } from "../delay";
import { after, isAdmitted, may } from "../door";
import { storyOf } from "../story";
import type { Ask, Tools } from "../tools";
import { useStaff } from "./context";

export interface VisitProps {
  readonly state: State;
  readonly room: Room;
  readonly tools: Tools;
}

/** What is asked for is the asker's own to name. */
export function askId(): string {
  return `r${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;
}

export function atDoor(room: Room): readonly Participant[] {
  return room.participants.filter((p) => !isAdmitted(p));
}

export function Vouch({
  room,
  person,
  tools,
}: Omit<VisitProps, "state"> & { person: Participant }): VNode {
  const { words, call } = useStaff();
  const how = tools.vouched[person.id];
  const assurance = person.assurance ?? "none";
  return (
    <div class="vouch">
      <p class="small" data-testid="assurance">
        <Icon name={assurance === "none" ? "warning" : "yes"} />
        {person.identified_as !== undefined
          ? words.identifiedAs(person.identified_as)
          : how === undefined
            ? words.assurances[assurance]
            : words.vouched[how]}
      </p>
      {assurance === "none" &&
        how === undefined &&
        may(room.self, "vouch") &&
        isAdmitted(person) && (
          <label class="field">
            <span class="aloud">{words.vouchLabel(person.name)}</span>
            <select
              data-testid="vouch"
              value=""
              onChange={(event) => {
                const chosen = VOUCHES.find((v) => v === event.currentTarget.value);
                if (chosen !== undefined) {
                  call.act({ type: "vouch", participant: person.id, how: chosen });
                }
              }}
            >
              <option value="">{words.vouch}</option>
              {VOUCHES.map((v) => (
                <option key={v} value={v}>
                  {words.vouchHow[v]}
                </option>
              ))}
            </select>
          </label>
        )}
    </div>
  );
}

function LinkStoryView({ room, person, tools }: VisitProps & { person: Participant }): VNode {
  const { words } = useStaff();
  const { reason, deeds, quality } = storyOf(room, person);
  const delay = tools.delays[person.id];
  return (
    <div class="link-story" data-testid="link-story" data-reason={reason}>
      <p>
        <span class="bars" data-level={quality?.level ?? "good"} aria-hidden="true" />
        {words.reasons[reason]}
      </p>
      {deeds.map((deed) => deed !== "none" && <p key={deed}>{words.deeds[deed](person.name)}</p>)}
      {delay !== undefined && (
        <p data-testid="delay" data-ms={delay.ms}>
          {words.delay.about(delay.ms)} {words.delay.words[delayWord(delay.ms)]}
        </p>
      )}
    </div>
  );
}

/** What the words above are made of. */
function Figures({
  room,
  person,
  tools,
}: Omit<VisitProps, "state"> & { person: Participant }): VNode {
  const { words } = useStaff();
  const { quality } = storyOf(room, person);
  const delay = tools.delays[person.id];
  return (
    <>
      <h4>{words.numbersTitle}</h4>
      {quality !== null && (
        <p class="small">
          {words.numbers(quality.up_kbps, quality.down_kbps, quality.rtt_ms)}
          {quality.loss_percent !== null && ` · ${words.loss(quality.loss_percent)}`}
        </p>
      )}
      {delay !== undefined && <p class="small">{words.delay.details(delay)}</p>}
      <p class="small">{words.delay.why}</p>
    </>
  );
}

function Apart({ state, person }: { state: State; person: Participant }): VNode {
  const { words, call } = useStaff();
  const { apart, room } = state;
  const inside = apart.kind === "inside" ? apart.with.filter((id) => id !== room?.self.id) : [];
  const isIn = inside.includes(person.id);
  const next = isIn ? inside.filter((id) => id !== person.id) : [...inside, person.id];
  return (
    <button
      type="button"
      class="quiet"
      data-testid="private"
      aria-pressed={isIn}
      onClick={() => call.act({ type: "private", participants: next })}
    >
      {words.apart.button(person.name)}
    </button>
  );
}

function PersonActs({ state, room, person }: VisitProps & { person: Participant }): VNode {
  const { words, call } = useStaff();
  const act = (type: "put-back" | "hold" | "remove"): void =>
    call.act({ type, participant: person.id });
  const { self } = room;
  const isGuest = after(person, "hold") !== null;
  return (
    <div class="row-acts">
      {isGuest && may(self, "hold") && (
        <button type="button" class="quiet" data-testid="hold" onClick={() => act("hold")}>
          {words.person.hold}
        </button>
      )}
      {isGuest && may(self, "put-back") && (
        <button type="button" class="quiet" data-testid="put-back" onClick={() => act("put-back")}>
          {words.person.putBack}
        </button>
      )}
      {room.participants.length > 1 && may(self, "private") && (
        <Apart state={state} person={person} />
      )}
      {may(self, "ask") && (
        <button
          type="button"
          class="quiet"
          data-testid="ask-screen"
          onClick={() =>
            call.act({
              type: "ask",
              id: askId(),
              act: "screen",
              participant: person.id,
              name: person.name,
            })
          }
        >
          {words.person.askScreen}
        </button>
      )}
      {isGuest && may(self, "remove") && (
        <button
          type="button"
          class="quiet danger"
          data-testid="remove"
          onClick={() => act("remove")}
        >
          {words.person.remove}
        </button>
      )}
    </div>
  );
}

export function Here(props: VisitProps): VNode {
  const { text } = useSurroundings();
  const { words, call } = useStaff();
  const { state, room, tools } = props;
  const here = room.participants.filter(isAdmitted);
  return (
    <section aria-labelledby="here-heading">
      <h3 id="here-heading">{words.here(here.length)}</h3>
      {state.apart.kind === "inside" && (
        <button
          type="button"
          class="secondary"
          data-testid="private-end"
          onClick={() => call.act({ type: "private", participants: [] })}
        >
          {words.apart.end}
        </button>
      )}
      <ul class="visit-people">
        {here.map((person) => (
          <li key={person.id} data-testid="here" data-participant={person.id}>
            <p>
              <span class="person-name">{person.name}</span>{" "}
              <span class="person-role">{text.roles[person.role]}</span>
            </p>
            {person.role !== "clinician" && <Vouch room={room} person={person} tools={tools} />}
            <LinkStoryView {...props} person={person} />
            <details class="choices">
              <summary data-testid="person-acts">{words.person.acts(person.name)}</summary>
              <PersonActs {...props} person={person} />
              <Figures room={room} tools={tools} person={person} />
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What was asked for, and how far it has come. */
export function AskLine({ ask, tools }: { readonly ask: Ask; readonly tools: Tools }): VNode {
  const { words, call } = useStaff();
  const still = tools.stills.find((s) => s.id === ask.id);
  return (
    <li class="card" data-testid="ask" data-step={ask.step}>
      <p>{words.asks(ask)}</p>
      {ask.step === "coming" && (
        <progress max={ask.count} value={ask.arrived} aria-label={words.still.progress(ask.name)} />
      )}
      <div class="row-acts">
        {still !== undefined && (
          <button
            type="button"
            class="secondary"
            data-testid="still-view"
            onClick={() => call.act({ type: "view", id: still.id })}
          >
            {words.still.view}
          </button>
        )}
        <button
          type="button"
          class="quiet"
          onClick={() => call.act({ type: "ask-closed", id: ask.id })}
        >
          {words.ok}
        </button>
      </div>
    </li>
  );
}
