// SPDX-License-Identifier: EUPL-1.2

import type { roomsSv } from "./rooms-sv";

export const roomsEn: typeof roomsSv = {
  title: "Health rooms",
  lead: "How the rooms' own tests went the last time.",
  again: "Load again",
  none: "The unit has no health rooms.",
  device: (name) => (/^\d+ × \d+$/.test(name) ? `The screen (${name})` : name),
  noDevice: "No screen is connected.",
  states: { ready: "ready", faults: "faults", untested: "not tested" },
  part: ({ kind, name }) =>
    ({
      camera: name === "" ? "The camera" : `The camera ${name}`,
      microphone: "The microphone",
      encoder: "The computer",
      link: "The link",
    })[kind],
  partWorks: "works",
  partFails: {
    camera: "gives no moving picture. Look at its cable and cover.",
    microphone: "does not hear the loudspeaker. Look at the sound in the room.",
    encoder: "does not keep up with the picture.",
    link: "does not carry sound and picture to the server.",
  },
  fps: (fps) => `${Math.round(fps)} pictures a second`,
  rates: (up, down) => `${up} kbit/s up, ${down} kbit/s down`,
  parts: "All parts",
  tested: (ago) => (ago === "just now" ? "Tested just now." : `Tested ${ago} ago.`),
  seen: (ago) => (ago === "just now" ? "Heard of just now." : `Heard of ${ago} ago.`),
  neverSeen: "Has never been heard of.",
  help: (place, ago) =>
    ago === "just now"
      ? `${place}: somebody asks for help now.`
      : `${place}: somebody has asked for help for ${ago}.`,
  helpAloud: (place) => `Somebody in ${place} asks for help.`,
  takeHelp: "I take care of it",
  takeHelpNamed: (place) => `I take care of it: ${place}`,
  calls: "Help in health rooms",
  connect: "Connect a screen",
  connectNamed: (place) => `Connect a screen: ${place}`,
  code: (digits) => `Type the code at the screen in the room: ${digits}`,
  codeUntil: (clock) => `The code is good once, until ${clock}.`,
  revoke: "Disconnect",
  revokeNamed: (device) => `Disconnect ${device}`,
  revokeAsk: (device) => `Disconnect ${device}? It will show no visits any more.`,
  revokeYes: "Yes, disconnect",
  revokeNo: "No, leave it",
  add: "Add a health room",
  placeName: "Name of the room",
  municipality: "Municipality",
  addGo: "Add",
};
