#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""vidd-linkem with real sockets through namespaces that this makes itself. Prints TAP.

Usage: test_linkem.py [NAME...]     all tests, or these
"""

import os
import pathlib
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback

from netns import (LINKEM, Linkem, Namespace, enter_own_namespace, packets_of, report_of,
                   write_profile)
from stall import StallWatch

LEFT, RIGHT = "10.99.0.2", "10.99.0.1"
RATES = {96_000: 300, 300_000: 600, 2_000_000: 1200, 20_000_000: 1400}  # bit/s: bytes of IP
HEADER = 28
# A machine that is busy with something else makes a run void: it says nothing about the link then.
ATTEMPTS = 5
LATE_S = 0.002
# Half of the packets that make a run void were due while every program had to wait.
STILL = 0.0005


class World:
    """Two namespaces, a folder, and what has to be closed."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="vidd-link-")
        self.spaces = []

    def space(self):
        self.spaces.append(Namespace())
        return self.spaces[-1]

    def path(self, name):
        return str(pathlib.Path(self.folder.name) / name)

    def profile(self, name, **ways):
        return write_profile(self.folder.name, name, **ways)

    def close(self):
        for space in self.spaces:
            space.close()
        self.folder.cleanup()


def send_at_rate(sock, to, size, bps, seconds):
    """Packets of size bytes of IP, evenly spaced."""
    payload = bytes(size - HEADER)
    begin = time.monotonic()
    gap = size * 8 / bps
    sent = 0
    while (now := time.monotonic() - begin) < seconds:
        while sent * gap <= now:
            sock.sendto(payload, to)
            sent += 1
        time.sleep(min(gap, 0.002))  # the sender's pace, not a wait: what is due goes on waking


def receive_until(socks, end, arrived):
    """Notes (time, bytes of IP) of what each socket gets."""
    while (left := end - time.monotonic()) > 0:
        for sock in select.select(list(socks), [], [], left)[0]:
            size = len(sock.recv(2048)) + HEADER
            arrived[socks[sock]].append((time.monotonic(), size))


def overload(world, left_spaces, right, seconds):
    """Each pair's down link with 15 % more than it carries. Returns {rate: [(time, bytes)]}."""
    socks, threads = {}, []
    for i, (space, (bps, size)) in enumerate(zip(left_spaces, RATES.items())):
        address = (f"10.99.0.{2 + i}", 5000)
        socks[space.udp(address)] = bps
        sender = right.udp((RIGHT, 6000 + i))
        threads.append(threading.Thread(
            target=send_at_rate, args=(sender, address, size, bps * 1.15, seconds)))
    arrived = {bps: [] for bps in RATES}
    for thread in threads:
        thread.start()
    receive_until(socks, time.monotonic() + seconds, arrived)
    for thread in threads:
        thread.join()
    return arrived


def rates_of(world, seconds):
    right = world.space()
    lefts = [world.space() for _ in RATES]
    args = []
    for space, bps in zip(lefts, RATES):
        profile = world.profile(f"r{bps}", down={"rate_bps": bps, "queue_ms": 300, "delay_ms": 20},
                                up={"delay_ms": 20})
        args += ["--pair", f"{space.path},{right.path},{profile}"]
    linkem = Linkem(*args, "--log", world.path("log"))
    arrived = overload(world, lefts, right, seconds)
    return arrived, linkem.stop()


