// SPDX-License-Identifier: EUPL-1.2
// What is written in the visit. Finished lines are a log that is read aloud; lines that are being
// written stand apart, for nobody wants each letter read.

import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Line, Talk } from "../state/talk";
import type { State } from "../state/types";
import { useSurroundings } from "./context";
import { Icon } from "./icon";
import { Panel } from "./panel";

/** So many lines over the pictures while the panel is closed. */
const CAPTIONS = 2;

function Words({ line }: { readonly line: Line }): VNode {
  const { text } = useSurroundings();
  const role = text.roles[line.role];
  const who = line.own
    ? text.talk.mine
    : line.state === "live"
      ? text.talk.writing(line.name, role)
      : text.talk.from(line.name, role);
  return (
    <>
      <span class="line-who">{who}</span>
      <span class="line-text" dir="auto">
        {line.text}
      </span>
      {line.state === "sending" && <span class="line-state">{text.talk.sending}</span>}
    </>
  );
}

function Log({ talk }: { readonly talk: Talk }): VNode {
  const { text } = useSurroundings();
  const end = useRef<HTMLDivElement>(null);
  const done = talk.lines.filter((line) => line.state !== "live");
  const live = talk.lines.filter((line) => line.state === "live");
  useEffect(() => {
    const box = end.current;
    if (box !== null) {
      box.scrollTop = box.scrollHeight;
    }
  }, [talk.lines]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section class="talk-lines" ref={end} tabIndex={0} aria-label={text.talk.log}>
      {talk.lines.length === 0 && <p class="small">{text.talk.empty}</p>}
      <div role="log" aria-label={text.talk.log} data-testid="talk-log">
        {done.map((line) => (
          <p
            key={line.key}
            class={line.own ? "line line-own" : "line"}
            data-from={line.own ? "self" : line.from}
          >
            <Words line={line} />
          </p>
        ))}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: nothing is filled in here */}
      <div aria-live="off" role="group" aria-label={text.talk.now} data-testid="talk-live">
        {live.map((line) => (
          <p key={line.key} class="line line-live" data-from={line.from}>
            <Words line={line} />
          </p>
        ))}
      </div>
    </section>
  );
}

let sent = 0;

/** Unlike any of another page or an earlier load of this one. */
function messageId(): string {
  sent += 1;
  return `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}${sent}`;
}

export function Writing({
  talk,
  toClinic,
}: {
  readonly talk: Talk;
  readonly toClinic?: boolean;
}): VNode {
  const { text, dispatch } = useSurroundings();
  const isWhole = talk.whole || toClinic === true;
  const hint = toClinic ? null : talk.whole ? text.talk.whole : text.talk.live;
  return (
    <form
      class="writing"
      onSubmit={(event) => {
        event.preventDefault();
        dispatch({ type: "text-entered", id: messageId() });
      }}
    >
      <label for="talk-draft">{toClinic ? text.talk.labelClinic : text.talk.label}</label>
      <div class="writing-line">
        <input
          id="talk-draft"
          type="text"
          autocomplete="off"
          enterkeyhint={isWhole ? "send" : "done"}
          maxLength={1000}
          value={talk.draft}
          data-testid="talk-draft"
          aria-describedby={hint === null ? undefined : "talk-hint"}
          onInput={(event) => dispatch({ type: "text-typed", draft: event.currentTarget.value })}
        />
        <button type="submit" class="secondary" data-testid="talk-send">
          {isWhole ? text.talk.send : text.talk.nextLine}
        </button>
      </div>
      {hint !== null && (
        <p class="small" id="talk-hint">
          {hint}
        </p>
      )}
      {!toClinic && (
        <label class="tick">
          <input
            type="checkbox"
            checked={talk.whole}
            onChange={(event) =>
              dispatch({ type: "talk-whole", whole: event.currentTarget.checked })
            }
          />
          <span>{text.talk.wholeLabel}</span>
        </label>
      )}
    </form>
  );
}

export function TalkPanel({
  state,
  onClose,
}: {
  readonly state: State;
  readonly onClose: () => void;
}): VNode {
  const { text } = useSurroundings();
  return (
    <Panel id="talk" title={text.talk.title} onClose={onClose}>
      <Log talk={state.talk} />
      <Writing talk={state.talk} />
    </Panel>
  );
}

/** In the queue: whole messages to the clinic. */
export function QueueTalk({ talk }: { readonly talk: Talk }): VNode {
  const { text } = useSurroundings();
  return (
    <details class="choices" open={talk.lines.length > 0}>
      <summary>{text.wait.write}</summary>
      {talk.lines.length > 0 && <Log talk={talk} />}
      <Writing talk={talk} toClinic />
    </details>
  );
}

/** What the others have just written, over the pictures, for as long as the panel is closed. Read
 * aloud it is in the panel; here it would be said twice. */
export function Captions({ state }: { readonly state: State }): VNode | null {
  const { text } = useSurroundings();
  const { talk } = state;
  const others = talk.lines.filter((line) => !line.own).slice(-CAPTIONS);
  if (talk.open || talk.unread === 0 || others.length === 0) {
    return null;
  }
  return (
    <div class="captions" data-testid="captions">
      {others.map((line) => (
        <p key={line.key} class="line">
          <span class="line-who">
            {line.name}, {text.roles[line.role].toLowerCase()}
          </span>
          <span class="line-text" dir="auto">
            {line.text.slice(-300)}
          </span>
        </p>
      ))}
    </div>
  );
}

export function TalkButton({
  state,
  isOpen,
  onPress,
}: {
  readonly state: State;
  readonly isOpen: boolean;
  readonly onPress: () => void;
}): VNode {
  const { text } = useSurroundings();
  const { unread } = state.talk;
  return (
    <button
      type="button"
      class="control"
      id="talk-button"
      data-testid="talk"
      aria-expanded={isOpen}
      aria-controls="talk"
      onClick={onPress}
    >
      <Icon name="text" />
      <span class="control-text">
        {text.talk.button}{" "}
        {unread > 0 && <span class="control-count">{text.talk.unread(unread)}</span>}
      </span>
    </button>
  );
}
