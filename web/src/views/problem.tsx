// SPDX-License-Identifier: EUPL-1.2
import type { VNode } from "preact";
import type { Catalogue } from "../i18n/catalogue";
import type { Problem } from "../state/types";
import { Calm, Heading } from "./calm";
import { useSurroundings } from "./context";

interface Words {
  readonly title: string;
  readonly lead: string;
  readonly steps: readonly string[];
  readonly action: "return" | "reload" | null;
}

function wordsOf(problem: Problem, text: Catalogue): Words {
  switch (problem) {
    case "no-token":
      return {
        title: text.noTokenTitle,
        lead: text.noTokenLead,
        steps: text.noTokenSteps,
        action: null,
      };
    case "link-unknown":
      return {
        title: text.linkUnknownTitle,
        lead: text.linkUnknownLead,
        steps: text.noTokenSteps,
        action: null,
      };
    case "server-full":
      return { title: text.fullTitle, lead: text.fullLead, steps: [], action: "return" };
    case "version":
      return { title: text.versionTitle, lead: text.versionLead, steps: [], action: "reload" };
    case "browser-old":
      return { title: text.oldTitle, lead: text.oldLead, steps: text.oldSteps, action: null };
    case "insecure":
      return { title: text.insecureTitle, lead: text.insecureLead, steps: [], action: null };
  }
}

export function Steps({ steps }: { readonly steps: readonly string[] }): VNode {
  return (
    <ol class="steps">
      {steps.map((step) => (
        <li key={step}>{step}</li>
      ))}
    </ol>
  );
}

// One of these, not one after the other.
function Choices({ choices }: { readonly choices: readonly string[] }): VNode {
  return (
    <ul>
      {choices.map((choice) => (
        <li key={choice}>{choice}</li>
      ))}
    </ul>
  );
}

export function ProblemView({ problem }: { readonly problem: Problem }): VNode {
  const { text, dispatch } = useSurroundings();
  const { title, lead, steps, action } = wordsOf(problem, text);
  return (
    <Calm name={`problem-${problem}`}>
      <Heading>{title}</Heading>
      <p class="lead">{lead}</p>
      {steps.length > 0 &&
        (problem === "browser-old" ? <Choices choices={steps} /> : <Steps steps={steps} />)}
      {action === "return" && (
        <button type="button" class="primary" onClick={() => dispatch({ type: "return-pressed" })}>
          {text.tryAgain}
        </button>
      )}
      {action === "reload" && (
        <button type="button" class="primary" onClick={() => window.location.reload()}>
          {text.reload}
        </button>
      )}
    </Calm>
  );
}
