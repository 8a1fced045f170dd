// SPDX-License-Identifier: EUPL-1.2
// Who waits in the unit, in the order they came: on the day's page to be let in from, beside a call
// to be seen.

import type { VNode } from "preact";
import { type Row, type RowPerson, waitingRows } from "../list";
import { useNow, useStaff } from "./context";
import { DoorWords, LinkWords } from "./row";

const TELL_MS = 10_000;

function Waiting({ person, now }: { readonly person: RowPerson; readonly now: number }): VNode {
  const { words } = useStaff();
  return (
    <p class="queue-person" data-name={person.name}>
      <span class="person-name">{person.name === "" ? words.nameless : person.name}</span>
      {person.since !== null && <span>{words.since(now - person.since)}</span>}
      <LinkWords person={person} />
      <DoorWords person={person} />
      {person.check !== null && person.check !== "good" && (
        <span>{words.checked[person.check]}</span>
      )}
    </p>
  );
}

function waiting(row: Row): readonly RowPerson[] {
  return row.persons.filter((p) => p.isHere && p.admission === "waiting");
}

function EnterFrom({ row, isFirst }: { readonly row: Row; readonly isFirst: boolean }): VNode {
  const { desk, words, tell } = useStaff();
  const names = waiting(row).map(({ name }) => name);
  return (
    <button
      type="button"
      class={isFirst ? "primary" : "secondary"}
      data-testid={isFirst ? "enter-next" : "enter-queued"}
      aria-disabled={desk.doing.includes("enter")}
      aria-label={words.enterNamed(names.join(", "))}
      onClick={() => tell({ type: "enter-pressed", id: row.id, reason: null })}
    >
      {words.enter}
    </button>
  );
}

/** canEnter: from the day's page; in a call one sees them, and goes on to them when it is over. */
export function Queue({ canEnter }: { readonly canEnter: boolean }): VNode | null {
  const { desk, words } = useStaff();
  const now = useNow(TELL_MS);
  const rows = waitingRows(desk).filter(({ id }) => id !== desk.current?.id);
  if (rows.length === 0) {
    return null;
  }
  return (
    <ol class="queue-bar">
      {rows.map((row, i) => (
        <li key={row.id} data-testid="queued">
          <div class="queue-who">
            {waiting(row).map((person) => (
              <Waiting key={person.id} person={person} now={now} />
            ))}
            <p class="small">{row.title === "" ? words.untitled : row.title}</p>
          </div>
          {canEnter && <EnterFrom row={row} isFirst={i === 0} />}
        </li>
      ))}
    </ol>
  );
}
