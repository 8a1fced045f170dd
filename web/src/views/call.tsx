// SPDX-License-Identifier: EUPL-1.2
// The call: the stage, five buttons below it, and one sheet at a time.

import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { MODES } from "../protocol";
import type { Room, State } from "../state/types";
import { AskedSheet } from "./asked";
import { Heading } from "./calm";
import { useSurroundings } from "./context";
import { DeviceSwitch } from "./devices";
import { HelpPanel } from "./help";
import { Icon } from "./icon";
import { useLoaded } from "./loaded";
import { MorePanel } from "./more";
import { Notice } from "./notice";
import { Panel } from "./panel";
import { People } from "./people";
import { Stage } from "./stage";
import { TalkButton, TalkPanel } from "./talk";
import { Sounds } from "./video";

interface CallProps {
  readonly state: State;
  readonly room: Room;
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

/** Above the stage: that one has just been let in, and that a talk is private. */
export function VisitBanner({ state, room }: CallProps): VNode | null {
  const { text, dispatch } = useSurroundings();
  const { apart } = state;
  if (state.calledIn) {
    return (
      <div class="banner banner-turn" data-testid="called-in">
        <div>
          <p class="banner-title">{text.wait.calledIn}</p>
          <p>{text.wait.calledInLead}</p>
        </div>
        <button
          type="button"
          class="primary"
          data-testid="called-in-seen"
          onClick={() => dispatch({ type: "called-in-seen" })}
        >
          {text.wait.seen}
        </button>
      </div>
    );
  }
  if (apart.kind !== "inside") {
    return null;
  }
  const names = room.participants.filter((p) => apart.with.includes(p.id)).map((p) => p.name);
  return (
    <p class="banner" data-testid="apart">
      <Icon name="people" />
      <span>{text.apart.inside(text.list(names))}</span>
    </p>
  );
}

type PanelName = "people" | "talk" | "more" | "help" | "invite";

interface ControlsProps {
  readonly state: State;
  readonly open: PanelName | null;
  readonly onPanel: (name: PanelName) => void;
}

function Controls({ state, open, onPanel }: ControlsProps): VNode {
  const { text, dispatch } = useSurroundings();
  return (
    <section class="controls" aria-label={text.controls}>
      <DeviceSwitch local={state.local} source="microphone" />
      <DeviceSwitch local={state.local} source="camera" />
      <TalkButton state={state} isOpen={open === "talk"} onPress={() => onPanel("talk")} />
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

interface TopProps extends CallProps {
  readonly open: PanelName | null;
  readonly onPanel: (name: PanelName) => void;
}

function Top({ state, room, open, onPanel }: TopProps): VNode {
  const { text } = useSurroundings();
  const isMore = open === "more" || open === "help" || open === "invite";
  return (
    <header class="call-top">
      <div class="call-line">
        <Heading>
          {room.consultation.title === "" ? text.callTitle : room.consultation.title}
        </Heading>
        <div class="call-tools">
          <button
            type="button"
            class="quiet tool"
            id="people-button"
            data-testid="people"
            aria-expanded={open === "people"}
            aria-controls="people"
            onClick={() => onPanel("people")}
          >
            <Icon name="people" />
            <span>
              {text.people} <span class="control-count">{room.participants.length + 1}</span>
            </span>
          </button>
          <button
            type="button"
            class="quiet tool"
            id="more-button"
            data-testid="more"
            aria-expanded={isMore}
            aria-controls={isMore ? open : "more"}
            onClick={() => onPanel("more")}
          >
            <Icon name="more" />
            <span>{text.more.button}</span>
          </button>
        </div>
      </div>
      {room.self.role === "clinician" && <ModeChoice room={room} />}
      <VisitBanner state={state} room={room} />
      <Notice state={state} room={room} />
    </header>
  );
}

const loadInvite = () => import("./invite");

function InvitePanel({ state, onClose }: { state: State; onClose: () => void }): VNode {
  const { text } = useSurroundings();
  const Invite = useLoaded(loadInvite)?.Invite ?? null;
  return (
    <Panel id="invite" title={text.invite.title} onClose={onClose}>
      {Invite !== null && <Invite state={state} />}
    </Panel>
  );
}

export function Call({ state, room }: CallProps): VNode {
  const { dispatch } = useSurroundings();
  const [open, setOpen] = useState<PanelName | null>(null);
  const root = useRef<HTMLDivElement>(null);
  // What is asked comes before what was opened; that is there again afterwards.
  const panel = state.asked === null ? open : null;
  const show = (name: PanelName | null): void => {
    if ((open === "talk") !== (name === "talk")) {
      dispatch({ type: "talk-opened", open: name === "talk" });
    }
    setOpen(name);
  };
  const close = (): void => {
    const button = open === "people" || open === "talk" ? open : "more";
    show(null);
    root.current?.querySelector<HTMLElement>(`#${button}-button`)?.focus();
  };
  const toggle = (name: PanelName): void => {
    const isShown = open === name || (name === "more" && (open === "help" || open === "invite"));
    if (isShown) {
      close();
    } else {
      show(name);
    }
  };
  return (
    <div
      class={open === null ? "call" : "call call-with-people"}
      data-testid="page-call"
      data-media={state.media.status}
      ref={root}
    >
      <Top state={state} room={room} open={open} onPanel={toggle} />
      <Stage state={state} room={room} />
      {state.asked !== null && <AskedSheet state={state} asked={state.asked} />}
      {panel === "people" && <People state={state} room={room} onClose={close} />}
      {panel === "talk" && <TalkPanel state={state} onClose={close} />}
      {panel === "more" && (
        <MorePanel
          state={state}
          onHelp={() => show("help")}
          onInvite={() => show("invite")}
          onClose={close}
        />
      )}
      {panel === "help" && <HelpPanel state={state} room={room} onClose={close} />}
      {panel === "invite" && <InvitePanel state={state} onClose={close} />}
      <Controls state={state} open={open} onPanel={toggle} />
      <Sounds />
    </div>
  );
}
