// SPDX-License-Identifier: EUPL-1.2
// The stage: the others large, oneself small. Every page with a call has the same.

import type { ComponentChildren, VNode } from "preact";
import { isMuted } from "../state/local";
import type { Room, State } from "../state/types";
import { useSurroundings } from "./context";
import { Fells, Icon } from "./icon";
import { Captions } from "./talk";
import { Tile } from "./tile";
import { FramedVideo, isMirrored, playSounds, Video } from "./video";

interface StageProps {
  readonly state: State;
  readonly room: Room;
}

function SelfPicture({ track, state }: { track: MediaStreamTrack; state: State }): VNode {
  const point = state.room === null ? undefined : state.pointers[state.room.self.id];
  const mirrored = isMirrored(track);
  return point === undefined ? (
    <Video track={track} mirrored={mirrored} testId="self-video" />
  ) : (
    <FramedVideo
      track={track}
      mirrored={mirrored}
      testId="self-video"
      point={point}
      until={<span />}
    />
  );
}

export function SelfTile({ state, room }: StageProps): VNode {
  const { text, board } = useSurroundings();
  const { local } = state;
  const track = board.own("camera");
  const isSpeaking = room.selfSpeaking && !isMuted(local.microphone);
  const isPointed = state.pointers[room.self.id] !== undefined && track !== null;
  return (
    <section
      class={isPointed ? "self self-pointed" : "self"}
      aria-label={text.selfPicture}
      data-speaking={isSpeaking || state.signing.includes(room.self.id)}
    >
      {track !== null && !isMuted(local.camera) ? (
        <SelfPicture track={track} state={state} />
      ) : (
        <div class="self-off">
          <Icon name="camera-off" />
          <span>{text.noCamera}</span>
        </div>
      )}
      <p class="self-name">
        {isMuted(local.microphone) && <Icon name="microphone-off" />}
        {state.signing.includes(room.self.id) && <Icon name="hand" />}
        {text.you}
      </p>
    </section>
  );
}

export function Alone({ after }: { after: Room["lastGone"] }): VNode {
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

export function Outside(): VNode {
  const { text } = useSurroundings();
  return (
    <div class="alone" data-testid="outside">
      <div class="alone-words">
        <h2>{text.apart.outsideTitle}</h2>
        <p>{text.apart.outsideLead}</p>
      </div>
      <Fells />
    </div>
  );
}

export function TapToHear(): VNode {
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

interface Props extends StageProps {
  /** What lies over the stage of this page alone. */
  readonly children?: ComponentChildren;
}

export function Stage({ state, room, children }: Props): VNode {
  const { text } = useSurroundings();
  const isOutside = state.apart.kind === "outside";
  const others = isOutside ? [] : room.participants;
  return (
    <main class="stage" data-others={Math.min(others.length, 8)}>
      {isOutside ? (
        <Outside />
      ) : others.length === 0 ? (
        <Alone after={room.lastGone} />
      ) : (
        <ul class="tiles" aria-label={text.stage}>
          {others.map((participant) => (
            <Tile
              key={participant.id}
              room={room}
              participant={participant}
              isSigning={state.signing.includes(participant.id)}
              hasPicture={!state.audioOnly}
              point={state.pointers[participant.id]}
            />
          ))}
        </ul>
      )}
      <SelfTile state={state} room={room} />
      <Captions state={state} />
      {state.soundBlocked && <TapToHear />}
      {children}
    </main>
  );
}
