#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Vidd and Debian's Janus in turn on the same core, under the same load, with vidd-floor beside them.

Everything runs in a network namespace of its own. Each round takes every case through every system, in
an order that turns from round to round; each run has a fresh server. A void run is repeated, twice at most.
The tables compare within rounds: the machine's speed may drift from one to the next."""

import argparse
import json
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

from tables import markdown

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LOAD = ROOT / "build/loadtest/load/vidd-load"
FLOOR = ROOT / "build/loadtest/floor/vidd-floor"
VIDD = ROOT / "build/server/vidd"
PROFILES = ROOT / "loadtest/load/profiles"
ADDRESS = "10.77.0.1"
JANUS_PORT = 8188
START_S = 20
INSIDE = "VIDD_COMPARE_INSIDE"
TRIES = 3

# name: (profile, flags, Vidd's driver). Over sixteen people in a room come to Vidd as players (WHEP).
CASES = {
    "pairs": ("pairs", [], "vidd"),
    "conference": ("conference", [], "vidd"),
    "broadcast": ("broadcast", [], "whip"),
    "pairs-whip": ("pairs", [], "whip"),
}


def library():
    for name in ("x86_64-linux-gnu", "aarch64-linux-gnu"):
        path = pathlib.Path("/usr/lib") / name / "janus"
        if path.exists():
            return path
    raise SystemExit("compare: Janus is not installed: script/bootstrap bench")


def janus_files(folder, loops):
    lib = library()
    off = ("echotest streaming sip audiobridge videocall voicemail recordplay textroom nosip duktape lua").split()
    (folder / "janus.jcfg").write_text(f"""general: {{
 configs_folder = "{folder}"
 plugins_folder = "{lib}/plugins"
 transports_folder = "{lib}/transports"
 events_folder = "{lib}/events"
 loggers_folder = "{lib}/loggers"
 debug_level = 2
 {f"event_loops = {loops}" if loops else ""}
}}
media: {{
 ipv6 = false
 rtp_port_range = "20000-40000"
}}
nat: {{
 full_trickle = false
 ice_lite = true
 ice_enforce_list = "{ADDRESS}"
}}
plugins: {{ disable = "{",".join(f"libjanus_{n}.so" for n in off)}" }}
transports: {{ disable = "libjanus_http.so,libjanus_rabbitmq.so,libjanus_mqtt.so,libjanus_pfunix.so,libjanus_nanomsg.so" }}
""")
    (folder / "janus.transport.websockets.jcfg").write_text(
        f'general: {{\n json = "compact"\n ws = true\n ws_port = {JANUS_PORT}\n wss = false\n}}\n')
    (folder / "janus.plugin.videoroom.jcfg").write_text("general: { }\n")


def until(what, is_so):
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if is_so():
            return
        time.sleep(0.05)
    raise SystemExit(f"compare: {what} did not become ready in {START_S} s")


def listens(port):
    with socket.socket() as s:
        return s.connect_ex((ADDRESS, port)) == 0


class Server:
    """One fresh server process, pinned."""

    def __init__(self, argv, pin, folder):
        self.folder = folder
        self.log = open(folder / "server.log", "wb")
        self.child = subprocess.Popen([*pin, *map(str, argv)], cwd=folder, stdout=self.log, stderr=self.log,
                                      stdin=subprocess.DEVNULL)

    def stop(self):
        self.child.send_signal(signal.SIGTERM)
        try:
            self.child.wait(10)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def start_vidd(pin):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vidd-compare-"))
    (folder / "web").mkdir()
    (folder / "web" / "index.html").write_text("<!doctype html>")
    many = "20000"
    server = Server([VIDD, "--demo", "--port", "0", "--media-port", "0", "--address", ADDRESS, "--workers", "1", "--web",
                     folder / "web", "--requests-per-second", "10000", "--max-connections", many,
                     "--max-connections-per-address", many], pin, folder)
    demo = folder / "var" / "demo.json"
    until("vidd", lambda: demo.exists() and b"event=ready" in (folder / "server.log").read_bytes())
    return server, ["--demo", str(demo)]


def start_janus(pin, loops):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vidd-compare-"))
    janus_files(folder, loops)
    server = Server(["janus", "-F", folder, "--disable-colors"], pin, folder)
    until("Janus", lambda: listens(JANUS_PORT))
    return server, ["--driver", "janus", "--url", f"ws://{ADDRESS}:{JANUS_PORT}"]


