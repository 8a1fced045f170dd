// SPDX-License-Identifier: EUPL-1.2
import { defineConfig } from "vite";

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
  },
  server: {
    port: 5173,
    proxy: { "/ws": { target: server, ws: true, secure: false } },
  },
});
