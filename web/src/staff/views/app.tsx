// SPDX-License-Identifier: EUPL-1.2
// The staff page as a whole: language, title, what is said aloud, and which view it is.

import type { VNode } from "preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { MediaBoard } from "../../client";
import { type Catalogue, load, pick, rememberLanguage } from "../../i18n/catalogue";
import type { Event as CallEvent, State } from "../../state/types";
import { browserOf } from "../../support";
import { SurroundingsContext } from "../../views/context";
import { Joining } from "../../views/joining";
import { Waiting } from "../../views/waiting";
import { notifyArrival } from "../chime";
import type { Desk } from "../desk";
import { loadWords } from "../i18n/catalogue";
import type { Words } from "../i18n/sv";
import { waitingRows } from "../list";
import type { Tools } from "../tools";
import type { Desk as DeskState, Event } from "../types";
import { StaffCall } from "./call";
import { type CallActs, NO_CALL, StaffContext } from "./context";
import { Day } from "./day";
import { KeysSheet, useKeys } from "./keys";
import { Commissions, Login } from "./login";

const ALOUD_CLEAR_MS = 8000;

interface Spoken {
  readonly polite: string;
  readonly urgent: string;
}

const SILENT: Spoken = { polite: "", urgent: "" };
const NOTHING: MediaBoard = {
  own: () => null,
  slot: () => null,
  sounds: () => [],
  still: () => null,
};

// Two arrivals in one breath are both told.
function joined(old: string, sentence: string): string {
  return old === "" || old.includes(sentence) ? sentence : `${old} ${sentence}`.slice(-400);
}

interface Texts {
  readonly text: Catalogue;
  readonly words: Words;
}

export async function loadTexts(code: string): Promise<Texts> {
  const [text, words] = await Promise.all([load(pick([code])), loadWords(code)]);
  return { text, words };
}

function useAloud(desk: Desk, texts: Texts, redraw: () => void): Spoken {
  const [spoken, setSpoken] = useState(SILENT);
  const now = useRef(texts);
  now.current = texts;
  useEffect(() => {
    let clear: ReturnType<typeof setTimeout> | undefined;
    const say = (sentence: string, urgent: boolean): void => {
      setSpoken((old) =>
        urgent
          ? { ...old, urgent: joined(old.urgent, sentence) }
          : { ...old, polite: joined(old.polite, sentence) },
      );
      clearTimeout(clear);
      clear = setTimeout(() => setSpoken(SILENT), ALOUD_CLEAR_MS);
    };
    const unwatch = desk.watch({
      onChange: redraw,
      onAnnounce: (what, urgent) => say(now.current.words.aloud(what), urgent),
      onTool: (what, urgent) => say(now.current.words.toolAloud(what), urgent),
      onCall: (what, urgent) => say(now.current.text.aloud(what), urgent),
      onArrival: () => notifyArrival(now.current.words.queue.notice),
    });
    redraw();
    return () => {
      clearTimeout(clear);
      unwatch();
    };
  }, [desk, redraw]);
  return spoken;
}

function actsOf(desk: Desk): CallActs {
  const { call, simulated } = desk;
  return call === null
    ? NO_CALL
    : {
        act: (event) => call.act(event),
        point: (participant, point) => call.point(participant, point),
        shareScreen: () => void call.shareScreen(),
        openExam: (id) => void call.openExam(id),
        stopShowing: (what) => call.stopShowing(what),
        leave: () => call.leave(),
        profile: simulated?.profile ?? null,
        chooseProfile: (profile) => simulated?.choose(profile),
      };
}

export function StaffApp({ desk, first }: { readonly desk: Desk; readonly first: Texts }): VNode {
  const [, setDrawn] = useState(0);
  const [texts, setTexts] = useState(first);
  const redraw = useCallback(() => setDrawn((n) => n + 1), []);
  const spoken = useAloud(desk, texts, redraw);
  const setLanguage = useCallback((code: string) => {
    rememberLanguage(code);
    void loadTexts(code).then(setTexts);
  }, []);
  const dispatch = useCallback((event: CallEvent) => desk.call?.client.dispatch(event), [desk]);
  const tell = useCallback((event: Event) => desk.dispatch(event), [desk]);
  const { call, simulated } = desk;
  const profile = simulated?.profile;
  const acts = useMemo(() => actsOf(desk), [desk, call, simulated, profile]);
  return (
    <>
      <StaffPage
        texts={texts}
        setLanguage={setLanguage}
        desk={desk.state}
        tell={tell}
        board={call?.client ?? NOTHING}
        state={call?.client.state ?? null}
        tools={call?.tools ?? null}
        dispatch={dispatch}
        call={acts}
        now={Date.now}
      />
      <p class="aloud" role="status" aria-live="polite">
        {spoken.polite}
      </p>
      <p class="aloud" role="alert" aria-live="assertive">
        {spoken.urgent}
      </p>
    </>
  );
}

