# SPDX-License-Identifier: EUPL-1.2
"""The tables of script/compare: medians and ranges of runs that are not void, and ratios within rounds."""

import statistics

NAMES = {"vidd": "Vidd", "janus": "Janus", "janus-1-loop": "Janus, event_loops=1"}

# title, path in a run's JSON, scale
COLUMNS = [
    ("packets/s in", ("packets", "sent_per_s"), 1),
    ("packets/s out", ("packets", "delivered_per_s"), 1),
    ("CPU % of a core", ("server", "cpu_percent"), 1),
    ("ns per packet out", ("server", "ns_per_packet_out"), 1),
    ("video p50 us", ("latency_us", "video", "p50"), 1),
    ("p95", ("latency_us", "video", "p95"), 1),
    ("p99", ("latency_us", "video", "p99"), 1),
    ("max", ("latency_us", "video", "max"), 1),
    ("audio p50", ("latency_us", "audio", "p50"), 1),
    ("p99", ("latency_us", "audio", "p99"), 1),
    ("lost %", ("loss", "lost_percent"), 1),
    ("left out", ("loss", "left_out"), 1),
    ("frozen %", ("playout", "freeze_percent"), 1),
    ("join ms", ("joins", "connected_ms", "p50"), 1),
    ("RSS MB", ("server", "rss_mb"), 1),
    ("kB per person", ("server", "kb_per_participant"), 1),
    ("switches/s", ("server", "switches_per_s"), 1),
    ("tester %", ("load", "cpu_percent"), 1),
]


def at(run, path):
    for word in path:
        run = run.get(word) if isinstance(run, dict) else None
    return run


def number(value):
    if value is None:
        return "–"
    if abs(value) >= 10000:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def spread(values):
    values = [v for v in values if v is not None]
    if not values:
        return "–"
    middle = number(statistics.median(values))
    low, high = number(min(values)), number(max(values))
    return middle if low == high else f"{middle} ({low}–{high})"


def good(result, case, system):
    return [r for r in result["runs"] if r["case"] == case and r["system"] == system and not r["void"]]


def in_order(result, key):
    return list(dict.fromkeys(r[key] for r in result["runs"]))


def ratios(result, case, system):
    """How many times Vidd's CPU per packet out the other took, round by round."""
    ours = {r["round"]: r["server"]["ns_per_packet_out"] for r in good(result, case, "vidd")}
    return [r["server"]["ns_per_packet_out"] / ours[r["round"]] for r in good(result, case, system)
            if r["round"] in ours and ours[r["round"]]]


def case_table(result, case):
    systems = in_order(result, "system")
    lines = [f"## {case}", "", "| | " + " | ".join(NAMES[s] for s in systems) + " |",
             "| --- |" + " --- |" * len(systems)]
    for title, path, scale in COLUMNS:
        cells = [spread([v * scale if (v := at(r, path)) is not None else None for r in good(result, case, s)])
                 for s in systems]
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    if "vidd" in systems:
        cells = ["1" if s == "vidd" else spread(ratios(result, case, s)) for s in systems]
        lines.append("| CPU per packet, times Vidd's, within rounds | " + " | ".join(cells) + " |")
    runs = [f"{len(good(result, case, s))} of {sum(r['case'] == case and r['system'] == s for r in result['runs'])}"
            for s in systems]
    lines.append("| runs that count | " + " | ".join(runs) + " |")
    return lines + [""]


def floor_table(result):
    first = result["floor"][0]
    lines = ["## Floor", "", "Nanoseconds of CPU per packet without routing, `vidd-floor`.", "", "| step | ns |", "| --- | --- |"]
    for step in first["ns"]:
        lines.append(f"| {step} | {spread([f['ns'][step] for f in result['floor']])} |")
    for fan in first["forward_ns"]:
        for way in first["forward_ns"][fan]:
            cell = spread([f["forward_ns"][fan][way] for f in result["floor"]])
            lines.append(f"| forwarded {fan.replace('_', ' ')}, {way} | {cell} |")
    return lines + [""]


def markdown(result):
    m, o = result["machine"], result["options"]
    lines = [f"Measured {m['date']} on {m['cores']} cores of {m['cpu']}, Linux {m['kernel']}, load average "
             f"{m['load_average'][0]}; windows of {o['seconds']:g} s after {o['warmup']:g} s"
             f"{', viewers take runs whole (UDP_GRO)' if o['gro'] else ''}. Median (least–most) of the rounds.", ""]
    for case in in_order(result, "case"):
        lines += case_table(result, case)
    return "\n".join(lines + (floor_table(result) if result["floor"] else []))
