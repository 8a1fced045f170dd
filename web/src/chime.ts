// SPDX-License-Identifier: EUPL-1.2
// The few sounds the page makes itself: the tone of the check, and the call into the visit. Browsers
// let a page sound only after a touch; wake() is called in one.

let context: AudioContext | null = null;

/** In a touch or a press: from then on the page may sound, also when nobody touches it. */
export function wake(): void {
  try {
    context ??= new AudioContext();
    void context.resume();
  } catch {
    // No sound of our own then; the words are there.
  }
}

interface Note {
  readonly hz: number;
  readonly at: number;
  readonly seconds: number;
}

function play(notes: readonly Note[], loudness: number): void {
  wake();
  if (context === null) {
    return;
  }
  const start = context.currentTime + 0.05;
  for (const { hz, at, seconds } of notes) {
    const tone = context.createOscillator();
    const gain = context.createGain();
    tone.frequency.value = hz;
    // Soft at both ends: a click is no part of the tone.
    gain.gain.setValueAtTime(0, start + at);
    gain.gain.linearRampToValueAtTime(loudness, start + at + 0.03);
    gain.gain.setValueAtTime(loudness, start + at + seconds - 0.08);
    gain.gain.linearRampToValueAtTime(0, start + at + seconds);
    tone.connect(gain).connect(context.destination);
    tone.start(start + at);
    tone.stop(start + at + seconds);
  }
}

/** 440 and 660 Hz: where age takes least of the hearing. */
export function playTone(): void {
  play(
    [
      { hz: 440, at: 0, seconds: 0.7 },
      { hz: 660, at: 0.8, seconds: 0.7 },
    ],
    0.4,
  );
}

/** One's turn: heard from the next room, felt in a pocket. */
export function playCallIn(): void {
  const round = (at: number): Note[] => [
    { hz: 523, at, seconds: 0.35 },
    { hz: 659, at: at + 0.35, seconds: 0.35 },
    { hz: 784, at: at + 0.7, seconds: 0.7 },
  ];
  play([...round(0), ...round(1.9)], 0.5);
  try {
    navigator.vibrate?.([400, 200, 400, 200, 400]);
  } catch {
    // A device that does not shake.
  }
}

/** Somebody has come, while one works at something else: short and low. */
export function playArrival(): void {
  play(
    [
      { hz: 392, at: 0, seconds: 0.18 },
      { hz: 494, at: 0.2, seconds: 0.26 },
    ],
    0.12,
  );
}
