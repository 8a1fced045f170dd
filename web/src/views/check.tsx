// SPDX-License-Identifier: EUPL-1.2
// Before the visit: does one hear, and what is the link good for.

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { playTone } from "../chime";
import { CHECK_MODES, type Checked } from "../protocol";
import type { Check } from "../state/types";
import { useSurroundings } from "./context";
import { Icon } from "./icon";
import { Steps } from "./problem";

/** Two tones, and the question whether they were heard. */
export function Tone({ hears }: { readonly hears: boolean | null }): VNode {
  const { text, dispatch } = useSurroundings();
  const [isAsking, setAsking] = useState(false);
  const answer = (heard: boolean): void => {
    setAsking(false);
    dispatch({ type: "tone-answered", hears: heard });
  };
  return (
    <div class="tone" data-testid="tone">
      {hears === false && !isAsking && <Steps steps={text.check.toneSteps} />}
      {hears === true && !isAsking && (
        <p class="found">
          <Icon name="yes" />
          {text.check.toneHeard}
        </p>
      )}
      {isAsking && (
        <div class="tone-ask">
          <p>{text.check.toneAsk}</p>
          <button type="button" class="secondary" onClick={() => answer(true)}>
            {text.check.yes}
          </button>
          <button type="button" class="secondary" onClick={() => answer(false)}>
            {text.check.no}
          </button>
        </div>
      )}
      <button
        type="button"
        class="secondary"
        data-testid="tone-try"
        onClick={() => {
          playTone();
          setAsking(true);
        }}
      >
        <Icon name="sound" />
        {text.check.toneTry}
      </button>
    </div>
  );
}

function Result({ result, at }: { readonly result: Checked; readonly at: number | null }): VNode {
  const { text } = useSurroundings();
  const { talk } = result.verdicts;
  const isBlocked = result.transport === "none";
  return (
    <>
      <p class="found" data-testid="check-verdict" data-verdict={talk}>
        <Icon name={talk === "good" ? "yes" : "warning"} />
        <span>{isBlocked ? text.check.blocked : text.check.talk[talk]}</span>
      </p>
      {!isBlocked && (
        <details class="choices">
          <summary>{text.check.details}</summary>
          <dl class="verdicts">
            {CHECK_MODES.map((mode) => (
              <div key={mode} data-verdict={result.verdicts[mode]}>
                <dt>{text.check.modes[mode]}</dt>
                <dd>{text.check.verdicts[result.verdicts[mode]]}</dd>
              </div>
            ))}
          </dl>
          <p class="small">
            {text.check.numbers(result)} {at !== null && text.check.at(at)}
          </p>
        </details>
      )}
    </>
  );
}

interface CheckProps {
  readonly check: Check;
  /** The test is what this page is for now. */
  readonly isMain: boolean;
}

export function LinkCheck({ check, isMain }: CheckProps): VNode {
  const { text, dispatch } = useSurroundings();
  const isRunning = check.status === "running";
  const isDone = check.result !== null;
  return (
    <section class="check" aria-labelledby="check-heading" data-testid="check">
      <h2 id="check-heading">{text.check.title}</h2>
      {isRunning ? (
        <>
          <p>{text.check.running}</p>
          <progress aria-label={text.check.title} max={1} value={check.progress} />
        </>
      ) : (
        <>
          {check.status === "failed" && (
            <p class="found">
              <Icon name="warning" />
              <span>{text.check.failed}</span>
            </p>
          )}
          {check.result !== null && <Result result={check.result} at={check.at} />}
          <button
            type="button"
            class={isMain && !isDone ? "primary" : "secondary"}
            data-testid="check-start"
            onClick={() => dispatch({ type: "check-pressed" })}
          >
            <Icon name="network" />
            {isDone || check.status === "failed" ? text.check.again : text.check.start}
          </button>
        </>
      )}
    </section>
  );
}
