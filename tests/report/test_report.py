#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""The judge and the report of script/scenarios. Prints TAP, one point per behaviour."""

import contextlib
import html.parser
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "loadtest/report"))

import figures  # noqa: E402
import judge  # noqa: E402
import page  # noqa: E402
import scenarios  # noqa: E402


def run(seed=1, system="vidd", void=False, name="a", mode="sim", series=None, **measures):
    return judge.parse_run(json.dumps({"name": name, "mode": mode, "system": system, "seed": seed, "void": void,
                                       "reason": "late" if void else "", "measures": measures, "series": series or {}}))


def marks(*listed, name="a"):
    keys = ("measure", "op", "value", "worst_factor", "modes")
    return judge.parse_marks(json.dumps({name: [dict(zip(keys, m)) for m in listed]}))


def verdict(runs, *listed):
    return judge.judge(runs, marks(*listed))[0]


def refused(work, *args):
    try:
        work(*args)
    except judge.BadInput:
        return True
    return False


def median_decides():
    runs = [run(i, u=v) for i, v in enumerate([0.80, 0.90, 0.95])]
    assert verdict(runs, ("u", ">=", 0.90, 1.5))["pass"]
    assert not verdict(runs, ("u", ">=", 0.91, 1.5))["pass"]


def worst_seed_may_be_the_factor_off_and_no_more():
    def late(worst, factor):
        return verdict([run(i, q=v) for i, v in enumerate([50, 60, worst])], ("q", "<=", 80, factor))["pass"]
    assert late(120, 1.5) and not late(121, 1.5)
    assert late(80, 1) and not late(81, 1)

    def used(worst):
        return verdict([run(i, u=v) for i, v in enumerate([0.9, 0.9, worst])], ("u", ">=", 0.9, 1.5))["pass"]
    assert used(0.6) and not used(0.59)


def the_edge_of_a_mark_meets_it():
    assert verdict([run(q=80)], ("q", "<=", 80))["pass"]
    assert verdict([run(q=80)], ("q", ">=", 80))["pass"]


def void_runs_do_not_count():
    result = verdict([run(1, q=10), run(2, void=True, q=999)], ("q", "<=", 20))
    assert result["pass"] and result["void"] == 1 and result["seeds"] == [1]
    assert result["systems"]["vidd"]["reasons"] == ["late"]


def all_void_is_void_not_passed():
    result = verdict([run(1, void=True, q=1)], ("q", "<=", 20))
    assert not result["pass"] and result["status"] == "void"


def what_was_not_measured_is_not_met():
    assert verdict([run(q=1)], ("missing", "<=", 5))["marks"][0]["why"] == "not measured"
    half = verdict([run(1, q=1), run(2)], ("q", "<=", 5))
    assert not half["pass"] and half["marks"][0]["why"] == "measured in 1 of 2 runs"


def numbers_that_are_none_are_not_measured():
    text = '{"name":"a","mode":"sim","system":"vidd","void":false,"measures":{"x":NaN,"y":null,"z":true,"w":1}}'
    assert judge.parse_run(text)["measures"] == {"w": 1}


def without_marks_nothing_passes_or_decides():
    results = judge.judge([run(q=1), run(q=1, name="b")], marks(("q", "<=", 5)))
    assert [r["status"] for r in results] == ["pass", "no marks"] and not results[1]["pass"]
    assert judge.is_good(results) and not judge.is_good(results[1:]) and not judge.is_good([])
    assert "not judged" in page.text_table(results) and "not judged" in page.page(results, [run(q=1), run(q=1, name="b")], [])


def what_nobody_ran_does_not_pass():
    results = judge.judge([run(q=1)], marks(("q", "<=", 5)), [("a", "sim"), ("b", "sim")])
    assert [(r["name"], r["status"]) for r in results] == [("a", "pass"), ("b", "not run")]
    assert "not run" in page.page(results, [run(q=1)], []) and "not run" in page.text_table(results)


def a_rivals_figures_decide_nothing():
    runs = [run(q=100), run(q=1, system="janus"), run(q=2, system="chrome")]
    result = verdict(runs, ("q", "<=", 50))
    assert not result["pass"]
    assert result["systems"]["janus"]["pass"] and result["systems"]["chrome"]["measures"]["q"]["median"] == 2
    only_rivals = verdict([run(q=1, system="janus")], ("q", "<=", 50))
    assert not only_rivals["pass"] and only_rivals["status"] == "not run"


