// SPDX-License-Identifier: EUPL-1.2
// Showing who one is by an e-ID: the button that leads to it, and in plain words why it was not done.

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { findName, goIdentify, takeProblem } from "../eid";
import { IDENTIFY, reasonOf } from "../i18n/identify";
import { useSurroundings } from "./context";
import { Icon } from "./icon";

const ASK_AGAIN_MS = 5000;

/** isOffered: another way would do as well. Nothing is there before the server says there is one. */
export function Identify({ isOffered = false }: { readonly isOffered?: boolean }): VNode | null {
  const { text } = useSurroundings();
  const words = IDENTIFY[text.code] ?? IDENTIFY.sv;
  const [name, setName] = useState<string | null>(null);
  const [problem, setProblem] = useState(takeProblem);
  const [isGoing, setGoing] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const find = (): void =>
      void findName().then((found) => {
        // "e-legitimation" is one word at the end of a line, too.
        setName(found?.replaceAll("-", "\u2011") ?? null);
        // Who has no other way is not left without a button for a network that stumbled.
        if (found === null && !isOffered) {
          timer = setTimeout(find, ASK_AGAIN_MS);
        }
      });
    find();
    return () => clearTimeout(timer);
  }, [isOffered]);
  if (name === null) {
    return null;
  }
  return (
    <>
      {problem !== "" && (
        <p class="found" role="alert" data-testid="identify-problem" data-problem={problem}>
          <Icon name="warning" />
          <span>{reasonOf(words, problem)}</span>
        </p>
      )}
      <button
        type="button"
        class={isOffered ? "secondary" : "primary"}
        data-testid="identify"
        disabled={isGoing}
        onClick={() => {
          setGoing(true);
          setProblem("");
          void goIdentify().then((found) => {
            if (found !== null) {
              setProblem(found);
              setGoing(false);
            }
          });
        }}
      >
        {isGoing ? words.going : problem !== "" ? words.again(name) : words.go(name)}
      </button>
    </>
  );
}
