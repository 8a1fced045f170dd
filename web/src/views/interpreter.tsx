// SPDX-License-Identifier: EUPL-1.2
// What only an interpreter meets before the door: who it is, and the clock. Fetched for it alone.

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { INTERPRETER } from "../i18n/interpreter";
import type { Waiting } from "../protocol";
import { nextChange, phaseOf } from "../state/booked";
import type { Room } from "../state/types";
import { Calm, Heading } from "./calm";
import { useSurroundings } from "./context";
import { Leave } from "./ways";

/** An interpreter comes on a link that knows nobody: number and name are typed at arrival. */
export function InterpreterNumber({ room }: { readonly room: Room }): VNode {
  const { text, dispatch } = useSurroundings();
  const { number } = INTERPRETER[text.code] ?? INTERPRETER.sv;
  const [typed, setTyped] = useState("");
  const [name, setName] = useState(room.self.name);
  return (
    <Calm name="number">
      <Heading>{number.title}</Heading>
      <p class="lead">{number.lead}</p>
      <form
        class="asking-form"
        onSubmit={(event) => {
          event.preventDefault();
          dispatch({ type: "number-entered", number: typed, name });
        }}
      >
        <label for="interpreter-number">{number.number}</label>
        <input
          id="interpreter-number"
          type="text"
          autocomplete="off"
          required
          maxLength={32}
          value={typed}
          data-testid="interpreter-number"
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <label for="interpreter-name">{number.name}</label>
        <input
          id="interpreter-name"
          type="text"
          autocomplete="name"
          maxLength={80}
          value={name}
          data-testid="interpreter-name"
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <button type="submit" class="primary" data-testid="number-send">
          {number.send}
        </button>
      </form>
      <Leave />
    </Calm>
  );
}

function useNow(queue: Waiting): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const ms = nextChange(queue, now);
    const timer = ms === null ? undefined : setTimeout(() => setNow(Date.now()), ms - Date.now());
    return () => clearTimeout(timer);
  }, [queue, now]);
  return now;
}

/** Whole sentences that change when the booked time begins and when it is over, and never in
 * between: a screen reader has nothing to repeat. */
export function Booked({ queue }: { readonly queue: Waiting }): VNode {
  const { text } = useSurroundings();
  const { booked: words } = INTERPRETER[text.code] ?? INTERPRETER.sv;
  const now = useNow(queue);
  const phase = phaseOf(queue, now);
  const { planned, ends, arrived, late, late_s: lateS } = queue;
  return (
    <div class="wait-booked" data-testid="booked" data-phase={phase}>
      <p role="status">{planned !== null && phase !== null && words[phase](planned, ends)}</p>
      {arrived !== undefined && <p>{words.arrived(arrived)}</p>}
      {late !== undefined && <p data-testid="booked-late">{words.late(late)}</p>}
      <p>{words.kept(lateS === undefined ? null : Math.round(lateS / 60))}</p>
    </div>
  );
}
