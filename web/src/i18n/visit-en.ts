// SPDX-License-Identifier: EUPL-1.2
// English for the visit around the call.

import type { Act, Waiting, Wish } from "../protocol";
import { isKeptOut } from "../state/lack";
import type { Announcement, Apart, CheckStatus, StillStep } from "../state/types";
import type { visitSv } from "./visit-sv";

function clock(iso: string): string {
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }).format(
    new Date(iso),
  );
}

function day(iso: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    weekday: "long",
    day: "numeric",
    month: "long",
  }).format(new Date(iso));
}

const wishTold: Record<Wish, string> = {
  "audio-only": "We have told them that you want sound only.",
  "physical-visit": "We have told them that you want to come in person.",
  help: "We have told them that you need help.",
  "call-me": "We have told them that you want a phone call instead.",
};

const askTitle: Record<Act, (name: string) => string> = {
  still: (name) => `${name} would like a picture`,
  screen: (name) => `${name} would like to see your screen`,
  relative: (name) => `${name} asks whether a relative may take part`,
  observer: (name) => `${name} asks whether somebody may listen`,
  pointer: (name) => `${name} would like to point in your picture`,
};

function queue({ ahead, reason, meet }: Waiting): string {
  switch (reason) {
    case "held":
      return "You are waiting outside the call for a moment.";
    case "interpreter":
      return "We are waiting for the interpreter.";
    case "queue":
      return ahead === 0
        ? `You are first in the queue${meet === "" ? "" : ` to see ${meet}`}.`
        : `${ahead === 1 ? "One person is" : `${ahead} people are`} ahead of you.`;
  }
}

const outTitle = "You cannot be let in yet";

const apartSaid: Record<Apart["kind"], string> = {
  none: "Everybody is back in the call.",
  inside: "You are talking in private now. The others do not hear you.",
  outside: "The others are talking in private for a moment. Nobody sees or hears you.",
};

const checkSaid: Record<CheckStatus, string> = {
  none: "",
  looking: "",
  running: "We are testing the network.",
  done: "The network is tested.",
  failed: "We could not test the network.",
};

const stillSaid: Partial<Record<StillStep, string>> = {
  sent: "The picture has arrived.",
  failed: "The picture did not arrive.",
};

export function visitAloud(what: Announcement): string {
  switch (what.key) {
    case "waiting":
      return isKeptOut(what.queue) ? `${outTitle}.` : queue(what.queue);
    case "called-in":
      return "It is your turn. You have been let in.";
    case "held":
      return "You are outside the call for a moment. Nobody sees or hears you.";
    case "apart":
      return apartSaid[what.apart];
    case "code":
      return what.wrong ? "That is not the right code." : "Type the code from your text message.";
    case "writes":
      return `${what.name} is writing.`;
    case "wrote":
      return `New message from ${what.name}.`;
    case "signs":
      return `${what.name} is signing.`;
    case "asked":
      return `${askTitle[what.act](what.name)}.`;
    case "still":
      return stillSaid[what.step] ?? "";
    case "pointing":
      return "Somebody is pointing in your picture.";
    case "wished":
      return wishTold[what.wish];
    case "invite":
      return "The link for your relative is ready.";
    case "check":
      return checkSaid[what.status];
    default:
      return "";
  }
}