def what_was_reached_tells_short_from_fail():
    def status(value, op, mark, reached):
        table = marks(("q", op, mark))
        table["a"][0]["reached"] = reached
        return judge.judge([run(q=value)], table)[0]["status"]
    assert status(100, "<=", 50, 80) == "short" and status(101, "<=", 50, 80) == "fail"
    assert status(0.4, ">=", 0.9, 0.5) == "short" and status(0.39, ">=", 0.9, 0.5) == "fail"
    assert status(50, "<=", 50, 80) == "pass"
    results = judge.judge([run(q=100)], marks(("q", "<=", 50)))
    assert results[0]["status"] == "fail" and not judge.is_good(results)
    assert judge.reached(results) == {"a": {"q": 100}}
    unmeasured = marks(("gone", "<=", 5))
    assert judge.judge([run(q=1)], unmeasured)[0]["status"] == "fail"
    unmeasured["a"][0]["reached"] = None
    results = judge.judge([run(q=1)], unmeasured)
    assert results[0]["status"] == "short" and judge.is_good(results) and not results[0]["pass"]
    assert judge.reached(results) == {"a": {"gone": None}}
    assert refused(judge.parse_reached, '{"a": {"q": "x"}}') and refused(judge.parse_reached, "[]")


def marks_belong_to_their_mode():
    runs = [run(q=100, mode="real"), run(q=1, mode="sim")]
    both = judge.judge(runs, marks(("q", "<=", 50, 1, ["sim"]), ("q", "<=", 200, 1, ["real"])))
    assert [(r["mode"], r["pass"], len(r["marks"])) for r in both] == [("real", True, 1), ("sim", True, 1)]
    table = scenarios.merged({"sim": marks(("q", "<=", 1)), "real": marks(("q", "<=", 2))})
    assert [(m["value"], m["modes"]) for m in table["a"]] == [(1, ["sim"]), (2, ["real"])]


def nonsense_is_refused():
    good = {"name": "a", "mode": "sim", "system": "vidd", "void": False, "measures": {}}
    assert judge.parse_run(json.dumps(good))["seed"] == 0
    for key, value in (("name", ""), ("mode", "dream"), ("system", "zoom"), ("void", "no"), ("measures", []),
                       ("series", 3), ("series", {"t": 1})):
        assert refused(judge.parse_run, json.dumps({**good, key: value})), key
    assert refused(judge.parse_run, "{") and refused(judge.parse_run, "[]")
    mark = {"measure": "q", "op": "<=", "value": 1}
    for bad in ({"op": "<"}, {"value": "1"}, {"value": None}, {"worst_factor": 0.5}, {"modes": []}, {"measure": 1}):
        assert refused(judge.parse_marks, json.dumps({"a": [{**mark, **bad}]})), bad
    assert refused(judge.parse_marks, "[]") and refused(judge.parse_marks, '{"a":{}}')


SERIES = {"t": [i / 10 for i in range(2000)], "capacity_bps": [1e6] * 2000, "sent_bps": [9e5] * 2000,
          "queue_ms": [5] * 1000 + [400] + [5] * 999, "layer": [1] * 2000, "stall": [0] * 2000}


def figures_are_well_formed_and_keep_peaks():
    svg = figures.figure(SERIES, "f", "title & <more>", "said")
    root = xml.etree.ElementTree.fromstring(svg)
    assert root.tag == "svg" and root.find("title").text == "title & <more>"
    assert len(figures.thinned(SERIES["t"], SERIES["queue_ms"])) <= figures.POINTS
    assert max(v for _, v in figures.thinned(SERIES["t"], SERIES["queue_ms"])) == 400
    assert len(svg) < 200_000


def figures_bear_gaps_and_nothing():
    assert figures.figure({}, "f", "t", "d") == ""
    assert figures.figure({"t": [0, 1], "queue_ms": [None, None]}, "f", "t", "d") == ""
    svg = figures.figure({"t": [0, 1, 2], "queue_ms": [None, 3, float("nan")]}, "f", "t", "d")
    xml.etree.ElementTree.fromstring(svg)
    assert "nan" not in svg.lower()


class Outside(html.parser.HTMLParser):
    """What a page would fetch, and ids it uses twice."""

    def __init__(self):
        super().__init__()
        self.found, self.ids = [], []

    def handle_starttag(self, tag, attrs):
        for key, value in attrs:
            if key in ("src", "href", "xlink:href") and not (value or "").startswith("#"):
                self.found.append((tag, value))
            if key == "id":
                self.ids.append(value)


def page_is_self_contained_and_escapes():
    runs = [run(1, q=1, series=SERIES), run(2, void=True), run(1, system="janus", q=3, series=SERIES),
            judge.parse_run(json.dumps({"name": "<b>", "mode": "sim", "system": "vidd", "void": True,
                                        "reason": "<script>", "measures": {}}))]
    text = page.page(judge.judge(runs, marks(("q", "<=", 5))), runs, [("When", "<now>")])
    reader = Outside()
    reader.feed(text)
    assert reader.found == [] and len(reader.ids) == len(set(reader.ids)), (reader.found, reader.ids)
    assert "<script>" not in text and "<b>" not in text and "<now>" not in text
    assert "seed 2: late" in text and "@import" not in text and "url(" not in text


