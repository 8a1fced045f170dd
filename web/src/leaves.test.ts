// SPDX-License-Identifier: EUPL-1.2
// The small pure parts: geometry, loudness, statistics, devices, browsers.
import { describe, expect, it } from "vitest";
import { choicesOf, problemOf } from "./devices";
import { layersFor } from "./layers";
import { frameIn, initials, MAX_CROP } from "./layout";
import { loudness } from "./meter";
import { countersOf, FlowWatch, levelOf } from "./stats";
import { browserOf, tokenOf } from "./support";

describe("frameIn", () => {
  const wide = { width: 1280, height: 720 };
  const tall = { width: 720, height: 1280 };

  it("fills the place when little is lost", () => {
    expect(frameIn({ width: 800, height: 500 }, wide)).toEqual({ width: 800, height: 500 });
  });

  it.each([
    [{ width: 390, height: 600 }, wide],
    [{ width: 1200, height: 500 }, tall],
    [{ width: 100, height: 1000 }, wide],
  ])("never cuts more than it may: %o", (place, picture) => {
    const frame = frameIn(place, picture);
    expect(frame.width).toBeLessThanOrEqual(place.width + 0.001);
    expect(frame.height).toBeLessThanOrEqual(place.height + 0.001);
    const scale = Math.max(frame.width / picture.width, frame.height / picture.height);
    const seen =
      (frame.width / (picture.width * scale)) * (frame.height / (picture.height * scale));
    expect(seen).toBeGreaterThanOrEqual(1 - MAX_CROP - 0.001);
    // Nothing larger would do: it touches two sides of its place.
    expect(
      Math.abs(frame.width - place.width) < 0.001 || Math.abs(frame.height - place.height) < 0.001,
    ).toBe(true);
  });

  it("survives a picture that has no size yet", () => {
    expect(frameIn({ width: 10, height: 10 }, { width: 0, height: 0 })).toEqual({
      width: 10,
      height: 10,
    });
  });
});

describe("layersFor", () => {
  it.each([
    [1280, 720, [320, 640, 1280]],
    [720, 1280, [180, 360, 720]],
    [960, 540, [240, 480, 960]],
    [640, 480, [320, 640]],
    [640, 360, [320, 640]],
    [320, 240, [320]],
  ])("%i x %i is sent in widths %o", (width, height, widths) => {
    const layers = layersFor(width, height);
    expect(layers.map(({ rid }) => rid)).toEqual(["q", "h", "f"]);
    const active = layers.filter((layer) => layer.active);
    expect(active.map((layer) => width / layer.scaleResolutionDownBy)).toEqual(widths);
    const rates = active.map(({ maxBitrate }) => maxBitrate);
    expect(rates).toEqual([...rates].sort((a, b) => a - b));
  });
});

describe("initials", () => {
  it.each([
    ["Anna Berg", "AB"],
    ["elsa", "E"],
    ["Karin Maria Fjällström", "KF"],
    ["  ", ""],
    ["Åsa 🦌", "Å🦌"],
  ])("%s", (name, letters) => expect(initials(name)).toBe(letters));
});

describe("loudness", () => {
  it("is silence to shouting in 0..1", () => {
    expect(loudness(0)).toBe(0);
    expect(loudness(1e-9)).toBe(0);
    expect(loudness(1)).toBe(1);
    expect(loudness(10 ** -3.25)).toBeCloseTo(0.5, 2);
  });
});

describe("levelOf", () => {
  const none = { packets: 0, lost: 0, bytes: 0, rttMs: null };

  it.each([
    [{ packets: 100, lost: 0, rttMs: 30 }, "good"],
    [{ packets: 95, lost: 5, rttMs: 30 }, "fair"],
    [{ packets: 80, lost: 20, rttMs: 30 }, "poor"],
    [{ packets: 100, lost: 0, rttMs: 500 }, "fair"],
    [{ packets: 100, lost: 0, rttMs: 900 }, "poor"],
    [{ packets: 0, lost: 0, rttMs: null }, "good"],
    [{ packets: 100, lost: -3, rttMs: null }, "good"],
  ] as const)("%o is %s", (after, level) =>
    expect(levelOf(none, { bytes: 0, ...after })).toBe(level),
  );

  it("looks at what came since last time", () => {
    expect(levelOf({ ...none, packets: 100, lost: 50 }, { ...none, packets: 200, lost: 50 })).toBe(
      "good",
    );
  });

  it("reads only what it needs of a report", () => {
    expect(
      countersOf([
        { type: "inbound-rtp", packetsReceived: 10, packetsLost: 1 },
        { type: "inbound-rtp", packetsReceived: 5 },
        { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.03, bytesReceived: 7 },
        { type: "candidate-pair", nominated: false, currentRoundTripTime: 9, bytesReceived: 2 },
        { type: "codec" },
      ]),
    ).toEqual({ packets: 15, lost: 1, bytes: 9, rttMs: 30 });
  });
});

