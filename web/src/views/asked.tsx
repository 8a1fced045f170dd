// SPDX-License-Identifier: EUPL-1.2
// One yes at a time, and the way of a still picture: aim, look, send, arrived. One screen each.

import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { isMuted } from "../state/local";
import type { Asked, State } from "../state/types";
import { useSurroundings } from "./context";
import { isMirrored, Video } from "./video";

function Consent({ asked }: { readonly asked: Asked }): VNode {
  const { text, dispatch } = useSurroundings();
  const wording = text.ask.wording[asked.act](asked.name);
  const answer = (given: boolean): void => dispatch({ type: "consent-pressed", given, wording });
  return (
    <>
      <p>{wording}</p>
      <button type="button" class="primary" data-testid="consent-yes" onClick={() => answer(true)}>
        {text.ask.yes}
      </button>
      <button
        type="button"
        class="secondary"
        data-testid="consent-no"
        onClick={() => answer(false)}
      >
        {text.ask.no}
      </button>
    </>
  );
}

function Aim({ state, isTaking }: { readonly state: State; readonly isTaking: boolean }): VNode {
  const { text, board, dispatch } = useSurroundings();
  const track = board.own("camera");
  if (track === null || isMuted(state.local.camera)) {
    return (
      <>
        <p>{text.ask.needsCamera}</p>
        <button
          type="button"
          class="primary"
          onClick={() => dispatch({ type: "mute-pressed", source: "camera" })}
        >
          {text.ask.cameraOn}
        </button>
      </>
    );
  }
  return (
    <>
      <p>{text.ask.aimLead}</p>
      <div class="still-picture">
        <Video track={track} mirrored={isMirrored(track)} testId="still-aim" />
      </div>
      <div class="still-tools">
        {state.local.choices.camera.length > 1 && (
          <button
            type="button"
            class="secondary"
            onClick={() => dispatch({ type: "camera-switch-pressed" })}
          >
            {text.more.switchCamera}
          </button>
        )}
        {state.local.lamp !== "none" && (
          <button
            type="button"
            class="secondary"
            onClick={() => dispatch({ type: "lamp-pressed" })}
          >
            {state.local.lamp === "on" ? text.more.lampOff : text.more.lampOn}
          </button>
        )}
      </div>
      <button
        type="button"
        class="primary"
        data-testid="still-take"
        disabled={isTaking}
        onClick={() => dispatch({ type: "still-pressed" })}
      >
        {isTaking ? text.ask.taking : text.ask.take}
      </button>
    </>
  );
}

function Taken({ asked }: { readonly asked: Asked }): VNode {
  const { text, board, dispatch } = useSurroundings();
  const url = board.still();
  return (
    <>
      <div class="still-picture">
        {url !== null && <img src={url} alt={text.ask.taken} data-testid="still-image" />}
      </div>
      <button
        type="button"
        class="primary"
        data-testid="still-send"
        onClick={() => dispatch({ type: "still-send-pressed" })}
      >
        {asked.step === "failed" ? text.ask.retry : text.ask.send(asked.name)}
      </button>
      <button type="button" class="secondary" onClick={() => dispatch({ type: "still-pressed" })}>
        {text.ask.again}
      </button>
    </>
  );
}

function Sending({ asked }: { readonly asked: Asked }): VNode {
  const { text } = useSurroundings();
  const share = asked.count === 0 ? 0 : asked.arrived / asked.count;
  return (
    <>
      <p>{text.ask.meanwhile}</p>
      <progress aria-label={text.ask.progress} max={1} value={share} data-testid="still-progress" />
    </>
  );
}

function Step({ state, asked }: { readonly state: State; readonly asked: Asked }): VNode | null {
  switch (asked.step) {
    case "asked":
      return <Consent asked={asked} />;
    case "aiming":
    case "taking":
      return <Aim state={state} isTaking={asked.step === "taking"} />;
    case "taken":
    case "failed":
      return <Taken asked={asked} />;
    case "sending":
      return <Sending asked={asked} />;
    case "sent":
      return null;
  }
}

/** A sheet in front of the stage: the sound goes on, and so does the visit. */
export function AskedSheet({
  state,
  asked,
}: {
  readonly state: State;
  readonly asked: Asked;
}): VNode {
  const { text, dispatch } = useSurroundings();
  const heading = useRef<HTMLHeadingElement>(null);
  // Each step is read from its heading.
  useEffect(() => heading.current?.focus(), [asked.step, asked.id]);
  const titles: Record<Asked["step"], string> = {
    asked: text.ask.title[asked.act](asked.name),
    aiming: text.ask.aim,
    taking: text.ask.aim,
    taken: text.ask.look,
    sending: text.ask.sending(asked.name),
    sent: text.ask.sent(asked.name),
    failed: text.ask.failed,
  };
  return (
    <section
      class="people sheet"
      aria-labelledby="asked-heading"
      data-testid={`asked-${asked.step}`}
    >
      <h2 id="asked-heading" ref={heading} tabIndex={-1}>
        {titles[asked.step]}
      </h2>
      <Step state={state} asked={asked} />
      {asked.step !== "asked" && (
        <button
          type="button"
          class={asked.step === "sent" ? "primary" : "quiet"}
          data-testid="still-close"
          onClick={() =>
            dispatch({ type: "still-closed", wording: text.ask.wording[asked.act](asked.name) })
          }
        >
          {asked.step === "sent" ? text.ask.done : text.ask.cancel}
        </button>
      )}
    </section>
  );
}
