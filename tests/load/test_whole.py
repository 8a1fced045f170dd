#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Whole runs of vidd-load's own profiles against the real server, minutes each: for script/test --long.
Everybody gets in and nothing is broken, whatever the machine; times are not judged."""

import json
import unittest

from harness import ROOT, ServerTest
from test_load import GOOD, run_load

PROFILES = ROOT / "loadtest" / "load" / "profiles"


class Whole(ServerTest):
    flags = ("--requests-per-second", "10000", "--max-connections-per-address", "10000", "--max-connections", "20000")

    def whole(self, name, *flags, driver="vidd"):
        done = run_load("--profile", str(PROFILES / f"{name}.json"), "--driver", driver, *flags, "--server-pid",
                        str(self.server.child.pid), cwd=self.server.directory, timeout=1400)
        self.assertIn(done.returncode, GOOD, done.stderr)
        found = json.loads(done.stdout)
        self.assertEqual(found["joins"]["failed"], 0, found["joins"]["why"])
        for what in ("corrupt", "rejected", "unknown"):
            self.assertEqual(found["integrity"][what], 0, what)
        return found

    def test_consultation(self):
        self.whole("consultation")

    def test_pairs(self):
        self.whole("pairs")

    def test_conference(self):
        self.whole("conference")

    def test_broadcast(self):
        self.whole("broadcast", driver="whip")

    def test_storm(self):
        found = self.whole("storm")
        self.assertEqual(found["joins"]["seats"], 600)

    def test_region_day(self):
        self.whole("region-day")

    def test_churn_gives_memory_back(self):
        found = self.whole("churn", "--seconds", "600")
        late = [s["server_rss_mb"] for s in found["seconds"] if s["measured"]]
        half = len(late) // 2
        # People come and go; what they leave behind would add up.
        self.assertLess(max(late[half:]), max(late[:half]) * 1.25)


if __name__ == "__main__":
    unittest.main()
