#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Runs every check of the project in stages and counts what passed; see script/test.

A stage is a function that returns (passed, failed). It counts real test cases from TAP, JUnit or
JSON where the tool gives them, and itself as one case otherwise. A stage that cannot run counts
as one failure. Everything a stage prints goes to build/test-logs/<stage>.log; the end of it is
shown when the stage fails.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
LOGS = ROOT / "build" / "test-logs"
CORES = os.cpu_count() or 2
# A stage that takes longer hangs; the longest, the browser suite, takes about five minutes.
STAGE_LIMIT_S = 1500
# The scenarios under the virtual clock belong to every run of script/test, so they must stay short.
SIM_LIMIT_S = 300


class Stage:
    """What one stage writes and runs; its output goes to its log."""

    def __init__(self, name, is_long):
        self.name = name
        self.is_long = is_long
        self.log = open(LOGS / f"{name}.log", "w", encoding="utf-8", errors="replace")

    def note(self, text):
        print(text, file=self.log, flush=True)

    def run(self, argv, env=None, cwd=ROOT, limit_s=STAGE_LIMIT_S):
        """Runs argv to its end, output to the log; returns its exit code (124: out of time)."""
        self.note("$ " + " ".join(map(str, argv)))
        child = subprocess.Popen(
            [str(a) for a in argv], cwd=cwd, stdout=self.log, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL, env={**os.environ, **(env or {})}, start_new_session=True)
        try:
            return child.wait(timeout=limit_s)
        except subprocess.TimeoutExpired:
            self.note(f"stopped after {limit_s} s")
            return 124
        finally:
            end_group(child)

    def output(self, argv, env=None, cwd=ROOT, limit_s=STAGE_LIMIT_S):
        """As run(), but returns (exit code, standard output)."""
        self.note("$ " + " ".join(map(str, argv)))
        child = subprocess.Popen(
            [str(a) for a in argv], cwd=cwd, stdout=subprocess.PIPE, stderr=self.log,
            stdin=subprocess.DEVNULL, env={**os.environ, **(env or {})}, start_new_session=True)
        try:
            out, _ = child.communicate(timeout=limit_s)
        except subprocess.TimeoutExpired:
            self.note(f"stopped after {limit_s} s")
            end_group(child)
            out, _ = child.communicate()
        finally:
            end_group(child)
        text = out.decode("utf-8", "replace")
        self.note(text)
        return child.returncode, text


def end_group(child):
    """Ends what a stage's command left running."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    child.wait()


def count_tap(text):
    """(passed, failed) of TAP, top level and subtests, without counting a parent twice. A plan
    that was not fulfilled is one failure."""
    passed = failed = 0
    parents = re.compile(r"^(\s*)(not )?ok \d+")
    lines = text.splitlines()
    deepest = None
    planned, seen = None, 0
    for line in lines:
        plan = re.match(r"^1\.\.(\d+)", line)
        if plan:
            planned = int(plan.group(1))
        match = parents.match(line)
        if not match:
            continue
        depth = len(match.group(1))
        seen += depth == 0
        if deepest is not None and deepest > depth and not match.group(2):
            deepest = depth  # the sum of subtests that were counted already
            continue
        deepest = depth
        failed += bool(match.group(2))
        passed += not match.group(2)
    if planned is None or planned != seen:
        failed += 1
    return passed, failed


def sources(*suffixes, under=("media", "signaling", "server", "loadtest", "tests")):
    out = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard", "-z", "--", *under], cwd=ROOT,
        check=True, capture_output=True).stdout.decode()
    return [n for n in out.split("\0") if n.endswith(suffixes) and (ROOT / n).is_file()]


def verdict(is_good):
    return (1, 0) if is_good else (0, 1)


# --- builds -----------------------------------------------------------------------------------


# What ccache keeps holds for every clone: names of files are taken from the root of each.
BUILD_ENV = {"CCACHE_BASEDIR": str(ROOT), "CCACHE_NOHASHDIR": "1"}


def configure(stage, folder, *options, cc="gcc"):
    """Configures, with a compiler's cache and a fast linker where they are installed."""
    env = {"CC": f"ccache {cc}" if shutil.which("ccache") else cc}
    if shutil.which("mold"):
        env["CC_LD"] = "mold"
    return (ROOT / folder / "build.ninja").exists() or \
        stage.run(["meson", "setup", folder, *options], env=env) == 0


