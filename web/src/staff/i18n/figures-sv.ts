// SPDX-License-Identifier: EUPL-1.2
// Follow-up in figures, in Swedish: a unit's months, and how one visit was.

import type { Clause, Figure } from "../figures";

const month = new Intl.DateTimeFormat("sv", { month: "long", year: "numeric" });
const short = new Intl.DateTimeFormat("sv", { month: "short", year: "numeric" });
const decimal = new Intl.NumberFormat("sv", { maximumFractionDigits: 1 });

function middle(of: string): Date {
  return new Date(`${of}-15T12:00`);
}

function rate(kbps: number): string {
  return kbps >= 1000 ? `${decimal.format(kbps / 1000)} Mbit/s` : `${Math.round(kbps)} kbit/s`;
}

function span(seconds: number): string {
  const s = Math.round(seconds);
  return s < 60 ? `${s} s` : `${Math.floor(s / 60)} min ${s % 60} s`;
}

/** A figure with its unit, which stands in its name. */
function value(name: string, n: number): string {
  if (/permille/.test(name)) {
    return `${decimal.format(n / 10)} %`;
  }
  if (/kbps/.test(name)) {
    return rate(n);
  }
  if (/[_-]ms/.test(name)) {
    return n < 1000 ? `${Math.round(n)} ms` : `${decimal.format(n / 1000)} s`;
  }
  if (/(_s|seconds)$/.test(name)) {
    return span(n);
  }
  if (/percent$/.test(name)) {
    return `${n} %`;
  }
  return /-min$/.test(name) ? `${n} min` : String(Math.round(n));
}

export const figuresSv = {
  title: "Uppföljning",
  lead: (least: number): string =>
    `Bara månader som är slut. ”För få” står där det är färre än ${least}, eller där siffran kunde visa vem det gäller.`,
  period: "Period",
  from: "Från och med",
  to: "Till och med",
  csv: "Hämta som fil (CSV)",
  shown: (unit: string, from: string, to: string): string =>
    from === to
      ? `${unit}, ${month.format(middle(from))}`
      : `${unit}, ${month.format(middle(from))} till ${month.format(middle(to))}`,
  empty: "Inga besök i den perioden. Välj en annan.",
  month: (of: string): string => month.format(middle(of)),
  shortMonth: (of: string): string => short.format(middle(of)),
  what: "Vad",
  tooFew: "för få",
  none: "inga",
  value,
  sections: {
    visits: "Besök",
    outcome: "Hur besöken slutade",
    "physical-visit": "Varför fysiskt besök",
    "outcome-share": "Tekniken",
    wait: "Hur sent besöken började",
    length: "Hur långa besöken var",
    "link-check": "Patienternas prov av nätet före besöket",
    survey: "Svar efteråt",
    quality: "Ljud, bild och nät",
  } as Readonly<Record<string, string>>,
  names: {
    visits: {
      booked: "Bokade",
      begun: "Påbörjade",
      ended: "Avslutade",
      "in-room": "I hälsorum",
      "with-interpreter": "Med tolk",
    },
    outcome: { none: "Inget angivet" },
    "outcome-share": { "technical-failure-percent": "Slutade för att tekniken inte fungerade" },
    wait: {
      "late-median-min": "Hälften började högst så sent",
      "late-p90-min": "Nio av tio började högst så sent",
      "in-time-percent": "Började inom fem minuter",
    },
    length: {
      "median-min": "Hälften var högst så långa",
      "p90-min": "Nio av tio var högst så långa",
    },
    "link-check": {
      good: "Nätet räckte för samtal",
      poor: "Svagt för samtal",
      no: "Räckte inte för samtal",
    },
    quality: {
      stays: "Gånger någon var med",
      "rtt-median-ms": "Svarstid i nätet",
      "loss-median-permille": "Förlorat på vägen",
      "gap-max-median-ms": "Längsta avbrott",
      "down-median-kbps": "Minsta hastighet ner",
      "made-up-median-permille": "Ljud som fick fyllas i",
      "fps-median": "Bilder i sekunden",
      "qvga-percent": "Bilden minst 320 × 240",
      "fps20-percent": "Minst 20 bilder i sekunden",
      "lip-sync-percent": "Ljud och bild i takt",
    },
  } as Readonly<Record<string, Readonly<Record<string, string>>>>,
  visit: {
    open: "Ljud och bild",
    openNamed: (name: string): string => `Ljud och bild: ${name}`,
    title: "Hur ljud och bild var",
    lead: "Hur det gick att se och höra var och en, uppmätt under besöket.",
    empty: "Inget är uppmätt i det här besöket.",
    again: (role: string, n: number): string => (n === 1 ? role : `${role}, gång ${n}`),
    standard: "Krav i EN 301 549",
    rest: "Nät, ljud och bild",
    clauses: {
      "6.1": "Brett ljud (6.1)",
      "6.5.2": "Bild minst 320 × 240 (6.5.2)",
      "6.5.3": "Minst 20 bilder i sekunden (6.5.3)",
      "6.5.4": "Ljud och bild i takt, inom 100 ms (6.5.4)",
    } as Record<Clause, string>,
    held: (isMet: boolean, clause: Clause, n: number): string => {
      const what = clause === "6.1" ? `${decimal.format(n / 1000)} kHz` : `${n} % av tiden`;
      return `${isMet ? "Ja" : "Nej"}, ${what}`;
    },
    unknown: "inte mätt",
    smallest: "Minsta bild",
    figures: {
      seconds: "Med i besöket",
      rtt_ms: "Svarstid i nätet, i medel",
      rtt_ms_max: "Svarstid i nätet, som mest",
      loss_permille: "Förlorat på vägen, i medel",
      loss_permille_max: "Förlorat på vägen, som mest",
      up_kbps: "Hastighet upp, i medel",
      down_kbps_min: "Hastighet ner, som minst",
      gaps: "Antal avbrott",
      gap_ms: "Avbrott, sammanlagt",
      gap_ms_max: "Längsta avbrott",
      picture_full_s: "Fick bilden hel",
      picture_reduced_s: "Fick bilden sämre",
      picture_stills_s: "Fick stillbilder",
      picture_none_s: "Fick ingen bild",
      fps: "Bilder i sekunden, i medel",
      fps_min: "Bilder i sekunden, som minst",
      freeze_ms_max: "Längsta stopp i bilden",
      apart_ms_max: "Ljud ur takt med bild, som mest",
      made_up_permille: "Ljud som fick fyllas i",
    } as Record<Figure, string>,
  },
};
