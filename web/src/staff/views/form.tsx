// SPDX-License-Identifier: EUPL-1.2
// A new visit: when, what for in neutral words, and who is to come.

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { useSurroundings } from "../../views/context";
import { Icon } from "../../views/icon";
import { planAt } from "../list";
import type { NewPerson, NewVisit } from "../rest";
import { useStaff } from "./context";
import { emptyPerson, PersonFields } from "./fields";
import { TroubleNote } from "./frame";

const MOST_PERSONS = 15;

interface Draft {
  readonly title: string;
  readonly day: string;
  readonly clock: string;
  readonly minutes: number;
  readonly needs: string;
  readonly needsInterpreter: boolean;
  readonly persons: readonly NewPerson[];
}

export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((b) => b.toString(16).padStart(2, "0"))
    .join("");
}

function visitOf(draft: Draft): NewVisit {
  return {
    title: draft.title.trim(),
    planned: planAt(draft.day, draft.clock),
    minutes: draft.minutes,
    kind: "",
    needsInterpreter: draft.needsInterpreter,
    needs: draft.needs.trim(),
    persons: draft.persons,
  };
}

interface PartProps {
  readonly draft: Draft;
  readonly put: (change: Partial<Draft>) => void;
}

function WhenFields({ draft, put }: PartProps): VNode {
  const { words } = useStaff();
  return (
    <div class="fields">
      <div class="field">
        <label for="new-day">{words.form.day}</label>
        <input
          id="new-day"
          type="date"
          required
          value={draft.day}
          onInput={(event) => put({ day: event.currentTarget.value })}
        />
      </div>
      <div class="field">
        <label for="new-clock">{words.form.clock}</label>
        <input
          id="new-clock"
          data-testid="new-clock"
          type="time"
          value={draft.clock}
          aria-describedby="new-clock-hint"
          onInput={(event) => put({ clock: event.currentTarget.value })}
        />
        <span class="small" id="new-clock-hint">
          {words.form.clockHint}
        </span>
      </div>
      <div class="field">
        <label for="new-minutes">{words.form.minutes}</label>
        <input
          id="new-minutes"
          type="number"
          min={5}
          max={480}
          step={5}
          required
          value={draft.minutes}
          onInput={(event) => put({ minutes: event.currentTarget.valueAsNumber || 30 })}
        />
      </div>
    </div>
  );
}

function WhatFields({ draft, put }: PartProps): VNode {
  const { words } = useStaff();
  return (
    <div class="field">
      <label for="new-title">{words.form.title}</label>
      <input
        id="new-title"
        data-testid="new-title"
        type="text"
        autocomplete="off"
        maxLength={120}
        required
        value={draft.title}
        aria-describedby="new-title-hint"
        onInput={(event) => put({ title: event.currentTarget.value })}
      />
      <span class="small" id="new-title-hint">
        {words.form.titleHint}
      </span>
    </div>
  );
}

function NeedsFields({ draft, put }: PartProps): VNode {
  const { words } = useStaff();
  return (
    <div class="fields">
      <div class="field">
        <label for="new-needs">{words.form.needs}</label>
        <input
          id="new-needs"
          type="text"
          autocomplete="off"
          maxLength={200}
          value={draft.needs}
          aria-describedby="new-needs-hint"
          onInput={(event) => put({ needs: event.currentTarget.value })}
        />
        <span class="small" id="new-needs-hint">
          {words.form.needsHint}
        </span>
      </div>
      <label class="tick">
        <input
          type="checkbox"
          checked={draft.needsInterpreter}
          onChange={(event) => put({ needsInterpreter: event.currentTarget.checked })}
        />
        <span>{words.form.needsInterpreter}</span>
      </label>
    </div>
  );
}

function WhoFields({ draft, put }: PartProps): VNode {
  const { words } = useStaff();
  const { persons } = draft;
  return (
    <>
      {persons.map((person, i) => (
        <fieldset key={i}>
          <legend>{words.form.personNo(i + 1)}</legend>
          <PersonFields
            id={`person-${i}`}
            person={person}
            onChange={(next) => put({ persons: persons.map((p, j) => (i === j ? next : p)) })}
          />
          {persons.length > 1 && (
            <button
              type="button"
              class="quiet"
              aria-label={words.form.removePerson(i + 1)}
              onClick={() => put({ persons: persons.filter((_, j) => j !== i) })}
            >
              {words.form.remove}
            </button>
          )}
        </fieldset>
      ))}
      {persons.length < MOST_PERSONS && (
        <div class="row-acts">
          <button
            type="button"
            class="secondary"
            onClick={() => put({ persons: [...persons, emptyPerson("relative")] })}
          >
            {words.form.addRelative}
          </button>
          <button
            type="button"
            class="secondary"
            data-testid="add-interpreter"
            onClick={() =>
              put({ needsInterpreter: true, persons: [...persons, emptyPerson("interpreter")] })
            }
          >
            {words.form.addInterpreter}
          </button>
        </div>
      )}
    </>
  );
}

export function NewVisitForm(): VNode {
  const { text } = useSurroundings();
  const { desk, words, tell } = useStaff();
  const [key] = useState(newKey);
  const [draft, setDraft] = useState<Draft>({
    title: "",
    day: desk.day,
    clock: "",
    minutes: 30,
    needs: "",
    needsInterpreter: false,
    persons: [emptyPerson("patient")],
  });
  const put = (change: Partial<Draft>): void => setDraft({ ...draft, ...change });
  const isBusy = desk.doing.includes("create");
  return (
    <form
      class="form new-visit"
      data-testid="new-visit"
      onSubmit={(event) => {
        event.preventDefault();
        tell({ type: "create-pressed", visit: visitOf(draft), key });
      }}
    >
      <h2 tabIndex={-1}>{words.form.heading}</h2>
      <TroubleNote of={["create"]} />
      <WhatFields draft={draft} put={put} />
      <WhenFields draft={draft} put={put} />
      <NeedsFields draft={draft} put={put} />
      <WhoFields draft={draft} put={put} />
      <div class="row-acts">
        <button type="submit" class="primary" data-testid="create" aria-disabled={isBusy}>
          <Icon name="yes" />
          {isBusy ? words.form.busy : words.form.create}
        </button>
        <button
          type="button"
          class="quiet"
          onClick={() => tell({ type: "form-pressed", open: false })}
        >
          {text.close}
        </button>
      </div>
    </form>
  );
}
