// SPDX-License-Identifier: EUPL-1.2
// How loud a microphone is, some twenty times a second, for the bar that shows that one is heard.

const PERIOD_MS = 50;
/** Quieter than this is a silent room. */
const FLOOR_DB = -55;
const CEILING_DB = -10;

/** 0..1 from the mean square of samples in -1..1: even steps of loudness, not of pressure. */
export function loudness(meanSquare: number): number {
  if (meanSquare <= 0) {
    return 0;
  }
  const db = 10 * Math.log10(meanSquare);
  return Math.min(1, Math.max(0, (db - FLOOR_DB) / (CEILING_DB - FLOOR_DB)));
}

/** Calls onLevel until the returned function is called. onLevel(null): the browser first wants a
 * touch or a key before it measures. */
export function startMeter(
  track: MediaStreamTrack,
  onLevel: (level: number | null) => void,
): () => void {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  const source = context.createMediaStreamSource(new MediaStream([track]));
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let shown = 0;
  const wake = (): void => void context.resume();
  const timer = setInterval(() => {
    if (context.state !== "running") {
      onLevel(null);
      return;
    }
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, x) => sum + x * x, 0) / samples.length;
    // Up at once, down slowly: easier on the eye, and a word is not missed.
    shown = Math.max(loudness(power), shown * 0.85);
    onLevel(shown);
  }, PERIOD_MS);
  window.addEventListener("pointerdown", wake);
  window.addEventListener("keydown", wake);
  return () => {
    clearInterval(timer);
    window.removeEventListener("pointerdown", wake);
    window.removeEventListener("keydown", wake);
    source.disconnect();
    void context.close();
  };
}
