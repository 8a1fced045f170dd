// SPDX-License-Identifier: EUPL-1.2
// A visit in the health room, with a clinician at the staff page in another browser: three cameras,
// each by itself; the stethoscope; private, admitted, and wiped afterwards.
import assert from "node:assert/strict";
import { test } from "node:test";

import { audit, PHONE } from "./lib/audit.mjs";
import { chromiumPerson } from "./lib/chromium.mjs";
import { staffSession } from "./lib/desk.mjs";
import { serverOfFile } from "./lib/file.mjs";
import { admitRoom, atDesk, bookAt, CAMERAS, enrol, PATIENT, press, room, toTheDoor } from "./lib/room.mjs";
import { pause, until } from "./lib/until.mjs";
import { came, sent } from "./lib/wire.mjs";

const server = serverOfFile();

/** The pictures of the room that the clinician sees move, by what each is of. */
async function seen(anna) {
  const look = () =>
    anna.evaluate(() => {
      const found = {};
      for (const tile of document.querySelectorAll(".tile[data-source]")) {
        const video = tile.querySelector("video");
        if (video !== null && video.videoWidth > 0) {
          found[tile.dataset.source] = video.getVideoPlaybackQuality().totalVideoFrames;
        }
      }
      return found;
    });
  const first = await look();
  await pause(1200);
  const now = await look();
  return Object.keys(now)
    .filter((source) => now[source] > (first[source] ?? Infinity))
    .sort();
}

const sees = (anna, ...sources) =>
  until(
    `the clinician sees ${sources.join(", ")} move`,
    async () => {
      const now = await seen(anna);
      return now.join() === sources.join() || Promise.reject(new Error(now.join()));
    },
    { timeout: 60000 },
  );

test("three cameras, each its own picture, chosen by the clinician and by whoever helps", async (t) => {
  const { place, code, screen } = await room(t, server, "Ammarnäs");
  const doctor = await staffSession(server, "anna");
  const visit = await bookAt(doctor, place);
  await enrol(screen, code, CAMERAS);
  await audit(screen, "room-setup-three");
  await toTheDoor(screen);
  const anna = await atDesk(t, server, "anna");
  await admitRoom(anna, screen, visit);
  await screen.seesMovingPictures(1);
  await screen.hearsTone(770);
  await anna.hearsTone(440);
  await sees(anna, "camera", "exam-camera", "exam-camera-2");
  await audit(anna, "staff-room-three");
  await audit(screen, "room-call");

  // The clinician makes the second examination large.
  const width = (source) =>
    anna.evaluate(
      (s) => document.querySelector(`.tile[data-source=${s}]`).getBoundingClientRect().width,
      source,
    );
  await press(anna, "large", ".tile[data-source=exam-camera-2]");
  await until(
    "it is larger than the others",
    async () => (await width("exam-camera-2")) > 1.5 * (await width("exam-camera")),
  );
  await audit(anna, "staff-room-large");
  await press(anna, "large", ".tile[data-source=exam-camera-2]");

  // Whoever helps shows one alone: the others are not sent, and each comes back.
  await press(screen, "lens-exam");
  await sees(anna, "exam-camera");
  await press(screen, "lens-exam2");
  await sees(anna, "exam-camera-2");
  await press(screen, "lens-room");
  await sees(anna, "camera");
  await press(screen, "lens-all");
  await sees(anna, "camera", "exam-camera", "exam-camera-2");
  await until("the room has told what came of the clinician", async () => {
    const told = (await sent(screen, "perceived")).at(-1);
    return told?.fps > 0 || Promise.reject(new Error(JSON.stringify(told)));
  }, { timeout: 30000 });
});

/** Loudness at a pitch of what comes from each sound source of the room, in dB. */
const loudness = (anna, hz, slots) =>
  anna.evaluate(
    ([at, wanted]) => {
      const heard = window.e2e.hear(at);
      const lines = window.e2e.pcs.flatMap((pc) => pc.getTransceivers());
      return Object.fromEntries(
        wanted.map(({ mid, source }) => {
          const track = lines.find((line) => line.mid === mid)?.receiver.track.id;
          return [source, heard.find((h) => h.track === track) ?? null];
        }),
      );
    },
    [hz, slots],
  );

