// SPDX-License-Identifier: EUPL-1.2
// The call: the others large, oneself small, four buttons.

import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { MODES } from "../protocol";
import { isMuted } from "../state/local";
import type { Room, State } from "../state/types";
import { Heading } from "./calm";
import { useSurroundings } from "./context";
import { DeviceSwitch } from "./devices";
import { Fells, Icon } from "./icon";
import { Notice } from "./notice";
import { People } from "./people";
import { Tile } from "./tile";
import { playSounds, Sounds, Video } from "./video";

interface CallProps {
  readonly state: State;
  readonly room: Room;
}

function SelfTile({ state, room }: CallProps): VNode {
  const { text, board } = useSurroundings();
  const { local } = state;
  const track = board.own("camera");
  const isSpeaking = room.selfSpeaking && !isMuted(local.microphone);
  return (
    <section class="self" aria-label={text.selfPicture} data-speaking={isSpeaking}>
      {track !== null && !isMuted(local.camera) ? (
        <Video track={track} mirrored testId="self-video" />
      ) : (
        <div class="self-off">
          <Icon name="camera-off" />
          <span>{text.noCamera}</span>
        </div>
      )}
      <p class="self-name">
        {isMuted(local.microphone) && <Icon name="microphone-off" />}
        {text.you}
      </p>
    </section>
  );
}

function Alone({ after }: { after: Room["lastGone"] }): VNode {
  const { text } = useSurroundings();
  const lead = after?.lost ? text.aloneLost : text.aloneLeft;
  return (
    <div class="alone" data-testid="alone">
      <div class="alone-words">
        <h2>{after ? text.aloneAgain : text.alone}</h2>
        <p>{after ? lead(after.name) : text.aloneLead}</p>
      </div>
      <Fells />
    </div>
  );
}

function TapToHear(): VNode {
  const { text, dispatch } = useSurroundings();
  return (
    <div class="tap">
      <button
        type="button"
        class="primary"
        data-testid="tap-to-hear"
        onClick={() => {
          void playSounds().then((isPlaying) => {
            if (isPlaying) {
              dispatch({ type: "sound-blocked", blocked: false });
            }
          });
        }}
      >
        <Icon name="sound" />
        {text.tapToHear}
      </button>
      <p>{text.tapToHearWhy}</p>
    </div>
  );
}

/** For clinicians: what is done now decides whose picture goes first. */
function ModeChoice({ room }: { readonly room: Room }): VNode {
  const { text, dispatch } = useSurroundings();
  return (
    <label class="mode">
      <span>{text.modeLabel}</span>
      <select
        data-testid="mode"
        value={room.consultation.mode}
        onChange={(event) => {
          const mode = MODES.find((m) => m === event.currentTarget.value);
          if (mode !== undefined) {
            dispatch({ type: "mode-chosen", mode });
          }
        }}
      >
        {MODES.map((mode) => (
          <option key={mode} value={mode}>
            {text.modes[mode]}
          </option>
        ))}
      </select>
    </label>
  );
}

interface ControlsProps {
  readonly state: State;
  readonly people: number;
  readonly isOpen: boolean;
  readonly onPeople: () => void;
}

function Controls({ state, people, isOpen, onPeople }: ControlsProps): VNode {
  const { text, dispatch } = useSurroundings();
  return (
    <section class="controls" aria-label={text.controls}>
      <DeviceSwitch local={state.local} source="microphone" />
      <DeviceSwitch local={state.local} source="camera" />
      <button
        type="button"
        class="control"
        id="people-button"
        data-testid="people"
        aria-expanded={isOpen}
        aria-controls="people"
        onClick={onPeople}
      >
        <Icon name="people" />
        <span class="control-text">
          {text.people} <span class="control-count">{people}</span>
        </span>
      </button>
      <button
        type="button"
        class="control leave"
        data-testid="leave"
        onClick={() => dispatch({ type: "leave-pressed" })}
      >
        <Icon name="leave" />
        <span class="control-text">{text.leave}</span>
      </button>
    </section>
  );
}

export function Call({ state, room }: CallProps): VNode {
  const { text } = useSurroundings();
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const others = room.participants;
  const closePeople = (): void => {
    setOpen(false);
    root.current?.querySelector<HTMLElement>("#people-button")?.focus();
  };
  return (
    <div
      class={isOpen ? "call call-with-people" : "call"}
      data-testid="page-call"
      data-media={state.media.status}
      ref={root}
    >
      <header class="call-top">
        <Heading>
          {room.consultation.title === "" ? text.callTitle : room.consultation.title}
        </Heading>
        {room.self.role === "clinician" && <ModeChoice room={room} />}
        <Notice state={state} room={room} />
      </header>
      <main class="stage" data-others={Math.min(others.length, 8)}>
        {others.length === 0 ? (
          <Alone after={room.lastGone} />
        ) : (
          <ul class="tiles" aria-label={text.stage}>
            {others.map((participant) => (
              <Tile key={participant.id} room={room} participant={participant} />
            ))}
          </ul>
        )}
        <SelfTile state={state} room={room} />
        {state.soundBlocked && <TapToHear />}
      </main>
      {isOpen && <People state={state} room={room} onClose={closePeople} />}
      <Controls
        state={state}
        people={others.length + 1}
        isOpen={isOpen}
        onPeople={() => (isOpen ? closePeople() : setOpen(true))}
      />
      <Sounds />
    </div>
  );
}