describe("FlowWatch", () => {
  const words = (...bytes: number[]): string[] => {
    const watch = new FlowWatch();
    return bytes.map((b) => watch.look(b));
  };

  it("says once that it stopped", () => {
    expect(words(10, 20, 20, 20, 20, 20)).toEqual([
      "still",
      "flows",
      "still",
      "stalled",
      "still",
      "still",
    ]);
  });

  it("forgives one empty second, and starts over when it flows again", () => {
    expect(words(1, 2, 2, 3, 3, 3, 4, 4, 4)).toEqual([
      "still",
      "flows",
      "still",
      "flows",
      "still",
      "stalled",
      "flows",
      "still",
      "stalled",
    ]);
  });

  it("misses nothing where nothing ever flowed", () => {
    expect(words(0, 0, 0, 0)).not.toContain("stalled");
  });

  it("takes a counter that starts anew for flow", () => {
    expect(words(100, 200, 10)).toEqual(["still", "flows", "flows"]);
  });
});

describe("problemOf", () => {
  it.each([
    ["NotAllowedError", "denied"],
    ["SecurityError", "denied"],
    ["NotFoundError", "missing"],
    ["OverconstrainedError", "missing"],
    ["NotReadableError", "busy"],
    ["AbortError", "busy"],
    ["TypeError", "failed"],
  ])("%s is %s", (name, problem) => expect(problemOf(new DOMException("", name))).toBe(problem));

  it("takes anything else for a failure", () => expect(problemOf("what")).toBe("failed"));
});

describe("choicesOf", () => {
  const device = (kind: MediaDeviceKind, deviceId: string, label: string): MediaDeviceInfo =>
    ({ kind, deviceId, label, groupId: "" }) as MediaDeviceInfo;

  it("lists inputs that can be told apart", () => {
    expect(
      choicesOf([
        device("audioinput", "default", "Standard"),
        device("audioinput", "communications", "Kommunikation"),
        device("audioinput", "m", "Headset"),
        device("audiooutput", "s", "Högtalare"),
        device("videoinput", "", ""),
        device("videoinput", "c", "Kamera"),
      ]),
    ).toEqual({
      microphone: [
        { id: "default", label: "Standard" },
        { id: "m", label: "Headset" },
      ],
      camera: [{ id: "c", label: "Kamera" }],
    });
  });
});

describe("browserOf", () => {
  const webkit = "AppleWebKit/605.1.15 (KHTML, like Gecko)";
  it.each([
    [`Mozilla/5.0 (X11; Linux x86_64) ${webkit} Chrome/156.0 Safari/537.36`, 0, "chrome-desktop"],
    [`Mozilla/5.0 (Linux; Android 10; K) ${webkit} Chrome/140.0 Mobile`, 5, "chrome-android"],
    [
      "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
      0,
      "firefox-desktop",
    ],
    ["Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", 5, "firefox-android"],
    [
      `Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) ${webkit} Version/17.0 Safari/604.1`,
      5,
      "safari-ios",
    ],
    [
      `Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) ${webkit} CriOS/120.0 Safari/604.1`,
      5,
      "safari-ios",
    ],
    [
      `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) ${webkit} Version/17.0 Safari/605.1`,
      5,
      "safari-ios",
    ],
    [
      `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) ${webkit} Version/17.0 Safari/605.1`,
      0,
      "safari-mac",
    ],
    ["curl/8", 0, "other"],
  ])("%s with %i touch points", (agent, touches, browser) => {
    expect(browserOf(agent, touches)).toBe(browser);
  });
});

describe("tokenOf", () => {
  it.each([
    ["#pLq3mO0a9RkYt2bVx7cZ1g", "pLq3mO0a9RkYt2bVx7cZ1g"],
    ["#a-_Z9.", "a-_Z9"],
    ["#abc)>", "abc"],
    ["#%", ""],
    ["#", ""],
    ["", ""],
  ])("%s", (hash, token) => expect(tokenOf(hash)).toBe(token));
});
