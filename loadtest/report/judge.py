# SPDX-License-Identifier: EUPL-1.2
"""What runs come to: reads runs and marks, and says per scenario whether the marks were met.

Pure: text and numbers in, plain dictionaries out; no file, process or clock. A run is one JSON
object as build/loadtest/vidd-scenarios and loadtest/real/run.mjs print it:

    {"name": "01-capacity-steps-50", "mode": "sim" | "real", "system": "vidd" | "chrome" | "janus",
     "seed": 1, "void": false, "reason": "", "measures": {"utilisation": 0.91, ...},
     "series": {"t": [...], "capacity_bps": [...], ...}}

A mark is {"measure": "utilisation", "op": ">=" | "<=", "value": 0.88, "worst_factor": 1.5,
"modes": ["sim"]}; `worst_factor` (1 when absent) is how far off the worst seed may be, `modes` (both
when absent) where the mark is asked for. The median over the seeds must meet the value. A measure
that a run did not yield is a mark not met, and a void run is never counted: when every run of a
scenario is void, it is void, not passed.

What is not met yet is known by what was reached, {scenario: {measure: median or null}}: a scenario that
misses marks, but none by more than STEP_BACK beyond that, is `short`. That is no pass; it is told
apart from `fail`, a step back.
"""

import json
import math
import statistics

MODES = ("sim", "real")
SYSTEMS = ("vidd", "chrome", "janus")
OPS = {">=": lambda a, b: a >= b, "<=": lambda a, b: a <= b}
# How far a median may wander from what was reached before somebody must look: what one changed packet
# does to a whole run.
STEP_BACK = 1.25
SERIES = ("t", "capacity_bps", "sent_bps", "queue_ms", "estimate_bps", "layer", "concealment", "stall")


class BadInput(ValueError):
    """A run or a mark that cannot be judged; the text says which and why."""


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def parse_run(line, where="run"):
    """One line of JSONL as a run, checked."""
    try:
        run = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadInput(f"{where}: not JSON: {error}") from error
    if not isinstance(run, dict):
        raise BadInput(f"{where}: not an object")
    for key, allowed in (("mode", MODES), ("system", SYSTEMS)):
        if run.get(key) not in allowed:
            raise BadInput(f"{where}: {key} is {run.get(key)!r}, not one of {', '.join(allowed)}")
    if not isinstance(run.get("name"), str) or not run["name"]:
        raise BadInput(f"{where}: no name")
    if not isinstance(run.get("void"), bool):
        raise BadInput(f"{where}: void is neither true nor false")
    measures = run.get("measures")
    if not isinstance(measures, dict):
        raise BadInput(f"{where}: no measures")
    series = run.get("series") or {}
    if not isinstance(series, dict):
        raise BadInput(f"{where}: series is not an object")
    for key, values in series.items():
        if not isinstance(values, list):
            raise BadInput(f"{where}: series {key} is not a list")
    return {"name": run["name"], "mode": run["mode"], "system": run["system"],
            "seed": run.get("seed", 0), "void": run["void"], "reason": str(run.get("reason") or ""),
            "measures": {k: v for k, v in measures.items() if is_number(v)}, "series": series}


def parse_runs(text, where="runs"):
    return [parse_run(line, f"{where}:{number}")
            for number, line in enumerate(text.splitlines(), 1) if line.strip()]


def parse_marks(text, where="marks"):
    """{scenario: [mark]}, checked."""
    try:
        marks = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInput(f"{where}: not JSON: {error}") from error
    if not isinstance(marks, dict):
        raise BadInput(f"{where}: not an object of scenarios")
    return {name: [parse_mark(mark, f"{where}: {name}") for mark in as_list(listed, f"{where}: {name}")]
            for name, listed in marks.items()}


def parse_reached(text, where="reached"):
    """{scenario: {measure: number or None}}, checked."""
    try:
        reached = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInput(f"{where}: not JSON: {error}") from error
    good = isinstance(reached, dict) and all(
        isinstance(table, dict) and all(v is None or is_number(v) for v in table.values()) for table in reached.values())
    if not good:
        raise BadInput(f"{where}: not an object of scenarios with numbers or nulls by measure")
    return reached


def as_list(value, where):
    if not isinstance(value, list):
        raise BadInput(f"{where}: not a list of marks")
    return value


def parse_mark(mark, where):
    if not isinstance(mark, dict) or not isinstance(mark.get("measure"), str):
        raise BadInput(f"{where}: a mark names no measure")
    if mark.get("op") not in OPS:
        raise BadInput(f"{where}: {mark['measure']}: op is {mark.get('op')!r}, not >= or <=")
    if not is_number(mark.get("value")):
        raise BadInput(f"{where}: {mark['measure']}: no value")
    factor = mark.get("worst_factor", 1)
    if not is_number(factor) or factor < 1:
        raise BadInput(f"{where}: {mark['measure']}: worst_factor is below 1")
    modes = mark.get("modes", list(MODES))
    if not isinstance(modes, list) or not modes or any(m not in MODES for m in modes):
        raise BadInput(f"{where}: {mark['measure']}: modes are not of {', '.join(MODES)}")
    return {"measure": mark["measure"], "op": mark["op"], "value": mark["value"],
            "worst_factor": factor, "modes": modes}


