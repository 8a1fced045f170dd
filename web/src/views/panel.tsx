// SPDX-License-Identifier: EUPL-1.2
// A sheet over the stage or beside it: a heading that has the focus when it opens, a way to close it,
// and Escape.

import type { ComponentChildren, VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useSurroundings } from "./context";
import { Icon } from "./icon";

interface PanelProps {
  readonly id: string;
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function Panel({ id, title, onClose, children }: PanelProps): VNode {
  const { text } = useSurroundings();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <aside
      id={id}
      class="people"
      aria-labelledby={`${id}-heading`}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          onClose();
        }
      }}
    >
      <div class="people-top">
        <h2 id={`${id}-heading`} ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" class="quiet" onClick={onClose}>
          <Icon name="close" />
          {text.close}
        </button>
      </div>
      {children}
    </aside>
  );
}
