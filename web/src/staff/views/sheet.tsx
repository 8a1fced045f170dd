// SPDX-License-Identifier: EUPL-1.2
// A sheet before everything else: the browser's own dialog, so that focus stays in it, Escape closes
// it, and the focus goes back to where it was.

import type { ComponentChildren, VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useSurroundings } from "../../views/context";
import { Icon } from "../../views/icon";

interface SheetProps {
  readonly id: string;
  readonly title: string;
  readonly wide?: boolean;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function Sheet({ id, title, wide, onClose, children }: SheetProps): VNode {
  const { text } = useSurroundings();
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    if (dialog !== null && !dialog.open) {
      dialog.showModal();
      dialog.querySelector<HTMLElement>("h2")?.focus();
    }
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) {
        before.focus();
      }
    };
  }, []);
  return (
    <dialog
      ref={ref}
      id={id}
      data-testid={id}
      class={wide ? "sheet sheet-wide" : "sheet"}
      aria-labelledby={`${id}-heading`}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div class="sheet-top">
        <h2 id={`${id}-heading`} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" class="quiet" data-testid={`${id}-close`} onClick={onClose}>
          <Icon name="close" />
          {text.close}
        </button>
      </div>
      {children}
    </dialog>
  );
}
