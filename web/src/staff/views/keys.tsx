// SPDX-License-Identifier: EUPL-1.2
// Keyboard shortcuts, and the sheet that tells them. Single letters can be switched off (WCAG 2.1.4),
// and never count while something is written.

import type { VNode } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import type { Words } from "../i18n/sv";
import { useStaff } from "./context";
import { Sheet } from "./sheet";

const KEY = "vidd.staff.keys";

function areOn(): boolean {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

function keep(on: boolean): void {
  try {
    localStorage.setItem(KEY, on ? "on" : "off");
  } catch {
    // The choice holds until the page is left.
  }
}

export type Keys = Readonly<Record<string, () => void>>;

const WRITING = "input, textarea, select, [contenteditable]";

/** Runs what is under a key, when it is pressed alone and not into a field or a sheet. */
export function useKeys(keys: Keys): void {
  // At once, not after the next picture: a key means what the screen shows.
  useLayoutEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const target = event.target instanceof Element ? event.target : null;
      const isOurs =
        !event.ctrlKey &&
        !event.altKey &&
        !event.metaKey &&
        !event.repeat &&
        !event.defaultPrevented &&
        target?.closest(WRITING) == null &&
        document.querySelector("dialog[open]") === null;
      const run = keys[event.key.toLowerCase()];
      if (isOurs && run !== undefined && areOn()) {
        event.preventDefault();
        run();
      }
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [keys]);
}

interface HelpProps {
  readonly keys: readonly (keyof Words["keys"]["what"])[];
  readonly onClose: () => void;
}

export function KeysSheet({ keys, onClose }: HelpProps): VNode {
  const { words } = useStaff();
  const [isOn, setOn] = useState(areOn);
  return (
    <Sheet id="keys" title={words.keys.title} onClose={onClose}>
      <table class="keys">
        <thead>
          <tr>
            <th scope="col">{words.keys.key}</th>
            <th scope="col">{words.keys.does}</th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key}>
              <th scope="row">
                <kbd>{key.toUpperCase()}</kbd>
              </th>
              <td>{words.keys.what[key]}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <label class="tick">
        <input
          type="checkbox"
          data-testid="keys-on"
          checked={isOn}
          onChange={(event) => {
            keep(event.currentTarget.checked);
            setOn(event.currentTarget.checked);
          }}
        />
        <span>{words.keys.on}</span>
      </label>
      <p class="small">{words.keys.hint}</p>
    </Sheet>
  );
}