SYSTEMS = {
    "vidd": start_vidd,
    "janus": lambda pin: start_janus(pin, 0),
    "janus-1-loop": lambda pin: start_janus(pin, 1),
}


def pinned(cpu, args):
    first = ["chrt", "--rr", str(args.real_time)] if args.real_time else []
    return [*first, "taskset", "-c", str(cpu)]


def run_once(system, case, args):
    profile, flags, driver = CASES[case]
    server, where = SYSTEMS[system](pinned(args.server_cpu, args))
    if system == "vidd":
        where = ["--driver", driver, *where]
    try:
        done = subprocess.run(
            [*pinned(args.load_cpu, args), LOAD, "--quiet", "--json", "-", "--profile", PROFILES / f"{profile}.json",
             "--server-pid", str(server.child.pid), "--seconds", str(args.seconds), "--warmup", str(args.warmup),
             *where, *flags, *(["--gro"] if args.gro else [])],
            capture_output=True, text=True, check=False)
    finally:
        server.stop()
    if done.returncode not in (0, 3):
        raise SystemExit(f"compare: {system}, {case}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def run_case(system, case, args):
    for _ in range(TRIES):
        found = run_once(system, case, args)
        if not found["void"]:
            break
        print(f"compare: {system}, {case} is void: {', '.join(found['void_because'])}", file=sys.stderr, flush=True)
    found.pop("seconds")
    return found


def floor(args):
    done = subprocess.run([*pinned(args.server_cpu, args), FLOOR, "--reader-cpu", str(args.load_cpu), "--rounds", "3",
                           "--json", "-"], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def enter_namespace():
    """Again, inside a namespace with an address that is not loopback: Janus offers no other."""
    if os.environ.get(INSIDE):
        for words in ("link set lo up", "link add v0 type veth peer name v1", f"addr add {ADDRESS}/24 dev v0",
                      "link set v0 up", "link set v1 up"):
            subprocess.run(["ip", *words.split()], check=True)
        return
    flags = ["-n"] if os.geteuid() == 0 else ["-r", "-n"]
    os.environ[INSIDE] = "1"
    os.execvp("unshare", ["unshare", *flags, sys.executable, *sys.argv])


def machine():
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8")
                  if line.startswith("model name")), "?")
    return {"cpu": model, "cores": os.cpu_count(), "kernel": os.uname().release,
            "load_average": [round(x, 1) for x in os.getloadavg()], "date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())}


def options():
    parser = argparse.ArgumentParser(prog="script/compare", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=15, help="of each run's window")
    parser.add_argument("--warmup", type=float, default=10, help="seconds before it: estimates rise, caches fill")
    parser.add_argument("--case", action="append", choices=CASES, help="may be repeated; pairs, conference, broadcast")
    parser.add_argument("--system", action="append", choices=SYSTEMS, help="may be repeated; all of them")
    parser.add_argument("--server-cpu", type=int, default=0)
    parser.add_argument("--load-cpu", type=int, default=1)
    parser.add_argument("--real-time", type=int, default=0, metavar="PRIORITY",
                        help="run server and tester above everything else (needs root): for a machine that others use")
    parser.add_argument("--gro", action="store_true", help="viewers take runs of packets whole")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build/compare")
    args = parser.parse_args()
    args.case = args.case or ["pairs", "conference", "broadcast"]
    args.system = args.system or list(SYSTEMS)
    return args


def main():
    args = options()
    enter_namespace()
    args.out.mkdir(parents=True, exist_ok=True)
    result = {"machine": machine(), "options": {"seconds": args.seconds, "warmup": args.warmup, "gro": args.gro},
              "runs": [], "floor": []}
    for number in range(args.rounds):
        result["floor"].append(floor(args))
        for case in args.case:
            turn = number % len(args.system)
            for system in args.system[turn:] + args.system[:turn]:
                found = run_case(system, case, args)
                result["runs"].append({"round": number, "case": case, "system": system, **found})
                server = found["server"]
                print(f"round {number + 1}: {case}, {system}: {server['ns_per_packet_out']} ns per packet out, "
                      f"{server['cpu_percent']} % of a core, {found['packets']['delivered_per_s']} packets/s"
                      f"{' VOID' if found['void'] else ''}", file=sys.stderr, flush=True)
        (args.out / "compare.json").write_text(json.dumps(result, indent=1))
        (args.out / "compare.md").write_text(markdown(result))
    print((args.out / "compare.md").read_text())


if __name__ == "__main__":
    main()
