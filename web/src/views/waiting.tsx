// SPDX-License-Identifier: EUPL-1.2
// Before the door: in the queue, on hold, or still to say who one is. Never silent, never over by
// itself: it says where one stands, and that one may look away.

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { isMuted } from "../state/local";
import type { Code, Room, State } from "../state/types";
import { asksNumber } from "../state/visit";
import { Calm, Heading } from "./calm";
import { useSurroundings } from "./context";
import { DeviceLists, DeviceProblems, DeviceSwitch } from "./devices";
import { Icon } from "./icon";
import { Notice } from "./notice";
import { QueueTalk } from "./talk";
import { Video } from "./video";

function Leave(): VNode {
  const { text, dispatch } = useSurroundings();
  return (
    <button
      type="button"
      class="quiet"
      data-testid="leave"
      onClick={() => dispatch({ type: "leave-pressed" })}
    >
      <Icon name="leave" />
      {text.leave}
    </button>
  );
}

/** Asked for in the text message: typed, pasted, or filled in by the phone itself. */
function OneTimeCode({ code }: { readonly code: Code }): VNode {
  const { text, dispatch } = useSurroundings();
  const [typed, setTyped] = useState("");
  const isWrong = code.status === "wrong";
  return (
    <Calm name="code">
      <Heading>{text.oneTime.title}</Heading>
      <p class="lead">{text.oneTime.lead(code.sentTo)}</p>
      <form
        class="asking-form"
        onSubmit={(event) => {
          event.preventDefault();
          dispatch({ type: "code-entered", code: typed });
        }}
      >
        <label for="one-time-code">{text.oneTime.label}</label>
        <input
          id="one-time-code"
          class="code"
          type="text"
          inputMode="numeric"
          autocomplete="one-time-code"
          required
          value={typed}
          data-testid="code"
          aria-invalid={isWrong}
          aria-describedby={isWrong ? "code-wrong" : undefined}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        {isWrong && (
          <p id="code-wrong" class="found">
            <Icon name="warning" />
            <span>{text.oneTime.wrong}</span>
          </p>
        )}
        <button type="submit" class="primary" data-testid="code-send">
          {code.status === "sent" ? text.oneTime.sending : text.oneTime.send}
        </button>
      </form>
      <Leave />
    </Calm>
  );
}

/** An interpreter comes on a link that knows nobody: number and name are typed at arrival. */
function InterpreterNumber({ room }: { readonly room: Room }): VNode {
  const { text, dispatch } = useSurroundings();
  const [number, setNumber] = useState("");
  const [name, setName] = useState(room.self.name);
  return (
    <Calm name="number">
      <Heading>{text.number.title}</Heading>
      <p class="lead">{text.number.lead}</p>
      <form
        class="asking-form"
        onSubmit={(event) => {
          event.preventDefault();
          dispatch({ type: "number-entered", number, name });
        }}
      >
        <label for="interpreter-number">{text.number.number}</label>
        <input
          id="interpreter-number"
          type="text"
          autocomplete="off"
          required
          maxLength={32}
          value={number}
          data-testid="interpreter-number"
          onInput={(event) => setNumber(event.currentTarget.value)}
        />
        <label for="interpreter-name">{text.number.name}</label>
        <input
          id="interpreter-name"
          type="text"
          autocomplete="name"
          maxLength={80}
          value={name}
          data-testid="interpreter-name"
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <button type="submit" class="primary" data-testid="number-send">
          {text.number.send}
        </button>
      </form>
      <Leave />
    </Calm>
  );
}

function Place({ state }: { readonly state: State }): VNode {
  const { text } = useSurroundings();
  const { queue } = state;
  const isHeld = queue?.reason === "held";
  const isInterpreter = queue?.reason === "interpreter";
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
            {!isHeld && queue.planned !== null && <li>{text.wait.planned(queue.planned)}</li>}
          </ul>
        </>
      )}
      <p class="wait-down">
        <Icon name="phone" />
        <span>{text.wait.putDown}</span>
      </p>
    </div>
  );
}

function Other({ state }: { readonly state: State }): VNode {
  const { text, dispatch } = useSurroundings();
  const choices = [
    { wish: "call-me", words: text.wait.callMe },
    { wish: "physical-visit", words: text.wait.physical },
  ] as const;
  return (
    <section class="wait-other" aria-labelledby="other-heading">
      <h2 id="other-heading">{text.wait.other}</h2>
      {choices.map(({ wish, words }) =>
        state.wishes.includes(wish) ? (
          <p key={wish} class="found" data-testid={`wished-${wish}`}>
            <Icon name="yes" />
            <span>{text.wait.wishTold[wish]}</span>
          </p>
        ) : (
          <button
            type="button"
            key={wish}
            class="secondary"
            data-testid={`wish-${wish}`}
            onClick={() => dispatch({ type: "wish-pressed", wish })}
          >
            {words}
          </button>
        ),
      )}
    </section>
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
  if (state.code !== null) {
    return <OneTimeCode code={state.code} />;
  }
  if (asksNumber(state)) {
    return <InterpreterNumber room={room} />;
  }
  return (
    <Calm name="waiting" wide>
      <Place state={state} />
      <Notice state={state} room={room} />
      <Self state={state} />
      <DeviceProblems local={state.local} />
      <div class="wait-more">
        <QueueTalk talk={state.talk} />
        <Other state={state} />
        <Leave />
      </div>
    </Calm>
  );
}
