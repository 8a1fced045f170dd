#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Writes corpus/profile, corpus/trace and corpus/linkem: link profiles and rate traces, good ones and
bad; packets and logs of the emulator."""

import json
import pathlib
import struct

CORPUS = pathlib.Path(__file__).resolve().parent / "corpus"
WHOLE = {
    "rate_bps": [[0, 1e6], [1.5, 0], [2, 250000]], "rate_loop_s": 3, "framing": "atm",
    "queue_bytes": 5000, "queue_ms": 250.5, "aqm": "codel", "delay_ms": 45, "jitter_ms": 5,
    "loss": 0.01, "delay_trace_ms": [[0, 0], [15, -20]], "delay_loop_s": 30,
    "gilbert_elliott": {"p_bad": 0.1, "p_good": 0.5, "loss_good": 0.01, "loss_bad": 0.9},
    "outages": [{"at_s": 5, "for_s": 2, "kind": "drop"},
                {"at_s": 10, "for_s": 0.1, "every_s": 15, "kind": "hold"}],
    "loss_windows": [{"at_s": 1, "for_s": 2, "loss": 0.5}],
    "stated": {"mean_bps": 1, "share_below_300k": 0.5, "longest_gap_s": 2},
}
PROFILES = {
    "whole": {"down": WHOLE, "up": {}},
    "steady": {"down": {"rate_bps": 300000, "queue_ms": 300}, "up": {"rate_bps": 1}},
    "file": {"down": {"rate_file": "x.csv"}, "up": {}},
    "dead": {"down": {"rate_bps": 0}, "up": {"rate_bps": [[0, 5], [1, 0]]}},
    "overlap": {"down": {"outages": [{"at_s": 0, "for_s": 2, "every_s": 1, "kind": "hold"}]},
                "up": {}},
}
TRACES = {
    "mahimahi": "0\n5\n20\n55\n", "mahimahi-long": "1\n86400000\n", "csv": "seconds,bps\n0,1e6\n1,0\n",
    "falling": "5\n4\n", "remark": "# x\n0,5\r\n\n", "huge": "0,1e300\n",
}


def udp(payload, options=b"", fragment=0):
    head = struct.pack("!BBHHHBBHII", 0x40 | 5 + len(options) // 4, 0xb8, 0, 1, fragment, 64, 17, 0,
                       0x0a630002, 0x0a630001)
    return head + options + struct.pack("!HHHH", 5000, 6000, 8 + len(payload), 0) + payload


def record(outcome, in_ms, out_ms=0, way=0, pair=0):
    begin = 10 ** 12
    times = [begin + in_ms * 10 ** 6] + [begin + out_ms * 10 ** 6 if out_ms else 0] * 3
    return struct.pack("!qqqqIHBBBBBBIIHH12sI", *times, 3000, 1200, pair, way, outcome, 4, 17, 0,
                       1, 2, 3, 4, b"r" * 12, 0)


HEADER = b"VIDDLINK" + struct.pack("!II", 1, 72)
LINKEM = {
    "udp": udp(bytes(20)), "udp-short": udp(b"ab"), "options": udp(b"x" * 12, b"\1" * 8),
    "fragment": udp(b"x" * 12, fragment=5),
    "udp6": struct.pack("!IHBB", 0x60000000, 20, 17, 64) + bytes(32) + bytes(20),
    "log": HEADER + record(0, 1, 30) + record(9, 5) + record(0, 9, 250) + record(2, 12, way=1) +
    record(0, 20, 70, pair=3),
    "log-bad": HEADER + record(77, 5) + record(0, 1, 30)[:40],
}


def main():
    for folder in ("profile", "trace", "linkem"):
        (CORPUS / folder).mkdir(parents=True, exist_ok=True)
    for name, ways in PROFILES.items():
        text = json.dumps({"name": name, "duration_s": 60, **ways})
        (CORPUS / "profile" / name).write_text(text, encoding="utf-8")
    for name, text in TRACES.items():
        (CORPUS / "trace" / name).write_text(text, encoding="utf-8")
    for name, data in LINKEM.items():
        (CORPUS / "linkem" / name).write_bytes(data)


if __name__ == "__main__":
    main()
