# SPDX-License-Identifier: EUPL-1.2
"""The profiles as tables: rural links L1-L14, RFC 8867's capacity patterns, the twelve scenarios.

RTT is split evenly over both directions. A jitter of J ms is taken as the most that one direction
adds, three standard deviations.
"""

import traces

RURAL = "link profiles of rural Sweden and Norway (docs/loadtest.md)"
M = 1_000_000
K = 1_000


def way(rate, rtt=0, jitter=0, queue_ms=0, **more):
    """One direction; rate None: not limited."""
    out = {}
    if rate is not None:
        out["rate_bps"] = rate
    if rtt:
        out["delay_ms"] = rtt / 2
    if jitter:
        out["jitter_ms"] = round(jitter / 3, 3)
    if queue_ms:
        out["queue_ms"] = queue_ms
    out.update({k: v for k, v in more.items() if v is not None})
    return out


def profile(name, about, down, up, duration=180, source=RURAL, **more):
    return {"name": name, "about": about, "source": source, "duration_s": duration, **more,
            "down": down, "up": up}


def both(name, about, rates, common, **more):
    """Down and up alike but for the rate."""
    return profile(name, about, way(rates[0], **common), way(rates[1], **common), **more)


def ge(loss, burst, loss_bad=1):
    """Gilbert-Elliott with this mean loss and mean burst in packets."""
    bad = loss / loss_bad
    return {"p_bad": round(bad / (1 - bad) / burst, 6), "p_good": round(1 / burst, 6),
            "loss_bad": loss_bad}


def outage(at, span, kind="hold", every=None):
    return {"at_s": at, "for_s": span, **({"every_s": every} if every else {}), "kind": kind}


def window(at, span, loss, every=None):
    return {"at_s": at, "for_s": span, **({"every_s": every} if every else {}), "loss": loss}


# --- L1-L14 -----------------------------------------------------------------------------------

CELL_EDGE = dict(rtt=120, jitter=80, queue_ms=2000,
                 gilbert_elliott={"p_bad": 0.01, "p_good": 0.3, "loss_bad": 0.62})


def rural_fixed():
    yield both("l01-fibre", "Health room or clinic on fibre.", (100 * M, 100 * M),
               dict(rtt=12, jitter=1, queue_ms=20), duration=600)
    yield both("l02-home-wifi", "Fibre at home behind poor Wi-Fi: bursts of loss, one-second dips "
               "to a tenth, 2 s of nothing each 5 minutes.",
               ([[0, 20 * M], [29, 2 * M]], [[0, 8 * M], [29, 800 * K]]),
               dict(rtt=20, jitter=30, queue_ms=200, rate_loop_s=30,
                    gilbert_elliott=ge(0.01, 5), delay_trace_ms=traces.swing(40, 35, 0, 1),
                    delay_loop_s=40, outages=[outage(140, 2, every=300)]), duration=600)
    yield profile("l03-long-adsl", "Long copper line; the uplink's queue is 1.5 s.",
                  way(2200 * K, 45, 5, 300, framing="atm", loss=0.001),
                  way(400 * K, 45, 5, 1500, framing="atm", loss=0.001), 600)
    yield both("l11-udp-blocked", "Municipal network: only TCP passes.", (10 * M, 10 * M),
               dict(rtt=30, jitter=20, queue_ms=300), duration=600, blocks_udp=True)
    yield both("l13-phone-leg", "Telephone leg: G.711 in 20 ms packets fits exactly, 40 bytes of "
               "headers with it; drops out for 10 s.", (80 * K, 80 * K),
               dict(rtt=240, jitter=20, queue_ms=60, loss=0.005, outages=[outage(120, 10, "drop")]),
               duration=600)