def build(stage, folder, *options, cc="gcc", targets=()):
    """Configures and builds, all or these; False when that failed."""
    return configure(stage, folder, *options, cc=cc) and \
        stage.run(["ninja", "-C", folder, *targets], env=BUILD_ENV) == 0


def programs_of(stage, folder, suite):
    """The programs that the tests of a suite run, as ninja names them."""
    _, text = stage.output(["meson", "introspect", "--tests", folder])
    of_suite = [t["cmd"][0] for t in json.loads(text) if f"vidd:{suite}" in t["suite"]]
    return [os.path.relpath(program, ROOT / folder) for program in of_suite
            if pathlib.Path(program).is_relative_to(ROOT / folder)]


def meson_suites(stage, folder, suites=None, env=None, without=None):
    """Runs suites, or all but one, and counts their cases from the JUnit file that meson writes."""
    report = ROOT / folder / "meson-logs" / "testlog.junit.xml"
    report.unlink(missing_ok=True)
    argv = ["meson", "test", "-C", folder, "--no-rebuild", "--print-errorlogs"]
    if stage.is_long:
        argv += ["--timeout-multiplier", "10"]
    for suite in suites or []:
        argv += ["--suite", suite]
    if without:
        argv += ["--no-suite", without]
    code = stage.run(argv, env=env)
    if not report.exists():
        return 0, 1
    passed = failed = 0
    for case in xml.etree.ElementTree.parse(report).getroot().iter("testcase"):
        is_bad = case.find("failure") is not None or case.find("error") is not None
        failed += is_bad
        passed += not is_bad and case.find("skipped") is None
    if code and not failed:
        failed = 1
    return passed, failed


# --- stages -----------------------------------------------------------------------------------


def stage_format(stage):
    files = sources(".c", ".h")
    return verdict(stage.run(["clang-format-14", "--dry-run", "-Werror", *files]) == 0)


def stage_rules(stage):
    total = [0, 0]
    for script in ("test_run.py", "test_check.py", "check.py"):
        _, text = stage.output([sys.executable, "tests/lint/" + script])
        for i, n in enumerate(count_tap(text)):
            total[i] += n
    return tuple(total)


def stage_shell(stage):
    scripts = [n for n in sources("", under=("script", ".ci", "tests"))
               if (ROOT / n).read_bytes()[:20].startswith((b"#!/usr/bin/env bash", b"#!/bin/sh"))]
    return verdict(stage.run(["shellcheck", *scripts]) == 0)


def stage_tidy(stage):
    """clang-tidy, one case per file. A file is looked at again only when it, a header, the
    configuration or the build flags changed."""
    if not configure(stage, "build-tidy", cc="clang-14"):
        return 0, 1
    files = sources(".c", under=("media", "signaling", "server", "loadtest"))
    newest = max((ROOT / n).stat().st_mtime
                 for n in [*sources(".h"), ".clang-tidy", "meson.build"])
    stamps = ROOT / "build-tidy" / "stamps"
    stamps.mkdir(exist_ok=True)

    def look(name):
        stamp = stamps / name.replace("/", "_")
        fresh = max(newest, (ROOT / name).stat().st_mtime)
        if not stage.is_long and stamp.exists() and stamp.stat().st_mtime > fresh:
            return name, True, ""
        done = subprocess.run(["clang-tidy-14", "--quiet", "-p", "build-tidy", name], cwd=ROOT,
                              capture_output=True, text=True, check=False)
        if done.returncode == 0:
            stamp.touch()
        return name, done.returncode == 0, done.stdout

    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(CORES) as pool:
        for name, is_good, text in pool.map(look, files):
            passed += is_good
            failed += not is_good
            if not is_good:
                stage.note(f"not ok {name}\n{text}")
    return passed, failed


def stage_cppcheck(stage):
    folders = [f for f in ("media", "signaling", "server", "loadtest") if (ROOT / f).is_dir()]
    cache = ROOT / "build" / "cppcheck"
    cache.mkdir(parents=True, exist_ok=True)
    return verdict(stage.run([
        "cppcheck", "--quiet", "--error-exitcode=1", "--std=c11", "--inline-suppr", f"-j{CORES}",
        f"--cppcheck-build-dir={cache}", "--enable=warning,performance,portability",
        "--suppress=missingIncludeSystem", "--suppress=normalCheckLevelMaxBranches",
        "--library=gnu", "--library=gtk", "-I", ".", "-D_GNU_SOURCE", '-DVIDD_VERSION="0"',
        # It does not read OpenSSL's headers, and one file refuses versions it does not know.
        "-DOPENSSL_VERSION_NUMBER=0x30000000L", *folders]) == 0)


