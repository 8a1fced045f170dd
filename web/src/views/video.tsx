// SPDX-License-Identifier: EUPL-1.2
// Live tracks in elements. Pictures are always muted elements and sound has elements of its own:
// sound then goes on whatever happens to a tile, and pictures need nobody's leave to play.

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { frameIn, pointIn, type Size } from "../layout";
import { useSurroundings } from "./context";

interface VideoProps {
  readonly track: MediaStreamTrack;
  readonly mirrored?: boolean;
  readonly testId?: string;
  readonly onSize?: (size: Size) => void;
  /** A picture has come to be seen; told for as long as this is given. */
  readonly onPicture?: () => void;
}

export function Video({ track, mirrored, testId, onSize, onPicture }: VideoProps): VNode {
  const ref = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = ref.current;
    if (element === null || onPicture === undefined) {
      return;
    }
    return watchPictures(element, onPicture);
  }, [onPicture]);
  useEffect(() => {
    const element = ref.current;
    if (element === null) {
      return;
    }
    element.srcObject = new MediaStream([track]);
    element.play().catch(() => {
      // The element was taken away meanwhile, or the browser plays it by itself.
    });
    return () => {
      element.srcObject = null;
    };
  }, [track]);
  return (
    <video
      ref={ref}
      class={mirrored ? "mirrored" : undefined}
      data-testid={testId}
      muted
      playsInline
      autoPlay
      disablePictureInPicture
      tabIndex={-1}
      aria-hidden="true"
      onResize={(event) => {
        const { videoWidth, videoHeight } = event.currentTarget;
        onSize?.({ width: videoWidth, height: videoHeight });
      }}
    />
  );
}

/** Oneself as in a mirror; but what the camera at the back shows is not oneself. */
export function isMirrored(track: MediaStreamTrack): boolean {
  return track.getSettings().facingMode !== "environment";
}

// Firefox before 132 and Safari before 15.4 cannot tell: then nothing is told.
function watchPictures(element: HTMLVideoElement, onPicture: () => void): (() => void) | undefined {
  if (element.requestVideoFrameCallback === undefined) {
    return undefined;
  }
  let handle = 0;
  const ask = (): void => {
    handle = element.requestVideoFrameCallback(() => {
      onPicture();
      ask();
    });
  };
  ask();
  return () => element.cancelVideoFrameCallback(handle);
}

interface FramedProps extends Omit<VideoProps, "onSize"> {
  /** Shown before the first picture has come. */
  readonly until: VNode;
  /** Somebody points here, 0..1 of the picture. */
  readonly point?: { readonly x: number; readonly y: number } | undefined;
}

interface DotProps {
  readonly frame: Size;
  readonly picture: Size;
  readonly point: { readonly x: number; readonly y: number };
}

function Dot({ frame, picture, point }: DotProps): VNode | null {
  const at = pointIn(frame, picture, point);
  return at === null ? null : (
    <span
      class="dot"
      data-testid="pointer"
      style={{ left: `${at.left}px`, top: `${at.top}px` }}
      aria-hidden="true"
    />
  );
}

/** A picture as large as its place allows without cutting off more than layout.ts lets it. */
export function FramedVideo({ until, point, ...props }: FramedProps): VNode {
  const place = useRef<HTMLDivElement>(null);
  const [available, setAvailable] = useState<Size | null>(null);
  const [picture, setPicture] = useState<Size | null>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null || typeof ResizeObserver === "undefined") {
      return;
    }
    const observer = new ResizeObserver(() => {
      setAvailable({ width: element.clientWidth, height: element.clientHeight });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const frame = available === null || picture === null ? null : frameIn(available, picture);
  const style =
    frame === null
      ? { width: "100%", height: "100%" }
      : { width: `${frame.width}px`, height: `${frame.height}px` };
  return (
    <div class="picture" ref={place}>
      {picture === null && until}
      <div class="picture-frame" style={style}>
        <Video {...props} onSize={setPicture} />
        {point !== undefined && frame !== null && picture !== null && (
          <Dot
            frame={frame}
            picture={picture}
            point={props.mirrored ? { x: 1 - point.x, y: point.y } : point}
          />
        )}
      </div>
    </div>
  );
}

function Sound({ mid, track }: { readonly mid: string; readonly track: MediaStreamTrack }): VNode {
  const { dispatch } = useSurroundings();
  const ref = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    const element = ref.current;
    if (element === null) {
      return;
    }
    element.srcObject = new MediaStream([track]);
    element.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === "NotAllowedError") {
        dispatch({ type: "sound-blocked", blocked: true });
      }
    });
    return () => {
      element.srcObject = null;
    };
  }, [track, dispatch]);
  // biome-ignore lint/a11y/useMediaCaption: live speech has no caption track
  return <audio ref={ref} data-mid={mid} data-testid="sound" />;
}

export function Sounds(): VNode {
  const { board } = useSurroundings();
  return (
    <div class="sounds" hidden>
      {board.sounds().map(({ mid, track }) => (
        <Sound key={mid} mid={mid} track={track} />
      ))}
    </div>
  );
}

/** After a touch the browser lets everything play. */
export async function playSounds(): Promise<boolean> {
  const elements = [...document.querySelectorAll<HTMLAudioElement>(".sounds audio")];
  const results = await Promise.allSettled(elements.map((element) => element.play()));
  return results.every((result) => result.status === "fulfilled");
}
