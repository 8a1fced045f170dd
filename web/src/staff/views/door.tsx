// SPDX-License-Identifier: EUPL-1.2
// Who waits at the door of the visit: to be let in, turned away, or written to before that.

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Participant } from "../../protocol";
import { isKeptOut } from "../../state/lack";
import { MAX_CHAT } from "../../state/talk";
import { useSurroundings } from "../../views/context";
import { Icon } from "../../views/icon";
import { may } from "../door";
import { withOne } from "../letters";
import { useStaff } from "./context";
import { askId, atDoor, type VisitProps, Vouch } from "./visit";

function DoorTalk({ person, state, tools }: VisitProps & { person: Participant }): VNode {
  const { words, call } = useStaff();
  const [draft, setDraft] = useState("");
  const { id: participant, name } = person;
  const said = withOne(state.talk.lines, tools.letters, participant);
  return (
    <details class="choices door-talk" open={said.length > 0}>
      <summary data-testid="door-write">{words.doorChat.open(name)}</summary>
      <div role="log" aria-label={words.doorChat.open(name)} data-testid="door-log">
        {said.map((line) => (
          <p key={line.key}>
            <span class="person-name">{line.own ? words.doorChat.you : name}</span> {line.text}
          </p>
        ))}
      </div>
      <form
        class="link-tools"
        onSubmit={(event) => {
          event.preventDefault();
          const text = draft.trim();
          if (text !== "") {
            call.act({ type: "write-to", id: askId(), participant, name, text });
            setDraft("");
          }
        }}
      >
        <label class="link-field">
          <span class="aloud">{words.doorChat.label(name)}</span>
          <input
            type="text"
            autocomplete="off"
            maxLength={MAX_CHAT / 2}
            data-testid="door-draft"
            value={draft}
            onInput={(event) => setDraft(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="secondary" data-testid="door-send">
          {words.doorChat.send}
        </button>
      </form>
    </details>
  );
}

/** Why this one cannot be let in, or is to be vouched for afterwards. */
export function Lacking({ person }: { readonly person: Participant }): VNode | null {
  const { words } = useStaff();
  if (person.lacks === "vouch") {
    return <p class="small">{words.vouchInside}</p>;
  }
  return isKeptOut(person) ? (
    <p class="found" data-testid="lacks" data-lacks={person.lacks}>
      <Icon name="warning" />
      <span>{words.lacks[person.lacks].why(person.name)}</span>
    </p>
  ) : null;
}

export function Door(props: VisitProps): VNode | null {
  const { text } = useSurroundings();
  const { words, call } = useStaff();
  const { room, tools } = props;
  const waiting = atDoor(room);
  if (waiting.length === 0) {
    return null;
  }
  return (
    <section class="door" aria-labelledby="door-heading" data-testid="door">
      <h3 id="door-heading">{words.door.title}</h3>
      <ul class="visit-people">
        {waiting.map((person) => (
          <li key={person.id} data-testid="at-door" data-participant={person.id}>
            <p>
              <span class="person-name">{person.name}</span>{" "}
              <span class="person-role">{text.roles[person.role]}</span>{" "}
              {person.admission === "held" && <span class="small">{words.admissions.held}</span>}
            </p>
            <Vouch room={room} person={person} tools={tools} />
            <Lacking person={person} />
            <div class="row-acts">
              {may(room.self, "admit") && !isKeptOut(person) && (
                <button
                  type="button"
                  class="primary"
                  data-testid="admit"
                  onClick={() => call.act({ type: "admit", participant: person.id })}
                >
                  {words.door.admit(person.name)}
                </button>
              )}
              {may(room.self, "remove") && (
                <button
                  type="button"
                  class="quiet"
                  data-testid="remove-waiting"
                  aria-label={words.door.turnAwayNamed(person.name)}
                  onClick={() => call.act({ type: "remove", participant: person.id })}
                >
                  {words.door.turnAway}
                </button>
              )}
            </div>
            <DoorTalk {...props} person={person} />
          </li>
        ))}
      </ul>
    </section>
  );
}
