// SPDX-License-Identifier: EUPL-1.2
// A still picture at the camera's full size: taken, looked at, sent in parts. It lives in this page
// alone, until it is sent or dropped.

import { Outgoing, partBytes, sha256 } from "./parts";
import type { ClientMessage } from "./protocol";
import type { Event } from "./state/types";

const JPEG_QUALITY = 0.92;
/** A change of size needs a moment until the picture is of the new size. */
const SETTLE_MS = 700;
/** What the server relays at most; above, the picture is made smaller. */
const MAX_BYTES = 8_000_000;
/** Without a word from the other side for so long, the parts under way are sent again. */
const AGAIN_MS = 4000;
const AGAIN_MOST = 15;

interface Range {
  readonly max?: number;
}

interface PhotoTaker {
  getPhotoCapabilities(): Promise<{ readonly imageWidth?: Range; readonly imageHeight?: Range }>;
  takePhoto(settings: { imageWidth?: number; imageHeight?: number }): Promise<Blob>;
}
declare const ImageCapture: undefined | (new (track: MediaStreamTrack) => PhotoTaker);

/** The largest picture the camera gives: as a photograph, or as a frame of its video where that is
 * larger, as with webcams whose photograph is but a frame of the size they are at. */
export async function takeStill(track: MediaStreamTrack): Promise<Blob> {
  const photo = await takePhoto(track);
  const { width, height } = track.getCapabilities?.() ?? {};
  const most = (width?.max ?? 0) * (height?.max ?? 0);
  if (photo !== null && (await pixelsOf(photo)) >= most) {
    return photo;
  }
  return takeFrame(track);
}

async function takePhoto(track: MediaStreamTrack): Promise<Blob | null> {
  if (typeof ImageCapture !== "function") {
    return null;
  }
  try {
    const taker = new ImageCapture(track);
    const { imageWidth, imageHeight } = await taker.getPhotoCapabilities();
    const size =
      imageWidth?.max && imageHeight?.max
        ? { imageWidth: imageWidth.max, imageHeight: imageHeight.max }
        : {};
    const photo = await taker.takePhoto(size);
    return photo.size > 0 && photo.size <= MAX_BYTES ? photo : null;
  } catch {
    // A camera that films but does not photograph.
    return null;
  }
}

async function pixelsOf(photo: Blob): Promise<number> {
  const image = await createImageBitmap(photo);
  const pixels = image.width * image.height;
  image.close();
  return pixels;
}

async function takeFrame(track: MediaStreamTrack): Promise<Blob> {
  const before = track.getSettings();
  const most = track.getCapabilities?.();
  const width = most?.width?.max;
  const height = most?.height?.max;
  const grows = width !== undefined && height !== undefined && width > (before.width ?? 0);
  if (grows) {
    // Not every camera gives what it says it can: then the frame is of the size there is.
    await track
      .applyConstraints({ width: { ideal: width }, height: { ideal: height } })
      .catch(() => undefined);
    await new Promise((done) => setTimeout(done, SETTLE_MS));
  }
  try {
    return await frameOf(track);
  } finally {
    if (grows) {
      const { width: w = 1280, height: h = 720, frameRate: f = 30 } = before;
      await track
        .applyConstraints({ width: { ideal: w }, height: { ideal: h }, frameRate: { ideal: f } })
        .catch(() => undefined);
    }
  }
}

async function frameOf(track: MediaStreamTrack): Promise<Blob> {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  try {
    await video.play();
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext("2d")?.drawImage(video, 0, 0);
    return await new Promise<Blob>((done, failed) =>
      canvas.toBlob(
        (blob) => (blob === null ? failed(new Error("no picture")) : done(blob)),
        "image/jpeg",
        JPEG_QUALITY,
      ),
    );
  } finally {
    video.srcObject = null;
  }
}

export class Still {
  private blob: Blob | null = null;
  private address: string | null = null;
  private out: Outgoing | null = null;
  private to = "";
  private clock: ReturnType<typeof setInterval> | undefined;
  private tries = 0;
  private movedAt = 0;

  constructor(
    private readonly dispatch: (event: Event) => void,
    private readonly send: (message: ClientMessage) => void,
  ) {}

  /** Where the taken picture can be seen; null: there is none. */
  get url(): string | null {
    return this.address;
  }

  async take(track: MediaStreamTrack | null): Promise<void> {
    this.drop();
    try {
      if (track === null) {
        throw new Error("no camera");
      }
      const blob = await takeStill(track);
      this.blob = blob;
      this.address = URL.createObjectURL(blob);
      this.dispatch({ type: "still-taken" });
    } catch {
      this.dispatch({ type: "still-failed" });
    }
  }

  async begin(id: string, to: string, upKbps: number): Promise<void> {
    const { blob } = this;
    if (blob === null) {
      this.dispatch({ type: "still-failed" });
      return;
    }
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const sum = await sha256(bytes);
    if (this.blob !== blob) {
      return;
    }
    this.to = to;
    this.tries = 0;
    this.out = new Outgoing(id, bytes, sum, partBytes(upKbps));
    this.movedAt = performance.now();
    clearInterval(this.clock);
    this.clock = setInterval(() => this.look(), AGAIN_MS / 4);
    this.go();
  }

  acked(id: string, seq: number): void {
    const { out } = this;
    if (out === null || out.id !== id) {
      return;
    }
    out.ack(seq);
    this.tries = 0;
    this.movedAt = performance.now();
    this.dispatch({ type: "still-progress", arrived: out.arrived, count: out.count });
    if (out.isDone) {
      this.stop();
    } else {
      this.go();
    }
  }

  drop(): void {
    this.stop();
    this.blob = null;
    if (this.address !== null) {
      URL.revokeObjectURL(this.address);
      this.address = null;
    }
  }

  private stop(): void {
    clearInterval(this.clock);
    this.out = null;
  }

  private go(): void {
    for (const part of this.out?.due() ?? []) {
      this.send({ type: "still", to: this.to, ...part });
    }
  }

  // What was under way when the websocket was lost is asked for by nobody: it is sent again.
  private look(): void {
    const { out } = this;
    if (out === null || performance.now() - this.movedAt < AGAIN_MS) {
      return;
    }
    this.movedAt = performance.now();
    this.tries += 1;
    if (this.tries > AGAIN_MOST) {
      this.stop();
      this.dispatch({ type: "still-failed" });
      return;
    }
    for (const part of out.again()) {
      this.send({ type: "still", to: this.to, ...part });
    }
  }
}
