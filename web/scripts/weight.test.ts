// SPDX-License-Identifier: EUPL-1.2
// A patient loads the page over the same thin link as the call: everything that is fetched before
// the first picture, compressed as the server sends it, has a ceiling.
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { build } from "vite";
import { expect, it } from "vitest";

const LIMIT_BYTES = 60 * 1024;

it("the patient path weighs at most 60 kB", { timeout: 60000 }, async () => {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const built = await build({
    root,
    configFile: `${root}/vite.config.ts`,
    logLevel: "error",
    build: { write: false },
  });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((result) =>
    "output" in result ? result.output : [],
  );
  const weights = outputs.map((file) => ({
    name: file.fileName,
    bytes: brotliCompressSync(file.type === "chunk" ? file.code : file.source).length,
    text: file.type === "chunk" ? file.code : String(file.source),
  }));
  const total = weights.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { name, bytes } of weights) {
    console.log(`${String(bytes).padStart(7)} ${name}`);
  }
  console.log(`${String(total).padStart(7)} bytes of ${LIMIT_BYTES}, brotli`);
  expect(weights.map(({ name }) => name.replace(/.*\./, "")).sort()).toEqual(["css", "html", "js"]);
  expect(total).toBeLessThanOrEqual(LIMIT_BYTES);
  // No third party, and nothing of the gallery.
  const all = weights.map(({ text }) => text).join("\n");
  const hosts = [...all.matchAll(/https?:\/\/([\w.-]+)/g)].map((match) => match[1]);
  expect(new Set(hosts)).toEqual(new Set(["www.w3.org"]));
  expect(all).not.toContain("Dikanäs");
});
