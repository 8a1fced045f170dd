// SPDX-License-Identifier: EUPL-1.2
// The screen of a health room: one thing at a time, large enough to be read from the chair.

import type { VNode } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { type Catalogue, load, pick, rememberLanguage } from "../../i18n/catalogue";
import type { Event as VisitEvent } from "../../state/types";
import { SurroundingsContext } from "../../views/context";
import type { Kiosk } from "../kiosk";
import type { Event, State } from "../types";
import { roomEn } from "../words-en";
import { roomLatt } from "../words-latt";
import { type RoomWords, roomSv } from "../words-sv";
import { Enrol, Revoked } from "./enrol";
import { Help, Idle } from "./idle";
import { Setup } from "./setup";
import { Testing } from "./testing";
import { Over, Privacy, Visit } from "./visit";

const WORDS: Readonly<Record<string, RoomWords>> = { "sv-latt": roomLatt, en: roomEn };
const NOTHING = { own: () => null, slot: () => null, sounds: () => [], still: () => null };

interface AppProps {
  readonly kiosk: Kiosk;
  readonly first: Catalogue;
}

export interface ViewProps {
  readonly state: State;
  readonly words: RoomWords;
  readonly dispatch: (event: Event) => void;
}

export function RoomApp({ kiosk, first }: AppProps): VNode {
  const [, redraw] = useState(0);
  const [text, setText] = useState(() => first);
  const started = useRef(false);
  useEffect(() => {
    if (!started.current) {
      started.current = true;
      kiosk.start(() => redraw((n) => n + 1));
    }
  }, [kiosk]);
  const setLanguage = useCallback((code: string) => {
    rememberLanguage(code);
    void load(pick([code])).then((catalogue) => setText(() => catalogue));
  }, []);
  return <RoomPage kiosk={kiosk} text={text} setLanguage={setLanguage} />;
}

interface PageProps {
  readonly kiosk: Kiosk;
  readonly text: Catalogue;
  readonly setLanguage: (code: string) => void;
}

/** The page as it looks: the gallery draws it too. */
export function RoomPage({ kiosk, text, setLanguage }: PageProps): VNode {
  const { state } = kiosk;
  const words = WORDS[text.code] ?? roomSv;
  useEffect(() => {
    document.documentElement.lang = text.lang;
    document.documentElement.dir = text.dir;
    document.title = state.board === null ? "Vidd" : `${state.board.place} – Vidd`;
  }, [text, state.board]);
  useFocusOnChange(state.phase.name);
  const dispatch = useCallback((event: Event) => kiosk.dispatch(event), [kiosk]);
  const tell = useCallback((event: VisitEvent) => kiosk.client?.dispatch(event), [kiosk]);
  const around = {
    text,
    setLanguage,
    board: kiosk.client ?? NOTHING,
    dispatch: tell,
    browser: "other" as const,
  };
  return (
    <SurroundingsContext.Provider value={around}>
      <View kiosk={kiosk} state={state} words={words} dispatch={dispatch} />
    </SurroundingsContext.Provider>
  );
}

function useFocusOnChange(name: State["phase"]["name"]): void {
  useEffect(() => {
    if (name !== "loading") {
      document.querySelector<HTMLElement>("h1")?.focus();
    }
  }, [name]);
}

function View({ kiosk, ...props }: ViewProps & { readonly kiosk: Kiosk }): VNode | null {
  const { phase } = props.state;
  switch (phase.name) {
    case "loading":
      return null;
    case "enrol":
      return <Enrol {...props} code={phase.code} status={phase.status} />;
    case "idle":
      return <Idle {...props} />;
    case "help":
      return <Help {...props} status={phase.status} />;
    case "setup":
      return <Setup {...props} />;
    case "testing":
      return <Testing {...props} report={phase.report} />;
    case "privacy":
      return <Privacy {...props} kiosk={kiosk} status={phase.status} />;
    case "visit":
      return <Visit {...props} kiosk={kiosk} />;
    case "over":
      return <Over {...props} />;
    case "revoked":
      return <Revoked {...props} />;
  }
}
