// SPDX-License-Identifier: EUPL-1.2
// What a unit's months and one visit tell in figures, as the server writes them.

import { type Row, readStays, type Statistics, type Stay } from "../../src/staff/figures";

// section, role, name, answer, value
type Told = readonly [string, string, string, string, number | null];

const MONTH: readonly Told[] = [
  ["visits", "", "booked", "", 132],
  ["visits", "", "begun", "", 121],
  ["visits", "", "ended", "", 119],
  ["visits", "", "in-room", "", 17],
  ["visits", "", "with-interpreter", "", null],
  ["outcome", "", "solved", "", 84],
  ["outcome", "", "physical-visit", "", 21],
  ["outcome", "", "rebooked", "", null],
  ["outcome", "", "no-show", "", 8],
  ["outcome", "", "technical-failure", "", null],
  ["outcome", "", "none", "", 0],
  ["physical-visit", "", "examination", "", 13],
  ["physical-visit", "", "worse", "", null],
  ["physical-visit", "", "patient-choice", "", null],
  ["physical-visit", "", "link", "", 0],
  ["physical-visit", "", "other", "", 0],
  ["outcome-share", "", "technical-failure-percent", "", null],
  ["wait", "", "late-median-min", "", 2],
  ["wait", "", "late-p90-min", "", 11],
  ["wait", "", "in-time-percent", "", 80],
  ["length", "", "median-min", "", 18],
  ["length", "", "p90-min", "", 31],
  ["link-check", "", "good", "", 71],
  ["link-check", "", "poor", "", 12],
  ["link-check", "", "no", "", 6],
  ["survey", "clinician", "quality", "partly", 9],
  ["survey", "clinician", "quality", "yes", 44],
  ["survey", "patient", "quality", "no", null],
  ["survey", "patient", "quality", "partly", null],
  ["survey", "patient", "quality", "yes", 38],
  ["survey", "patient", "travel", "no", 12],
  ["survey", "patient", "travel", "yes", 27],
  ["quality", "clinician", "stays", "", 124],
  ["quality", "clinician", "rtt-median-ms", "", 21],
  ["quality", "clinician", "fps-median", "", 25],
  ["quality", "patient", "stays", "", 131],
  ["quality", "patient", "rtt-median-ms", "", 58],
  ["quality", "patient", "loss-median-permille", "", 4],
  ["quality", "patient", "gap-max-median-ms", "", 0],
  ["quality", "patient", "down-median-kbps", "", 1840],
  ["quality", "patient", "made-up-median-permille", "", 6],
  ["quality", "patient", "fps-median", "", 24],
  ["quality", "patient", "qvga-percent", "", 95],
  ["quality", "patient", "fps20-percent", "", 85],
  ["quality", "patient", "lip-sync-percent", "", null],
];

/** In the second month nobody answered. */
export function monthsTold(months: readonly string[]): Statistics {
  const rows = months.flatMap((month, i): Row[] =>
    MONTH.filter(([section]) => i !== 1 || section !== "survey").map(
      ([section, role, name, answer, value]) => ({ month, section, role, name, answer, value }),
    ),
  );
  return { unit: "u1", least: 5, rows };
}

const GOOD = {
  role: "clinician",
  until: "2026-11-26T08:01:00Z",
  seconds: 1120,
  rtt_ms: 18,
  rtt_ms_max: 44,
  loss_permille: 0,
  loss_permille_max: 2,
  down_kbps_min: 5200,
  up_kbps: 2100,
  gaps: 0,
  gap_ms: 0,
  gap_ms_max: 0,
  audio_hz: 48000,
  picture_full_s: 1094,
  picture_reduced_s: 0,
  picture_stills_s: 0,
  picture_none_s: 26,
  looks: 0,
};

export const LOOKS_AT_VISIT: readonly Stay[] =
  readStays(
    JSON.stringify({
      stays: [
        {
          ...GOOD,
          role: "patient",
          until: "2026-11-26T07:44:00Z",
          seconds: 41,
          picture_full_s: 30,
          picture_none_s: 11,
        },
        {
          ...GOOD,
          role: "patient",
          seconds: 1031,
          picture_full_s: 770,
          rtt_ms: 96,
          rtt_ms_max: 812,
          loss_permille: 14,
          loss_permille_max: 120,
          down_kbps_min: 180,
          up_kbps: 420,
          gaps: 1,
          gap_ms: 7400,
          gap_ms_max: 7400,
          picture_reduced_s: 204,
          picture_stills_s: 31,
          looks: 101,
          width_min: 320,
          height_min: 180,
          qvga_percent: 91,
          vga_percent: 60,
          fps: 22.4,
          fps_min: 6,
          fps20_percent: 97,
          fps30_percent: 0,
          freeze_ms_max: 1900,
          apart_ms_max: 140,
          apart_ok_percent: 98,
          made_up_permille: 21,
        },
        GOOD,
      ],
    }),
  ) ?? [];
