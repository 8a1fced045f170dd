// SPDX-License-Identifier: EUPL-1.2
// Where in a picture one points, and what of a large still is seen: pure geometry.

import { KEEP_TOP, type Size } from "../layout";
import type { Point } from "../state/types";

/** The inverse of layout.ts's pointIn: a place in a frame that a picture fills, as shares of the
 * whole picture. */
export function pointAt(frame: Size, picture: Size, left: number, top: number): Point | null {
  if (frame.width <= 0 || frame.height <= 0 || picture.width <= 0 || picture.height <= 0) {
    return null;
  }
  const scale = Math.max(frame.width / picture.width, frame.height / picture.height);
  const drawn = { width: picture.width * scale, height: picture.height * scale };
  const x = (left + (drawn.width - frame.width) * 0.5) / drawn.width;
  const y = (top + (drawn.height - frame.height) * KEEP_TOP) / drawn.height;
  return { x: clamp(x, 0, 1), y: clamp(y, 0, 1) };
}

/** One press of an arrow key. */
export const STEP = 0.02;

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function moved(point: Point | null, key: string): Point | null {
  const arrow = ARROWS[key];
  if (arrow === undefined) {
    return null;
  }
  const from = point ?? { x: 0.5, y: 0.5 };
  return {
    x: clamp(from.x + arrow[0] * STEP, 0, 1),
    y: clamp(from.y + arrow[1] * STEP, 0, 1),
  };
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

/** What of a still is seen: how much larger than fitted, and which point of it is in the middle. */
export interface Zoom {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const FITTED: Zoom = { scale: 1, x: 0.5, y: 0.5 };
const MOST = 16;

/** The middle cannot go so far that the edge of the picture comes into the frame. */
function kept({ scale, x, y }: Zoom): Zoom {
  const half = 0.5 / scale;
  return { scale, x: clamp(x, half, 1 - half), y: clamp(y, half, 1 - half) };
}

export function zoomed(zoom: Zoom, by: number): Zoom {
  return kept({ ...zoom, scale: clamp(zoom.scale * by, 1, MOST) });
}

/** dx, dy: as shares of what is seen. */
export function panned(zoom: Zoom, dx: number, dy: number): Zoom {
  return kept({ ...zoom, x: zoom.x + dx / zoom.scale, y: zoom.y + dy / zoom.scale });
}

/** + - 0 and the arrows; null: not a key of ours. */
export function zoomKey(zoom: Zoom, key: string): Zoom | null {
  switch (key) {
    case "+":
    case "=":
      return zoomed(zoom, 1.25);
    case "-":
      return zoomed(zoom, 0.8);
    case "0":
      return FITTED;
    default: {
      const arrow = ARROWS[key];
      return arrow === undefined ? null : panned(zoom, arrow[0] * 0.15, arrow[1] * 0.15);
    }
  }
}
