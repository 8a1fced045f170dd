// SPDX-License-Identifier: EUPL-1.2
import { render } from "preact";
import { chosenLanguage } from "../i18n/catalogue";
import "../styles/base.css";
import "../styles/pages.css";
import "../styles/call.css";
import "../styles/sight.css";
import "../styles/visit.css";
import "./styles/staff.css";
import "./styles/rooms.css";
import "./styles/figures.css";
import "./styles/tools.css";
import "./styles/large.css";
import { Desk } from "./desk";
import { loadTexts, StaffApp } from "./views/app";

async function begin(root: HTMLElement): Promise<void> {
  const first = await loadTexts(chosenLanguage().code);
  const desk = new Desk(window.location);
  root.textContent = "";
  render(<StaffApp desk={desk} first={first} />, root);
  desk.start();
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
