// SPDX-License-Identifier: EUPL-1.2
// What went wrong, by the server's stable codes.

import type { Doing } from "../types";

const codes: Readonly<Record<string, string>> = {
  "no-network": "Servern svarar inte. Se efter att du har nät och försök igen.",
  "session-missing": "Du har blivit utloggad. Logga in igen.",
  csrf: "Sidan är för gammal. Ladda om den.",
  "not-allowed": "Ditt uppdrag får inte göra det.",
  "login-failed": "Fel användarnamn eller lösenord.",
  "account-locked": "Kontot är låst en stund efter för många försök. Vänta och försök igen.",
  "too-many-requests": "För många försök. Vänta en stund.",
  "login-state": "Inloggningen tog för lång tid eller började i ett annat fönster. Försök igen.",
  "login-refused": "Inloggningen avbröts.",
  "login-away": "Inloggningstjänsten svarar inte. Försök igen om en stund.",
  "login-bad": "Inloggningstjänstens svar gick inte att lita på. Försök igen.",
  "login-weak": "Inloggningen var för svag. Logga in med tjänstelegitimation.",
  "login-nameless": "Inloggningstjänsten talade inte om vem du är.",
  "login-no-commission": "Du har inget uppdrag här. Be din enhet lägga till dig.",
  "login-disabled": "Ditt konto är avstängt.",
  "login-busy": "Många loggar in just nu. Försök igen.",
  "not-found": "Besöket finns inte, eller hör till en annan enhet.",
  "consultation-unknown": "Besöket finns inte, eller hör till en annan enhet.",
  "consultation-ended": "Besöket är redan avslutat.",
  "consultation-full": "Det får inte plats fler i besöket. Ta bort någon som inte ska vara med.",
  "participant-unknown": "Personen är inte längre inbjuden.",
  "unit-unknown": "Enheten finns inte, eller den ansvariga arbetar inte där.",
  "bad-body": "Något av det du skrev går inte att spara. Se efter tid, telefonnummer och e-post.",
  "too-many-messages": "Personen har fått många meddelanden i dag. Ring i stället.",
  "commission-unknown": "Uppdraget gäller inte längre. Logga in igen.",
  "idempotency-busy": "Det görs redan. Vänta en stund.",
  "audit-broken": "Servern kan inte logga just nu och visar därför inga uppgifter.",
  "no-address": "Personen har varken mobilnummer eller e-post.",
  "try-again": "Servern hinner inte med just nu. Försök igen.",
  "server-full": "Servern är full. Försök igen om en stund.",
};

const doing: Readonly<Record<Doing, string>> = {
  "log-in": "Du kunde inte loggas in.",
  choose: "Uppdraget kunde inte väljas.",
  list: "Listan kunde inte hämtas.",
  create: "Besöket kunde inte bokas.",
  enter: "Du kunde inte gå in i besöket.",
  invite: "Inbjudan kunde inte göras.",
  message: "Meddelandet kunde inte skickas.",
  end: "Besöket kunde inte avslutas.",
  answer: "Svaren kunde inte sparas.",
  rooms: "Hälsorummen kunde inte hämtas.",
  help: "Det gick inte att svara på hjälpen. Ring rummet.",
  place: "Rummet kunde inte läggas till.",
  code: "Ingen kod kunde göras.",
  revoke: "Skärmen kunde inte kopplas bort.",
  figures: "Siffrorna kunde inte hämtas.",
  quality: "Besökets siffror kunde inte hämtas.",
};

export const troublesSv = { codes, doing, again: "Försök igen." };
