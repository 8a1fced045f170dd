#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""vidd-load against the real vidd on loopback: small runs of each kind of profile, as a check that
both do as they should. No times are judged."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "server"))
from harness import ROOT, ServerTest  # noqa: E402

LOAD = os.environ.get("VIDD_LOAD", str(ROOT / "build" / "loadtest" / "load" / "vidd-load"))
FLOOR = os.environ.get("VIDD_FLOOR", str(ROOT / "build" / "loadtest" / "floor" / "vidd-floor"))
# On a busy machine the server thins pictures out and runs are void: that is not wrong.
GOOD = (0, 3)


def run_load(*flags, cwd=None, timeout=60):
    return subprocess.run([LOAD, "--quiet", "--json", "-", *flags], capture_output=True, text=True, check=False, cwd=cwd,
                          timeout=timeout)


def load(*flags, profile, cwd=None):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "profile.json"
        path.write_text(json.dumps(profile))
        return run_load(*flags, "--profile", str(path), cwd=cwd)


class Load(ServerTest):
    flags = ("--requests-per-second", "10000", "--max-connections-per-address", "10000")

    def run_profile(self, driver="vidd", **profile):
        profile.setdefault("warmup_s", 1)
        profile.setdefault("window_s", 2)
        profile.setdefault("video_bps", 100000)
        done = load("--driver", driver, "--server-pid", str(self.server.child.pid), profile=profile, cwd=self.server.directory)
        self.assertIn(done.returncode, GOOD, done.stderr)
        found = json.loads(done.stdout)
        self.assertEqual(found["joins"]["failed"], 0, found["joins"]["why"])
        for what in ("corrupt", "rejected", "unknown"):
            self.assertEqual(found["integrity"][what], 0, what)
        self.assertGreater(found["packets"]["delivered"], 0)
        self.assertGreater(found["server"]["rss_mb"], 1)
        self.assertGreater(found["server"]["ns_per_packet_out"], 0)
        return found

    def test_a_consultation(self):
        found = self.run_profile(kind="consultation", rooms=2, people_min=2, people_max=3, playout=True,
                                 talk_continuous=True)
        self.assertEqual(found["joins"]["connected"], found["joins"]["seats"])
        self.assertGreater(found["packets"]["delivered_audio"], 50)
        self.assertGreater(found["packets"]["delivered_video"], 0)
        self.assertGreater(found["playout"]["frames_shown"], 0)
        self.assertGreater(found["latency_us"]["video"]["count"], 0)
        self.assertGreaterEqual(found["latency_us"]["audio"]["max"], found["latency_us"]["audio"]["p50"] * 0.8)
        self.assertGreater(len(found["seconds"]), 1)

    def test_a_camera_in_three_sizes_that_follows_wishes(self):
        found = self.run_profile(kind="consultation", encodings=3, video_height=720, adaptive=True, layers=True,
                                 descriptor=True, dtx=True)
        self.assertGreater(found["packets"]["delivered_video"], 0)
        self.assertGreater(found["playout"]["frames_shown"], 0)

    def test_a_conference_by_whip_and_whep(self):
        found = self.run_profile("whip", kind="conference", people_min=3, people_max=3, talk_continuous=True)
        self.assertEqual(found["connections"], 6)
        self.assertEqual(found["joins"]["connected"], 6)
        self.assertGreater(found["packets"]["delivered_audio"], 300)
        self.assertGreater(found["playout"]["frames_shown"], 0)

    def test_a_broadcast_to_more_than_a_room_has_people(self):
        found = self.run_profile("whip", kind="broadcast", people_min=21, people_max=21, video_bps=100000,
                                 talk_continuous=True)
        self.assertEqual(found["connections"], 21)
        # Sound of one to twenty.
        self.assertGreater(found["packets"]["delivered_audio"], 1000)

    def test_a_storm_leaves_nobody_behind(self):
        found = self.run_profile(kind="storm", joins_per_s=10, stay_s=1, warmup_s=0, window_s=4, video=False)
        self.assertEqual(found["joins"]["seats"], 40)
        self.assertGreater(found["joins"]["connected"], 30)
        self.assertLess(found["participants"], 30)

    def test_churn(self):
        found = self.run_profile(kind="churn", rooms=3, stay_s=2, arrive_s=1, window_s=4, video=False)
        self.assertGreater(found["joins"]["seats"], 6)

    def test_a_regions_day(self):
        found = self.run_profile(kind="region-day", rooms=10, stay_s=1, hurry=9000, warmup_s=0, window_s=4, video=False,
                                 talk_continuous=True)
        self.assertEqual(found["profile"]["rooms"], 10)

    def test_the_page_is_whole_and_needs_nothing_else(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "run.html"
            done = load("--demo", str(self.server.directory / "var" / "demo.json"), "--html", str(path),
                        profile={"kind": "consultation", "name": "<b>&", "warmup_s": 0, "window_s": 3, "video": False,
                                 "talk_continuous": True})
            self.assertIn(done.returncode, GOOD, done.stderr)
            text = path.read_text()
        self.assertIn("&lt;b&gt;&amp;", text)
        self.assertNotIn("<b>&,", text)
        self.assertNotRegex(text, r"https?://|<script|nan|inf\b")
        for chart in re.findall(r"<svg.*?</svg>", text, re.S):
            tree = xml.etree.ElementTree.fromstring(chart)
            points = [e.get("points").split() for e in tree if e.tag == "polyline"]
            self.assertTrue(points and all(len(p) >= 3 for p in points))
        self.assertEqual(text.count("<svg"), 6)

    def test_sound_alone(self):
        found = self.run_profile(kind="conference", people_min=4, people_max=4, video=False, talk_continuous=True)
        self.assertEqual(found["packets"]["delivered_video"], 0)
        # Everybody's 50 a second to each of the three others.
        self.assertGreater(found["packets"]["delivered_audio"], 600)


class Refusals(unittest.TestCase):
    def test_other_peoples_servers_are_left_alone(self):
        done = load("--url", "https://192.0.2.1:1", "--api-key", "x", profile={"kind": "consultation"})
        self.assertEqual(done.returncode, 1)
        self.assertIn("--i-own-this-server", done.stderr)

    def test_a_bad_profile_is_named(self):
        done = load("--url", "https://127.0.0.1:1", profile={"kind": "consultation", "peple": 2})
        self.assertEqual(done.returncode, 1)
        self.assertIn('"peple"', done.stderr)

    def test_nobody_there(self):
        done = load("--url", "https://127.0.0.1:1", "--api-key", "x", profile={"kind": "consultation"})
        self.assertEqual(done.returncode, 1)
        self.assertIn("127.0.0.1:1", done.stderr)

    def test_help_names_every_option_once(self):
        done = subprocess.run([LOAD, "--help"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0)
        self.assertIn("--profile FILE", done.stdout)
        self.assertEqual(subprocess.run([LOAD, "--nonsense"], capture_output=True, check=False).returncode, 2)


class Floor(unittest.TestCase):
    def test_each_step_costs_something(self):
        done = subprocess.run([FLOOR, "--rounds", "1", "--packets", "500", "--viewers", "3", "--json", "-"],
                              capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        found = json.loads(done.stdout)
        for step in ("receive", "unprotect", "copy", "protect", "sendto", "sendmmsg", "gso", "gso_gro"):
            self.assertGreater(found["ns"][step], 0, step)
        whole = found["forward_ns"]["one_to_1"]["sendmmsg"]
        self.assertGreaterEqual(whole, found["ns"]["sendmmsg"] + found["ns"]["protect"])

    def test_numbers_are_checked(self):
        for flags in (["--viewers", "0"], ["--frame", "33"], ["--bytes", "x"], ["what"]):
            self.assertEqual(subprocess.run([FLOOR, *flags], capture_output=True, check=False).returncode, 2, flags)
