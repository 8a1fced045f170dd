// SPDX-License-Identifier: EUPL-1.2
// The clinician's stage: every camera a picture of its own, one of them large when it is chosen, and
// a pad over the one that is pointed at.

import type { ComponentChildren, VNode } from "preact";
import { useRef } from "preact/hooks";
import type { Participant } from "../../protocol";
import { isKeptOut } from "../../state/lack";
import type { Point, Room, State } from "../../state/types";
import { useSurroundings } from "../../views/context";
import { Fells } from "../../views/icon";
import { Outside, SelfTile, TapToHear } from "../../views/stage";
import { Captions } from "../../views/talk";
import { Tile } from "../../views/tile";
import { moved, pointAt } from "../geometry";
import { type Large, pictures, type Tools } from "../tools";
import { useStaff } from "./context";
import { Lacking } from "./door";
import { StaffIcon } from "./icon";
import { atDoor } from "./visit";

function PointPad({
  participant,
  point,
}: {
  readonly participant: Participant;
  readonly point: Point | null;
}): VNode {
  const { words, call } = useStaff();
  const pad = useRef<HTMLButtonElement>(null);
  const at = (event: PointerEvent): void => {
    const frame = pad.current?.closest("li")?.querySelector(".picture-frame");
    const video = frame?.querySelector("video");
    if (frame == null || video == null) {
      return;
    }
    const box = frame.getBoundingClientRect();
    const picture = { width: video.videoWidth, height: video.videoHeight };
    call.point(
      participant.id,
      pointAt(box, picture, event.clientX - box.left, event.clientY - box.top),
    );
  };
  return (
    <button
      ref={pad}
      type="button"
      class="point-pad"
      data-testid="point-pad"
      aria-label={words.point.pad(participant.name)}
      onPointerDown={at}
      onPointerMove={(event) => {
        if (event.pointerType === "mouse" || event.buttons > 0) {
          at(event);
        }
      }}
      onKeyDown={(event) => {
        const next = moved(point, event.key);
        if (next !== null) {
          event.preventDefault();
          call.point(participant.id, next);
        }
      }}
    />
  );
}

interface PictureProps {
  readonly state: State;
  readonly room: Room;
  readonly tools: Tools;
  readonly picture: Large;
  readonly isOnly: boolean;
  /** The same person shows several pictures. */
  readonly isOneOfMany: boolean;
}

function isSame(a: Large | null, b: Large): boolean {
  return a !== null && a.participant === b.participant && a.source === b.source;
}

function PictureTile({
  state,
  room,
  tools,
  picture,
  isOnly,
  isOneOfMany,
}: PictureProps): VNode | null {
  const { words, call } = useStaff();
  const participant = room.participants.find((p) => p.id === picture.participant);
  if (participant === undefined) {
    return null;
  }
  const { id, name } = participant;
  const isLarge = isSame(tools.large, picture);
  const isPointed = tools.pointing === id && picture.source !== "screen";
  const own = tools.pointing === id ? tools.point : null;
  return (
    <Tile
      room={room}
      participant={participant}
      source={picture.source}
      isLarge={isLarge}
      isSigning={state.signing.includes(id)}
      hasPicture={!state.audioOnly}
      point={picture.source === "screen" ? undefined : (own ?? state.pointers[id])}
    >
      {isOneOfMany && <p class="tile-source">{words.sources[picture.source]}</p>}
      {isPointed && <PointPad participant={participant} point={tools.point} />}
      {!isOnly && (
        <button
          type="button"
          class="tile-large"
          data-testid="large"
          aria-pressed={isLarge}
          aria-label={words.large.label(name, words.sources[picture.source])}
          onClick={() => call.act({ type: "large", large: isLarge ? null : picture })}
        >
          <StaffIcon name={isLarge ? "smaller" : "larger"} />
        </button>
      )}
    </Tile>
  );
}

/** Before anybody has been let in, and when all have gone. */
function Nobody({ room }: { readonly room: Room }): VNode {
  const { text } = useSurroundings();
  const { words, call } = useStaff();
  const waiting = atDoor(room);
  const names = text.list(waiting.map((p) => p.name));
  return (
    <div class="alone" data-testid="alone">
      <div class="alone-words">
        <h2>{waiting.length === 0 ? words.nobody.title : words.nobody.waits(names)}</h2>
        <p>
          {waiting.length > 0
            ? waiting.some((p) => !isKeptOut(p)) && words.nobody.letIn
            : room.lastGone === null
              ? words.nobody.lead
              : room.lastGone.lost
                ? text.aloneLost(room.lastGone.name)
                : text.aloneLeft(room.lastGone.name)}
        </p>
        {/* Where the list is not beside the stage this is what is wanted next. */}
        {waiting.map((person) =>
          isKeptOut(person) ? (
            <Lacking key={person.id} person={person} />
          ) : (
            <button
              type="button"
              key={person.id}
              class="primary"
              data-testid="admit-here"
              onClick={() => call.act({ type: "admit", participant: person.id })}
            >
              {words.door.admit(person.name)}
            </button>
          ),
        )}
      </div>
      <Fells />
    </div>
  );
}

interface StageProps {
  readonly state: State;
  readonly room: Room;
  readonly tools: Tools;
  readonly children?: ComponentChildren;
}

export function StaffStage({ state, room, tools, children }: StageProps): VNode {
  const { text } = useSurroundings();
  const isOutside = state.apart.kind === "outside";
  const all = isOutside ? [] : pictures(room);
  const hasLarge = all.some((p) => isSame(tools.large, p)) && all.length > 1;
  return (
    <main class="stage" data-others={Math.min(all.length, 8)} data-large={hasLarge}>
      {isOutside ? (
        <Outside />
      ) : all.length === 0 ? (
        <Nobody room={room} />
      ) : (
        <ul class="tiles" aria-label={text.stage}>
          {all.map((picture) => (
            <PictureTile
              key={`${picture.participant} ${picture.source}`}
              state={state}
              room={room}
              tools={tools}
              picture={picture}
              isOnly={all.length === 1}
              isOneOfMany={
                all.filter(({ participant }) => participant === picture.participant).length > 1
              }
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
