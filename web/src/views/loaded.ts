// SPDX-License-Identifier: EUPL-1.2
// Parts of the page that few need, fetched for them alone.

import { useEffect, useState } from "preact/hooks";

const LOAD_AGAIN_MS = 5000;

export const loadLacking = () => import("./lacking");

/** null until it has come: what is on the page without it is true, and enough to go on. */
export function useLoaded<Part>(load: (() => Promise<Part>) | null): Part | null {
  const [part, setPart] = useState<Part | null>(null);
  useEffect(() => {
    const go = (): void =>
      void load?.().then(
        (loaded) => setPart(() => loaded),
        () => setTimeout(go, LOAD_AGAIN_MS),
      );
    go();
  }, [load]);
  return part;
}
