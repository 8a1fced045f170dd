// SPDX-License-Identifier: EUPL-1.2
// What went wrong, in English.

import type { troublesSv } from "./trouble-sv";

export const troublesEn: typeof troublesSv = {
  codes: {
    "no-network": "The server does not answer. See that you have a connection and try again.",
    "session-missing": "You have been logged out. Log in again.",
    csrf: "The page is too old. Load it again.",
    "not-allowed": "Your commission may not do that.",
    "login-failed": "Wrong user name or password.",
    "account-locked": "The account is locked for a while after too many tries. Wait and try again.",
    "too-many-requests": "Too many tries. Wait a while.",
    "login-state": "Logging in took too long, or began in another window. Try again.",
    "login-refused": "Logging in was cancelled.",
    "login-away": "The login service does not answer. Try again in a while.",
    "login-bad": "The login service's answer could not be trusted. Try again.",
    "login-weak": "The login was too weak. Log in with your service e-ID.",
    "login-nameless": "The login service did not say who you are.",
    "login-no-commission": "You have no commission here. Ask your unit to add you.",
    "login-disabled": "Your account is disabled.",
    "login-busy": "Many are logging in just now. Try again.",
    "not-found": "The visit does not exist, or belongs to another unit.",
    "consultation-ended": "The visit has ended already.",
    "audit-failed": "The server cannot write its log just now and shows no data therefore.",
    "no-address": "The person has neither a mobile number nor an e-mail address.",
    "try-again": "The server cannot keep up just now. Try again.",
    "server-full": "The server is full. Try again in a while.",
  },
  doing: {
    "log-in": "You could not be logged in.",
    choose: "The commission could not be chosen.",
    list: "The list could not be loaded.",
    create: "The visit could not be booked.",
    enter: "You could not go into the visit.",
    invite: "The invitation could not be made.",
    message: "The message could not be sent.",
    end: "The visit could not be ended.",
    answer: "The answers could not be kept.",
    rooms: "The health rooms could not be loaded.",
    help: "The call for help could not be answered. Telephone the room.",
    place: "The room could not be added.",
    code: "No code could be made.",
    revoke: "The screen could not be disconnected.",
  },
  again: "Try again.",
};
