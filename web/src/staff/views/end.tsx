// SPDX-License-Identifier: EUPL-1.2
// How the visit ended. Leaving is another thing: the visit goes on.

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { OUTCOME_REASONS, OUTCOMES, type Outcome, type OutcomeReason } from "../../protocol";
import { useStaff } from "./context";
import { TroubleNote } from "./frame";
import { Sheet } from "./sheet";

interface ChoiceProps<T extends string> {
  readonly legend: string;
  readonly name: string;
  readonly all: readonly T[];
  readonly chosen: T | null;
  readonly words: Readonly<Record<T, string>>;
  readonly onChoose: (value: T) => void;
}

function Choice<T extends string>(props: ChoiceProps<T>): VNode {
  const { legend, name, all, chosen, words, onChoose } = props;
  return (
    <fieldset class="outcomes">
      <legend>{legend}</legend>
      {all.map((value) => (
        <label key={value} class="tick">
          <input
            type="radio"
            name={name}
            value={value}
            required
            checked={chosen === value}
            data-testid={`${name}-${value}`}
            onChange={() => onChoose(value)}
          />
          <span>{words[value]}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface EndProps {
  readonly first: Outcome | null;
  /** Else one can only leave. */
  readonly mayEnd: boolean;
  readonly onClose: () => void;
}

export function EndSheet({ first, mayEnd, onClose }: EndProps): VNode {
  const { desk, words, tell, call } = useStaff();
  const [outcome, setOutcome] = useState<Outcome | null>(first);
  const [reason, setReason] = useState<OutcomeReason | null>(null);
  const isBusy = desk.doing.includes("end");
  const isPhysical = outcome === "physical-visit";
  return (
    <Sheet id="end" title={words.end.title} onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (outcome !== null && desk.current !== null) {
            const why = isPhysical ? reason : null;
            tell({ type: "end-pressed", id: desk.current.id, outcome, reason: why });
          }
        }}
      >
        <TroubleNote of={["end"]} />
        {mayEnd && (
          <Choice
            legend={words.end.outcome}
            name="outcome"
            all={OUTCOMES}
            chosen={outcome}
            words={words.outcomes}
            onChoose={setOutcome}
          />
        )}
        {mayEnd && isPhysical && (
          <Choice
            legend={words.end.reason}
            name="outcome-reason"
            all={OUTCOME_REASONS}
            chosen={reason}
            words={words.outcomeReasons}
            onChoose={setReason}
          />
        )}
        <div class="row-acts">
          {mayEnd && (
            <button type="submit" class="primary" data-testid="end-go" aria-disabled={isBusy}>
              {isBusy ? words.end.busy : words.end.forAll}
            </button>
          )}
          <button type="button" class="secondary" data-testid="leave" onClick={() => call.leave()}>
            {words.end.leave}
          </button>
        </div>
        <p class="small">{words.end.leaveHint}</p>
      </form>
    </Sheet>
  );
}