def rate_is_kept_within_two_percent_and_on_time(world):
    for attempt in range(ATTEMPTS):
        with StallWatch(LATE_S) as stalls:
            arrived, summary = rates_of(world, 8)
        if not summary["void"]:
            break
    print("# real time", summary["real_time"], "lateness", summary["lateness_ms"],
          f"machine still {stalls.share():.3%}")
    if summary["void"] and not summary["real_time"]:
        return "not real-time, and the machine is busy"
    if summary["void"] and stalls.share() > STILL:
        return f"the machine itself stood still for {stalls.share():.2%} of the time"
    assert not summary["void"] and summary["lateness_ms"]["p999"] < LATE_S * 1000, summary
    report = report_of(world.path("log"))
    for i, (bps, got) in enumerate(arrived.items()):
        # From packet to packet, past the first second, in which the queue fills.
        begin = next(n for n, (t, _) in enumerate(got) if t > got[0][0] + 1)
        span = got[-1][0] - got[begin][0]
        measured = sum(size for _, size in got[begin + 1:]) * 8 / span
        bins = report["pairs"][i]["down"]["delivered_bytes_per_200_ms"][10:35]
        logged = sum(bins) * 8 / (len(bins) * 0.2)
        print(f"# {bps} bit/s: sockets {measured / bps - 1:+.2%}, log {logged / bps - 1:+.2%}")
        assert abs(measured / bps - 1) < 0.02, (bps, measured)
        # A whole packet more or less in 5 s, besides.
        assert abs(logged / bps - 1) < 0.02 + RATES[bps] * 8 / (5 * bps), (bps, logged)
        assert report["pairs"][i]["down"]["packets"]["queue"] > 0
    return None


def pair(world, *args, down=None, up=None, **more):
    left, right = world.space(), world.space()
    profile = world.profile("p", down=down, up=up, **more)
    linkem = Linkem("--profile", profile, "--left", left.path, "--right", right.path, *args)
    return linkem, left.udp((LEFT, 5000)), right.udp((RIGHT, 6000)), left


def delay_is_added_each_way(world):
    linkem, left, right, _ = pair(world, down={"delay_ms": 80}, up={"delay_ms": 40})
    trips = []
    for _ in range(20):
        begin = time.monotonic()
        left.sendto(b"x", (RIGHT, 6000))
        data, peer = right.recvfrom(100)
        middle = time.monotonic()
        right.sendto(data, peer)
        left.recv(100)
        trips.append((middle - begin, time.monotonic() - middle))
    linkem.stop()
    up, down = (sorted(t)[10] * 1e3 for t in zip(*trips))
    print(f"# up {up:.2f} ms, down {down:.2f} ms")
    assert 40 <= up < 42 and 80 <= down < 82, (up, down)


def gate_holds_the_outage_back(world):
    linkem, left, right, _ = pair(
        world, "--gate", "--duration", "1.2",
        up={"outages": [{"at_s": 0.5, "for_s": 0.3, "kind": "drop"}]})
    time.sleep(0.9)  # past the outage, had its clock not waited for the gate
    left.sendto(b"before", (RIGHT, 6000))
    assert right.recv(100) == b"before"
    linkem.go()
    begin = time.monotonic()
    got = []
    for n in range(12):
        # In the middle of each tenth of the profile, so that its edges are not met by chance.
        time.sleep(max(0, begin + n * 0.1 + 0.05 - time.monotonic()))
        left.sendto(bytes([n]), (RIGHT, 6000))
    summary = linkem.wait()
    right.setblocking(False)
    try:
        while True:
            got.append(right.recv(100)[0])
    except BlockingIOError:
        pass
    assert 5 not in got and 6 not in got and 7 not in got, got
    assert {0, 1, 2, 3, 9, 10} <= set(got), got
    assert summary["pairs"][0]["up"]["packets"]["outage"] == 3, summary


def log_tells_flow_and_rtp_head(world):
    log = world.path("log")
    linkem, left, right, _ = pair(world, "--log", log, up={"delay_ms": 5})
    left.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, 0xb8)  # EF
    rtp = bytes([0x80, 111, 1, 2, 0, 0, 0, 9, 0xde, 0xad, 0xbe, 0xef])
    left.sendto(rtp + b"secret", (RIGHT, 6000))
    right.recv(100)
    linkem.stop()
    packet = [p for p in packets_of(log) if p["protocol"] == 17][0]
    assert packet["way"] == "up" and packet["outcome"] == "delivered", packet
    assert packet["bytes"] == 18 + HEADER and packet["dscp"] == 46, packet
    assert packet["source"] == "0a630002:5000" and packet["destination"] == "0a630001:6000", packet
    assert packet["head"] == rtp.hex(), packet
    assert packet["due_ns"] - packet["in_ns"] == 5_000_000, packet
    assert 0 <= packet["out_ns"] - packet["due_ns"] < 50_000_000, packet


