// SPDX-License-Identifier: EUPL-1.2
// Draws one state of room-states.ts, named in the address: #state?lang. Development only.

import { render } from "preact";
import { type Catalogue, load, pick } from "../../src/i18n/catalogue";
import type { ExtraSource } from "../../src/peer";
import type { Kiosk } from "../../src/room/kiosk";
import { RoomPage } from "../../src/room/views/app";
import { person } from "./figure";
import { ROOM_STATES } from "./room-states";
import "../../src/styles/base.css";
import "../../src/styles/pages.css";
import "../../src/styles/call.css";
import "../../src/styles/sight.css";
import "../../src/styles/visit.css";
import "../../src/room/room.css";

const [name = "", language = "sv"] = location.hash.slice(1).split("?");
const tracks = new Map<string, MediaStreamTrack | null>();

function once(key: string, make: () => MediaStreamTrack | null): MediaStreamTrack | null {
  const track = tracks.has(key) ? (tracks.get(key) ?? null) : make();
  tracks.set(key, track);
  return track;
}

const drawn = ROOM_STATES[name];
// What the views use of a kiosk, and nothing behind it.
const kiosk = {
  state: drawn?.state,
  client:
    drawn?.visit === undefined
      ? null
      : {
          state: drawn.visit,
          own: (source: string) =>
            source === "camera" ? once("own", () => person(7, 960, 720)) : null,
          slot: (mid: string) => once(mid, () => person(Number(mid.slice(1)), 1280, 720)),
          sounds: () => [],
          still: () => null,
          dispatch: (event: unknown) => console.log(event),
        },
  view: drawn?.view ?? "all",
  listens: drawn?.listens ?? false,
  note: "",
  extra: (source: ExtraSource) =>
    drawn?.extras?.includes(source) ? once(source, () => person(source.length, 640, 360)) : null,
  show: (view: string) => console.log(view),
  listen: (on: boolean) => console.log(on),
  dispatch: (event: unknown) => console.log(event),
} as unknown as Kiosk;

/** ar: the direction of a language that we have not yet. */
async function textOf(code: string): Promise<Catalogue> {
  const catalogue = await load(pick([code === "ar" ? "en" : code]));
  return code === "ar" ? { ...catalogue, dir: "rtl" } : catalogue;
}

const root = document.getElementById("app");
if (root !== null) {
  void textOf(language).then((text) =>
    render(
      drawn === undefined ? (
        <ul>
          {Object.keys(ROOM_STATES).map((key) => (
            <li key={key}>
              <a href={`#${key}`}>{key}</a>
            </li>
          ))}
        </ul>
      ) : (
        <RoomPage kiosk={kiosk} text={text} setLanguage={() => undefined} />
      ),
      root,
    ),
  );
}
