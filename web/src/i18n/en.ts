// SPDX-License-Identifier: EUPL-1.2
// English.

import type { Level, Mode, Picture, Role } from "../protocol";
import type { Announcement, OwnSource } from "../state/types";
import type { Browser } from "../support";
import type { Catalogue } from "./catalogue";

import { visitAloud, visitEn } from "./visit-en";

function list(names: readonly string[]): string {
  return new Intl.ListFormat("en", { type: "conjunction" }).format(names);
}

const roles: Record<Role, string> = {
  patient: "Patient",
  clinician: "Health professional",
  interpreter: "Interpreter",
  relative: "Relative",
  staff: "Home care or municipality",
  room: "Health room",
  observer: "Observer",
};

const levels: Record<Level, string> = {
  good: "Good connection",
  fair: "Slightly weak connection",
  poor: "Weak connection",
  lost: "No connection",
};

const modes: Record<Mode, string> = {
  talk: "Talk",
  sign: "Sign language",
  skin: "Skin or wound",
  movement: "Movement",
  auscultation: "Listening to heart and lungs",
  "audio-first": "Sound first",
};

function seen(name: string, picture: Picture): string {
  switch (picture) {
    case "full":
    case "reduced":
      return `${name} sees you move again.`;
    case "stills":
      return `${name} sees you in still pictures right now.`;
    case "none":
      return `${name} hears you but does not see you right now.`;
  }
}

const device: Record<OwnSource, string> = { microphone: "microphone", camera: "camera" };

const allow: Record<Browser, readonly string[]> = {
  "chrome-desktop": [
    "Press the symbol to the left of the address, at the top of the window.",
    "Turn on Camera and Microphone.",
    "Press Try again below.",
  ],
  "chrome-android": [
    "Tap the symbol to the left of the address, at the top.",
    "Tap Permissions and allow Camera and Microphone.",
    "Tap Try again below.",
  ],
  "firefox-desktop": [
    "Press the crossed-out camera or microphone to the left of the address.",
    "Remove the cross next to Blocked.",
    "Press Try again below and choose Allow.",
  ],
  "firefox-android": [
    "Tap the padlock to the left of the address.",
    "Allow Camera and Microphone.",
    "Tap Try again below.",
  ],
  "safari-ios": [
    "Tap the symbol beside the address, then Website Settings.",
    "Choose Allow for Camera and Microphone.",
    "Tap Try again below.",
  ],
  "safari-mac": [
    "Open the Safari menu at the top of the screen and choose Settings for This Website.",
    "Choose Allow for Camera and Microphone.",
    "Press Try again below.",
  ],
  other: [
    "Open the browser's settings for this page.",
    "Allow camera and microphone.",
    "Press Try again below.",
  ],
};

function aloud(what: Announcement): string {
  switch (what.key) {
    case "you-joined":
      return what.names.length === 0
        ? "You are in the call. Nobody else has come yet."
        : `You are in the call. Also here: ${list(what.names)}.`;
    case "joined":
      return `${what.name}, ${roles[what.role].toLowerCase()}, has come into the call.`;
    case "left":
      return `${what.name} has left the call.`;
    case "lost":
      return `${what.name} lost the connection and is no longer in the call.`;
    case "away":
      return `${what.name} has lost the connection. We are waiting.`;
    case "back":
      return `${what.name} is back.`;
    case "microphone":
      return what.on
        ? "The microphone is on."
        : "The microphone is off. The others do not hear you.";
    case "camera":
      return what.on ? "The camera is on." : "The camera is off. The others do not see you.";
    case "device-problem":
      return `The ${device[what.source]} does not work.`;
    case "signal-lost":
      return "Contact with the server is lost. Sound and picture may go on. We are trying again.";
    case "signal-back":
      return "Contact is back.";
    case "media-lost":
      return "Sound and picture are interrupted. We are trying again, you need do nothing.";
    case "media-back":
      return "Sound and picture are back.";
    case "sound-only":
      return "The network is weak right now: sound only. The picture comes back by itself.";
    case "stills":
      return "The network is weak right now. You see still pictures, sound goes first.";
    case "pictures-back":
      return "The moving picture is back.";
    case "seen":
      return seen(what.name, what.picture);
    case "mode":
      return `The call is set for: ${modes[what.mode].toLowerCase()}.`;
    case "restarting":
      return "The system is restarting. You will come back by yourself.";
    default:
      return visitAloud(what);
  }
}

