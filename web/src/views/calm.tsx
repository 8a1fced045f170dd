// SPDX-License-Identifier: EUPL-1.2
// The quiet page: a letter's worth of text over the fells. Everything that is not a call looks so.

import type { ComponentChildren, VNode } from "preact";
import { LANGUAGES } from "../i18n/catalogue";
import { useSurroundings } from "./context";
import { Fells } from "./icon";

export function LanguageSwitch(): VNode {
  const { text, setLanguage } = useSurroundings();
  return (
    <nav class="languages" aria-label={text.languageLabel}>
      {LANGUAGES.map(({ code, own }) => (
        <button
          type="button"
          key={code}
          lang={code.split("-")[0]}
          aria-pressed={code === text.code}
          onClick={() => setLanguage(code)}
        >
          {own}
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
  const { text } = useSurroundings();
  return (
    <div class="calm" data-testid={`page-${name}`}>
      <header class="calm-top">
        <span class="wordmark">Vidd</span>
        <LanguageSwitch />
      </header>
      <main class={wide ? "calm-main calm-wide" : "calm-main"}>{children}</main>
      <footer class="calm-foot">
        <a href="/accessibility" target="_blank" rel="noopener">
          {text.accessibility}
        </a>
      </footer>
      <Fells />
    </div>
  );
}

export function Heading({ children }: { readonly children: ComponentChildren }): VNode {
  return <h1 tabIndex={-1}>{children}</h1>;
}
