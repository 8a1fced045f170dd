// SPDX-License-Identifier: EUPL-1.2
// What went wrong, in easy Swedish, by the server's stable codes.

import type { Doing } from "../types";
import { troublesSv } from "./trouble-sv";

const codes: Readonly<Record<string, string>> = {
  ...troublesSv.codes,
  "no-network": "Vi får inget svar. Har du internet? Försök igen.",
  csrf: "Sidan är för gammal. Ladda om sidan.",
  "not-allowed": "Du får inte göra det i ditt uppdrag.",
  "login-failed": "Namnet eller lösenordet är fel.",
  "account-locked": "Du har försökt för många gånger. Vänta en stund. Försök sedan igen.",
  "too-many-requests": "Du har försökt för många gånger. Vänta en stund.",
  "login-state": "Det tog för lång tid. Logga in igen.",
  "login-refused": "Du loggade inte in klart.",
  "login-away": "Det går inte att logga in just nu. Försök igen om en stund.",
  "login-bad": "Vi kan inte lita på svaret. Försök igen.",
  "login-weak": "Du måste logga in säkrare. Använd ditt tjänstekort.",
  "login-nameless": "Vi fick inte veta vem du är.",
  "login-no-commission": "Du har inget uppdrag här. Be din chef om ett.",
  "login-disabled": "Du får inte logga in längre.",
  "not-found": "Besöket finns inte. Eller så är det på en annan enhet.",
  "consultation-unknown": "Besöket finns inte. Eller så är det på en annan enhet.",
  "consultation-ended": "Besöket är redan slut.",
  "consultation-full": "Fler får inte plats. Ta bort någon som inte ska vara med.",
  "participant-unknown": "Personen är inte inbjuden längre.",
  "unit-unknown": "Enheten finns inte. Eller så arbetar den som har ansvar inte där.",
  "bad-body": "Något är fel skrivet. Titta på tid, telefonnummer och e-post.",
  "too-many-messages": "Personen har fått många meddelanden i dag. Ring i stället.",
  "commission-unknown": "Du har inte kvar uppdraget. Logga in igen.",
  "idempotency-busy": "Vi håller redan på. Vänta en stund.",
  "audit-broken": "Något är fel hos oss. Därför kan vi inte visa något.",
  "no-address": "Vi har inget mobilnummer och ingen e-post till personen.",
  "try-again": "Det är mycket att göra just nu. Försök igen.",
  "server-full": "Många pratar just nu. Försök igen om en stund.",
};

const doing: Readonly<Record<Doing, string>> = {
  ...troublesSv.doing,
  "log-in": "Du kom inte in.",
  choose: "Det gick inte att välja uppdraget.",
  list: "Vi kan inte visa listan.",
  create: "Det gick inte att boka besöket.",
  enter: "Du kom inte in i besöket.",
  invite: "Det gick inte att bjuda in.",
  message: "Meddelandet kom inte iväg.",
  end: "Det gick inte att avsluta besöket.",
  answer: "Det gick inte att spara svaren.",
  rooms: "Vi kan inte visa hälsorummen.",
  help: "Rummet vet inte att du hjälper till. Ring dit.",
  place: "Det gick inte att lägga till rummet.",
  code: "Vi kunde inte göra en kod.",
  revoke: "Det gick inte att ta bort skärmen.",
  figures: "Vi kan inte visa siffrorna.",
  quality: "Vi kan inte visa siffrorna för besöket.",
};

export const troublesLatt: typeof troublesSv = { codes, doing, again: "Försök igen." };
