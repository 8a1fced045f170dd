// SPDX-License-Identifier: EUPL-1.2
// How large a picture is drawn: pure geometry.

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A picture may lose this share of its width or height to fill its place better, but no more: in a
 * consultation what is at the edge may be what matters. */
export const MAX_CROP = 0.4;

/** The largest frame inside the place that shows at least 1 - MAX_CROP of the picture. */
export function frameIn(place: Size, picture: Size): Size {
  if (place.width <= 0 || place.height <= 0 || picture.width <= 0 || picture.height <= 0) {
    return place;
  }
  const keep = 1 - MAX_CROP;
  const aspect = picture.width / picture.height;
  const wanted = place.width / place.height;
  const clamped = Math.min(Math.max(wanted, aspect * keep), aspect / keep);
  return clamped >= wanted
    ? { width: place.width, height: place.width / clamped }
    : { width: place.height * clamped, height: place.height };
}

/** How high in the picture the middle of what is kept lies; call.css has the same number. */
export const KEEP_TOP = 0.3;

/** Where a point of the picture, 0..1 from its left and top, lies in a frame that the picture fills.
 * null: it is in the part that is cut off. */
export function pointIn(
  frame: Size,
  picture: Size,
  point: { readonly x: number; readonly y: number },
): { readonly left: number; readonly top: number } | null {
  if (frame.width <= 0 || frame.height <= 0 || picture.width <= 0 || picture.height <= 0) {
    return null;
  }
  const scale = Math.max(frame.width / picture.width, frame.height / picture.height);
  const drawn = { width: picture.width * scale, height: picture.height * scale };
  const left = point.x * drawn.width - (drawn.width - frame.width) * 0.5;
  const top = point.y * drawn.height - (drawn.height - frame.height) * KEEP_TOP;
  const isIn = left >= 0 && top >= 0 && left <= frame.width && top <= frame.height;
  return isIn ? { left, top } : null;
}

/** Up to two letters that stand for somebody without a picture. */
export function initials(name: string): string {
  const words = name
    .trim()
    .split(/\s+/)
    .filter((word) => word !== "");
  const letters = [words[0], words.length > 1 ? words[words.length - 1] : undefined].map((word) =>
    word === undefined ? "" : ([...word][0] ?? ""),
  );
  return letters.join("").toLocaleUpperCase();
}
