// SPDX-License-Identifier: EUPL-1.2
// One other participant: picture or initials, name and role, and how they are, in words.

import type { ComponentChildren, VNode } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import type { Catalogue } from "../i18n/catalogue";
import { initials } from "../layout";
import type { Participant, Picture, Source } from "../protocol";
import { midOf } from "../state/room";
import { pictureOf } from "../state/sight";
import type { Point, Room } from "../state/types";
import { useSurroundings } from "./context";
import { Icon } from "./icon";
import { FramedVideo } from "./video";

/** What is worth seeing of somebody, most telling first. */
const PICTURES: readonly Source[] = ["screen", "exam-camera", "exam-camera-2", "camera"];

export function linkWords(participant: Participant, text: Catalogue): string | null {
  switch (participant.link) {
    case "connecting":
      return text.linkConnecting;
    case "silent":
      return text.linkSilent;
    case "away":
      return text.linkAway;
    case "here":
      return null;
  }
}

function pictureMid(room: Room, participant: Participant, only?: Source): string | null {
  for (const source of only === undefined ? PICTURES : [only]) {
    const mid = midOf(room, participant.id, source);
    if (mid !== null && !participant.muted.includes(source)) {
      return mid;
    }
  }
  return null;
}

function NoPicture({ name }: { readonly name: string }): VNode {
  return (
    <div class="no-picture">
      <span class="initials" aria-hidden="true">
        {initials(name)}
      </span>
    </div>
  );
}

const LOOK_MS = 1000;

/** Whole seconds since the last picture came; null: that cannot be told. Counted only for stills. */
function useAge(isCounted: boolean): [number | null, (() => void) | undefined] {
  const [at, setAt] = useState<number | null>(null);
  const [now, setNow] = useState(0);
  useEffect(() => {
    if (!isCounted) {
      setAt(null);
      return;
    }
    const clock = setInterval(() => setNow(performance.now()), LOOK_MS);
    return () => clearInterval(clock);
  }, [isCounted]);
  const onPicture = useCallback(() => {
    setAt(performance.now());
    setNow(performance.now());
  }, []);
  const age = at === null ? null : Math.max(0, Math.floor((now - at) / 1000));
  return [age, isCounted ? onPicture : undefined];
}

/** What is worth saying about the picture itself. */
function pictureWords(picture: Picture, age: number | null, text: Catalogue): string | null {
  switch (picture) {
    case "full":
    case "reduced":
      return null;
    case "stills":
      // A number that jumps between 0 and 1 tells nobody anything.
      return age === null || age < 2 ? text.still : text.stillAge(age);
    case "none":
      return text.soundOnlyShort;
  }
}

interface TileProps {
  readonly room: Room;
  readonly participant: Participant;
  readonly isSigning?: boolean;
  /** false: one has chosen sound alone. */
  readonly hasPicture?: boolean;
  readonly point?: Point | undefined;
  /** This picture of theirs, and no other. */
  readonly source?: Source;
  readonly isLarge?: boolean;
  /** What lies over the picture on this page alone. */
  readonly children?: ComponentChildren;
}

export function Tile({
  room,
  participant,
  isSigning,
  hasPicture,
  point,
  ...more
}: TileProps): VNode {
  const { text, board } = useSurroundings();
  const { id, name, role, muted, speaking, link } = participant;
  const mid = pictureMid(room, participant, more.source);
  const picture = pictureOf(room, mid);
  const isShown = hasPicture !== false && mid !== null && picture !== "none";
  const track = isShown ? board.slot(mid) : null;
  const [age, onPicture] = useAge(picture === "stills");
  const way = mid === null || hasPicture === false ? null : pictureWords(picture, age, text);
  const words = linkWords(participant, text);
  const isMute = muted.includes("microphone");
  const isSpeaking = speaking && !isMute;
  return (
    <li
      class="tile"
      data-speaking={isSpeaking || isSigning === true}
      data-link={link}
      data-picture={picture}
      data-participant={id}
      data-source={more.source}
      data-large={more.isLarge}
    >
      {track === null ? (
        <NoPicture name={name} />
      ) : (
        <FramedVideo
          key={track.id}
          track={track}
          testId="remote-video"
          until={<NoPicture name={name} />}
          point={point}
          {...(onPicture === undefined ? {} : { onPicture })}
        />
      )}
      {words !== null && (
        <p class="tile-link">
          <Icon name={link === "away" ? "warning" : "network"} />
          {words}
        </p>
      )}
      <div class="plate">
        <p class="plate-name" dir="auto">
          {name}
        </p>
        <p class="plate-role">{text.roles[role]}</p>
      </div>
      <div class="tile-marks">
        {isSpeaking && (
          <p class="mark mark-speaking">
            <Icon name="speaking" />
            <span class="mark-word">{text.speaking}</span>
          </p>
        )}
        {isSigning === true && (
          <p class="mark mark-speaking" data-testid="signs">
            <Icon name="hand" />
            <span class="mark-word">{text.more.signing}</span>
          </p>
        )}
        {isMute && (
          <p class="mark">
            <Icon name="microphone-off" />
            <span class="mark-word">{text.muted}</span>
          </p>
        )}
        {words === null && way !== null && (
          <p class="mark mark-way" data-testid="picture-way">
            {way}
          </p>
        )}
      </div>
      {more.children}
    </li>
  );
}
