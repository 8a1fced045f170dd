// SPDX-License-Identifier: EUPL-1.2
// Writes a .br and a .gz beside every text file of dist/, so that the server compresses nothing.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const TEXT = new Set([".html", ".js", ".css", ".svg", ".json", ".txt", ".webmanifest"]);
const dist = fileURLToPath(new URL("../dist/", import.meta.url));

for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath ?? entry.path, entry.name);
  if (!entry.isFile() || !TEXT.has(extname(entry.name))) {
    continue;
  }
  const raw = readFileSync(path);
  const packed = [
    [".br", brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })],
    [".gz", gzipSync(raw, { level: 9 })],
  ];
  for (const [suffix, bytes] of packed) {
    // A packed copy that is no smaller only costs the reader a decoder.
    if (bytes.length < raw.length) {
      writeFileSync(path + suffix, bytes);
    } else {
      rmSync(path + suffix, { force: true });
    }
  }
}
