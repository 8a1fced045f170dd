// SPDX-License-Identifier: EUPL-1.2
// Showing an e-ID: asks the server where to go, and remembers in this tab where to come back to. The
// link's token goes with the question alone, never in an address.

import { readJson, text } from "./guard";
import { tokenOf } from "./support";

const PATH = "/auth/eid";
/** Read by eid-back.ts, which leads back here. */
const BACK_KEY = "vidd.eid-back";
const PROBLEM_KEY = "vidd.eid-problem";

/** What went wrong on the way, in the server's words; "" when nothing did. */
export function takeProblem(): string {
  try {
    const problem = sessionStorage.getItem(PROBLEM_KEY) ?? "";
    sessionStorage.removeItem(PROBLEM_KEY);
    return problem;
  } catch {
    return "";
  }
}

async function ask(method: "GET" | "POST", member: string): Promise<string | null> {
  try {
    const reply = await fetch(PATH, {
      method,
      headers:
        method === "POST" ? { authorization: `Bearer ${tokenOf(window.location.hash)}` } : {},
    });
    return reply.ok ? readJson(await reply.text(), (o) => text(o[member])) : null;
  } catch {
    return null;
  }
}

/** What an e-ID is called here; null: none can be shown, or the network is gone. */
export function findName(): Promise<string | null> {
  return ask("GET", "name");
}

/** Off to the provider; what could not be, in the server's words. */
export async function goIdentify(): Promise<"login-away" | null> {
  const url = await ask("POST", "url");
  if (url === null) {
    return "login-away";
  }
  try {
    sessionStorage.setItem(BACK_KEY, window.location.hash);
  } catch {
    // Storage is off: the page it comes back to says to open the link again.
  }
  window.location.assign(url);
  return null;
}
