// SPDX-License-Identifier: EUPL-1.2
// The visit as the room has it: is it private here, waiting, the call with the room's cameras, and
// that it is over.

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Room, State as VisitState } from "../../state/types";
import { AskedSheet } from "../../views/asked";
import { VisitBanner } from "../../views/call";
import { Calm, Heading } from "../../views/calm";
import { useSurroundings } from "../../views/context";
import { DeviceSwitch } from "../../views/devices";
import { Fells, Icon } from "../../views/icon";
import { Notice } from "../../views/notice";
import { Stage } from "../../views/stage";
import { Sounds, Video } from "../../views/video";
import type { Kiosk } from "../kiosk";
import { EXAMS } from "../sources";
import type { View } from "../types";
import type { ViewProps } from "./app";

interface PrivacyProps extends ViewProps {
  readonly kiosk: Kiosk;
  readonly status: "asked" | "entering" | "failed";
}

export function Privacy({ kiosk, words, dispatch, status }: PrivacyProps): VNode {
  const [isHelped, setHelped] = useState(false);
  return (
    <div class="board" data-testid="page-privacy">
      <main class="board-main">
        <Heading>{words.privacyTitle}</Heading>
        <p class="lead">{words.privacyLead}</p>
        <ul class="privacy">
          <li>{words.privacyDoor}</li>
          <li>{words.privacyAlone}</li>
        </ul>
        <label class="tick privacy-tick">
          <input
            type="checkbox"
            data-testid="privacy-helper"
            checked={isHelped}
            onChange={(event) => setHelped(event.currentTarget.checked)}
          />
          <span>{words.privacyHelper}</span>
        </label>
        <p role="alert">{status === "failed" ? words.enterFailed : ""}</p>
        <div class="two">
          <button
            type="button"
            class="primary two-button"
            data-testid="privacy-yes"
            onClick={() => {
              kiosk.note = isHelped ? words.helperIsHere : "";
              dispatch({ type: "confirm" });
            }}
          >
            {status === "entering" ? words.entering : words.privacyYes}
          </button>
          <button
            type="button"
            class="secondary two-button"
            data-testid="privacy-no"
            onClick={() => dispatch({ type: "back" })}
          >
            {words.privacyNo}
          </button>
        </div>
      </main>
      <Fells />
    </div>
  );
}

interface InVisitProps {
  readonly kiosk: Kiosk;
  readonly words: ViewProps["words"];
  readonly visit: VisitState;
  readonly room: Room;
}

/** Whoever helps in the room chooses what the others see; all of it, until somebody does. */
function Cameras({ kiosk, words }: Pick<InVisitProps, "kiosk" | "words">): VNode | null {
  const { board } = useSurroundings();
  const exams = EXAMS.flatMap(({ source, view }) => {
    const track = kiosk.extra(source);
    return track === null ? [] : [{ view, track }];
  });
  if (exams.length === 0) {
    return null;
  }
  const lenses: readonly { readonly view: View; readonly track: MediaStreamTrack | null }[] = [
    { view: "room", track: board.own("camera") },
    ...exams,
    { view: "all", track: null },
  ];
  return (
    <fieldset class="lenses" data-testid="lenses">
      <legend>{words.cameras}</legend>
      {lenses.map(({ view, track }) => (
        <button
          type="button"
          key={view}
          class="lens"
          aria-pressed={kiosk.view === view}
          data-testid={`lens-${view}`}
          onClick={() => kiosk.show(view)}
        >
          {track?.enabled === true && <Video track={track} />}
          <span>{words.views[view]}</span>
        </button>
      ))}
    </fieldset>
  );
}

function Stethoscope({ kiosk, words }: Pick<InVisitProps, "kiosk" | "words">): VNode | null {
  if (kiosk.extra("stethoscope") === null) {
    return null;
  }
  return (
    <button
      type="button"
      class="control"
      data-testid="stethoscope"
      aria-pressed={kiosk.listens}
      onClick={() => kiosk.listen(!kiosk.listens)}
    >
      <Icon name="sound" />
      <span class="control-text">{kiosk.listens ? words.stethoscopeOn : words.stethoscope}</span>
    </button>
  );
}

