// SPDX-License-Identifier: EUPL-1.2
// The call as the clinician has it: the stage, the tools below it, the people beside it.

import type { VNode } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { MODES, type Outcome } from "../../protocol";
import { isKeptOut } from "../../state/lack";
import type { Room, State } from "../../state/types";
import { AskedSheet } from "../../views/asked";
import { VisitBanner } from "../../views/call";
import { Heading } from "../../views/calm";
import { useSurroundings } from "../../views/context";
import { DeviceSwitch } from "../../views/devices";
import { Icon } from "../../views/icon";
import { Notice } from "../../views/notice";
import { Panel } from "../../views/panel";
import { TalkButton, TalkPanel } from "../../views/talk";
import { Sounds } from "../../views/video";
import { may } from "../door";
import type { Words } from "../i18n/sv";
import { addressed } from "../letters";
import { allRows } from "../list";
import { mayPoint, nextLarge, subjectOf, type Tools } from "../tools";
import { Arrivals, Cards, InterpreterGate, PracticeBar, Shown } from "./cards";
import { useStaff } from "./context";
import { EndSheet } from "./end";
import { StaffIcon, type StaffIconName } from "./icon";
import { type Keys, KeysSheet, useKeys } from "./keys";
import { Opened } from "./opened";
import { RoomCalls } from "./room-calls";
import { ShowPanel } from "./show";
import { VisitPanel } from "./side";
import { StaffStage } from "./stage";
import { StillSheet } from "./still";
import { askId, atDoor, type VisitProps } from "./visit";

export type PanelName = "people" | "talk" | "show" | "invite";
type SheetName = "end" | "keys";

/** Wide enough for a panel beside the stage; base.css's 112.5 % make a rem 18 px. */
const WIDE = "(min-width: 64rem)";

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

interface ToolButtonProps {
  readonly id: string;
  readonly icon: StaffIconName | "people";
  readonly label: string;
  readonly count?: number;
  readonly expanded?: boolean;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly controls?: string;
  readonly onPress: () => void;
}

function ToolButton(props: ToolButtonProps): VNode {
  return (
    <button
      type="button"
      class="control"
      id={`${props.id}-button`}
      data-testid={props.id}
      aria-expanded={props.expanded}
      aria-controls={props.controls}
      aria-pressed={props.pressed}
      aria-disabled={props.disabled}
      onClick={() => props.disabled !== true && props.onPress()}
    >
      {props.icon === "people" ? <Icon name="people" /> : <StaffIcon name={props.icon} />}
      <span class="control-text">
        {props.label}{" "}
        {props.count !== undefined && <span class="control-count">{props.count}</span>}
      </span>
    </button>
  );
}

/** The acts that are about the patient's picture. */
function usePicture(room: Room, tools: Tools) {
  const { call } = useStaff();
  const subject = room.participants.find(
    (p) => p.id === (tools.large?.participant ?? subjectOf(room)),
  );
  const ask = (act: "still" | "pointer"): void => {
    if (subject !== undefined) {
      const { id: participant, name } = subject;
      call.act({ type: "ask", id: askId(), act, participant, name });
    }
  };
  const has = subject !== undefined && may(room.self, "ask");
  return {
    has,
    still: () => has && ask("still"),
    point: () => {
      if (!has) {
        return;
      }
      if (tools.pointing !== null) {
        call.act({ type: "point-stopped" });
      } else if (mayPoint(tools, subject.id)) {
        call.point(subject.id, { x: 0.5, y: 0.5 });
      } else {
        ask("pointer");
      }
    },
  };
}

interface ControlsProps extends VisitProps {
  readonly open: PanelName | null;
  readonly onPanel: (name: PanelName) => void;
  readonly onEnd: () => void;
}

