// SPDX-License-Identifier: EUPL-1.2
// What the gallery is called with: read, checked, and explained.
import { parseArgs } from "node:util";

const OPTIONS = {
  only: { type: "string", default: "" },
  view: { type: "string", default: "" },
  out: { type: "string" },
  jobs: { type: "string", default: "1" },
  help: { type: "boolean", short: "h", default: false },
};

/** Said and left with 2, without a stack: whoever called made a mistake, not the gallery. */
export class Misused extends Error {}

/** only and views are how the names of states and looks begin; "": all. */
export function readArguments(argv) {
  let values;
  try {
    ({ values } = parseArgs({ args: argv, options: OPTIONS }));
  } catch (error) {
    throw new Misused(error.message);
  }
  const jobs = Number(values.jobs);
  if (!Number.isInteger(jobs) || jobs < 1) {
    throw new Misused(`--jobs takes a number from 1, not "${values.jobs}"`);
  }
  return { ...values, jobs, views: values.view.split(",") };
}

/** Those of the names that begin with one of the starts, each of which must be of some use. */
export function chosen(what, names, starts) {
  for (const start of starts) {
    if (!names.some((name) => name.startsWith(start))) {
      throw new Misused(`no ${what} begins with "${start}"; --help lists them`);
    }
  }
  return names.filter((name) => starts.some((start) => name.startsWith(start)));
}

function columns(names) {
  const lines = [""];
  for (const name of names) {
    const line = lines.at(-1);
    if (line.length + name.length > 96) {
      lines.push(`  ${name}`);
    } else {
      lines[lines.length - 1] = `${line === "" ? " " : line} ${name}`;
    }
  }
  return lines.join("\n");
}

export function helpText(looks, states) {
  return `npm run gallery [-- OPTIONS]: draws the states of the pages, and fails on what is wrong in them.

  --only STATE      only states whose name begins so
  --view LOOK,LOOK  only looks whose name begins so
  --out FOLDER      where the pictures go, or "none"; a new folder by default
  --jobs N          browsers at once, 1 by default
  --help            this

Looks:
${columns(looks)}

States:
${columns(states)}`;
}