def rural_mobile():
    yield both("l04-good-4g", "Good 4G or 5G: 5 s of nothing once.", (25 * M, 8 * M),
               dict(rtt=40, jitter=10, queue_ms=300, loss=0.001, outages=[outage(300, 5)]),
               duration=600)
    yield both("l05-rural-4g", "Rural 4G indoors: the delay grows tenfold under load.",
               (4 * M, 700 * K),
               dict(rtt=70, jitter=25, queue_ms=1000, gilbert_elliott=ge(0.005, 3),
                    outages=[outage(250, 3)]), duration=600)
    yield both("l06-evening-4g", "4G on a full evening: rate and delay swing within 20 s.",
               (traces.swing(20, 3 * M, 400 * K, 1), traces.swing(20, 1200 * K, 200 * K, 1)),
               dict(rtt=60, jitter=60, queue_ms=800, rate_loop_s=20, loss=0.01,
                    delay_trace_ms=traces.swing(20, 0, 120, 1), delay_loop_s=20), duration=600)
    yield both("l07-cell-edge", "Forest or indoors at a cell's edge.", (500 * K, 150 * K),
               dict(**CELL_EDGE, delay_trace_ms=traces.swing(50, 0, 65, 1), delay_loop_s=50,
                    outages=[outage(200, 10)]), duration=600)
    yield both("l08-car", "Home-care nurse driving: good cells and edges by turns, most loss in "
               "holes of 1-4 s. (The new address after the long ones is not modelled.)",
               ([[0, 8 * M], [60, 500 * K]], [[0, 2 * M], [60, 150 * K]]),
               dict(rtt=50, jitter=100, queue_ms=700, rate_loop_s=90, loss=0.005,
                    delay_trace_ms=[[0, 0], [60, 50], [70, 175], [80, 75]], delay_loop_s=90,
                    outages=[outage(30, 1, "drop", 120), outage(68, 2, "drop", 120),
                             outage(110, 4, "drop", 120)]), duration=600)
    yield both("l12-failover", "Good 4G fails, 10 s later the other operator's poorer one is there.",
               ([[0, 25 * M], [70, 4 * M]], [[0, 8 * M], [70, 700 * K]]),
               dict(rtt=40, jitter=25, queue_ms=500, loss=0.002,
                    delay_trace_ms=[[0, 0], [70, 15]], outages=[outage(60, 10, "drop")]))
    for name, span, duration in (("60s", 60, 300), ("8h", 28800, 29400), ("6d", 518400, 519000)):
        yield both("l14-outage-" + name, "Nothing at all from t = 60 s.", (25 * M, 8 * M),
                   dict(rtt=40, jitter=10, queue_ms=300, outages=[outage(60, span, "drop")]),
                   duration=duration)


def rural_satellite():
    marks = [window(15, 0.1, 0.2, 60), window(30, 0.2, 0.35, 60), window(45, 0.3, 0.5, 60),
             window(60, 0.2, 0.3, 60)]
    yield both("l09-starlink", "LEO satellite: a delay step at every 15 s mark with a burst of loss, "
               "1.5 s of nothing each 5 minutes.", (120 * M, 15 * M),
               dict(rtt=62, jitter=15, queue_ms=150, loss=0.005,
                    delay_trace_ms=[[0, 0], [15, 7.5], [30, -7.5], [45, 4], [60, -4], [75, 7.5]],
                    delay_loop_s=90, loss_windows=marks, outages=[outage(155, 1.5, every=300)]),
               duration=600)
    yield both("l10-geo", "GEO satellite; snow for 30 s.", (15 * M, 2 * M),
               dict(rtt=620, jitter=20, queue_ms=500, loss=0.005, outages=[outage(300, 30, "drop")]),
               duration=600)


# --- RFC 8867 ---------------------------------------------------------------------------------

STEPS_5_1 = [[0, 1 * M], [40, 2500 * K], [60, 600 * K], [80, 1 * M]]
STEPS_5_3_F = [[0, 2 * M], [20, 1 * M], [40, 500 * K], [60, 2 * M]]
STEPS_5_3_B = [[0, 2 * M], [35, 800 * K], [70, 2 * M]]


def rmcat(name, section, rate, duration, owd=50, queue=300, back=None):
    """RFC 8867 section 4.3: 300 ms drop-tail, jitter as RFC 8868 4.5.3 (5 ms, at most 15 of the 30
    allowed end to end), the way back unimpaired unless the case congests it."""
    return profile(name, f"RFC 8867 {section}: forward is down.",
                   way(rate, 2 * owd, 15, queue), way(back, 2 * owd, 15, queue if back else 0),
                   duration, f"RFC 8867 {section}")


def standard():
    for owd in (50, 100):
        yield rmcat(f"rfc8867-5.1-owd{owd}", "5.1", STEPS_5_1, 100, owd)
    yield rmcat("rfc8867-5.2", "5.2",
                [[0, 4 * M], [25, 2 * M], [50, 3500 * K], [75, 1 * M], [100, 2 * M]], 125)
    yield rmcat("rfc8867-5.3", "5.3", STEPS_5_3_F, 100, back=STEPS_5_3_B)
    yield rmcat("rfc8867-5.4", "5.4", 3500 * K, 120)
    # The flows' own one-way delays of 10, 25, 50, 100 and 150 ms stand before the bottleneck.
    yield rmcat("rfc8867-5.5", "5.5", 4 * M, 300, owd=0)
    for queue in (300, 1000):
        yield rmcat(f"rfc8867-5.6-queue{queue}", "5.6", 2 * M, 120, queue=queue)
    yield rmcat("rfc8867-5.7", "5.7", 2 * M, 300)
    yield rmcat("rfc8867-5.8", "5.8", 3500 * K, 120)


# --- the twelve scenarios ---------------------------------------------------------------------