function Controls({ state, room, tools, open, onPanel, onEnd }: ControlsProps): VNode {
  const { text } = useSurroundings();
  const { words } = useStaff();
  const picture = usePicture(room, tools);
  const panel = (
    name: PanelName,
    icon: ToolButtonProps["icon"],
    label: string,
    count?: number,
  ): VNode => (
    <ToolButton
      id={name}
      icon={icon}
      label={label}
      {...(count === undefined ? {} : { count })}
      expanded={open === name}
      controls={name}
      onPress={() => onPanel(name)}
    />
  );
  return (
    <section class="controls" aria-label={text.controls}>
      <DeviceSwitch local={state.local} source="microphone" />
      <DeviceSwitch local={state.local} source="camera" />
      <TalkButton state={state} isOpen={open === "talk"} onPress={() => onPanel("talk")} />
      {panel("people", "people", text.people, room.participants.length + 1)}
      {panel("show", "screen", words.show.button)}
      <ToolButton
        id="ask-still"
        icon="picture"
        label={words.still.button}
        disabled={!picture.has}
        onPress={picture.still}
      />
      <ToolButton
        id="point"
        icon="point"
        label={words.point.button}
        pressed={tools.pointing !== null}
        disabled={!picture.has}
        onPress={picture.point}
      />
      {panel("invite", "add", words.invite.button)}
      <button type="button" class="control leave" data-testid="end-button" onClick={onEnd}>
        <Icon name="leave" />
        <span class="control-text">{words.end.button}</span>
      </button>
    </section>
  );
}

interface TopProps extends VisitProps {
  readonly onKeys: () => void;
  readonly onInvite: () => void;
  readonly onEnd: (first: Outcome | null) => void;
  readonly onTalk: () => void;
}

function Top({ state, room, tools, onKeys, onInvite, onEnd, onTalk }: TopProps): VNode {
  const { text } = useSurroundings();
  const { words } = useStaff();
  return (
    <header class="call-top">
      <div class="call-line">
        <Heading>
          {room.consultation.title === "" ? text.callTitle : room.consultation.title}
        </Heading>
        {may(room.self, "set-mode") && <ModeChoice room={room} />}
        <button type="button" class="quiet keys-open" data-testid="keys-button" onClick={onKeys}>
          {words.keys.button}
        </button>
      </div>
      <PracticeBar />
      <RoomCalls />
      <VisitBanner state={state} room={room} />
      <Notice state={state} room={room} />
      <div class="told-row">
        <Arrivals />
        <Shown tools={tools} />
      </div>
      <InterpreterGate room={room} tools={tools} onInvite={onInvite} />
      <Cards tools={tools} onEnd={() => onEnd("physical-visit")} onTalk={onTalk} />
    </header>
  );
}

function InvitePanel({ onClose }: { readonly onClose: () => void }): VNode {
  const { desk, words, tell } = useStaff();
  const row = allRows({ ...desk, day: desk.today }).find(({ id }) => id === desk.current?.id);
  const id = desk.current?.id ?? null;
  useEffect(() => {
    if (id !== null && desk.opened?.id !== id) {
      tell({ type: "open-pressed", id });
    }
  }, [id, desk.opened, tell]);
  return (
    <Panel id="invite" title={words.invite.title} onClose={onClose}>
      {desk.opened !== null && (
        <Opened row={row ?? { id: desk.opened.id, persons: [] }} opened={desk.opened} level={3} />
      )}
    </Panel>
  );
}

interface Panels {
  readonly open: PanelName | null;
  readonly show: (name: PanelName | null) => void;
  readonly toggle: (name: PanelName) => void;
  readonly close: () => void;
}

// The people are beside the stage from the beginning where there is room for them.
function usePanels(): Panels {
  const { dispatch } = useSurroundings();
  const [open, setOpen] = useState<PanelName | null>(() =>
    window.matchMedia(WIDE).matches ? "people" : null,
  );
  const show = (name: PanelName | null): void => {
    if ((open === "talk") !== (name === "talk")) {
      dispatch({ type: "talk-opened", open: name === "talk" });
    }
    setOpen(name);
  };
  const close = (): void => {
    const button = open;
    show(null);
    document.querySelector<HTMLElement>(`#${button}-button`)?.focus();
  };
  return { open, show, close, toggle: (name) => (open === name ? close() : show(name)) };
}

