// SPDX-License-Identifier: EUPL-1.2
// The quiet page: a letter's worth of text over the fells. Everything that is not a call looks so.

import type { ComponentChildren, VNode } from "preact";
import { CATALOGUES } from "../i18n/catalogue";
import { useSurroundings } from "./context";
import { Fells } from "./icon";

export function LanguageSwitch(): VNode {
  const { text, setLanguage } = useSurroundings();
  return (
    <nav class="languages" aria-label={text.languageLabel}>
      {CATALOGUES.map((catalogue) => (
        <button
          type="button"
          key={catalogue.code}
          lang={catalogue.code}
          aria-pressed={catalogue.code === text.code}
          onClick={() => setLanguage(catalogue)}
        >
          {catalogue.own}
        </button>
      ))}
    </nav>
  );
}

interface CalmProps {
  readonly name: string;
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}

export function Calm({ name, wide, children }: CalmProps): VNode {
  return (
    <div class="calm" data-testid={`page-${name}`}>
      <header class="calm-top">
        <span class="wordmark">Vidd</span>
        <LanguageSwitch />
      </header>
      <main class={wide ? "calm-main calm-wide" : "calm-main"}>{children}</main>
      <Fells />
    </div>
  );
}

export function Heading({ children }: { readonly children: ComponentChildren }): VNode {
  return <h1 tabIndex={-1}>{children}</h1>;
}