def stage_unit(stage):
    if not build(stage, "build"):
        return 0, 1
    passed, failed = meson_suites(stage, "build", without="load")
    for luck in range(1, 21 if stage.is_long else 1):
        good, bad = meson_suites(stage, "build", suites=["grid"], env={"VIDD_LUCK": str(luck)})
        passed += good
        failed += bad
    return passed, failed


SANITIZER_ENV = {
    "ASAN_OPTIONS": "detect_leaks=1:abort_on_error=1",
    "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
    "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1",
    "G_SLICE": "always-malloc",
}


def stage_asan(stage):
    if not build(stage, "build-asan", "-Dsanitize=address,undefined", "-Db_lundef=false",
                 cc="clang-14"):
        return 0, 1
    return meson_suites(stage, "build-asan", env=SANITIZER_ENV)


def stage_tsan(stage):
    """Only what has threads: the suite called so, and a real call."""
    options = ["build-tsan", "-Dsanitize=thread", "-Db_lundef=false"]
    if not configure(stage, *options, cc="clang-14") or not build(
            stage, *options, targets=["server/vidd", *programs_of(stage, "build-tsan", "threads")]):
        return 0, 1
    passed, failed = meson_suites(stage, "build-tsan", suites=["threads"], env=SANITIZER_ENV)
    if not build_web(stage):
        return passed, failed + 1
    good, bad = browser_file(stage, ROOT / "tests/e2e/10-call.test.mjs",
                             {**SANITIZER_ENV, "VIDD_SERVER": ROOT / "build-tsan/server/vidd"})
    return passed + good, failed + bad


# A parser's inputs are small and soon tried; what keeps a state takes longer to get somewhere, and faults of
# the engine were found after a minute or more.
FUZZ_S = {"fuzz_engine": 24, "fuzz_bwe": 8, "fuzz_uplink": 8, "fuzz_linkem": 8}


def stage_fuzz(stage):
    """Every fuzzer on its corpus, some seconds each; new inputs stay under build-fuzz/."""
    expected = sorted(pathlib.Path(n).stem for n in sources(".c", under=("tests/fuzz",))
                      if pathlib.Path(n).name.startswith("fuzz_"))
    if not build(stage, "build-fuzz", "-Dfuzz=true", "-Db_lundef=false", cc="clang-14",
                 targets=[f"tests/fuzz/{name}" for name in expected]):
        return 0, 1
    times = 20 if stage.is_long else 1
    targets = [ROOT / "build-fuzz/tests/fuzz" / name for name in expected]

    def fuzz(target):
        corpus = ROOT / "tests/fuzz/corpus" / target.name.removeprefix("fuzz_")
        found = ROOT / "build-fuzz/found" / target.name
        found.mkdir(parents=True, exist_ok=True)
        if not corpus.is_dir():
            return target.name, False, f"no seeds: {corpus}"
        done = subprocess.run(
            [target, f"-max_total_time={FUZZ_S.get(target.name, 3) * times}", "-timeout=5", "-rss_limit_mb=2048",
             "-print_final_stats=1", f"-artifact_prefix={found}/crash-", found, corpus],
            capture_output=True, text=True, errors="replace", check=False, cwd=ROOT,
            env={**os.environ, **SANITIZER_ENV})
        return target.name, done.returncode == 0, done.stderr[-6000:]

    with concurrent.futures.ThreadPoolExecutor(CORES) as pool:
        done = list(pool.map(fuzz, targets))
    # What failed comes last, where the end of the log shows it.
    for name, is_good, text in sorted(done, key=lambda one: not one[1]):
        stage.note(f"{'ok' if is_good else 'not ok'} {name}\n{text}")
    failed = sum(not is_good for _, is_good, _ in done)
    return (len(done) - failed, failed) if done else (0, 1)


