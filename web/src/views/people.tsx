// SPDX-License-Identifier: EUPL-1.2
// Who is here, in words: nobody in a consultation is hidden from anybody else.

import type { VNode } from "preact";
import type { Catalogue } from "../i18n/catalogue";
import { isMuted } from "../state/local";
import { seenBy } from "../state/sight";
import type { Room, State } from "../state/types";
import { useSurroundings } from "./context";
import { DeviceLists } from "./devices";
import { Panel } from "./panel";
import { linkWords } from "./tile";

interface Line {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly facts: readonly string[];
}

function lines(state: State, room: Room, text: Catalogue): Line[] {
  const { local } = state;
  const facts = (microphoneOff: boolean, cameraOff: boolean, id: string): string[] => [
    ...(state.signing.includes(id) ? [text.more.signing] : []),
    ...(microphoneOff ? [text.muted] : []),
    ...(cameraOff ? [text.noCamera] : []),
  ];
  const self: Line = {
    id: room.self.id,
    name: text.youNamed(room.self.name),
    role: text.roles[room.self.role],
    facts: facts(isMuted(local.microphone), isMuted(local.camera), room.self.id),
  };
  const others = room.participants.map((participant): Line => {
    const link = linkWords(participant, text);
    const picture = isMuted(local.camera) ? "full" : seenBy(room, participant.id);
    const level = room.quality[participant.id]?.level ?? "good";
    return {
      id: participant.id,
      name: participant.name,
      role: text.roles[participant.role],
      facts: [
        ...(link === null ? [] : [link]),
        ...(link === null && level !== "good" ? [text.levels[level]] : []),
        ...(picture === "full" ? [] : [text.seenFacts[picture]]),
        ...facts(
          participant.muted.includes("microphone"),
          participant.muted.includes("camera"),
          participant.id,
        ),
      ],
    };
  });
  return [self, ...others];
}

interface PeopleProps {
  readonly state: State;
  readonly room: Room;
  readonly onClose: () => void;
}

export function People({ state, room, onClose }: PeopleProps): VNode {
  const { text } = useSurroundings();
  return (
    <Panel id="people" title={text.people} onClose={onClose}>
      <ul class="people-list">
        {lines(state, room, text).map((line) => (
          <li key={line.id}>
            <span class="people-name">{line.name}</span>
            <span class="people-role">{line.role}</span>
            {line.facts.length > 0 && <span class="people-facts">{line.facts.join(" · ")}</span>}
          </li>
        ))}
      </ul>
      <DeviceLists local={state.local} />
    </Panel>
  );
}
