// SPDX-License-Identifier: EUPL-1.2
// The sizes a camera picture is sent in, smallest first, so that the server can forward the one
// that fits each receiver. Chromium sends the third size only from 960x540 and the second from
// 480x270: of a smaller camera an unadapted plan would send nothing larger than a half.

export interface Layer {
  readonly rid: string;
  readonly active: boolean;
  readonly scaleResolutionDownBy: number;
  readonly maxBitrate: number;
}

const THREE_FROM = 960 * 540;
const TWO_FROM = 480 * 270;

/** Three entries always: what is negotiated once must fit every later camera. */
export function layersFor(width: number, height: number): Layer[] {
  const pixels = width * height;
  if (pixels >= THREE_FROM) {
    return [layer("q", 4, 150_000), layer("h", 2, 500_000), layer("f", 1, 1_500_000)];
  }
  if (pixels >= TWO_FROM) {
    return [layer("q", 2, 200_000), layer("h", 1, 700_000), off("f")];
  }
  return [layer("q", 1, 300_000), off("h"), off("f")];
}

function layer(rid: string, scaleResolutionDownBy: number, maxBitrate: number): Layer {
  return { rid, active: true, scaleResolutionDownBy, maxBitrate };
}

function off(rid: string): Layer {
  return { rid, active: false, scaleResolutionDownBy: 1, maxBitrate: 100_000 };
}

/** For a camera that is not there yet, the plan of a good one. */
export function layersOf(track: MediaStreamTrack | null): Layer[] {
  const { width, height } = track?.getSettings() ?? {};
  return width === undefined || height === undefined
    ? layersFor(1280, 720)
    : layersFor(width, height);
}
