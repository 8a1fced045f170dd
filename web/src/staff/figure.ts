// SPDX-License-Identifier: EUPL-1.2
// The simulated patient as its camera sees it: a person at a kitchen table, who moves, speaks and
// shows a sore on the hand, so that there is something to look at closely.

type Pen = CanvasRenderingContext2D;

function disc(pen: Pen, colour: string, x: number, y: number, rx: number, ry: number): void {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.ellipse(x, y, rx, ry, 0, 0, Math.PI * 2);
  pen.fill();
}

function room(pen: Pen, width: number, height: number): void {
  pen.fillStyle = "#c9bfa8";
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = "#dfe7ea";
  pen.fillRect(width * 0.07, height * 0.1, width * 0.2, height * 0.4);
  pen.fillStyle = "#7d6a52";
  pen.fillRect(0, height * 0.93, width, height * 0.07);
}

function hand(pen: Pen, x: number, y: number, unit: number): void {
  disc(pen, "#e2b393", x, y, unit * 0.95, unit * 0.7);
  for (let i = 0; i < 4; i++) {
    disc(
      pen,
      "#e2b393",
      x - unit * 0.55 + i * unit * 0.36,
      y - unit * 0.8,
      unit * 0.17,
      unit * 0.5,
    );
  }
  disc(pen, "#a0483a", x + unit * 0.1, y + unit * 0.05, unit * 0.24, unit * 0.17);
  disc(pen, "#6f2a22", x + unit * 0.12, y + unit * 0.06, unit * 0.1, unit * 0.07);
}

export function drawFigure(
  pen: Pen,
  width: number,
  height: number,
  seconds: number,
  isTalking: boolean,
): void {
  const unit = Math.min(width, height) / 10;
  const x = width / 2 + Math.sin(seconds * 0.7) * unit * 0.3;
  const y = Math.sin(seconds * 1.1) * unit * 0.08;
  room(pen, width, height);
  disc(pen, "#3c6e57", x, height + unit * 0.6, unit * 3.4, unit * 3.6);
  disc(pen, "#c9c4bb", x, height - unit * 5.4 + y, unit * 1.75, unit * 2.1);
  pen.fillStyle = "#f0cdb2";
  pen.fillRect(x - unit * 0.6, height - unit * 4, unit * 1.2, unit * 1.4);
  disc(pen, "#f0cdb2", x, height - unit * 5 + y, unit * 1.4, unit * 1.75);
  const isBlink = seconds % 4 < 0.15;
  for (const side of [-1, 1]) {
    const ry = isBlink ? 0.02 : 0.13;
    disc(pen, "#2a1f1a", x + side * unit * 0.55, height - unit * 5.2 + y, unit * 0.13, unit * ry);
  }
  disc(pen, "#7a3d32", x, height - unit * 4.2 + y, unit * 0.4, unit * (isTalking ? 0.22 : 0.06));
  hand(pen, x + unit * 3.2 + Math.sin(seconds * 1.7) * unit * 0.5, height - unit * 2.6, unit);
}
