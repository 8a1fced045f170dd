#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Writes the seeds of fuzz_bwe below corpus/: calls that go well, an outage, loss, another path.

Usage: seeds_rate.py          (in tests/fuzz)
"""

import pathlib

CORPUS = pathlib.Path(__file__).resolve().parent / "corpus"

SEND, BURST, ANSWER, MS, LONG, TIMEOUT, REMB, REPORT, DEMAND, JUMP, ROUTE = 0, 3, 4, 7, 8, 9, 11, 12, 13, 14, 15
# Twenty packets, 100 ms, their feedback.
ROUND = [(BURST, 20), (MS, 90), (ANSWER | 0x10, 20)]
LOSSY = [(BURST, 20), (MS, 90), (ANSWER | 0x20, 20)]
BWE = {
    "calm": ROUND * 60,
    "lossy": ROUND * 10 + LOSSY * 40,
    "outage": ROUND * 20 + [(SEND, 80), (LONG, 10), (TIMEOUT, 1)] * 8 + ROUND * 20,
    "demand": [(DEMAND, 200)] + ROUND * 40,
    "fallback": [(SEND, 200), (REMB, 17), (MS, 250), (REPORT, 40)] * 20,
    "route": ROUND * 10 + [(ROUTE, 255)] + ROUND * 10 + [(JUMP, 255)] + ROUND * 5,
}


def main():
    folder = CORPUS / "bwe"
    folder.mkdir(parents=True, exist_ok=True)
    for name, steps in BWE.items():
        (folder / name).write_bytes(bytes([10]) + b"".join(bytes(step) for step in steps))


if __name__ == "__main__":
    main()
