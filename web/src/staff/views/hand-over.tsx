// SPDX-License-Identifier: EUPL-1.2
// Who is responsible for the visit, and handing that over to a colleague of the unit, who need not be
// in the visit.

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { colleagues } from "../list";
import { useStaff } from "./context";

export function HandOver(): VNode | null {
  const { desk, words, call } = useStaff();
  const [chosen, setChosen] = useState("");
  const { responsible, others } = colleagues(desk);
  const to = others.find(({ id }) => id === chosen) ?? null;
  if (others.length === 0 && responsible === null) {
    return null;
  }
  return (
    <section class="hand-over" aria-labelledby="hand-over-heading" data-testid="hand-over">
      <h3 id="hand-over-heading">{words.handOver.title}</h3>
      <p data-testid="responsible">
        {responsible === null ? words.handOver.nobody : words.handOver.is(responsible.name)}
      </p>
      {others.length > 0 && (
        <form
          class="link-tools"
          onSubmit={(event) => {
            event.preventDefault();
            if (to !== null) {
              call.act({ type: "hand-over", staff: to.id });
              setChosen("");
            }
          }}
        >
          <label class="field">
            <span>{words.handOver.label}</span>
            <select
              data-testid="hand-over-to"
              required
              value={chosen}
              onChange={(event) => setChosen(event.currentTarget.value)}
            >
              <option value="">{words.handOver.choose}</option>
              {others.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <button type="submit" class="secondary" data-testid="hand-over-go">
            {words.handOver.go}
          </button>
        </form>
      )}
    </section>
  );
}
