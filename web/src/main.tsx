// SPDX-License-Identifier: EUPL-1.2
import { render } from "preact";
import { Client } from "./client";
import { chosenLanguage, load } from "./i18n/catalogue";
import "./styles/base.css";
import "./styles/pages.css";
import "./styles/call.css";
import "./styles/sight.css";
import "./styles/visit.css";
import { tokenOf } from "./support";
import { App } from "./views/app";

async function begin(root: HTMLElement): Promise<void> {
  const client = new Client(window.location);
  const first = await load(chosenLanguage());
  root.textContent = "";
  render(<App client={client} first={first} />, root);
  client.start(tokenOf(window.location.hash));
  // Another link pasted into the same tab is another visit.
  window.addEventListener("hashchange", () => window.location.reload());
  // A page taken out of the browser's freezer has lost its connections without knowing it.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
      window.location.reload();
    }
  });
}

const root = document.getElementById("app");
if (root !== null) {
  void begin(root);
}