def stage_web(stage):
    report = ROOT / "build" / "vitest.json"
    report.unlink(missing_ok=True)
    passed, failed = verdict(stage.run(["npm", "run", "--silent", "check"], cwd=ROOT / "web") == 0)
    passed_build, failed_build = verdict(
        stage.run(["npm", "run", "--silent", "build"], cwd=ROOT / "web") == 0)
    code = stage.run(["npm", "test", "--silent", "--", "--reporter=default", "--reporter=json",
                      f"--outputFile.json={report}"], cwd=ROOT / "web")
    if not report.exists():
        return passed + passed_build, failed + failed_build + 1
    result = json.loads(report.read_text())
    bad = result["numFailedTests"]
    if code and not bad:
        bad = 1
    return passed + passed_build + result["numPassedTests"], failed + failed_build + bad


def build_web(stage):
    return stage.run(["npm", "run", "--silent", "build"], cwd=ROOT / "web") == 0


def browser_run(stage, path, env):
    """Counts of one run of the file, and the names of what failed."""
    code, text = stage.output(["tests/e2e/in-namespace", "node", "--test-reporter=tap", "--test",
                               path], env=env, limit_s=600)
    passed, failed = count_tap(text)
    names = re.findall(r"^not ok \d+ - (.*)$", text, re.MULTILINE)
    return passed, failed or int(code != 0), names


def browser_file(stage, path, env=None):
    """One file of the browser suite, in a network namespace of its own. Real browsers on a busy machine
    are late now and then: what fails is tried once more from the start, and told either way."""
    started = time.monotonic()
    passed, failed, names = browser_run(stage, path, env)
    if failed:
        progress(f"  {path.name}: first try: {failed} failed: {'; '.join(names)}")
        passed, failed, names = browser_run(stage, path, env)
    tail = f": {'; '.join(names)}" if names else ""
    progress(f"  {path.name}: {passed} passed, {failed} failed "
             f"({time.monotonic() - started:.0f} s){tail}")
    return passed, failed


# These wait most of their time, as a screen does between visits (a sixth to a half of one core, measured):
# they run beside the others.
QUIET_FILES = ("80-room", "82-room-kept", "84-waiting")


def stage_e2e(stage):
    if not build(stage, "build") or not build_web(stage):
        return 0, 1
    paths = sorted((ROOT / "tests/e2e").glob("*.test.mjs"))
    quiet = [path for path in paths if path.name.startswith(QUIET_FILES)]
    busy = [path for path in paths if path not in quiet]

    def run(lane):
        return [browser_file(stage, path) for path in lane]

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        counts = [count for lane in pool.map(run, (busy, quiet)) for count in lane]
    return (sum(good for good, _ in counts), sum(bad for _, bad in counts)) if counts else (0, 1)


# The narrowest screen with a walk by Tab, letters twice as large, and right to left on a wide screen: a browser
# for each at once on the two cores of a small machine, or the third would be drawn alone.
GALLERY_LOOKS = "narrow,phone-200,desktop-rtl"


def stage_gallery(stage):
    """Every view of the pages drawn: axe, reflow, targets, motion, and the keyboard all the way."""
    looks = [] if stage.is_long else ["--view", GALLERY_LOOKS]
    code, text = stage.output(["node", "dev/gallery.mjs", "--out", "none", "--jobs", str(CORES + 1), *looks],
                              cwd=ROOT / "web")
    told = re.search(r"^(\d+) drawn, (\d+) findings", text, re.MULTILINE)
    if told is None:
        return 0, 1
    drawn, found = map(int, told.groups())
    return max(0, drawn - found), found or int(code != 0)


def judged(stage, mode, limit_s):
    """script/scenarios in this mode, one case per scenario with marks that meets them or fell back; one
    that is short of its marks as before is neither, and told. The report stays in build/scenarios."""
    out = ROOT / "build" / "scenarios" / mode
    (out / "report.json").unlink(missing_ok=True)
    code = stage.run([sys.executable, "loadtest/report/scenarios.py", f"--{mode}", "--out", out],
                     limit_s=limit_s)
    if not (out / "report.json").exists():
        return 0, 1
    found = [r["status"] for r in json.loads((out / "report.json").read_text()) if r["status"] != "no marks"]
    passed, short = found.count("pass"), found.count("short")
    if short:
        print(f"# {short} of {len(found)} {mode} scenarios are short of their marks, no more than before: "
              f"{(out / 'report.html').relative_to(ROOT)}", flush=True)
    return passed, len(found) - passed - short or int(code != 0)


