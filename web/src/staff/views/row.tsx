// SPDX-License-Identifier: EUPL-1.2
// One visit of the day: when, what, who, who is there and how their link is, and what can be done.

import type { VNode } from "preact";
import { isKeptOut } from "../../state/lack";
import { useSurroundings } from "../../views/context";
import { Icon } from "../../views/icon";
import type { Row, RowPerson } from "../list";
import { useNow, useStaff } from "./context";
import { Opened } from "./opened";
import { Quality, QualityButton } from "./quality";

const TELL_MS = 10_000;

/** Bars and a word: the bars are for the eye alone. */
export function LinkWords({ person }: { readonly person: RowPerson }): VNode {
  const { text } = useSurroundings();
  const { words } = useStaff();
  if (person.link === "connecting" || person.link === "silent" || person.link === "away") {
    return <span class="link-words">{words.links[person.link]}</span>;
  }
  if (person.level === null) {
    return <span class="link-words">{words.links.unknown}</span>;
  }
  return (
    <span class="link-words" data-level={person.level}>
      <span class="bars" data-level={person.level} aria-hidden="true" />
      <span class={person.level === "good" ? undefined : "link-level"}>
        {text.levels[person.level]}
      </span>
      <span class="link-numbers">
        {words.numbers(person.upKbps, person.downKbps, person.rttMs)}
      </span>
    </span>
  );
}

/** Why nobody can let this one in yet, or by which name it has shown who it is. */
export function DoorWords({ person }: { readonly person: RowPerson }): VNode | null {
  const { words } = useStaff();
  if (isKeptOut(person)) {
    return (
      <span class="person-lacks" data-testid="row-lacks" data-lacks={person.lacks}>
        <Icon name="warning" />
        {words.lacks[person.lacks].short}
      </span>
    );
  }
  return person.identifiedAs === undefined ? null : (
    <span class="person-identified" data-testid="row-identified">
      <Icon name="yes" />
      {words.identifiedAs(person.identifiedAs)}
    </span>
  );
}

function PersonLine({ person }: { readonly person: RowPerson }): VNode {
  const { text } = useSurroundings();
  const { words } = useStaff();
  const now = useNow(TELL_MS);
  const state = person.isHere ? words.admissions[person.admission] : null;
  return (
    <li class="person" data-testid="row-person" data-here={person.isHere}>
      <span class="person-name">{person.name === "" ? words.nameless : person.name}</span>
      <span class="person-role">
        {text.roles[person.role]}
        {person.language !== "" && ` (${words.language(person.language)})`}
      </span>
      {state !== null && (
        <span class="person-state" data-admission={person.admission}>
          {state}
          {person.since !== null && ` · ${words.since(now - person.since)}`}
        </span>
      )}
      <DoorWords person={person} />
      {person.isHere && <LinkWords person={person} />}
      {!person.isHere && person.check !== null && (
        <span class="link-words">{words.checked[person.check]}</span>
      )}
    </li>
  );
}

function When({ row }: { readonly row: Row }): VNode {
  const { words } = useStaff();
  return (
    <p class="row-when">
      {row.planned === null ? (
        <span>{words.unplanned}</span>
      ) : (
        <time dateTime={new Date(row.planned).toISOString()}>{words.clock(row.planned)}</time>
      )}
      {row.minutes !== null && <span class="row-minutes">{words.minutes(row.minutes)}</span>}
    </p>
  );
}

function facts(row: Row, words: ReturnType<typeof useStaff>["words"]): string[] {
  return [
    ...(row.isMine ? [words.mine] : row.responsibleName === "" ? [] : [row.responsibleName]),
    ...(row.needsInterpreter
      ? [row.interpreter === null ? words.needsInterpreter : words.interpreters[row.interpreter]]
      : []),
    ...(row.needs === "" ? [] : [row.needs]),
    ...(row.isPractice ? [words.practice.mark] : []),
  ];
}

function Acts({ row }: { readonly row: Row }): VNode {
  const { desk, words, tell } = useStaff();
  const isOpen = desk.opened?.id === row.id;
  const isBusy = desk.doing.includes("enter");
  const name = words.rowName(row.title, row.planned);
  return (
    <div class="row-acts">
      {row.state !== "ended" && (
        <button
          type="button"
          class={row.isWaiting ? "primary" : "secondary"}
          data-testid="enter"
          aria-disabled={isBusy}
          aria-label={words.enterNamed(name)}
          onClick={() => tell({ type: "enter-pressed", id: row.id, reason: null })}
        >
          {words.enter}
        </button>
      )}
      {row.state !== "ended" && (
        <button
          type="button"
          class="quiet"
          data-testid="open"
          aria-expanded={isOpen}
          aria-label={words.openNamed(name)}
          onClick={() => tell({ type: "open-pressed", id: row.id })}
        >
          <Icon name="people" />
          {words.open}
        </button>
      )}
      {row.state === "ended" && <QualityButton row={row} />}
    </div>
  );
}

function StateMark({ row }: { readonly row: Row }): VNode {
  const { words } = useStaff();
  const state = row.isWaiting ? "waiting" : row.state;
  return (
    <p class="row-state" data-state={state}>
      {row.outcome === null ? words.states[state] : words.outcomes[row.outcome]}
    </p>
  );
}

export function VisitRow({ row }: { readonly row: Row }): VNode {
  const { desk, words } = useStaff();
  const told = facts(row, words);
  return (
    <li class="row" data-testid="row" data-visit={row.id} data-waiting={row.isWaiting}>
      <When row={row} />
      <div class="row-what">
        <h3>{row.title === "" ? words.untitled : row.title}</h3>
        {told.length > 0 && <p class="row-facts">{told.join(" · ")}</p>}
        {row.persons.length > 0 && (
          <ul class="persons">
            {row.persons.map((person) => (
              <PersonLine key={person.id} person={person} />
            ))}
          </ul>
        )}
      </div>
      <StateMark row={row} />
      <Acts row={row} />
      {desk.opened?.id === row.id && <Opened row={row} opened={desk.opened} />}
      {desk.quality?.id === row.id && <Quality looked={desk.quality} />}
    </li>
  );
}