export const visitEn: typeof visitSv = {
  check: {
    earlyTitle: (iso) => `Your visit is on ${day(iso)} at ${clock(iso)}`,
    earlyLead: "Open the same link then. You can test camera, sound and network already now.",
    earlyGoIn: "Go in anyway",
    toneTry: "Test the sound",
    toneAsk: "Did you hear two tones?",
    toneSteps: [
      "Turn up the sound on your phone or computer.",
      "Do you use headphones or a hearing aid? See that they are on and connected.",
      "Test the sound once more.",
    ],
    toneHeard: "Good, you can hear.",
    yes: "Yes",
    no: "No",
    title: "Your network",
    start: "Test the network",
    again: "Test the network again",
    running: "We are testing the network. It takes ten seconds.",
    failed: "We had no contact and could not test. Please check that you have internet.",
    talk: {
      good: "The network is good enough for the call.",
      poor: "The network is enough for talking. The picture may stutter.",
      no: "The network is too weak for video. Try another one, or phone the clinic.",
    },
    blocked:
      "Sound and picture do not come through on this network. Try another one, for example your phone's.",
    details: "What is the network enough for?",
    modes: {
      talk: "Talking",
      sign: "Signing",
      skin: "Showing skin or a wound",
      movement: "Showing movement",
      auscultation: "Listening to heart and lungs",
    },
    verdicts: { good: "Good", poor: "Weak", no: "Not enough" },
    numbers: (c) =>
      `Up ${c.up_kbps} kbit/s, down ${c.down_kbps} kbit/s. Loss ${c.loss_percent} %. Delay ${c.rtt_ms} ms, with a full network ${c.rtt_loaded_ms} ms.`,
    at: (ms) => `Tested on ${day(new Date(ms).toISOString())}.`,
  },
  wait: {
    title: "You are in the right place",
    heldTitle: "Please wait a moment",
    heldLead: "Nobody sees or hears you now. You will be let in again.",
    interpreterLead: "The call begins when the interpreter is here.",
    queue,
    place: (place) => `Your place in the queue: ${place}`,
    meet: (name) => `You will meet ${name}.`,
    clinician: {
      away: "The staff have not logged in yet.",
      here: "The staff are there.",
      busy: "The staff are in another call.",
    },
    planned: (iso) => `Planned time: ${clock(iso)}.`,
    unseen: "Nobody sees or hears you until you have been let in.",
    putDown:
      "You may put the phone down. Keep this page open, and it will ring when it is your turn.",
    outTitle,
    vouch: "The staff will then ask who you are. Please have an ID at hand.",
    other: "Would you rather do it another way?",
    callMe: "Phone me instead",
    physical: "I want to come in person",
    write: "Write to the clinic",
    wishTold,
    calledIn: "It is your turn",
    calledInLead: "You have been let in. The others see and hear you.",
    seen: "I am here",
  },
  oneTime: {
    title: "Type the code from your text message",
    lead: (sentTo) => `We have sent a code to ${sentTo.replace(/ /g, "\u00a0")}.`,
    label: "Code",
    wrong: "That is not the right code. Look at your text message and type it again.",
    sending: "We are trying the code …",
    send: "Continue",
  },
  talk: {
    title: "Text",
    button: "Text",
    unread: (n) => `${n} new`,
    log: "What has been written",
    now: "Being written now",
    empty: "Nothing has been written yet. The text is gone when the visit is over.",
    mine: "You wrote",
    from: (name, role) => `${name}, ${role.toLowerCase()}, wrote`,
    writing: (name, role) => `${name}, ${role.toLowerCase()}, is writing`,
    sending: "Sending …",
    label: "Write here",
    labelClinic: "Write to the clinic",
    live: "The others see each letter while you write.",
    whole: "The others see the message when you have sent it.",
    wholeLabel: "Show only when I send",
    send: "Send",
    nextLine: "Finish the line",
  },
  more: {
    button: "More",
    title: "More choices",
    audioOnly: "Sound only",
    audioOnlyWhy: "Turns off the picture both ways. Good when the network is weak.",
    videoAgain: "Sound and picture again",
    help: "Can you not hear each other?",
    helpWhy: "We look for the fault together.",
    switchCamera: "Switch camera",
    lampOn: "Turn on the lamp",
    lampOff: "Turn off the lamp",
    sign: "I am signing",
    signWhy: "Your picture is shown large, as when somebody speaks.",
    signStop: "I have stopped signing",
    signing: "Signing",
    invite: "Invite a relative",
    physical: "I want to come in person",
  },
  help: {
    title: "Can you not hear each other?",
    which: "What does not work?",
    cannotHear: "I do not hear the others",
    notHeard: "The others do not hear me",
    back: "Back",
    call: "Tell the staff",
    found: "This is what we see:",
    blocked: "The browser has stopped the sound. Press the button.",
    interrupted: "Sound and picture are interrupted. We are trying again, you need do nothing.",
    alone: "Nobody else is in the call.",
    theirMute: (names) => `${names}: the microphone is off. Wave, or write a text.`,
    theirLink: (names) => `${names}: the connection is weak. The fault is not yours.`,
    myLink: "Your network is weak. Try sound only.",
    speaker: "Everything looks right on our side. It is likely your loudspeaker.",
    speakerSteps: [
      "Turn up the sound on your phone or computer.",
      "Do you use headphones or a hearing aid? Remove them, or connect them again.",
      "Press Test the sound. Do you hear two tones?",
    ],
    denied: "The microphone is not allowed in the browser:",
    missing: "We find no microphone. Connect one, or write a text.",
    busy: "The microphone is used by another program. Close it.",
    muted: "Your microphone is off.",
    unmute: "Turn on the microphone",
    silent: "The microphone is on, but it is quiet. Say something. Does the bar move?",
    silentSteps: [
      "If it does not move: choose another microphone below.",
      "Do you use a headset? See that it is not switched off on the cable.",
    ],
    theirs: "The microphone works. The fault is likely on the other side.",
  },
  ask: {
    title: askTitle,
    wording: {
      still: (name) =>
        `The picture is sent to ${name} only. It is not kept in the system. You see it before it is sent.`,
      screen: (name) => `${name} may see what you show on your screen until you stop showing it.`,
      relative: (name) => `${name} lets in a relative, who hears and sees everything in the visit.`,
      observer: (name) => `${name} lets in somebody who hears and sees but takes no part.`,
      pointer: (name) => `${name} shows with a dot in your picture. Nothing is kept.`,
    },
    yes: "Yes, that is fine",
    no: "No thank you",
    aim: "Aim the camera",
    aimLead: "Hold still, in good light if you can. Then press the button.",
    needsCamera: "The camera is off. Turn it on to take the picture.",
    cameraOn: "Turn on the camera",
    take: "Take the picture",
    taking: "Taking the picture …",
    look: "Is it good?",
    taken: "The picture you took",
    send: (name) => `Send to ${name}`,
    again: "Take a new one",
    sending: (name) => `Sending the picture to ${name}`,
    meanwhile: "You can talk meanwhile.",
    progress: "How much has arrived",
    sent: (name) => `${name} has the picture`,
    failed: "The picture did not arrive",
    retry: "Send again",
    cancel: "Cancel",
    done: "Done",
  },
  invite: {
    title: "Invite a relative",
    lead: "The staff say yes first. Then you get a link to show or send.",
    label: "What is their name?",
    send: "Ask the staff",
    waiting: (name) => `We have asked whether ${name} may take part. Wait for the answer.`,
    ready: (name) => `The link for ${name}`,
    scan: "Let your relative point their phone's camera at the square.",
    qr: (name) => `QR code with the link for ${name}`,
    copy: "Copy the link",
    copied: "The link is copied.",
    share: "Send the link",
  },
  apart: {
    inside: (names) => `You are talking in private with ${names}. The others do not hear you.`,
    outsideTitle: "The others are talking in private",
    outsideLead: "Nobody sees or hears you now. You will come back by yourself.",
  },
  survey: {
    start: "Answer three short questions",
    step: (n, of) => `Question ${n} of ${of}`,
    questions: {
      safe: "Did you feel safe during the visit?",
      quality: "Were the sound and picture good enough?",
      travel: "Would you otherwise have had to travel for this visit?",
    },
    answers: { yes: "Yes", partly: "Partly", no: "No", unsure: "I do not know" },
    skip: "Skip",
    lead: "The answers do not show who you are.",
    thanks: "Thank you for your answers",
    thanksLead: "You can close the page.",
  },
  accessibility: "Accessibility",
};
