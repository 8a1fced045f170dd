// SPDX-License-Identifier: EUPL-1.2
import { render } from "preact";
import { Client } from "./client";
import "./styles/base.css";
import "./styles/pages.css";
import "./styles/call.css";
import { App } from "./views/app";

const root = document.getElementById("app");
if (root !== null) {
  const client = new Client(window.location);
  root.textContent = "";
  render(<App client={client} />, root);
  client.start(decodeURIComponent(window.location.hash.slice(1)));
  // Another link pasted into the same tab is another visit.
  window.addEventListener("hashchange", () => window.location.reload());
}
