// SPDX-License-Identifier: EUPL-1.2
// A patient loads the page over the same thin link as the call: everything that is fetched before
// the first picture, compressed as the server sends it, has a ceiling. That is index.html, what it
// names, and what those import at once; what is loaded only when asked for does not count, but
// the largest of the languages does.
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { build } from "vite";
import { expect, it } from "vitest";

const LIMIT_BYTES = 60 * 1024;

interface Item {
  readonly name: string;
  readonly text: string;
  readonly bytes: number;
  readonly imports: readonly string[];
  readonly isLanguage: boolean;
}

async function built(): Promise<Item[]> {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const result = await build({
    root,
    configFile: `${root}/vite.config.ts`,
    logLevel: "error",
    build: { write: false },
  });
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((one) =>
    "output" in one ? one.output : [],
  );
  return outputs.map((file) => {
    const text = file.type === "chunk" ? file.code : String(file.source);
    const css = file.type === "chunk" ? [...(file.viteMetadata?.importedCss ?? [])] : [];
    return {
      name: file.fileName,
      text,
      bytes: brotliCompressSync(text).length,
      // The staff's page has languages of its own, which no patient loads.
      isLanguage: file.type === "chunk" && /\/src\/i18n\//.test(file.facadeModuleId ?? ""),
      imports: file.type === "chunk" ? [...file.imports, ...css] : [],
    };
  });
}

function reached(items: readonly Item[], from: Item): Set<Item> {
  const found = new Set<Item>();
  const visit = (item: Item): void => {
    if (!found.has(item)) {
      found.add(item);
      const named = items.filter((other) => item.text.includes(`/${other.name}`) && item === from);
      const imported = items.filter((other) => item.imports.includes(other.name));
      for (const next of [...named, ...imported]) {
        visit(next);
      }
    }
  };
  visit(from);
  return found;
}

it("the patient path weighs at most 60 kB", { timeout: 60000 }, async () => {
  const items = await built();
  const page = items.find(({ name }) => name === "index.html");
  if (page === undefined) {
    throw new Error("no index.html");
  }
  const path = [...reached(items, page)];
  const languages = items.filter(({ isLanguage }) => isLanguage);
  const largest = languages.sort((a, b) => b.bytes - a.bytes)[0];
  expect(largest).toBeDefined();
  if (largest !== undefined && !path.includes(largest)) {
    path.push(largest);
  }
  const total = path.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { name, bytes } of path) {
    console.log(`${String(bytes).padStart(7)} ${name}`);
  }
  console.log(`${String(total).padStart(7)} bytes of ${LIMIT_BYTES}, brotli`);
  const kinds = new Set(path.map(({ name }) => name.replace(/.*\./, "")));
  expect(kinds).toEqual(new Set(["css", "html", "js"]));
  expect(total).toBeLessThanOrEqual(LIMIT_BYTES);
  // No third party, and nothing of the gallery.
  const all = items.map(({ text }) => text).join("\n");
  const hosts = [...all.matchAll(/https?:\/\/([\w.-]+)/g)].map((match) => match[1]);
  expect(new Set(hosts)).toEqual(new Set(["www.w3.org"]));
  expect(all).not.toContain("Dikanäs");
});
