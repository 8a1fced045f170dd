// SPDX-License-Identifier: EUPL-1.2

import type { figuresSv } from "./figures-sv";

const month = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric" });
const short = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric" });
const decimal = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 1 });

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

function value(name: string, n: number): string {
  if (/permille/.test(name)) {
    return `${decimal.format(n / 10)}%`;
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
    return `${n}%`;
  }
  return /-min$/.test(name) ? `${n} min` : String(Math.round(n));
}

export const figuresEn: typeof figuresSv = {
  title: "Follow-up",
  lead: (least) =>
    `Only months that are over. “Too few” stands where there are fewer than ${least}, or where the figure could show who it was.`,
  period: "Period",
  from: "From",
  to: "To the end of",
  csv: "Load as a file (CSV)",
  shown: (unit, from, to) =>
    from === to
      ? `${unit}, ${month.format(middle(from))}`
      : `${unit}, ${month.format(middle(from))} to ${month.format(middle(to))}`,
  empty: "No visits in that period. Choose another.",
  month: (of) => month.format(middle(of)),
  shortMonth: (of) => short.format(middle(of)),
  what: "What",
  tooFew: "too few",
  none: "none",
  value,
  sections: {
    visits: "Visits",
    outcome: "How the visits ended",
    "physical-visit": "Why a physical visit",
    "outcome-share": "Technology",
    wait: "How late the visits began",
    length: "How long the visits were",
    "link-check": "Patients' test of their link before the visit",
    survey: "Answers afterwards",
    quality: "Sound, picture and link",
  },
  names: {
    visits: {
      booked: "Booked",
      begun: "Begun",
      ended: "Ended",
      "in-room": "In a health room",
      "with-interpreter": "With an interpreter",
    },
    outcome: { none: "None was said" },
    "outcome-share": { "technical-failure-percent": "Ended because technology failed" },
    wait: {
      "late-median-min": "Half began no later than",
      "late-p90-min": "Nine of ten began no later than",
      "in-time-percent": "Began within five minutes",
    },
    length: {
      "median-min": "Half were no longer than",
      "p90-min": "Nine of ten were no longer than",
    },
    "link-check": {
      good: "The link was enough for talking",
      poor: "Weak for talking",
      no: "Not enough for talking",
    },
    quality: {
      stays: "Times somebody was there",
      "rtt-median-ms": "Round trip of the link",
      "loss-median-permille": "Lost on the way",
      "gap-max-median-ms": "Longest interruption",
      "down-median-kbps": "Lowest speed down",
      "made-up-median-permille": "Sound that was made up",
      "fps-median": "Pictures a second",
      "qvga-percent": "Picture of 320 × 240 at least",
      "fps20-percent": "20 pictures a second at least",
      "lip-sync-percent": "Sound and picture in step",
    },
  },
  visit: {
    open: "Sound and picture",
    openNamed: (name) => `Sound and picture: ${name}`,
    title: "How sound and picture were",
    lead: "How well each could be seen and heard, measured during the visit.",
    empty: "Nothing was measured in this visit.",
    again: (role, n) => (n === 1 ? role : `${role}, time ${n}`),
    standard: "Asked for by EN 301 549",
    rest: "Link, sound and picture",
    clauses: {
      "6.1": "Wide sound (6.1)",
      "6.5.2": "Picture of 320 × 240 at least (6.5.2)",
      "6.5.3": "20 pictures a second at least (6.5.3)",
      "6.5.4": "Sound and picture in step, within 100 ms (6.5.4)",
    },
    held: (isMet, clause, n) => {
      const what = clause === "6.1" ? `${decimal.format(n / 1000)} kHz` : `${n}% of the time`;
      return `${isMet ? "Yes" : "No"}, ${what}`;
    },
    unknown: "not measured",
    smallest: "Smallest picture",
    figures: {
      seconds: "In the visit for",
      rtt_ms: "Round trip of the link, mean",
      rtt_ms_max: "Round trip of the link, worst",
      loss_permille: "Lost on the way, mean",
      loss_permille_max: "Lost on the way, worst",
      up_kbps: "Speed up, mean",
      down_kbps_min: "Speed down, lowest",
      gaps: "Interruptions",
      gap_ms: "Interruptions, in all",
      gap_ms_max: "Longest interruption",
      picture_full_s: "Got the picture whole",
      picture_reduced_s: "Got the picture reduced",
      picture_stills_s: "Got stills",
      picture_none_s: "Got no picture",
      fps: "Pictures a second, mean",
      fps_min: "Pictures a second, lowest",
      freeze_ms_max: "Longest standstill of the picture",
      apart_ms_max: "Sound out of step with picture, worst",
      made_up_permille: "Sound that was made up",
    },
  },
};