def worst_allowed(mark):
    """How far the worst seed may be: the mark's value, its factor off."""
    if mark["op"] == "<=":
        return mark["value"] * mark["worst_factor"]
    return mark["value"] / mark["worst_factor"]


def judge_mark(mark, values, run_count):
    """The verdict on one mark from the measured values of the runs that count."""
    result = {**mark, "median": None, "worst": None, "pass": False, "short": False, "why": ""}
    if not values:
        result["why"] = "not measured"
        result["short"] = mark.get("reached", 0) is None
        return result
    better = OPS[mark["op"]]
    result["median"] = statistics.median(values)
    result["worst"] = min(values) if mark["op"] == ">=" else max(values)
    if len(values) < run_count:
        result["why"] = f"measured in {len(values)} of {run_count} runs"
    elif not better(result["median"], mark["value"]):
        result["why"] = "median misses the mark"
    elif not better(result["worst"], worst_allowed(mark)):
        result["why"] = f"worst seed beyond {worst_allowed(mark):.4g}"
    else:
        result["pass"] = True
    result["short"] = not result["pass"] and is_no_step_back(mark, result["median"])
    return result


def is_no_step_back(mark, median):
    if "reached" not in mark:
        return False
    if mark["reached"] is None:
        return True
    return OPS[mark["op"]](median, mark["reached"] * STEP_BACK if mark["op"] == "<=" else mark["reached"] / STEP_BACK)


def reached(results):
    """What the marks that are not met came to, for the next session to be compared with."""
    missed = {r["name"]: {m["measure"]: m["median"] and float(f"{m['median']:.4g}") for m in r["marks"] if not m["pass"]}
              for r in results if r["status"] in ("short", "fail")}
    return dict(sorted(missed.items()))


def summary(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def judge_system(runs, marks):
    """What one system's runs of one scenario come to."""
    good = [run for run in runs if not run["void"]]
    names = sorted({name for run in good for name in run["measures"]})
    values = {name: [run["measures"][name] for run in good if name in run["measures"]] for name in names}
    verdicts = [judge_mark(mark, values.get(mark["measure"], []), len(good)) for mark in marks]
    return {"runs": len(runs), "void": len(runs) - len(good),
            "reasons": sorted({run["reason"] or "no reason given" for run in runs if run["void"]}),
            "seeds": [run["seed"] for run in good],
            "measures": {name: summary(values[name]) for name in names},
            "marks": verdicts,
            "pass": bool(good) and bool(verdicts) and all(v["pass"] for v in verdicts),
            "short": bool(good) and all(v["pass"] or v["short"] for v in verdicts)}


def judge(runs, marks, expected=()):
    """One object per scenario and mode, in order of name: its verdict is Vidd's; the rivals' figures
    stand beside it under `systems`. A scenario without marks does not pass (nor does it decide, see
    is_good()), and neither does one of `expected`, (name, mode) pairs, that nobody ran."""
    cells = {cell: {} for cell in expected}
    for run in runs:
        cells.setdefault((run["name"], run["mode"]), {}).setdefault(run["system"], []).append(run)
    results = []
    for (name, mode), by_system in sorted(cells.items()):
        asked = [m for m in marks.get(name, []) if mode in m["modes"]]
        systems = {s: judge_system(by_system[s], asked) for s in SYSTEMS if s in by_system}
        ours = systems.get("vidd") or judge_system([], asked)
        results.append({"name": name, "mode": mode, "seeds": ours["seeds"], "measures": ours["measures"],
                        "marks": ours["marks"], "void": ours["void"], "pass": ours["pass"],
                        "status": status(ours, asked), "systems": systems})
    return results


def status(system, marks):
    if system["pass"]:
        return "pass"
    if system["runs"] == 0:
        return "not run"
    if system["runs"] == system["void"]:
        return "void"
    if not marks:
        return "no marks"
    return "short" if system["short"] else "fail"


def is_good(results):
    """Every scenario that has marks met them or is no further from them than it was, and there was one.
    Links without marks are run to be looked at."""
    judged = [r["status"] for r in results if r["status"] != "no marks"]
    return bool(judged) and all(status in ("pass", "short") for status in judged)


def bar(results):
    """The short sentence under the table."""
    words = ("pass", "short", "fail", "void", "no marks", "not run")
    counts = {word: sum(r["status"] == word for r in results) for word in words}
    told = [f"{n} {word}" for word, n in counts.items() if n or word in ("pass", "fail")]
    marks = [m["pass"] for r in results for m in r["marks"]]
    return f"{len(results)} scenarios: " + ", ".join(told) + f"; {marks.count(True)} of {len(marks)} marks met"
