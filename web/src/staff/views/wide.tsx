// SPDX-License-Identifier: EUPL-1.2
// What may be wider than the page: it is moved sideways in itself, by keys as well (WCAG 1.4.10, 2.1.1).

import type { ComponentChildren, VNode } from "preact";

export function Wide({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ComponentChildren;
}): VNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys scroll what has the focus.
    <section class="wide" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