function useCallKeys(
  props: VisitProps,
  panels: Panels,
  sheet: (name: SheetName | null) => void,
): void {
  const { call } = useStaff();
  const { dispatch } = useSurroundings();
  const picture = usePicture(props.room, props.tools);
  const { room, tools } = props;
  const keys = useMemo<Keys>(
    () => ({
      "?": () => sheet("keys"),
      m: () => dispatch({ type: "mute-pressed", source: "microphone" }),
      c: () => dispatch({ type: "mute-pressed", source: "camera" }),
      t: () => panels.toggle("talk"),
      p: () => panels.toggle("people"),
      v: () => panels.toggle("show"),
      i: () => panels.toggle("invite"),
      s: picture.still,
      o: picture.point,
      l: () => call.act({ type: "large", large: nextLarge(room, tools.large) }),
      a: () => {
        const first = atDoor(room).find((p) => p.admission === "waiting" && !isKeptOut(p));
        if (first !== undefined) {
          call.act({ type: "admit", participant: first.id });
        }
      },
      e: () => sheet("end"),
    }),
    [call, dispatch, panels, picture, room, sheet, tools],
  );
  useKeys(keys);
}

export const CALL_KEYS = ["?", "m", "c", "a", "t", "p", "l", "s", "o", "v", "i", "e"] as const;

// Whom one has written to alone is said before what was written.
function withLetters(state: State, { letters }: Tools, words: Words): State {
  const lines = addressed(state.talk.lines, letters, words.doorChat.to);
  return { ...state, talk: { ...state.talk, lines } };
}

function OpenPanel({ panels, ...props }: VisitProps & { panels: Panels }): VNode | null {
  const { words } = useStaff();
  const { state, tools } = props;
  switch (panels.open) {
    case "people":
      return <VisitPanel {...props} onClose={panels.close} />;
    case "talk":
      return <TalkPanel state={withLetters(state, tools, words)} onClose={panels.close} />;
    case "show":
      return <ShowPanel state={state} tools={tools} onClose={panels.close} />;
    case "invite":
      return <InvitePanel onClose={panels.close} />;
    case null:
      return null;
  }
}

export function StaffCall(props: { state: State; room: Room; tools: Tools }): VNode {
  const { call } = useStaff();
  const { state, room, tools } = props;
  const panels = usePanels();
  const [sheet, setSheet] = useState<SheetName | null>(null);
  const [first, setFirst] = useState<Outcome | null>(null);
  const root = useRef<HTMLDivElement>(null);
  useCallKeys(props, panels, setSheet);
  const end = (outcome: Outcome | null): void => {
    setFirst(outcome);
    setSheet("end");
  };
  const viewed = tools.stills.find(({ id }) => id === tools.viewing);
  return (
    <div
      class={panels.open === null ? "call staff-call" : "call staff-call call-with-people"}
      data-testid="page-call"
      data-media={state.media.status}
      ref={root}
    >
      <Top
        {...props}
        onKeys={() => setSheet("keys")}
        onInvite={() => panels.show("invite")}
        onEnd={end}
        onTalk={() => panels.show("talk")}
      />
      <StaffStage state={state} room={room} tools={tools}>
        {state.asked !== null && <AskedSheet state={state} asked={state.asked} />}
      </StaffStage>
      <OpenPanel {...props} panels={panels} />
      <Controls {...props} open={panels.open} onPanel={panels.toggle} onEnd={() => end(null)} />
      <Sounds />
      {sheet === "end" && (
        <EndSheet first={first} mayEnd={may(room.self, "end")} onClose={() => setSheet(null)} />
      )}
      {sheet === "keys" && <KeysSheet keys={CALL_KEYS} onClose={() => setSheet(null)} />}
      {viewed !== undefined && (
        <StillSheet still={viewed} onClose={() => call.act({ type: "view", id: null })} />
      )}
    </div>
  );
}
