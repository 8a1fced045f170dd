// SPDX-License-Identifier: EUPL-1.2
import { render } from "preact";
import { chosenLanguage, load } from "../i18n/catalogue";
import { Kiosk } from "./kiosk";
import "../styles/base.css";
import "../styles/pages.css";
import "../styles/call.css";
import "../styles/sight.css";
import "../styles/visit.css";
import "./room.css";
import { RoomApp } from "./views/app";

async function begin(root: HTMLElement): Promise<void> {
  const first = await load(chosenLanguage());
  const kiosk = new Kiosk(window.location);
  render(<RoomApp kiosk={kiosk} first={first} />, root);
}

const root = document.getElementById("app");
if (root !== null) {
  void begin(root);
}