# Statistics of published recordings: mean kbit/s, share of seconds below 300 kbit/s, longest gap in
# s (where none is published: guess). What is written is synthetic.
CELL_STATS = [
    ("CDMA2000 EV-DO while driving, down", 520, 0.37, 11.6),
    ("CDMA2000 EV-DO while driving, up", 842, 0.12, 11.2),
    ("UMTS while driving, down", 2020, 0.14, 5.8),
    ("UMTS while driving, up", 943, 0.10, 5.8),
    ("LTE uplink at the edge", 834, 0.17, 4.0),
    ("LTE uplink while driving", 1910, 0.11, 4.1),
    ("3G uplink in the open", 709, 0.18, 3.4),
    ("metro line through tunnels", 654, 0.27, 4.0),
    ("ferry in an archipelago", 1747, 0.05, 3.0),
    # Published: 21 % of seconds below 600 kbit/s; the share below 300 is a guess from it.
    ("handovers between LTE and HSPA+ while driving", 2891, 0.12, 2.0),
]


def cell_edges():
    for n, (about, kbps, thin, gap) in enumerate(CELL_STATS, 1):
        down = way(traces.rate_trace(800 + n, 180, kbps * K, thin, gap), 70, rate_loop_s=180,
                   queue_bytes=round(kbps * K * 0.6 / 8),
                   stated={"mean_bps": kbps * K, "share_below_300k": thin, "longest_gap_s": gap})
        yield profile(f"s08-trace-{n:02}", f"Synthetic trace with the statistics of: {about}. The "
                      "trace is down; --swap puts it up.", down, way(2 * M, 70, queue_ms=300),
                      source="statistics of published traces, see README.md")


def scenarios_steady():
    for owd in (50, 100):
        yield rmcat(f"s01-capacity-steps-{owd}", "5.1", STEPS_5_1, 100, owd)
    yield rmcat("s02-congested-feedback", "5.3", STEPS_5_3_F, 100, back=STEPS_5_3_B)
    yield rmcat("s02-reference", "5.3 with a clear way back", STEPS_5_3_F, 100)
    for queue in (300, 1000):
        yield rmcat(f"s03-tcp-{queue}", "5.6", 2 * M, 180, queue=queue)
    yield rmcat("s04-three-flows", "5.4 and 5.8", 3500 * K, 180)
    yield profile("s05-adsl-remnant", "Dying ADSL: cells, and an uplink queue of 1 s.",
                  way(2 * M, 45, queue_ms=300, framing="atm"),
                  way(250 * K, 45, queue_ms=1000, framing="atm"))
    yield both("s06-join-thin", "Joining over a thin link that the page shares.",
               (256 * K, 128 * K), dict(rtt=120, queue_ms=500))
    yield both("s07-survival", "The least that should hold a call.", (96 * K, 64 * K),
               dict(rtt=300, queue_ms=1000, gilbert_elliott=ge(0.02, 2)))
    yield both("s12-patient", "The thin member of a party of six.", (400 * K, 128 * K),
               dict(rtt=150, queue_ms=500, gilbert_elliott=ge(0.02, 3)))
    yield both("clean", "The clean end of every scenario: the doctor.", (20 * M, 20 * M),
               dict(rtt=20, queue_ms=300))


def scenarios_bad():
    for span in (1, 3, 8, 20):
        for kind in ("hold", "drop"):
            yield both(f"s09-outage-{span}-{kind}", f"Four outages of {span} s on 1 Mbit/s.",
                       (1 * M, 1 * M),
                       dict(rtt=60, queue_bytes=37500,
                            outages=[outage(25 + 40 * i, span, kind) for i in range(4)]))
    for percent in (5, 10, 20):
        yield both(f"s10-loss-iid-{percent:02}", f"{percent} % independent loss.", (1 * M, 1 * M),
                   dict(rtt=80, queue_ms=300, loss=percent / 100))
    for percent, burst in ((5, 5), (10, 8)):
        yield both(f"s10-loss-ge-{percent:02}-{burst}",
                   f"{percent} % loss in bursts of {burst} packets.", (1 * M, 1 * M),
                   dict(rtt=80, queue_ms=300, gilbert_elliott=ge(percent / 100, burst)))
    yield both("s11a-geo", "GEO satellite whose capacity drops and returns.",
               ([[0, 2 * M], [60, 600 * K], [120, 2 * M]], 500 * K),
               dict(rtt=600, jitter=20, queue_ms=500, loss=0.005))
    yield both("s11b-leo", "LEO satellite: at every 15 s mark the delay steps by 20 ms, all is held "
               "for 100 ms, and 30 % is lost for 150 ms after.", (20 * M, 5 * M),
               dict(rtt=14, queue_ms=150, delay_trace_ms=traces.leo_delay(1101, 180),
                    delay_loop_s=180, outages=[outage(15, 0.1, every=15)],
                    loss_windows=[window(15.1, 0.15, 0.3, every=15)]))


def profiles():
    for group in (rural_fixed, rural_mobile, rural_satellite, standard, scenarios_steady,
                  scenarios_bad, cell_edges):
        yield from group()
