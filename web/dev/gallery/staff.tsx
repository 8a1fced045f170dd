// SPDX-License-Identifier: EUPL-1.2
// Draws one state of staff-states.ts, named in the address: #state?lang. Development only.

import { render } from "preact";
import type { MediaBoard } from "../../src/client";
import { loadTexts, StaffPage } from "../../src/staff/views/app";
import { person } from "./figure";
import { NOW, STAFF_STATES } from "./staff-states";
import "../../src/styles/base.css";
import "../../src/styles/pages.css";
import "../../src/styles/call.css";
import "../../src/styles/sight.css";
import "../../src/styles/visit.css";
import "../../src/staff/styles/staff.css";
import "../../src/staff/styles/rooms.css";
import "../../src/staff/styles/figures.css";
import "../../src/staff/styles/tools.css";
import "../../src/staff/styles/large.css";

const [name = "", language = "sv"] = location.hash.slice(1).split("?");
const tracks = new Map<string, MediaStreamTrack | null>();

function once(key: string, make: () => MediaStreamTrack | null): MediaStreamTrack | null {
  const track = tracks.has(key) ? (tracks.get(key) ?? null) : make();
  tracks.set(key, track);
  return track;
}

const board: MediaBoard = {
  // The clinician is drawn as patients see her, and the first of the others as the patient.
  own: (source) => (source === "camera" ? once("own", () => person(0, 960, 720)) : null),
  slot: (mid) => once(mid, () => person(Number(mid.slice(1)) + 7, 1280, 720)),
  sounds: () => [],
  still: () => null,
};

/** ar: the direction of a language that we have not yet. */
async function textsOf(code: string): ReturnType<typeof loadTexts> {
  const texts = await loadTexts(code === "ar" ? "en" : code);
  return code === "ar" ? { ...texts, text: { ...texts.text, dir: "rtl" } } : texts;
}

const root = document.getElementById("app");
if (root !== null) {
  const drawn = STAFF_STATES[name];
  void textsOf(language).then((texts) =>
    render(
      drawn === undefined ? (
        <ul>
          {Object.keys(STAFF_STATES).map((key) => (
            <li key={key}>
              <a href={`#${key}`}>{key}</a>
            </li>
          ))}
        </ul>
      ) : (
        <StaffPage
          texts={texts}
          setLanguage={() => undefined}
          desk={drawn.desk}
          tell={(event) => console.log(event)}
          board={board}
          state={drawn.state ?? null}
          tools={drawn.tools ?? null}
          dispatch={(event) => console.log(event)}
          call={{
            act: (event) => console.log(event),
            point: (...where) => console.log(where),
            shareScreen: () => undefined,
            openExam: () => undefined,
            stopShowing: () => undefined,
            leave: () => undefined,
            profile: drawn.profile ?? null,
            chooseProfile: () => undefined,
          }}
          now={() => NOW}
        />
      ),
      root,
    ),
  );
}
window.addEventListener("hashchange", () => location.reload());
