// SPDX-License-Identifier: EUPL-1.2
import { render } from "preact";
import { Client } from "./client";
import "./styles/base.css";
import "./styles/pages.css";
import "./styles/call.css";
import "./styles/sight.css";
import { tokenOf } from "./support";
import { App } from "./views/app";

const root = document.getElementById("app");
if (root !== null) {
  const client = new Client(window.location);
  root.textContent = "";
  render(<App client={client} />, root);
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
