// SPDX-License-Identifier: EUPL-1.2
// Debian's Janus with one VideoRoom, as its own samples recommend: transport-wide feedback on, VP8,
// simulcast from the publisher, a bitrate cap no lower than what the page sends. Its ICE library ties
// a socket to the interface of its address, so it needs candidates on our ends of the links; full ICE,
// its default, finds the one that works.
import { spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { until } from "../../tests/e2e/lib/until.mjs";

const WS_PORT = 8188;
const LIBRARY = "/usr/lib/x86_64-linux-gnu/janus";
export const ROOM_SETTINGS = {
  publishers: 6, bitrate: 1500000, bitrate_cap: "false", audiocodec: '"opus"', videocodec: '"vp8"',
  transport_wide_cc_ext: "true", audiolevel_ext: "true", opus_fec: "true", record: "false", notify_joining: "false",
};

function libraryFolder() {
  const found = [LIBRARY, "/usr/lib/aarch64-linux-gnu/janus"].find((p) => existsSync(p));
  if (!found) throw new Error("Janus is not installed: script/bootstrap bench");
  return found;
}

function configure(folder, media) {
  const library = libraryFolder();
  const put = (name, text) => writeFileSync(join(folder, `janus.${name}.jcfg`), text);
  writeFileSync(join(folder, "janus.jcfg"), `general: {
	configs_folder = "${folder}"
	plugins_folder = "${library}/plugins"
	transports_folder = "${library}/transports"
	events_folder = "${library}/events"
	loggers_folder = "${library}/loggers"
	debug_level = 3
}
media: {
	ipv6 = false
	rtp_port_range = "20000-20100"
}
nat: {
	full_trickle = false
	ice_enforce_list = "${media.join(",")}"
}
plugins: {
	disable = "libjanus_echotest.so,libjanus_streaming.so,libjanus_sip.so,libjanus_audiobridge.so,libjanus_videocall.so,libjanus_voicemail.so,libjanus_recordplay.so,libjanus_textroom.so,libjanus_nosip.so,libjanus_duktape.so,libjanus_lua.so"
}
transports: {
	disable = "libjanus_http.so,libjanus_rabbitmq.so,libjanus_mqtt.so,libjanus_pfunix.so,libjanus_nanomsg.so"
}
`);
  put("transport.websockets", `general: {
	json = "compact"
	ws = true
	ws_port = ${WS_PORT}
	wss = false
}
`);
  const room = Object.entries(ROOM_SETTINGS).map(([key, value]) => `\t${key} = ${value}\n`).join("");
  put("plugin.videoroom", `room-1234: {\n\tdescription = "bench"\n${room}}\n`);
}

function answers(host, port) {
  return new Promise((done) => {
    const socket = net.connect(port, host, () => {
      socket.destroy();
      done(true);
    });
    socket.on("error", () => done(false));
  });
}

/** `address`: where its websocket is; `media`: addresses for candidates. */
export async function startJanus({ address, media, log }) {
  const folder = mkdtempSync(join(tmpdir(), "vidd-janus-"));
  configure(folder, media);
  const child = spawn("janus", ["-F", folder, "--disable-colors"], { stdio: ["ignore", "pipe", "pipe"] });
  const out = createWriteStream(log);
  child.stdout.pipe(out, { end: false });
  child.stderr.pipe(out, { end: false });
  const exited = new Promise((done) => {
    child.once("exit", done);
    child.once("error", done);
  });
  await until("Janus listens", () => answers(address, WS_PORT), { every: 50 });
  return {
    port: WS_PORT,
    pid: child.pid,
    stop: async () => {
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), 5000);
      await exited;
      clearTimeout(late);
      out.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
