#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""The tables of script/compare."""

import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "loadtest" / "compare"))
import tables  # noqa: E402

MACHINE = {"date": "now", "cores": 2, "cpu": "x", "kernel": "6", "load_average": [0.1, 0, 0]}


def run(number, system, ns, void=False):
    return {"round": number, "case": "pairs", "system": system, "void": void,
            "server": {"ns_per_packet_out": ns, "cpu_percent": 10}, "latency_us": {"video": {"p50": 200}}}


def result(*runs):
    return {"machine": MACHINE, "options": {"seconds": 15, "warmup": 10, "gro": False}, "runs": list(runs),
            "floor": [{"ns": {"send": 3}, "forward_ns": {"one_to_1": {"gso": 5}}}]}


class Tables(unittest.TestCase):
    def test_ratios_are_of_one_round(self):
        some = result(run(0, "vidd", 100), run(0, "janus", 300), run(1, "vidd", 200), run(1, "janus", 400))
        self.assertEqual(tables.ratios(some, "pairs", "janus"), [3, 2])

    def test_void_runs_do_not_count(self):
        some = result(run(0, "vidd", 100), run(0, "janus", 300), run(1, "vidd", 1, void=True), run(1, "janus", 400))
        self.assertEqual(tables.ratios(some, "pairs", "janus"), [3])
        text = tables.markdown(some)
        self.assertIn("| runs that count | 1 of 2 | 2 of 2 |", text)
        self.assertIn("| ns per packet out | 100 | 350 (300–400) |", text)

    def test_what_was_not_measured_is_a_dash(self):
        self.assertIn("| lost % | – |", tables.markdown(result(run(0, "vidd", 100))))

    def test_each_column_is_a_key_of_the_report(self):
        documented = (ROOT / "docs" / "loadtest.md").read_text()
        for _, path, _ in tables.COLUMNS:
            self.assertIn(f"`{path[0]}`", documented)


if __name__ == "__main__":
    unittest.main()
