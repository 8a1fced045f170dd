// SPDX-License-Identifier: EUPL-1.2
// A still that has come, to be looked at closely: zoom and pan by mouse, by touch and by keys. It is
// in this page alone; saving it is the reader's own act.

import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { FITTED, panned, type Zoom, zoomed, zoomKey } from "../geometry";
import type { StillShown } from "../tools";
import { useStaff } from "./context";
import { Sheet } from "./sheet";

const WHEEL = 1.15;

function saveName(at: number): string {
  // Nothing of the person: what the file is called is seen by whoever sees the folder.
  return `vidd-${new Date(at).toISOString().slice(0, 19).replace(/[:T]/g, "-")}.jpg`;
}

function Picture({ still }: { readonly still: StillShown }): VNode {
  const { words } = useStaff();
  const [zoom, setZoom] = useState<Zoom>(FITTED);
  const from = useRef<{ readonly x: number; readonly y: number } | null>(null);
  const transform = `scale(${zoom.scale}) translate(${(0.5 - zoom.x) * 100}%, ${(0.5 - zoom.y) * 100}%)`;
  return (
    <>
      <figure
        class="still-frame"
        data-testid="still-frame"
        data-scale={zoom.scale.toFixed(2)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys need it
        tabIndex={0}
        aria-label={words.still.picture(still.name, still.width, still.height)}
        style={{ aspectRatio: `${still.width} / ${still.height}` }}
        onKeyDown={(event) => {
          const next = zoomKey(zoom, event.key);
          if (next !== null) {
            event.preventDefault();
            setZoom(next);
          }
        }}
        onWheel={(event) => {
          event.preventDefault();
          setZoom(zoomed(zoom, event.deltaY < 0 ? WHEEL : 1 / WHEEL));
        }}
        onPointerDown={(event) => {
          from.current = { x: event.clientX, y: event.clientY };
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={(event) => {
          if (from.current !== null) {
            const { clientWidth, clientHeight } = event.currentTarget;
            const dx = (from.current.x - event.clientX) / clientWidth;
            const dy = (from.current.y - event.clientY) / clientHeight;
            from.current = { x: event.clientX, y: event.clientY };
            setZoom(panned(zoom, dx, dy));
          }
        }}
        onPointerUp={() => {
          from.current = null;
        }}
      >
        <img src={still.url} alt="" draggable={false} style={{ transform }} />
      </figure>
      <div class="row-acts">
        <button type="button" class="secondary" onClick={() => setZoom(zoomed(zoom, 1.5))}>
          {words.still.larger}
        </button>
        <button type="button" class="secondary" onClick={() => setZoom(zoomed(zoom, 1 / 1.5))}>
          {words.still.smaller}
        </button>
        <button type="button" class="quiet" onClick={() => setZoom(FITTED)}>
          {words.still.whole}
        </button>
        <a
          class="secondary as-button"
          data-testid="still-save"
          href={still.url}
          download={saveName(still.at)}
        >
          {words.still.save}
        </a>
      </div>
    </>
  );
}

export function StillSheet({
  still,
  onClose,
}: {
  readonly still: StillShown;
  readonly onClose: () => void;
}): VNode {
  const { words } = useStaff();
  return (
    <Sheet id="still" title={words.still.title(still.name)} wide onClose={onClose}>
      <Picture still={still} />
      <p class="small">{words.still.keys}</p>
      <p class="small">{words.still.onlyHere}</p>
      <details class="choices">
        <summary>{words.still.about}</summary>
        <dl class="facts">
          <dt>{words.still.size}</dt>
          <dd>
            {still.width} × {still.height}, {words.bytes(still.bytes)}
          </dd>
          <dt>SHA-256</dt>
          <dd class="hash" data-testid="still-hash">
            {still.sha256}
          </dd>
        </dl>
      </details>
    </Sheet>
  );
}
