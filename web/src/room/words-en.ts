// SPDX-License-Identifier: EUPL-1.2
// English for the screen of a health room.

import type { RoomWords } from "./words-sv";

function clock(at: number | string): string {
  const form = { hour: "2-digit", minute: "2-digit" } as const;
  return new Intl.DateTimeFormat("en-GB", form).format(new Date(at));
}

export const roomEn: RoomWords = {
  enrolTitle: "Connect this screen to a room",
  enrolLead: "Whoever looks after the unit's rooms shows an eight-digit code. Type it here.",
  code: "Code",
  typed: (n) => `${n} of 8 digits`,
  erase: "Erase",
  connect: "Connect",
  enrolSaid: {
    sending: "Connecting the screen …",
    wrong: "The code is not valid. Ask for a new one and try again.",
    slow: "Too many attempts. Wait a minute.",
    full: "The room has as many screens as it may.",
    offline: "No contact with the server. Try again.",
  },
  screen: "Screen",

  nothing: "No visit is waiting right now.",
  next: "Next visit",
  meet: (name, planned) => (planned === null ? name : `${name} ${clock(planned)}`),
  someone: "Your care unit",
  clock,
  day: (now) =>
    new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" }).format(
      now,
    ),
  notYet: "The start button comes a quarter of an hour before the visit.",
  start: "Start the visit",
  callHelp: "Call for help",
  helpAsked: "Help has been called",
  noContact: "No contact with the server. We are trying again.",
  setup: "Cameras and sound",
  test: "Test the room",

  helpAsking: "We are telling staff …",
  helpAnswered: "Somebody of the staff takes care of it. Wait here.",
  helpTitle: "Staff can see that you want help",
  helpNoContact: "We cannot reach staff from here right now.",
  helpPhone: (phone) => `You can also call ${phone}.`,
  helpDanger: "Call 112 if it is urgent.",
  helpCame: "I have been helped",

  privacyTitle: "Is the room private?",
  privacyLead: "What is said should be heard only by those who take part.",
  privacyDoor: "The door is closed.",
  privacyAlone: "Only those who take part are here.",
  privacyHelper: "Somebody of the home care or other staff is with me",
  helperIsHere: "Home care or other staff is with the patient in the room.",
  privacyYes: "Yes, start",
  privacyNo: "No, wait",
  entering: "Starting …",
  enterFailed: "The visit could not be started. Try again, or call for help.",

  cameras: "What the others see",
  views: {
    room: "The room",
    exam: "The examination",
    exam2: "Examination 2",
    all: "All",
  },
  stethoscope: "Stethoscope",
  stethoscopeOn: "The stethoscope is heard",
  end: "End",
  endAsk: "Do you want to end the visit?",
  endYes: "Yes, end it",
  endNo: "No, stay",

  overTitle: "Thank you, the visit is over",
  overLead: "Cameras and microphones are off, and nothing of the visit is left in the room.",

  setupTitle: "Cameras and sound in the room",
  setupLead: "Choose which camera shows the room and which show the examination.",
  parts: {
    camera: "Camera for the room",
    exam: "Camera for examination",
    exam2: "Second camera for examination",
    microphone: "Microphone",
    stethoscope: "Stethoscope",
  },
  none: "None",
  unnamed: (n) => `Device ${n}`,
  denied: "The browser gives no camera and microphone. Allow them for this page.",
  done: "Done",

  testTitle: "Testing the room",
  testLead: "Cameras, microphone and network. It takes half a minute, and a tone is heard.",
  testDone: "This is how the room is",
  testCamera: (name) => (name === "" ? "Camera" : name),
  works: "Works",
  fails: "Does not work",
  noCamera: "There is no camera.",
  testMicrophone: "The microphone hears the loudspeaker",
  testEncoder: "The computer keeps up with the picture",
  testLink: "The network through the server",
  rates: (up, down) => `${up} kbit/s up, ${down} kbit/s down`,
  stop: "Back",

  revokedTitle: "This screen is disconnected",
  revokedLead:
    "Whoever looks after the unit's rooms has disconnected this screen. It shows no visits.",
  again: "Connect again",
};
