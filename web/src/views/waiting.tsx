// SPDX-License-Identifier: EUPL-1.2
// Before the door: in the queue, on hold, or still to say who one is. Never silent, never over by
// itself: it says where one stands, and that one may look away.

import type { VNode } from "preact";
import type { Waiting as Queue } from "../protocol";
import { isKeptOut, lacksCode } from "../state/lack";
import { isMuted } from "../state/local";
import type { Room, State } from "../state/types";
import { asksNumber } from "../state/visit";
import { Calm, Heading } from "./calm";
import { OneTimeCode } from "./code";
import { useSurroundings } from "./context";
import { DeviceLists, DeviceProblems, DeviceSwitch } from "./devices";
import { Icon } from "./icon";
import { loadLacking, useLoaded } from "./loaded";
import { Notice } from "./notice";
import { Video } from "./video";
import { Leave, Other } from "./ways";

const loadInterpreter = () => import("./interpreter");

/** What one can do nothing about oneself: who can, and how to reach them. */
function Out({ queue }: { readonly queue: Queue }): VNode {
  const { text } = useSurroundings();
  const Lacking = useLoaded(loadLacking)?.Lacking ?? null;
  return (
    <div class="wait-words">
      <Heading>{text.wait.outTitle}</Heading>
      {Lacking !== null && <Lacking queue={queue} />}
    </div>
  );
}

interface PlaceProps {
  readonly state: State;
  readonly interpreter: typeof import("./interpreter") | null;
}

function Place({ state, interpreter }: PlaceProps): VNode {
  const { text } = useSurroundings();
  const { queue } = state;
  const isHeld = queue?.reason === "held";
  const isInterpreter = queue?.reason === "interpreter";
  if (queue !== null && isKeptOut(queue)) {
    return <Out queue={queue} />;
  }
  return (
    <div class="wait-words">
      <Heading>{isHeld ? text.wait.heldTitle : text.wait.title}</Heading>
      {queue === null ? (
        <p class="lead">{text.wait.unseen}</p>
      ) : (
        <>
          <p class="wait-queue" data-testid="wait-queue">
            {text.wait.queue(queue)}
          </p>
          {isHeld && <p>{text.wait.heldLead}</p>}
          {isInterpreter && <p>{text.wait.interpreterLead}</p>}
          <ul class="wait-facts">
            {queue.reason === "queue" && <li>{text.wait.place(queue.place)}</li>}
            {!isHeld && queue.meet !== "" && (
              <li data-testid="wait-meet">{text.wait.meet(queue.meet)}</li>
            )}
            {!isHeld && <li>{text.wait.clinician[queue.clinician]}</li>}
            {!isHeld && queue.planned !== null && interpreter === null && (
              <li>{text.wait.planned(queue.planned)}</li>
            )}
          </ul>
          {queue.lacks === "vouch" && <p data-testid="wait-vouch">{text.wait.vouch}</p>}
          {interpreter !== null && <interpreter.Booked queue={queue} />}
        </>
      )}
      <p class="wait-down">
        <Icon name="phone" />
        <span>{text.wait.putDown}</span>
      </p>
    </div>
  );
}

function Self({ state }: { readonly state: State }): VNode {
  const { text, board } = useSurroundings();
  const track = board.own("camera");
  return (
    <div class="wait-self">
      {track !== null && !isMuted(state.local.camera) && (
        <figure class="self-large">
          <Video track={track} mirrored testId="self-video" />
          <figcaption>{text.wait.unseen}</figcaption>
        </figure>
      )}
      <div class="switches">
        <DeviceSwitch local={state.local} source="microphone" />
        <DeviceSwitch local={state.local} source="camera" />
      </div>
      <DeviceLists local={state.local} />
    </div>
  );
}

interface WaitingProps {
  readonly state: State;
  readonly room: Room;
}

export function Waiting({ state, room }: WaitingProps): VNode {
  const interpreter = useLoaded(room.self.role === "interpreter" ? loadInterpreter : null);
  if (state.code !== null || lacksCode(state.queue)) {
    return <OneTimeCode state={state} />;
  }
  if (interpreter !== null && asksNumber(state)) {
    return <interpreter.InterpreterNumber room={room} />;
  }
  return (
    <Calm name="waiting" wide>
      <Place state={state} interpreter={interpreter} />
      <Notice state={state} room={room} />
      <Self state={state} />
      <DeviceProblems local={state.local} />
      <div class="wait-more">
        <Other state={state} />
        <Leave />
      </div>
    </Calm>
  );
}
