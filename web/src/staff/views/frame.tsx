// SPDX-License-Identifier: EUPL-1.2
// The page around everything that is not a call: who is logged in, for which unit, and the way out.

import type { ComponentChildren, VNode } from "preact";
import { LanguageSwitch } from "../../views/calm";
import { useSurroundings } from "../../views/context";
import { Icon } from "../../views/icon";
import type { Trouble } from "../types";
import { useStaff } from "./context";

function Who(): VNode | null {
  const { desk, words, tell } = useStaff();
  const { session } = desk;
  if (session === null) {
    return null;
  }
  return (
    <div class="who">
      <p data-testid="who">
        <span class="who-name">{session.staff.name}</span>
        {session.commission !== null && (
          <span class="who-unit">
            {session.commission.unit.name}, {session.commission.provider.name}
          </span>
        )}
      </p>
      <button
        type="button"
        class="quiet"
        data-testid="log-out"
        onClick={() => tell({ type: "log-out-pressed" })}
      >
        <Icon name="leave" />
        {words.logOut}
      </button>
    </div>
  );
}

export function Frame({
  name,
  narrow,
  children,
}: {
  readonly name: string;
  readonly narrow?: boolean;
  readonly children: ComponentChildren;
}): VNode {
  const { text } = useSurroundings();
  return (
    <div class="staff" data-testid={`page-${name}`}>
      <header class="staff-top">
        <span class="wordmark">Vidd</span>
        <Who />
        <LanguageSwitch />
      </header>
      <main class={narrow ? "staff-main staff-narrow" : "staff-main"}>{children}</main>
      <footer class="calm-foot">
        <a href="/accessibility.html" target="_blank" rel="noopener">
          {text.accessibility}
        </a>
      </footer>
    </div>
  );
}

/** What went wrong, where it went wrong. */
export function TroubleNote({ of }: { readonly of: readonly Trouble["doing"][] }): VNode | null {
  const { desk, words } = useStaff();
  const { trouble } = desk;
  if (trouble === null || !of.includes(trouble.doing)) {
    return null;
  }
  return (
    <p class="notice" data-testid="trouble" data-code={trouble.code}>
      <Icon name="warning" />
      <span>{words.trouble(trouble)}</span>
    </p>
  );
}
