// SPDX-License-Identifier: EUPL-1.2
// "I cannot hear you": what we see of it, and what to do, one plain step at a time.

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Finding, whyNotHeard, whyNotHearing } from "../state/help";
import type { Room, State } from "../state/types";
import { Tone } from "./check";
import { useSurroundings } from "./context";
import { DeviceLists } from "./devices";
import { Icon } from "./icon";
import { Meter } from "./meter";
import { Panel } from "./panel";
import { Steps } from "./problem";
import { playSounds } from "./video";

interface HelpProps {
  readonly state: State;
  readonly room: Room;
  readonly onClose: () => void;
}

/** What is to be done about a finding, where there is something to press. */
function Act({
  state,
  finding,
}: {
  readonly state: State;
  readonly finding: Finding;
}): VNode | null {
  const { text, dispatch, browser } = useSurroundings();
  switch (finding.key) {
    case "blocked":
      return (
        <button
          type="button"
          class="primary"
          onClick={() =>
            void playSounds().then((isPlaying) =>
              dispatch({ type: "sound-blocked", blocked: !isPlaying }),
            )
          }
        >
          {text.tapToHear}
        </button>
      );
    case "myLink":
      return state.audioOnly ? null : (
        <button
          type="button"
          class="primary"
          onClick={() => dispatch({ type: "audio-only-pressed", on: true })}
        >
          {text.more.audioOnly}
        </button>
      );
    case "speaker":
      return (
        <>
          <Steps steps={text.help.speakerSteps} />
          <Tone hears={state.check.hears} />
        </>
      );
    case "denied":
      return <Steps steps={text.allow[browser]} />;
    case "muted":
      return (
        <button
          type="button"
          class="primary"
          onClick={() => dispatch({ type: "mute-pressed", source: "microphone" })}
        >
          {text.help.unmute}
        </button>
      );
    case "silent":
      return <Steps steps={text.help.silentSteps} />;
    default:
      return null;
  }
}

function Findings({
  state,
  findings,
}: {
  readonly state: State;
  readonly findings: readonly Finding[];
}): VNode {
  const { text } = useSurroundings();
  const words = (finding: Finding): string =>
    "names" in finding ? text.help[finding.key](text.list(finding.names)) : text.help[finding.key];
  return (
    <>
      <p>{text.help.found}</p>
      {findings.map((finding) => (
        <div key={finding.key} class="finding" data-testid={`finding-${finding.key}`}>
          <p class="found">
            <Icon
              name={finding.key === "theirs" || finding.key === "speaker" ? "yes" : "warning"}
            />
            <span>{words(finding)}</span>
          </p>
          <Act state={state} finding={finding} />
        </div>
      ))}
    </>
  );
}

function NotHeard({ state, room }: Omit<HelpProps, "onClose">): VNode {
  const { board } = useSurroundings();
  const [heard, setHeard] = useState(false);
  const microphone = board.own("microphone");
  const isOn = microphone !== null && !state.local.microphone.muted;
  return (
    <>
      <Findings state={state} findings={whyNotHeard(state, room, heard)} />
      {isOn && <Meter track={microphone} onHeard={() => setHeard(true)} />}
      <DeviceLists local={state.local} />
    </>
  );
}

export function HelpPanel({ state, room, onClose }: HelpProps): VNode {
  const { text, dispatch } = useSurroundings();
  const [which, setWhich] = useState<"hear" | "heard" | null>(null);
  const isTold = state.wishes.includes("help");
  const place = useRef<HTMLDivElement>(null);
  const isFirst = useRef(true);
  // What was pressed is gone: reading goes on at what came in its place.
  useEffect(() => {
    if (!isFirst.current || which !== null) {
      place.current?.focus();
    }
    isFirst.current = false;
  }, [which]);
  return (
    <Panel id="help" title={text.help.title} onClose={onClose}>
      {which === null ? (
        <div class="choices-list" ref={place} tabIndex={-1}>
          <p>{text.help.which}</p>
          <button
            type="button"
            class="secondary"
            data-testid="help-hear"
            onClick={() => setWhich("hear")}
          >
            {text.help.cannotHear}
          </button>
          <button
            type="button"
            class="secondary"
            data-testid="help-heard"
            onClick={() => setWhich("heard")}
          >
            {text.help.notHeard}
          </button>
        </div>
      ) : (
        <div class="choices-list" ref={place} tabIndex={-1}>
          {which === "hear" ? (
            <Findings state={state} findings={whyNotHearing(state, room)} />
          ) : (
            <NotHeard state={state} room={room} />
          )}
          {isTold ? (
            <p class="found">
              <Icon name="yes" />
              <span>{text.wait.wishTold.help}</span>
            </p>
          ) : (
            <button
              type="button"
              class="secondary"
              onClick={() => dispatch({ type: "wish-pressed", wish: "help" })}
            >
              {text.help.call}
            </button>
          )}
          <button type="button" class="quiet" onClick={() => setWhich(null)}>
            {text.help.back}
          </button>
        </div>
      )}
    </Panel>
  );
}
