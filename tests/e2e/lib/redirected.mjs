// SPDX-License-Identifier: EUPL-1.2
// A browser without a page: what is followed of an identity provider's way, request by request.
import { request } from "./server.mjs";

/** A browser: follows redirects by hand, with cookies per origin. */
export class Redirected {
  jars = new Map();

  jar(url) {
    const { origin } = new URL(url);
    if (!this.jars.has(origin)) this.jars.set(origin, new Map());
    return this.jars.get(origin);
  }

  async go(url, { method = "GET", headers = {}, body } = {}) {
    const jar = this.jar(url);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await request(url, { method, headers: { ...(cookie && { cookie }), ...headers }, body });
    for (const line of answer.headers["set-cookie"] ?? []) {
      const [pair] = line.split(";");
      const at = pair.indexOf("=");
      if (/Max-Age=0|Thu, 01 Jan 1970/.test(line)) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return { ...answer, location: answer.headers.location && new URL(answer.headers.location, url).href };
  }

  /** From url along the redirects until one begins with end: that address. */
  async follow(url, end) {
    for (let i = 0; i < 8; i++) {
      const answer = await this.go(url);
      if (!answer.location) throw new Error(`${answer.status} at ${url}: ${answer.body}`);
      url = answer.location;
      if (url.startsWith(end)) return url;
    }
    throw new Error(`no way back: ${url}`);
  }
}

/** The address with that argument set, or without it (null). */
export function withArgument(url, name, value) {
  const changed = new URL(url);
  if (value === null) changed.searchParams.delete(name);
  else changed.searchParams.set(name, value);
  return changed.href;
}
