// SPDX-License-Identifier: EUPL-1.2
import { defineConfig } from "vite";

// The mock server of dev/mock.mjs, or a real one: VIDD_SERVER=https://127.0.0.1:8443 npm run dev
const server = process.env["VIDD_SERVER"] ?? "http://127.0.0.1:8444";

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
