// SPDX-License-Identifier: EUPL-1.2
// One other participant: picture or initials, name and role, and how they are, in words.

import type { VNode } from "preact";
import type { Catalogue } from "../i18n/catalogue";
import { initials } from "../layout";
import type { Participant, Source } from "../protocol";
import { midOf } from "../state/room";
import type { Room } from "../state/types";
import { useSurroundings } from "./context";
import { Icon } from "./icon";
import { FramedVideo } from "./video";

/** What is worth seeing of somebody, most telling first. */
const PICTURES: readonly Source[] = ["screen", "exam-camera", "camera"];

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

function pictureMid(room: Room, participant: Participant): string | null {
  for (const source of PICTURES) {
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

interface TileProps {
  readonly room: Room;
  readonly participant: Participant;
}

export function Tile({ room, participant }: TileProps): VNode {
  const { text, board } = useSurroundings();
  const { id, name, role, muted, speaking, link } = participant;
  const mid = pictureMid(room, participant);
  const track = mid === null ? null : board.slot(mid);
  const words = linkWords(participant, text);
  const isMute = muted.includes("microphone");
  const isSpeaking = speaking && !isMute;
  return (
    <li class="tile" data-speaking={isSpeaking} data-link={link} data-participant={id}>
      {track === null ? (
        <NoPicture name={name} />
      ) : (
        <FramedVideo
          key={track.id}
          track={track}
          testId="remote-video"
          until={<NoPicture name={name} />}
        />
      )}
      {words !== null && (
        <p class="tile-link">
          <Icon name={link === "away" ? "warning" : "network"} />
          {words}
        </p>
      )}
      <div class="plate">
        <p class="plate-name">{name}</p>
        <p class="plate-role">{text.roles[role]}</p>
      </div>
      <div class="tile-marks">
        {isSpeaking && (
          <p class="mark mark-speaking">
            <Icon name="speaking" />
            <span class="mark-word">{text.speaking}</span>
          </p>
        )}
        {isMute && (
          <p class="mark">
            <Icon name="microphone-off" />
            <span class="mark-word">{text.muted}</span>
          </p>
        )}
      </div>
    </li>
  );
}
