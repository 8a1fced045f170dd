// SPDX-License-Identifier: EUPL-1.2
// What a stethoscope hears lies where codecs for speech cut: Opus made for speech has a high pass at
// 60 to 100 Hz, and heart sounds lie below it. The answer to our offer decides how we encode.

import type { SourceLine } from "../protocol";
import { mapMedia } from "../sdp";

/** Twice what Opus needs for music in mono; the server asks for less where the link carries less. */
const MUSIC_BPS = 96_000;

/** With stereo asked for, browsers run Opus in its mode for music (libwebrtc's AudioEncoderOpus),
 * whose high pass lies at 3 Hz; the track itself stays mono. Nothing is left out in silence. */
const MUSIC = { stereo: "1", maxaveragebitrate: String(MUSIC_BPS), usedtx: "0" } as const;

function withMusic(media: string): string {
  const pt = /^a=rtpmap:(\d+) opus\/48000\/2\r$/im.exec(media)?.[1];
  if (pt === undefined) {
    return media;
  }
  const line = new RegExp(`^a=fmtp:${pt} (.*)\\r$`, "m");
  const before = line.exec(media)?.[1] ?? "";
  const kept = before
    .split(";")
    .filter((one) => one !== "" && !((one.split("=")[0] ?? "") in MUSIC));
  const words = [...kept, ...Object.entries(MUSIC).map(([name, value]) => `${name}=${value}`)];
  const said = `a=fmtp:${pt} ${words.join(";")}\r`;
  return line.test(media)
    ? media.replace(line, said)
    : media.replace(/^(a=rtpmap:\d+ opus\/48000\/2\r)$/im, `$1\n${said}`);
}

/** The answer, with the stethoscope's line as music. */
export function refineSound(sdp: string, sources: readonly SourceLine[]): string {
  const mids = sources.filter(({ source }) => source === "stethoscope").map(({ mid }) => mid);
  return mapMedia(sdp, (media) =>
    mids.some((mid) => media.includes(`\r\na=mid:${mid}\r\n`)) ? withMusic(media) : media,
  );
}
