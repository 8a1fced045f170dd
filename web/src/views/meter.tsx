// SPDX-License-Identifier: EUPL-1.2
// The bar that shows that one is heard.

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { startMeter } from "../meter";
import { useSurroundings } from "./context";

/** Louder than this for a moment, and it is said in words that one is heard. */
const HEARD = 0.35;

interface MeterProps {
  readonly track: MediaStreamTrack;
  readonly onHeard?: () => void;
}

export function Meter({ track, onHeard }: MeterProps): VNode {
  const { text } = useSurroundings();
  const [level, setLevel] = useState<number | null>(0);
  const [heard, setHeard] = useState(false);
  const told = useRef(onHeard);
  told.current = onHeard;
  useEffect(() => {
    setHeard(false);
    return startMeter(track, (now) => {
      setLevel(now === null ? null : Math.round(now * 50) / 50);
      if (now !== null && now > HEARD) {
        setHeard(true);
        told.current?.();
      }
    });
  }, [track]);
  const hint = level === null ? text.meterAsleep : heard ? text.meterHeard : text.meterHint;
  return (
    <div class="meter" data-heard={heard}>
      {/* biome-ignore lint/a11y/useSemanticElements: browsers draw <meter> each in their own way */}
      <div
        class="meter-bar"
        role="meter"
        aria-label={text.meterLabel}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round((level ?? 0) * 100)}
        data-testid="meter"
      >
        <span style={{ transform: `scaleX(${level ?? 0})` }} />
      </div>
      <p class="small">{hint}</p>
    </div>
  );
}
