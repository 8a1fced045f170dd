// SPDX-License-Identifier: EUPL-1.2
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

// Each page is an entry with what it alone needs; what they share is a chunk of its own.
const PAGES = ["index", "staff", "room", "accessibility", "eid"] as const;
const pages = PAGES.map((name) => fileURLToPath(new URL(`${name}.html`, import.meta.url)));

// npm run dev shows the page as it is written, talking to a server that runs: script/server.
const server = process.env["VIDD_SERVER"] ?? "https://127.0.0.1:8443";

export default defineConfig({
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: {
    // Phones of 2016 and later: iOS 15.4, and what their Android contemporaries update to.
    target: ["es2021", "safari15.4", "chrome94", "firefox110"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: { input: pages.filter((page) => existsSync(page)) },
  },
  server: {
    port: 5173,
    proxy: {
      "/ws": { target: server, ws: true, secure: false },
      "/api": { target: server, secure: false },
      "/auth": { target: server, secure: false },
    },
  },
});