export const en: Catalogue = {
  code: "en",
  lang: "en",
  dir: "ltr",
  own: "English",
  pageTitle: {
    preview: "Before the call",
    call: "Call",
    waiting: "Waiting room",
    calledIn: "It is your turn",
    ended: "The call is over",
    problem: "The link",
  },
  languageLabel: "Language",
  roles,
  levels,
  modes,
  allow,
  aloud,
  list,

  previewTitle: "You are almost in the call",
  previewLead: "Check that you are seen and heard. Then join.",
  selfPicture: "This is how the others see you",
  asking: "Your browser asks about camera and microphone. Choose Allow.",
  askingWhy: "Without your yes, nobody can see or hear you.",
  cameraOffShort: "The camera is off",
  cameraNone: "No picture",
  meterLabel: "Your voice",
  meterHint: "Say something. The bar moves when we hear you.",
  meterHeard: "We hear you.",
  meterMuted: "The microphone is off.",
  meterAsleep: "Tap anywhere to start measuring.",
  chooseCamera: "Camera",
  chooseMicrophone: "Microphone",
  unnamedCamera: (n) => `Camera ${n}`,
  unnamedMicrophone: (n) => `Microphone ${n}`,
  join: "Join the call",
  joinNoCamera: "Join without camera",
  joinNoMicrophone: "Join without microphone",
  joinNothing: "Join and listen",
  tryAgain: "Try again",

  deniedTitle: "Camera and microphone are not allowed",
  deniedCameraTitle: "The camera is not allowed",
  deniedMicrophoneTitle: "The microphone is not allowed",
  deniedLead: "This is how to change it:",
  deniedOrElse: "You can join anyway, but the others may not see and hear you.",
  missingCamera: "We find no camera. You can take part with sound only.",
  missingMicrophone: "We find no microphone. The others cannot hear you.",
  busyCamera: "The camera is used by another program. Close it and try again.",
  busyMicrophone: "The microphone is used by another program. Close it and try again.",
  failedCamera: "The camera does not start. You can take part with sound only.",
  failedMicrophone: "The microphone does not start. Try again.",

  joiningTitle: "You are on your way in",
  joiningLead: "It takes a few seconds.",
  returningTitle: "You are on your way back",
  joiningSlow: "We have no contact yet. We keep trying. Please check that you have internet.",
  cancel: "Cancel",

  callTitle: "The call",
  controls: "Your call",
  microphone: "Mic",
  camera: "Camera",
  on: "on",
  off: "off",
  changeDevices: "Change camera or microphone",
  people: "Who is here",
  close: "Close",
  leave: "Leave",
  you: "You",
  youNamed: (name) => `${name} (you)`,
  stage: "The others in the call",
  speaking: "Speaking",
  muted: "Microphone off",
  noCamera: "Camera off",
  alone: "You are in the right place",
  aloneLead: "Nobody else has come in yet. Wait here, the call starts by itself.",
  aloneAgain: "Only you are here now",
  aloneLeft: (name: string) => `${name} has left the call. If you are done, you can leave too.`,
  aloneLost: (name: string) => `${name} has lost the connection. Please wait here for a while.`,
  linkConnecting: "Connecting …",
  linkSilent: "Weak connection",
  linkAway: "Has lost the connection. We are waiting.",
  modeLabel: "What you are doing now",
  still: "Still picture",
  stillAge: (seconds) =>
    seconds < 60 ? `Still picture, ${seconds} s ago` : "Still picture, over a minute ago",
  soundOnlyShort: "Sound only",
  seenFacts: {
    reduced: "sees you in a smaller picture",
    stills: "sees you in still pictures",
    none: "hears you but does not see you",
  },
  soundOnly: "The network is weak right now: sound only. The picture comes back by itself.",
  stills: "The network is weak right now. You see still pictures, sound goes first.",
  seenNone: (names) =>
    `${list(names)} ${names.length > 1 ? "hear you but do" : "hears you but does"} not see you right now. The picture comes back by itself.`,
  seenStills: (names) =>
    `${list(names)} ${names.length > 1 ? "see" : "sees"} you in still pictures right now.`,
  tapToHear: "Tap to hear",
  tapToHearWhy: "The browser wants you to tap before the sound starts.",

  mediaConnecting: "Connecting sound and picture …",
  mediaInterrupted: "Sound and picture are interrupted. We are trying again. You need do nothing.",
  mediaBlocked:
    "Sound and picture do not come through. The network you are on may block video calls. Try another one, for example your phone's.",
  signalLostMediaOn:
    "Contact with the server is lost. Sound and picture go on. We are trying again.",
  signalLost: "The connection is lost. We are trying again. You need do nothing.",
  restarting: "The system is restarting. You will come back by yourself in a few seconds.",
  weak: "Your network is weak right now. Sound and picture may stutter.",
  weakHelp: "Your network is weak right now. Turn off the camera if the sound stutters.",
  deviceProblem: {
    microphone: "The others do not hear you: the microphone does not work.",
    camera: "The others do not see you: the camera does not work.",
  },

  endedLeft: "You have left the call",
  endedLeftLead: "You can close the page. Was it a mistake? Join again.",
  endedLeftReturn: "Join again",
  endedEnded: "The call is over",
  endedEndedLead: "Thank you for the call. You can close the page.",
  endedReplaced: "The call goes on somewhere else",
  endedReplacedLead: "Your link was opened in another window or on another device.",
  endedReplacedReturn: "Take the call back here",
  endedRemoved: "You are no longer in the call",
  endedRemovedLead: "Somebody in the call removed your seat. Call the clinic if that was wrong.",
  endedOff: "Your camera and microphone are off.",

  noTokenTitle: "The link is not complete",
  noTokenLead: "To come to your call you need the whole link.",
  noTokenSteps: [
    "Open the message in which you got the link.",
    "Tap the link in the message instead of typing it.",
    "Does it not work? Contact the clinic that invited you.",
  ],
  linkUnknownTitle: "The link leads to no call",
  linkUnknownLead: "The link may be too old, or a piece of it is missing.",
  fullTitle: "It is full right now",
  fullLead: "Many calls are going on. We try again by ourselves. You need do nothing.",
  versionTitle: "The page must be loaded again",
  versionLead: "There is a newer version.",
  reload: "Load the page again",
  oldTitle: "This browser cannot make video calls",
  oldLead: "Open the link in another browser, or update the one you have.",
  oldSteps: [
    "On iPhone and iPad: open the link in Safari.",
    "On Android: open the link in Chrome or Firefox.",
    "On a computer: Chrome, Edge, Firefox or Safari from recent years.",
  ],
  insecureTitle: "The page is not securely connected",
  insecureLead: "The address must begin with https. Open the link in your message again.",

  ...visitEn,
};
