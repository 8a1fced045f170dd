// SPDX-License-Identifier: EUPL-1.2
// A sound card that nobody hears. Firefox runs no AudioContext on a machine without one, and the
// page and the suite both need it: one private PulseAudio with a null sink per browser.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { until } from "./until.mjs";

export async function startSpeaker() {
  const folder = mkdtempSync(join(tmpdir(), "vidd-sound-"));
  const socket = join(folder, "native");
  const child = spawn("pulseaudio", ["-n", "--daemonize=no", "--exit-idle-time=-1", "--disable-shm=yes",
    "--use-pid-file=no", "--realtime=no", "--high-priority=no", "-L", "module-null-sink rate=48000",
    "-L", `module-native-protocol-unix auth-anonymous=1 socket=${socket}`],
  { stdio: "ignore", env: { ...process.env, XDG_RUNTIME_DIR: folder, HOME: folder } });
  await until("the sound server listens", () => existsSync(socket));
  return {
    env: { PULSE_SERVER: `unix:${socket}` },
    close: () => {
      child.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
