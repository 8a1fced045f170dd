// SPDX-License-Identifier: EUPL-1.2
// Draws one state of states.ts, named in the address: #state?lang. Development only: the build
// never sees it.

import { render } from "preact";
import { useState } from "preact/hooks";
import type { MediaBoard } from "../../src/client";
import { type Catalogue, load, pick } from "../../src/i18n/catalogue";
import { Page } from "../../src/views/app";
import { person } from "./figure";
import { STATES } from "./states";
import "../../src/styles/base.css";
import "../../src/styles/pages.css";
import "../../src/styles/call.css";
import "../../src/styles/sight.css";
import "../../src/styles/visit.css";

const [name = "", language = "sv"] = location.hash.slice(1).split("?");

function hum(): MediaStreamTrack | null {
  const context = new AudioContext();
  const tone = context.createOscillator();
  const gain = context.createGain();
  const out = context.createMediaStreamDestination();
  gain.gain.value = 0.05;
  tone.connect(gain).connect(out);
  tone.start();
  return out.stream.getAudioTracks()[0] ?? null;
}

const tracks = new Map<string, MediaStreamTrack | null>();

function once(key: string, make: () => MediaStreamTrack | null): MediaStreamTrack | null {
  const track = tracks.has(key) ? (tracks.get(key) ?? null) : make();
  tracks.set(key, track);
  return track;
}

const board: MediaBoard = {
  own: (source) => {
    const state = STATES[name];
    if (state === undefined || state.local[source].status !== "on") {
      return null;
    }
    return source === "camera" ? once("own", () => person(7, 960, 720)) : once("hum", hum);
  },
  slot: (mid) => {
    const isPortrait = mid === "portrait";
    const seed = isPortrait ? 1 : Number(mid.slice(1));
    const isStill = STATES[name]?.room?.told.pictures[mid] === "stills";
    return once(mid, () =>
      isPortrait ? person(seed, 540, 960) : person(seed, 1280, 720, isStill ? 500 : undefined),
    );
  },
  sounds: () => [],
  still: () => stillPicture(),
};

function stillPicture(): string {
  const canvas = document.createElement("canvas");
  canvas.width = 1200;
  canvas.height = 900;
  const pen = canvas.getContext("2d");
  if (pen !== null) {
    pen.fillStyle = "#dba97f";
    pen.fillRect(0, 0, 1200, 900);
    pen.fillStyle = "#a0483a";
    pen.beginPath();
    pen.ellipse(600, 450, 180, 130, 0.4, 0, Math.PI * 2);
    pen.fill();
  }
  return canvas.toDataURL("image/jpeg");
}

function Gallery({ first }: { readonly first: Catalogue }) {
  const [text, setText] = useState<Catalogue>(first);
  const state = STATES[name];
  if (state === undefined) {
    return (
      <ul>
        {Object.keys(STATES).map((key) => (
          <li key={key}>
            <a href={`#${key}`}>{key}</a>
          </li>
        ))}
      </ul>
    );
  }
  return (
    <Page
      state={state}
      board={board}
      dispatch={(event) => console.log(event)}
      text={text}
      setLanguage={(code) => void load(pick([code])).then((next) => setText(() => next))}
    />
  );
}

/** ar: not a language of ours yet, but the direction of it. */
async function first(): Promise<Catalogue> {
  const isRtl = language === "ar";
  const catalogue = await load(pick([isRtl ? "en" : language]));
  return isRtl ? { ...catalogue, dir: "rtl" } : catalogue;
}

const root = document.getElementById("app");
if (root !== null) {
  void first().then((catalogue) => render(<Gallery first={catalogue} />, root));
}
window.addEventListener("hashchange", () => location.reload());