/** The loudest of many looks: the tone comes in bursts. */
async function loudest(anna, hz, slots, source) {
  let best = -Infinity;
  for (let i = 0; i < 60; i++) {
    best = Math.max(best, (await loudness(anna, hz, slots))[source]?.peak ?? -Infinity);
    await pause(50);
  }
  return best;
}

test("a low tone at the stethoscope arrives as it is, when somebody listens", async (t) => {
  const { place, code, screen } = await room(t, server, "Dikanäs", { hz: 60 });
  const doctor = await staffSession(server, "anna");
  const visit = await bookAt(doctor, place);
  await enrol(screen, code, { ...CAMERAS, exam: -1, exam2: -1, stethoscope: 0 });
  await toTheDoor(screen);
  const anna = await atDesk(t, server, "anna");
  await admitRoom(anna, screen, visit);
  await anna.seesMovingPictures(1);
  const sounds = async () =>
    (await came(anna, "slots"))
      .at(-1)
      .slots.filter(
        (s) => s.participant !== null && ["microphone", "stethoscope"].includes(s.source),
      );
  assert.deepEqual(
    (await sounds()).map((s) => s.source),
    ["microphone"],
    "nobody listens yet",
  );

  await anna.page.selectOption("[data-testid=mode]", "auscultation");
  await screen.waitFor("[data-testid=stethoscope][aria-pressed=true]", PATIENT);
  await until("the stethoscope has a line of its own", async () => (await sounds()).length === 2);
  const slots = await sounds();
  const steth = await until(
    "60 Hz is heard",
    async () => {
      const db = await loudest(anna, 60, slots, "stethoscope");
      return (db > -40 && db) || Promise.reject(new Error(`${db} dB`));
    },
    { timeout: 60000 },
  );
  t.diagnostic(`60 Hz: stethoscope ${steth.toFixed(1)} dB`);
  // The tone's loudest burst is 0.73 of full scale, which this analyser's window shows as -16 dB.
  assert.ok(Math.abs(steth + 16) < 3, `what goes in at -16 dB comes out at ${steth} dB`);
  await audit(screen, "room-listening");

  const how = await screen.evaluate(async () => {
    for (const pc of window.e2e.pcs) {
      for (const { sender } of pc.getTransceivers()) {
        if (sender.track?.contentHint === "music") {
          const all = [...(await sender.getStats()).values()];
          const { codecId } = all.find((s) => s.type === "outbound-rtp");
          const { fmtp, sdpFmtpLine, channels } = all.find((s) => s.id === codecId);
          const { echoCancellation, noiseSuppression, autoGainControl } =
            sender.track.getSettings();
          return {
            fmtp: sdpFmtpLine ?? fmtp,
            channels,
            echoCancellation,
            noiseSuppression,
            autoGainControl,
          };
        }
      }
    }
    return null;
  });
  t.diagnostic(JSON.stringify(how));
  assert.deepEqual(
    [how.echoCancellation, how.noiseSuppression, how.autoGainControl],
    [false, false, false],
  );
  assert.match(how.fmtp, /stereo=1/);
  assert.match(how.fmtp, /maxaveragebitrate=96000/);

  // Whoever helps puts it down; and it is put down when something else is done.
  await press(screen, "stethoscope");
  await until("the clinician is told that it is off", async () =>
    (await came(anna, "participant-updated")).at(-1)?.participant.muted.includes("stethoscope"),
  );
  await press(screen, "stethoscope");
  await until(
    "and on again",
    async () =>
      !(await came(anna, "participant-updated")).at(-1).participant.muted.includes("stethoscope"),
  );
  await anna.page.selectOption("[data-testid=mode]", "talk");
  await screen.waitFor("[data-testid=stethoscope][aria-pressed=false]", PATIENT);
  await until("silence", async () => (await loudest(anna, 60, slots, "stethoscope")) < -70, {
    timeout: 60000,
  });
});

