#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Runs Vidd's thin-link scenarios, judges them against their marks and writes a report.

Prints a line per run, then a table; writes runs.jsonl (every run), report.json (one object per
scenario and mode) and report.html (self-contained) to the output folder. A mark that is not met yet
and came no further from it than what loadtest/scenario/reached.json remembers is told as short, and
the exit code is 1 only when something is worse than that. docs/bench.md says what each scenario and measure means.
"""

import argparse
import contextlib
import datetime
import json
import os
import pathlib
import platform
import re
import signal
import subprocess
import sys
import time

import judge
import page

ROOT = pathlib.Path(__file__).resolve().parents[2]
MARKS = {"sim": ROOT / "loadtest/scenario/marks.json", "real": ROOT / "loadtest/real/marks.json"}
REACHED = ROOT / "loadtest/scenario/reached.json"
SIM = ROOT / "build/loadtest/vidd-scenarios"
REAL = ROOT / "loadtest/real/run.mjs"
# What is remembered and what is compared with it are medians over the same seeds.
SIM_SEEDS = 3
# The machine was not up to a run: it is done again this often, and every attempt is published.
ATTEMPTS = 2


class Failed(RuntimeError):
    """The scenarios could not be run; the text says why and what to do."""


def say(text):
    print(f"[{time.strftime('%H:%M:%S')}] {text}", flush=True)


def told(run):
    """One run in a few words."""
    if run["void"]:
        return f"void: {run['reason'] or 'no reason given'}"
    words = ", ".join(f"{name} {page.number(value)}" for name, value in list(run["measures"].items())[:4])
    return f"{words} ({run['reason']})" if run["reason"] else words


@contextlib.contextmanager
def ended(child):
    """Nobody else ends a child when we are interrupted or stopped."""
    try:
        yield
    except BaseException:
        child.kill()
        raise


def collect(argv, runs_file, broken):
    """Runs a program that prints runs as JSONL, telling of each as it comes."""
    runs = []
    try:
        child = subprocess.Popen([str(a) for a in argv], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    except OSError as error:
        raise Failed(f"cannot run {argv[0]}: {error.strerror}") from error
    with child, ended(child):
        for line in child.stdout:
            if not line.strip():
                continue
            run = judge.parse_run(line, pathlib.Path(str(argv[0])).name)
            runs.append(run)
            runs_file.write(line if line.endswith("\n") else line + "\n")
            runs_file.flush()
            say(f"{run['name']} {run['mode']} {run['system']} seed {run['seed']}: {told(run)}")
    if child.returncode:
        # What came out is still judged and published, but such a session is never a good one.
        broken.append(f"{' '.join(map(str, argv))}: exit code {child.returncode}")
    return runs


def run_sim(args, runs_file, broken):
    if not SIM.exists():
        raise Failed(f"{SIM.relative_to(ROOT)} is not built: ninja -C build")
    argv = [SIM, "--seeds", args.seeds or SIM_SEEDS]
    for name in args.only:
        argv += ["--only", name]
    return collect(argv, runs_file, broken)


def names_of(mode, args, table):
    """The scenarios that this call is to run in this mode."""
    if args.only:
        return [n for n in args.only if n in table]
    if mode == "sim" or args.all:
        return list(table)
    return real_plan()["chosen"]


def real_plan():
    return json.loads((ROOT / "loadtest/real/scenarios.json").read_text(encoding="utf-8"))


def real_cells(args, table):
    """(scenario, system, seed) in the order they run: the systems of one seed beside one another, so
    that a slow spell of the machine meets all of them."""
    plan = real_plan()["scenarios"]
    for name in names_of("real", args, table):
        for seed in range(1, (args.seeds or 1) + 1):
            for system in ["vidd", *args.against]:
                if system in plan[name].get("systems", judge.SYSTEMS):
                    yield name, system, seed


def in_namespace():
    """A network of the run's own, and processes of its own: whatever ends it leaves nothing behind. Root
    does without a user namespace, because only so may the emulator have a real-time priority; of
    anybody else's runs the emulator's lateness says whether they count."""
    user = [] if os.geteuid() == 0 else ["-r"]
    return ["unshare", *user, "-n", "-p", "-f", "--mount-proc", "--kill-child", "env", "VIDD_IN_NAMESPACE=1",
            ROOT / "tests/e2e/in-namespace"]


def run_real(args, table, runs_file, broken):
    runs = []
    for name, system, seed in real_cells(args, table):
        for attempt in range(ATTEMPTS):
            say(f"{name} real {system} seed {seed} ...")
            got = collect([*in_namespace(), "node", REAL, "--scenario", name,
                           "--system", system, "--seed", seed, "--out", args.out], runs_file, broken)
            if not got:
                raise Failed(f"{name} {system}: no run came out")
            runs += got
            if not any(run["void"] for run in got):
                break
    return runs


def read_marks(mode):
    path = MARKS[mode]
    if not path.exists():
        raise Failed(f"{path.relative_to(ROOT)} is missing")
    marks = judge.parse_marks(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))
    if mode == "sim" and REACHED.exists():
        known = judge.parse_reached(REACHED.read_text(encoding="utf-8"), str(REACHED.relative_to(ROOT)))
        for name, listed in marks.items():
            for mark in listed:
                if mark["measure"] in known.get(name, {}):
                    mark["reached"] = known[name][mark["measure"]]
    return marks


def merged(by_mode):
    """One table of marks, each asked for in the mode of the file it stands in."""
    marks = {}
    for mode, table in by_mode.items():
        for name, listed in table.items():
            marks.setdefault(name, []).extend({**m, "modes": [mode]} for m in listed if mode in m["modes"])
    return marks


def processor():
    found = re.search(r"^model name\s*:\s*(.*)$", pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.M)
    return found.group(1) if found else platform.machine()


def facts(argv):
    commit = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True,
                            check=False).stdout.strip()
    return [("When", datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")),
            ("Command", " ".join(["script/scenarios", *argv])), ("Version", commit or "unknown"),
            ("Machine", f"{os.cpu_count()} cores, {processor()}, Linux {platform.release()}")]


def write(out, results, runs, about):
    (out / "report.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (out / "report.html").write_text(page.page(results, runs, about), encoding="utf-8")


def check_names(args, marks):
    """A name that no mode knows is a slip of the keyboard. Simulated links without marks have names too."""
    listed = []
    if args.sim and args.only and SIM.exists():
        listed = subprocess.run([SIM, "--list"], capture_output=True, text=True, check=False).stdout.split()
    known = sorted({*marks, *listed})
    unknown = [n for n in args.only if n not in known]
    if unknown:
        raise Failed(f"no scenario {', '.join(unknown)}; there are: {', '.join(known)}")


def against(text):
    names = [n for n in text.split(",") if n]
    for name in names:
        if name not in ("chrome", "janus"):
            raise argparse.ArgumentTypeError(f"{name} is neither chrome nor janus")
    return names


def seeds(text):
    if not text.isdigit() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text} is no number from 1 to 1000")
    return int(text)


def parse(argv):
    parser = argparse.ArgumentParser(prog="script/scenarios", description=__doc__.splitlines()[0],
                                     epilog="\n".join(__doc__.splitlines()[2:]),
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sim", action="store_true", help="under the virtual clock (default): two minutes, bit-exact")
    parser.add_argument("--real", action="store_true",
                        help="real browsers through the link emulator, in real time: minutes; a chosen six "
                             "unless --only or --all")
    parser.add_argument("--all", action="store_true", help="with --real: every scenario there is for browsers")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="this scenario (may be given again)")
    parser.add_argument("--seeds", type=seeds, metavar="N", help="runs per scenario: 3 with --sim, 1 with --real")
    parser.add_argument("--against", type=against, default=[], metavar="LIST",
                        help="with --real: chrome,janus through the same links in the same session")
    parser.add_argument("--from", dest="source", type=pathlib.Path, metavar="FILE",
                        help="judge the runs of this runs.jsonl again; runs nothing")
    parser.add_argument("--remember", action="store_true",
                        help="afterwards, what the missed marks of all simulated scenarios came to is what the "
                             "next session is compared with")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build/scenarios", metavar="DIR",
                        help="where the report goes (build/scenarios)")
    args = parser.parse_args(argv)
    args.out = args.out.resolve()
    if args.against and not args.real:
        parser.error("--against needs --real: rivals run in browsers only")
    if args.all and not args.real:
        parser.error("--all belongs to --real")
    args.sim = args.sim or not args.real
    if args.remember and (args.real or args.only or args.source or args.seeds):
        parser.error("--remember is for a whole --sim session with the usual seeds")
    return args


def run(args, argv):
    args.out.mkdir(parents=True, exist_ok=True)
    broken = []
    if args.source:
        runs = judge.parse_runs(args.source.read_text(encoding="utf-8"), args.source.name)
        modes = sorted({r["mode"] for r in runs})
        marks, expected = merged({mode: read_marks(mode) for mode in modes}), []
    else:
        by_mode = {mode: read_marks(mode) for mode in judge.MODES if getattr(args, mode)}
        marks = merged(by_mode)
        check_names(args, marks)
        expected = [(name, mode) for mode, table in by_mode.items() for name in names_of(mode, args, table)]
        runs = []
        with open(args.out / "runs.jsonl", "w", encoding="utf-8") as runs_file:
            if args.sim:
                runs += run_sim(args, runs_file, broken)
            if args.real:
                runs += run_real(args, by_mode["real"], runs_file, broken)
    results = judge.judge(runs, marks, expected)
    write(args.out, results, runs, facts(argv))
    print(page.text_table(results))
    print(f"\n{judge.bar(results)}\nreport: {args.out / 'report.html'}")
    if broken:
        raise Failed("; ".join(broken))
    if args.remember:
        REACHED.write_text(json.dumps(judge.reached(results), indent="\t") + "\n", encoding="utf-8")
    return 0 if judge.is_good(results) else 1


def main():
    argv = sys.argv[1:]
    args = parse(argv)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return run(args, argv)
    except (Failed, judge.BadInput, OSError) as error:
        print(f"scenarios: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
