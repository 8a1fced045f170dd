// SPDX-License-Identifier: EUPL-1.2

/** A moment, as RFC 3339 or as seconds since 1970; 0 and null are none. In ms. */
export function moment(value: unknown): number | null {
  if (typeof value === "string") {
    const ms = Date.parse(value);
    return Number.isNaN(ms) ? null : ms;
  }
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value * 1000 : null;
}