// Runs in the page: every track it opens, to be asked for later.
function keepTracks() {
  window.opened = [];
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = await real(wanted);
    window.opened.push(...stream.getTracks());
    return stream;
  };
}

test("said to be private, home care named and by phone, and nothing left afterwards", async (t) => {
  const { place, code, screen } = await room(t, server, "Sorsele");
  await screen.context.addInitScript(keepTracks);
  await screen.page.reload();
  await screen.waitFor("[data-testid=page-enrol]", PATIENT);
  const doctor = await staffSession(server, "anna");
  const visit = await bookAt(doctor, place, {
    participants: [
      { role: "patient", name: "Elsa Sjögren" },
      { role: "staff", name: "Maja Lind" },
    ],
  });
  await enrol(screen, code, CAMERAS);
  await press(screen, "setup-done");
  await screen.waitFor("[data-testid=start]", PATIENT);
  assert.doesNotMatch(await screen.text(), /Elsa|Sårvård|Maja/, "nothing of the patient on the board");
  await audit(screen, "room-ready");
  await press(screen, "start");
  await screen.sees(/Är det enskilt i rummet/, PATIENT);
  await screen.waitFor("[data-testid=privacy-yes]", PATIENT);
  assert.equal((await came(screen, "joined")).length, 0, "not before it is said to be private");
  await audit(screen, "room-privacy");
  // Whoever helps beside the patient has no device, and is told of all the same.
  await screen.page.check("[data-testid=privacy-helper]");
  await press(screen, "privacy-yes");
  await screen.waitFor("[data-testid=page-waiting]", PATIENT);
  await audit(screen, "room-waiting");
  const anna = await atDesk(t, server, "anna");
  await admitRoom(anna, screen, visit);
  const told = await until("the clinician is told who else is in the room", async () =>
    (await came(anna, "chat")).at(-1)?.text, PATIENT);
  assert.match(told, /Hemtjänst eller annan personal är med patienten/);

  // Another one of the home care comes by phone, in a role that everybody reads.
  const maja = await chromiumPerson("Maja", { hz: 610, context: PHONE });
  t.after(() => maja.close());
  await maja.open(visit.participants.find((p) => p.role === "staff").link);
  await maja.waitFor("[data-testid=join]:not([disabled])", PATIENT);
  await maja.click("[data-testid=join]");
  await press(anna, "admit");
  await maja.waitFor("[data-testid=page-call]", PATIENT);
  const role = /Maja Lind\s+Hemtjänst eller kommun/;
  await Promise.all([anna.sees(role, PATIENT), screen.sees(role, PATIENT)]);
  await screen.hearsTone(610, PATIENT);
  await maja.close();

  await press(screen, "end");
  await audit(screen, "room-end");
  await press(screen, "end-yes");
  await screen.waitFor("[data-testid=page-over]", PATIENT);
  await audit(screen, "room-over");
  const left = await screen.evaluate(() => ({
    session: sessionStorage.length,
    local: Object.keys(localStorage).sort(),
    open: window.e2e.connectionStates().filter((s) => s !== "closed"),
    tracks: window.opened.map((track) => track.readyState),
    page: `${document.title} ${document.body.innerText} ${location.href}`,
  }));
  assert.equal(left.session, 0);
  assert.deepEqual(left.open, []);
  assert.ok(left.tracks.length >= 4 && left.tracks.every((state) => state === "ended"), `${left.tracks}`);
  assert.doesNotMatch(left.page, /Elsa|Anna|Maja|Sårvård|#/);
  const kept = /^vidd\.(room|language|camera|exam-camera|exam-camera-2|microphone|stethoscope)$/;
  for (const key of left.local) assert.match(key, kept);
  await screen.waitFor("[data-testid=page-idle]", PATIENT);
});