def seed_repeats_the_losses(world):
    lost = []
    for seed in (7, 7, 8):
        log = world.path("log")
        linkem, left, right, _ = pair(world, "--seed", seed, "--log", log, up={"loss": 0.3})
        for n in range(100):
            left.sendto(bytes([n]), (RIGHT, 6000))
        time.sleep(0.1)  # what passes has passed by then: the link has no delay
        linkem.stop()
        lost.append([p["head"][:2] for p in packets_of(log) if p["outcome"] == "loss"])
    assert lost[0] == lost[1] and 10 < len(lost[0]) < 50, lost
    assert lost[0] != lost[2]


def udp_can_be_blocked(world):
    linkem, left, right, _ = pair(world, blocks_udp=True)
    left.sendto(b"x", (RIGHT, 6000))
    right.settimeout(0.3)
    try:
        right.recv(100)
        raise AssertionError("it came through")
    except socket.timeout:
        pass
    assert linkem.stop()["pairs"][0]["up"]["packets"]["blocked"] == 1


def devices_look_like_ethernet_and_go_at_the_end(world):
    linkem, _, _, left = pair(world)
    links = left.run("ip", "-o", "link", "show", "dev", "eth0")
    assert "mtu 1500" in links and "UP" in links, links
    assert "default dev eth0" in left.run("ip", "route"), left.run("ip", "route")
    linkem.stop()
    assert "eth0" not in left.run("ip", "-o", "link")


def mistakes_are_told(world):
    good = world.profile("good")
    bad = world.profile("bad", down={"rate": 1})
    here = world.space().path
    cases = [
        (["--profile", good, "--left", "nobody", "--right", here], "nobody", 1),
        (["--profile", bad, "--left", here, "--right", here], "down: rate: unknown", 1),
        (["--profile", "/nowhere", "--left", here, "--right", here], "/nowhere", 1),
        (["--profile", good, "--left", here], "go together", 2),
        (["--left", here, "--right", here], "no --profile", 2),
        (["--profile", good, "--seed", "x", "--left", here, "--right", here], "number", 2),
        (["--profile", good, "--left-addr", "x", "--left", here, "--right", here], "IPv4", 2),
    ]
    for args, reason, code in cases:
        done = subprocess.run([LINKEM, *args], capture_output=True, text=True, timeout=10,
                              check=False)
        assert done.returncode == code and reason in done.stderr, (args, done)
    done = subprocess.run([LINKEM, "--help"], capture_output=True, text=True, check=True)
    assert "--gate" in done.stdout


def missing_device_is_told(world):
    """With nothing in /dev/net, in a mount namespace of its own."""
    here = world.space().path
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", 'mount -t tmpfs none /dev/net && exec "$@"', "sh", LINKEM,
         "--profile", world.profile("p"), "--left", here, "--right", here],
        capture_output=True, text=True, timeout=10, check=False)
    assert done.returncode == 1 and "/dev/net/tun is missing" in done.stderr, done


def works_without_root(world):
    """A second time in a user namespace, where nobody has any right outside."""
    if subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False).returncode:
        return "no user namespaces here"
    done = subprocess.run(
        ["unshare", "-rn", sys.executable, __file__, "delay_is_added_each_way"],
        capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return None


TESTS = [
    delay_is_added_each_way, gate_holds_the_outage_back, log_tells_flow_and_rtp_head,
    seed_repeats_the_losses, udp_can_be_blocked, devices_look_like_ethernet_and_go_at_the_end,
    mistakes_are_told, missing_device_is_told, works_without_root, rate_is_kept_within_two_percent_and_on_time,
]


def main():
    enter_own_namespace()
    tests = [t for t in TESTS if not sys.argv[1:] or t.__name__ in sys.argv[1:]]
    failed = 0
    print(f"1..{len(tests)}")
    for number, test in enumerate(tests, 1):
        world = World()
        try:
            skip = test(world)
            print(f"ok {number} - {test.__name__}" + (f" # SKIP {skip}" if skip else ""))
        except Exception:  # the others are told about, too
            failed += 1
            print(f"not ok {number} - {test.__name__}")
            print("# " + traceback.format_exc().replace("\n", "\n# "))
        finally:
            world.close()
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
