// SPDX-License-Identifier: EUPL-1.2
// Whoever stands in a health room and asks for help: before everything else, on every page.

import type { VNode } from "preact";
import { Icon } from "../../views/icon";
import { callsOf } from "../state-rooms";
import { useNow, useStaff } from "./context";

const TELL_MS = 10_000;

export function RoomCalls(): VNode | null {
  const { desk, words, tell } = useStaff();
  const now = useNow(TELL_MS);
  const calls = callsOf(desk.places);
  if (calls.length === 0) {
    return null;
  }
  return (
    <section class="room-calls" aria-label={words.rooms.calls}>
      {calls.map(({ device, place, since }) => (
        <div class="told room-call-told" key={device} data-testid="room-call">
          <Icon name="hand" />
          <p>{words.rooms.help(place, words.since(Math.max(0, now - since)))}</p>
          <button
            type="button"
            class="primary"
            data-testid="take-help"
            aria-label={words.rooms.takeHelpNamed(place)}
            aria-disabled={desk.doing.includes("help")}
            onClick={() => tell({ type: "help-taken", device })}
          >
            {words.rooms.takeHelp}
          </button>
        </div>
      ))}
    </section>
  );
}
