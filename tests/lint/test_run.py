#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""The runner counts what happened: TAP flat and nested, plans kept and broken."""

import importlib.util
import pathlib
import sys

SPEC = importlib.util.spec_from_file_location("run", pathlib.Path(__file__).parents[1] / "run.py")
run = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(run)

# name, TAP, (passed, failed)
CASES = [
    ("flat", "1..2\nok 1 - a\nok 2 - b\n", (2, 0)),
    ("a failure", "1..2\nok 1 - a\nnot ok 2 - b\n", (1, 1)),
    ("plan at the end", "ok 1 - a\n1..1\n", (1, 0)),
    ("cut short", "1..3\nok 1 - a\n", (1, 1)),
    ("no plan", "ok 1 - a\n", (1, 1)),
    ("nothing", "", (0, 1)),
    ("a parent is not counted again", "    ok 1 - x\n    ok 2 - y\n    1..2\nok 1 - p\n1..1\n", (2, 0)),
    ("a failed parent is", "    not ok 1 - x\n    1..1\nnot ok 1 - p\n1..1\n", (0, 2)),
]


def main():
    failed = 0
    print(f"1..{len(CASES)}")
    for number, (name, text, expected) in enumerate(CASES, 1):
        counted = run.count_tap(text)
        print(f"{'ok' if counted == expected else 'not ok'} {number} - count_tap: {name}")
        if counted != expected:
            print(f"#   counted {counted}, not {expected}")
            failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