/** One press too many must not end a visit. */
function End({ words }: Pick<InVisitProps, "words">): VNode {
  const { dispatch } = useSurroundings();
  const [isAsking, setAsking] = useState(false);
  const stay = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isAsking) {
      stay.current?.focus();
    }
  }, [isAsking]);
  if (!isAsking) {
    return (
      <button type="button" class="control leave" data-testid="end" onClick={() => setAsking(true)}>
        <Icon name="leave" />
        <span class="control-text">{words.end}</span>
      </button>
    );
  }
  return (
    <div class="end-ask" role="alertdialog" aria-label={words.endAsk}>
      <p>{words.endAsk}</p>
      <button
        type="button"
        class="secondary"
        ref={stay}
        data-testid="end-no"
        onClick={() => setAsking(false)}
      >
        {words.endNo}
      </button>
      <button
        type="button"
        class="primary end-yes"
        data-testid="end-yes"
        onClick={() => dispatch({ type: "leave-pressed" })}
      >
        {words.endYes}
      </button>
    </div>
  );
}

function Controls({ kiosk, words, visit }: Omit<InVisitProps, "room">): VNode {
  const { text, dispatch } = useSurroundings();
  return (
    <section class="controls room-controls" aria-label={text.controls}>
      <Cameras kiosk={kiosk} words={words} />
      <Stethoscope kiosk={kiosk} words={words} />
      <DeviceSwitch local={visit.local} source="microphone" />
      <button
        type="button"
        class="control"
        data-testid="wish-help"
        aria-pressed={visit.wishes.includes("help")}
        onClick={() => dispatch({ type: "wish-pressed", wish: "help" })}
      >
        <Icon name="hand" />
        <span class="control-text">
          {visit.wishes.includes("help") ? words.helpAsked : words.callHelp}
        </span>
      </button>
      <End words={words} />
    </section>
  );
}

function Waiting({ kiosk, words, visit, room }: InVisitProps): VNode {
  const { text } = useSurroundings();
  const { queue } = visit;
  return (
    <div class="board" data-testid="page-waiting">
      <main class="board-main">
        <Heading>{queue?.reason === "held" ? text.wait.heldTitle : text.wait.title}</Heading>
        {queue !== null && (
          <>
            <p class="board-next" data-testid="wait-queue">
              {text.wait.queue(queue)}
            </p>
            {queue.meet !== "" && <p class="lead">{text.wait.meet(queue.meet)}</p>}
            <p class="lead">{text.wait.clinician[queue.clinician]}</p>
          </>
        )}
        <p>{text.wait.unseen}</p>
        <Notice state={visit} room={room} />
        <Controls kiosk={kiosk} words={words} visit={visit} />
      </main>
      <Fells />
    </div>
  );
}

function InCall({ kiosk, words, visit, room }: InVisitProps): VNode {
  return (
    <div class="call room-call" data-testid="page-call" data-media={visit.media.status}>
      <header class="call-top">
        <Heading>{kiosk.state.board?.place ?? room.self.name}</Heading>
        <VisitBanner state={visit} room={room} />
        <Notice state={visit} room={room} />
      </header>
      <Stage state={visit} room={room}>
        {visit.asked !== null && <AskedSheet state={visit} asked={visit.asked} />}
      </Stage>
      <Controls kiosk={kiosk} words={words} visit={visit} />
      <Sounds />
    </div>
  );
}

export function Visit({ words, kiosk, dispatch }: ViewProps & { readonly kiosk: Kiosk }): VNode {
  const visit = kiosk.client?.state ?? null;
  const room = visit?.room ?? null;
  if (visit === null || room === null) {
    return (
      <div class="board" data-testid="page-joining">
        <main class="board-main">
          <Heading>{words.entering}</Heading>
          <button
            type="button"
            class="secondary two-button"
            data-testid="joining-back"
            onClick={() => dispatch({ type: "back" })}
          >
            {words.stop}
          </button>
        </main>
        <Fells />
      </div>
    );
  }
  const props = { kiosk, words, visit, room };
  return visit.phase.name === "call" ? <InCall {...props} /> : <Waiting {...props} />;
}

export function Over({ words, dispatch }: ViewProps): VNode {
  return (
    <Calm name="over">
      <Heading>{words.overTitle}</Heading>
      <p class="lead">{words.overLead}</p>
      <button
        type="button"
        class="primary"
        data-testid="over-done"
        onClick={() => dispatch({ type: "cleaned" })}
      >
        {words.done}
      </button>
    </Calm>
  );
}
