// SPDX-License-Identifier: EUPL-1.2
// A drawn person in a room, as a camera would send it: enough to judge crops and contrasts by.

const ROOMS = [
  "#c9bfa8",
  "#a8b8b4",
  "#d8d2c4",
  "#8fa39a",
  "#bfb3a3",
  "#9aa7b0",
  "#d3c3a6",
  "#b7c2b0",
];
const SKINS = [
  "#e8bf9f",
  "#c98f63",
  "#f0cdb2",
  "#8d5a3c",
  "#dba97f",
  "#f2d3bd",
  "#b97f55",
  "#e6b590",
];
const SHIRTS = [
  "#2f5d8a",
  "#6b4a6e",
  "#3c6e57",
  "#a0583a",
  "#4b5563",
  "#88794a",
  "#7d3540",
  "#2d4a4a",
];
const HAIRS = [
  "#5a4632",
  "#1f1a17",
  "#c9c4bb",
  "#3b2a20",
  "#8c8c8c",
  "#a6763f",
  "#2c2c34",
  "#d8d4cc",
];

function at(list: readonly string[], i: number): string {
  return list[i % list.length] ?? "#888888";
}

function draw(pen: CanvasRenderingContext2D, seed: number, width: number, height: number): void {
  // A phone that stands up is held so that there is a chest below the face.
  const isPortrait = height > width;
  const unit = Math.min(width, height) / (isPortrait ? 8 : 10);
  const low = isPortrait ? height * 0.8 : height;
  const x = width / 2;
  pen.fillStyle = at(ROOMS, seed);
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = "#ffffff55";
  pen.fillRect(width * 0.08, height * 0.12, width * 0.2, height * 0.4);
  pen.fillStyle = at(SHIRTS, seed);
  pen.fillRect(x - unit * 3.4, low + unit * 0.6, unit * 6.8, height - low);
  pen.beginPath();
  pen.ellipse(x, low + unit * 0.6, unit * 3.4, unit * 3.6, 0, 0, Math.PI * 2);
  pen.fill();
  pen.fillStyle = at(HAIRS, seed);
  pen.beginPath();
  pen.ellipse(x, low - unit * 5.4, unit * 1.75, unit * 2.1, 0, 0, Math.PI * 2);
  pen.fill();
  pen.fillStyle = at(SKINS, seed);
  pen.fillRect(x - unit * 0.6, low - unit * 4, unit * 1.2, unit * 1.4);
  pen.beginPath();
  pen.ellipse(x, low - unit * 5, unit * 1.4, unit * 1.75, 0, 0, Math.PI * 2);
  pen.fill();
  pen.fillStyle = "#2a1f1a";
  for (const side of [-1, 1]) {
    pen.beginPath();
    pen.arc(x + side * unit * 0.55, low - unit * 5.2, unit * 0.13, 0, Math.PI * 2);
    pen.fill();
  }
  pen.lineWidth = unit * 0.12;
  pen.strokeStyle = "#7a3d32";
  pen.beginPath();
  pen.arc(x, low - unit * 4.6, unit * 0.5, 0.3, Math.PI - 0.3);
  pen.stroke();
}

/** stopsMs: a picture that comes no more after that time, as a still does not. */
export function person(
  seed: number,
  width: number,
  height: number,
  stopsMs = Number.POSITIVE_INFINITY,
): MediaStreamTrack | null {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d");
  if (pen === null) {
    return null;
  }
  draw(pen, seed, width, height);
  // A still canvas sends no frames: it is drawn again and again.
  const clock = setInterval(() => draw(pen, seed, width, height), 100);
  if (Number.isFinite(stopsMs)) {
    setTimeout(() => clearInterval(clock), stopsMs);
  }
  return canvas.captureStream(10).getVideoTracks()[0] ?? null;
}