def table_tells_marks_and_rivals():
    results = judge.judge([run(q=1), run(q=7, system="chrome")], marks(("q", "<=", 5)))
    line = page.text_table(results).splitlines()[1].split()
    assert line == ["a", "(sim)", "q", "1", "<=", "5", "pass", "7", "–"], line
    assert judge.bar(results) == "1 scenarios: 1 pass, 0 fail; 1 of 1 marks met"


def cli(*args):
    return subprocess.run([sys.executable, ROOT / "loadtest/report/scenarios.py", *map(str, args)],
                          capture_output=True, text=True, check=False)


def command_line_is_strict():
    assert cli("--help").returncode == 0
    for bad in (["--against", "chrome"], ["--real", "--against", "zoom"], ["--seeds", "0"], ["--all"], ["--nonsense"]):
        assert cli(*bad).returncode == 2, bad


def every_real_scenario_has_marks_and_a_link():
    plan = scenarios.real_plan()
    table = scenarios.read_marks("real")
    assert set(plan["scenarios"]) == set(table), set(plan["scenarios"]) ^ set(table)
    assert set(plan["chosen"]) <= set(table) and len(plan["chosen"]) == 6
    for name, found in plan["scenarios"].items():
        assert (ROOT / "loadtest/profiles" / f"{found['profile']}.json").exists(), name
        assert found["from_s"] < found["duration_s"], name
    args = scenarios.parse(["--real", "--only", "12-six-parties", "--against", "chrome,janus", "--seeds", "2"])
    # Peer to peer has no six parties; the systems of one seed stand beside one another.
    assert list(scenarios.real_cells(args, table)) == [("12-six-parties", system, seed) for seed in (1, 2)
                                                       for system in ("vidd", "janus")]


def report_is_written_and_the_exit_code_tells():
    with tempfile.TemporaryDirectory() as folder:
        source, out = pathlib.Path(folder) / "in.jsonl", pathlib.Path(folder) / "out"
        names = json.loads((ROOT / "loadtest/real/marks.json").read_text())
        name, mark = next((n, m) for n, m in names.items() if len(m) >= 1)

        def judged(offset):
            measures = {m["measure"]: m["value"] + (-offset if m["op"] == "<=" else offset) for m in mark}
            source.write_text(json.dumps({"name": name, "mode": "real", "system": "vidd", "seed": 1, "void": False,
                                          "measures": measures}))
            return cli("--from", source, "--out", out)
        assert judged(0).returncode == 0
        report = json.loads((out / "report.json").read_text())
        assert report[0]["pass"] and {"name", "mode", "seeds", "measures", "marks", "pass"} <= set(report[0])
        assert (out / "report.html").read_text().startswith("<!doctype html>")
        assert judged(-1).returncode == 1
        assert not json.loads((out / "report.json").read_text())[0]["pass"]
        source.write_text("nonsense")
        broken = judged_text = cli("--from", source, "--out", out)
        assert broken.returncode == 2 and "in.jsonl:1" in judged_text.stderr


def a_runner_that_crashed_is_told_and_its_runs_are_kept():
    line = json.dumps({"name": "a", "mode": "sim", "system": "vidd", "void": False, "measures": {"q": 1}})
    kept, broken = io.StringIO(), []
    with contextlib.redirect_stdout(io.StringIO()) as told:
        runs = scenarios.collect([sys.executable, "-c", f"print({line!r}); raise SystemExit(3)"], kept, broken)
    assert len(runs) == 1 and "exit code 3" in broken[0] and kept.getvalue() == line + "\n" and "q 1" in told.getvalue()
    with contextlib.redirect_stdout(io.StringIO()):
        assert refused(scenarios.collect, [sys.executable, "-c", "print('nonsense')"], io.StringIO(), [])


TESTS = [median_decides, worst_seed_may_be_the_factor_off_and_no_more, the_edge_of_a_mark_meets_it,
         void_runs_do_not_count, all_void_is_void_not_passed, what_was_not_measured_is_not_met,
         numbers_that_are_none_are_not_measured, without_marks_nothing_passes_or_decides, what_nobody_ran_does_not_pass,
         a_rivals_figures_decide_nothing,
         what_was_reached_tells_short_from_fail, marks_belong_to_their_mode, nonsense_is_refused, figures_are_well_formed_and_keep_peaks,
         figures_bear_gaps_and_nothing, page_is_self_contained_and_escapes, table_tells_marks_and_rivals,
         command_line_is_strict,
         a_runner_that_crashed_is_told_and_its_runs_are_kept, every_real_scenario_has_marks_and_a_link,
         report_is_written_and_the_exit_code_tells]


def main():
    failed = 0
    print(f"1..{len(TESTS)}")
    for number, test in enumerate(TESTS, 1):
        try:
            test()
            print(f"ok {number} - {test.__name__}")
        except Exception as error:  # whatever it is, the point failed
            print(f"not ok {number} - {test.__name__}\n# {type(error).__name__}: {error}")
            failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
