// SPDX-License-Identifier: EUPL-1.2
// The page around the views: language, title, what is said aloud, and where the focus goes.

import type { VNode } from "preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Client, MediaBoard } from "../client";
import { type Catalogue, load, pick, rememberLanguage } from "../i18n/catalogue";
import type { Event, State } from "../state/types";
import { browserOf } from "../support";
import { Call } from "./call";
import { SurroundingsContext } from "./context";
import { Ended } from "./ended";
import { Joining } from "./joining";
import { Preview } from "./preview";
import { ProblemView } from "./problem";
import { Waiting } from "./waiting";

/** Long enough for a screen reader to notice that the same sentence is said again. */
const ALOUD_CLEAR_MS = 8000;

interface Aloud {
  readonly polite: string;
  readonly urgent: string;
}

interface AppProps {
  readonly client: Client;
  readonly first: Catalogue;
}

export function App({ client, first }: AppProps): VNode {
  const [, redraw] = useState(0);
  const [text, setText] = useState(first);
  const [aloud, setAloud] = useState<Aloud>({ polite: "", urgent: "" });
  const words = useRef(text);
  words.current = text;

  useEffect(() => {
    let clear: ReturnType<typeof setTimeout> | undefined;
    const unwatch = client.watch({
      onChange: () => redraw((n) => n + 1),
      onAnnounce: (what, urgent) => {
        const sentence = words.current.aloud(what);
        setAloud((old) =>
          urgent ? { ...old, urgent: sentence } : { ...old, polite: join(old.polite, sentence) },
        );
        clearTimeout(clear);
        clear = setTimeout(() => setAloud({ polite: "", urgent: "" }), ALOUD_CLEAR_MS);
      },
    });
    // What happened between the first drawing and now.
    redraw((n) => n + 1);
    return () => {
      clearTimeout(clear);
      unwatch();
    };
  }, [client]);

  const dispatch = useCallback((event: Event) => client.dispatch(event), [client]);
  const setLanguage = useCallback((code: string) => {
    rememberLanguage(code);
    void load(pick([code])).then((catalogue) => setText(() => catalogue));
  }, []);
  return (
    <>
      <Page
        state={client.state}
        board={client}
        dispatch={dispatch}
        text={text}
        setLanguage={setLanguage}
      />
      <p class="aloud" role="status" aria-live="polite">
        {aloud.polite}
      </p>
      <p class="aloud" role="alert" aria-live="assertive">
        {aloud.urgent}
      </p>
    </>
  );
}

// Two arrivals in one breath are both told.
function join(old: string, sentence: string): string {
  return old === "" || old.includes(sentence) ? sentence : `${old} ${sentence}`.slice(-400);
}

interface PageProps {
  readonly state: State;
  readonly board: MediaBoard;
  readonly dispatch: (event: Event) => void;
  readonly text: Catalogue;
  readonly setLanguage: (code: string) => void;
}

/** A state as it looks: no client behind it, so the gallery draws it too. */
export function Page({ state, board, dispatch, text, setLanguage }: PageProps): VNode {
  const browser = useMemo(() => browserOf(navigator.userAgent, navigator.maxTouchPoints), []);
  const around = { text, setLanguage, board, dispatch, browser };
  useEffect(() => {
    document.documentElement.lang = text.lang;
    document.documentElement.dir = text.dir;
    document.title = titleOf(state, text);
  }, [text, state]);
  useFocusOnChange(state.phase.name);
  return (
    <SurroundingsContext.Provider value={around}>
      <View state={state} />
    </SurroundingsContext.Provider>
  );
}

function titleOf(state: State, text: Catalogue): string {
  const { phase, room } = state;
  if (state.calledIn) {
    return text.pageTitle.calledIn;
  }
  const what =
    phase.name === "call" || phase.name === "joining"
      ? (room?.consultation.title ?? text.pageTitle.call)
      : phase.name === "loading"
        ? ""
        : text.pageTitle[phase.name];
  return what === "" ? "Vidd" : `${what} – Vidd`;
}

// When the page turns into another, reading starts at its heading.
function useFocusOnChange(name: State["phase"]["name"]): void {
  const before = useRef(name);
  useEffect(() => {
    if (before.current !== name && before.current !== "loading") {
      document.querySelector<HTMLElement>("h1")?.focus();
    }
    before.current = name;
  }, [name]);
}

function View({ state }: { readonly state: State }): VNode | null {
  switch (state.phase.name) {
    case "loading":
      return null;
    case "preview":
      return <Preview state={state} />;
    case "joining":
      return <Joining state={state} returning={state.phase.returning} />;
    case "waiting":
      return state.room === null ? null : <Waiting state={state} room={state.room} />;
    case "call":
      return state.room === null ? null : <Call state={state} room={state.room} />;
    case "ended":
      return <Ended state={state} reason={state.phase.reason} />;
    case "problem":
      return <ProblemView problem={state.phase.problem} />;
  }
}
