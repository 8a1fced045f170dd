// SPDX-License-Identifier: EUPL-1.2
// The room looks at itself, and says what it found.

import type { VNode } from "preact";
import { Calm, Heading } from "../../views/calm";
import { Icon } from "../../views/icon";
import type { Report } from "../types";
import type { ViewProps } from "./app";

interface LineProps {
  readonly words: ViewProps["words"];
  readonly what: string;
  readonly works: boolean;
  readonly more?: string;
}

function Line({ words, what, works, more }: LineProps): VNode {
  return (
    <div data-works={works}>
      <dt>{what}</dt>
      <dd>
        <Icon name={works ? "yes" : "warning"} />
        <span>
          {works ? words.works : words.fails}
          {more !== undefined && works && <span class="item-why"> {more}</span>}
        </span>
      </dd>
    </div>
  );
}

function Found({ words, report }: { words: ViewProps["words"]; report: Report }): VNode {
  const { cameras, microphone, encoder, link } = report;
  return (
    <>
      {cameras.length === 0 && <p>{words.noCamera}</p>}
      <dl class="verdicts test-lines" data-testid="report">
        {cameras.map(({ name, works }) => (
          <Line key={name} words={words} what={words.testCamera(name)} works={works} />
        ))}
        <Line words={words} what={words.testMicrophone} works={microphone.works} />
        <Line words={words} what={words.testEncoder} works={encoder.works} />
        <Line
          words={words}
          what={words.testLink}
          works={link.works}
          more={words.rates(link.up_kbps, link.down_kbps)}
        />
      </dl>
    </>
  );
}

interface TestingProps extends ViewProps {
  readonly report: Report | null;
}

export function Testing({ words, dispatch, report }: TestingProps): VNode {
  return (
    <Calm name="testing">
      <Heading>{report === null ? words.testTitle : words.testDone}</Heading>
      {report === null ? (
        <>
          <p class="lead">{words.testLead}</p>
          <progress aria-label={words.testTitle} />
        </>
      ) : (
        <Found words={words} report={report} />
      )}
      <button
        type="button"
        class="secondary"
        data-testid="call-help"
        onClick={() => dispatch({ type: "call-help" })}
      >
        {words.callHelp}
      </button>
      <button
        type="button"
        class={report === null ? "secondary" : "primary"}
        data-testid="test-back"
        onClick={() => dispatch({ type: "back" })}
      >
        {report === null ? words.stop : words.done}
      </button>
    </Calm>
  );
}