interface PageProps {
  readonly texts: Texts;
  readonly setLanguage: (code: string) => void;
  readonly desk: DeskState;
  readonly tell: (event: Event) => void;
  readonly board: MediaBoard;
  readonly state: State | null;
  readonly tools: Tools | null;
  readonly dispatch: (event: CallEvent) => void;
  readonly call: CallActs;
  readonly now: () => number;
}

/** The page as it looks: nothing behind it, so the gallery draws it too. */
export function StaffPage(props: PageProps): VNode {
  const { texts, setLanguage, desk, tell, board, state, tools, dispatch, call, now } = props;
  const { text, words } = texts;
  const browser = useMemo(() => browserOf(navigator.userAgent, navigator.maxTouchPoints), []);
  const title = titleOf(desk, words);
  useEffect(() => {
    document.documentElement.lang = text.lang;
    document.documentElement.dir = text.dir;
    document.title = title;
  }, [text, title]);
  const view = state !== null && isJoining(desk, state) ? "joining" : desk.phase;
  useFocusOnChange(view);
  return (
    <SurroundingsContext.Provider value={{ text, setLanguage, board, dispatch, browser }}>
      <StaffContext.Provider value={{ words, desk, tell, call, now }}>
        <View desk={desk} state={state} tools={tools} />
      </StaffContext.Provider>
    </SurroundingsContext.Provider>
  );
}

/** How many wait stands first in the title: it is read in the list of windows. */
function titleOf(desk: DeskState, words: Words): string {
  const waiting = desk.session === null ? 0 : waitingRows(desk).length;
  const count = waiting === 0 ? "" : words.waitingTitle(waiting);
  const what =
    desk.phase === "call" && desk.current !== null && desk.current.title !== ""
      ? desk.current.title
      : desk.phase === "day" && desk.tab !== "list"
        ? words[desk.tab].title
        : words.pageTitle[desk.phase];
  return what === "" ? "Vidd" : `${count}${what} – Vidd`;
}

function isJoining(desk: DeskState, state: State): boolean {
  return desk.phase === "call" && state.phase.name === "joining";
}

// When the page turns into another, reading starts at its heading.
function useFocusOnChange(view: string): void {
  const before = useRef(view);
  useEffect(() => {
    if (before.current !== view && before.current !== "loading") {
      document.querySelector<HTMLElement>("h1")?.focus();
    }
    before.current = view;
  }, [view]);
}

function DayWithKeys(): VNode {
  const [isShown, setShown] = useState(false);
  const keys = useMemo(
    () => ({
      "?": () => setShown(true),
      n: () => document.querySelector<HTMLElement>("[data-testid=new]")?.click(),
    }),
    [],
  );
  useKeys(keys);
  return (
    <>
      <Day />
      {isShown && <KeysSheet keys={["?", "n"]} onClose={() => setShown(false)} />}
    </>
  );
}

interface ViewProps {
  readonly desk: DeskState;
  readonly state: State | null;
  readonly tools: Tools | null;
}

function View({ desk, state, tools }: ViewProps): VNode | null {
  switch (desk.phase) {
    case "loading":
      return null;
    case "login":
      return <Login />;
    case "commission":
      return <Commissions />;
    case "day":
      return <DayWithKeys />;
    case "call":
      if (state === null || tools === null) {
        return null;
      }
      if (state.room !== null && state.phase.name === "waiting") {
        return <Waiting state={state} room={state.room} />;
      }
      return state.room === null || state.phase.name !== "call" ? (
        <Joining state={state} returning={false} />
      ) : (
        <StaffCall state={state} room={state.room} tools={tools} />
      );
  }
}