def stage_scenarios(stage):
    """The judge's and the bench's own tests, then the thin-link scenarios under the virtual clock; with
    --long six of them with real browsers, too."""
    total = [0, 0]
    for argv in ([sys.executable, "tests/report/test_report.py"],
                 ["node", "--test-reporter=tap", "--test", "tests/report/measures.test.mjs"]):
        code, text = stage.output(argv)
        passed, failed = count_tap(text)
        total = [total[0] + passed, total[1] + (failed or int(code != 0))]
    if not build(stage, "build"):
        return total[0], total[1] + 1
    passed, failed = judged(stage, "sim", SIM_LIMIT_S)
    total = [total[0] + passed, total[1] + failed]
    if stage.is_long:
        if stage.run(["npm", "run", "--silent", "build"], cwd=ROOT / "web"):
            return total[0], total[1] + 1
        passed, failed = judged(stage, "real", STAGE_LIMIT_S)
        total = [total[0] + passed, total[1] + failed]
    return tuple(total)


def stage_link(stage):
    """The link emulator with real sockets through namespaces, and whether the profiles in the tree
    are what their script writes."""
    if not build(stage, "build"):
        return 0, 1
    code, text = stage.output([sys.executable, "tests/link/test_linkem.py"], limit_s=240)
    passed, failed = count_tap(text)
    if code and not failed:
        failed = 1
    good, bad = verdict(
        stage.run([sys.executable, "loadtest/profiles/generate.py", "--check"]) == 0)
    return passed + good, failed + bad


def stage_load(stage):
    """The load tester's small runs; with --long every profile whole, about half an hour."""
    if not build(stage, "build"):
        return 0, 1
    passed, failed = meson_suites(stage, "build", suites=["load"])
    if stage.is_long:
        code, text = stage.output(
            [sys.executable, "tests/server/run.py", "test_whole"], limit_s=2 * STAGE_LIMIT_S,
            env={"PYTHONPATH": f"{ROOT}/tests/load:{ROOT}/tests/server"})
        good, bad = count_tap(text)
        passed, failed = passed + good, failed + (bad or int(code != 0))
    return passed, failed


STAGES = {
    "format": stage_format,
    "rules": stage_rules,
    "shell": stage_shell,
    "unit": stage_unit,
    "asan": stage_asan,
    "tsan": stage_tsan,
    "tidy": stage_tidy,
    "cppcheck": stage_cppcheck,
    "fuzz": stage_fuzz,
    "web": stage_web,
    "gallery": stage_gallery,
    "scenarios": stage_scenarios,
    "link": stage_link,
    "load": stage_load,
    "e2e": stage_e2e,
}


def progress(text):
    print(f"[{time.strftime('%H:%M:%S')}] {text}", flush=True)


def run_stage(name, is_long):
    started = time.monotonic()
    stage = Stage(name, is_long)
    progress(f"{name} ...")
    try:
        passed, failed = STAGES[name](stage)
    except Exception as error:  # a stage that could not run is a failure, never a silent pass
        stage.note(f"{type(error).__name__}: {error}")
        passed, failed = 0, 1
    stage.log.close()
    progress(f"{name}: {passed} passed, {failed} failed ({time.monotonic() - started:.0f} s)")
    if failed:
        path = LOGS / f"{name}.log"
        lines = path.read_text(errors="replace").splitlines()
        print("\n".join("    " + line for line in lines[-60:]))
        print(f"    (whole log: {path.relative_to(ROOT)})", flush=True)
    return passed, failed


def main():
    parser = argparse.ArgumentParser(prog="script/test", description=__doc__.splitlines()[0])
    parser.add_argument("--only", action="append", choices=STAGES, metavar="STAGE",
                        help="run this stage only (may be given again): " + " ".join(STAGES))
    parser.add_argument("--long", action="store_true",
                        help="fuzz twenty times as long, simulations with 20 seeds, tidy every file again, load for half an hour")
    parser.add_argument("--list", action="store_true", help="name the stages and stop")
    args = parser.parse_args()
    if args.list:
        print("\n".join(STAGES))
        return 0
    shutil.rmtree(LOGS, ignore_errors=True)
    LOGS.mkdir(parents=True)
    passed = failed = 0
    for name in args.only or STAGES:
        good, bad = run_stage(name, args.long)
        passed += good
        failed += bad
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
