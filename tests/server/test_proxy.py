#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Behind a reverse proxy: whose address counts, and what a stranger cannot make of it."""

import json
import subprocess
import tempfile
import unittest

from harness import VIDD, ServerTest, WebSocket
from test_audit import records

RATE = ("--requests-per-second", "1", "--max-connections-per-address", "1000")


class Ways:
    def ask(self, forwarded=None, path="/api/v1/login"):
        headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
        return self.server.request("GET", path, headers=headers)[0]

    def log_in(self, forwarded):
        body = json.dumps({"username": "anna", "password": self.server.demo["password"]})
        return self.server.request("POST", "/api/v1/session", body, {
            "Content-Type": "application/json", "X-Forwarded-For": forwarded})[0]


class Trusted(Ways, ServerTest):
    flags = (*RATE, "--trusted-proxy", "127.0.0.1 10.0.0.0/8")

    def test_each_client_has_a_limit_of_its_own(self):
        one = [self.ask("198.51.100.1") for _ in range(15)]
        self.assertEqual((one[0], one[-1]), (200, 429))
        self.assertEqual(self.ask("198.51.100.2"), 200)
        self.assertEqual(self.ask("198.51.100.2, 10.0.0.3"), 200)

    def test_what_a_client_made_up_does_not_help_it(self):
        answers = [self.ask(f"203.0.113.{n}, 198.51.100.3") for n in range(15)]
        self.assertEqual(answers[-1], 429)
        answers = [self.ask(f"203.0.113.{n}, 198.51.100.3, 10.0.0.3") for n in range(3)]
        self.assertEqual(answers, [429] * 3)

    def test_what_is_no_address_is_the_proxys(self):
        answers = [self.ask(text) for text in ("unknown", "198.51.100.8, x", "a" * 600, "") * 5]
        self.assertEqual(answers[-1], 429)

    def test_the_trail_has_the_clients_class(self):
        self.assertEqual(self.log_in("127.0.0.1, 198.51.100.4"), 200)
        self.assertTrue(records(self.server, action="login", address="public"))
        self.assertEqual(self.log_in("198.51.100.4, 192.168.7.7"), 200)
        self.assertTrue(records(self.server, action="login", address="private"))


class Unhurried(Ways, ServerTest):
    """A trusted proxy, limits as they are."""

    flags = ("--trusted-proxy", "127.0.0.1", "--max-connections-per-address", "1")

    def test_who_is_handed_on_is_not_of_this_machine(self):
        for forwarded in ("198.51.100.5", "127.0.0.1", "::1", "x", "a" * 600):
            self.assertEqual(self.ask(forwarded, "/metrics"), 403, forwarded)
        self.assertEqual(self.ask(None, "/metrics"), 200)

    def test_websockets_go_through_many_at_once(self):
        made = self.server.consult("patient", "clinician")
        sockets = []
        for person in made["participants"]:
            ws = WebSocket(self.server)
            self.addCleanup(ws.close)
            ws.send({"type": "join", "v": 1, "token": person["token"]})
            ws.receive_type("joined")
            sockets.append(ws)
        self.assertEqual(len(sockets), 2)


class Untrusted(Ways, ServerTest):
    """Nothing is set: the header is air, but that it makes nobody a program of this machine."""

    flags = RATE

    def test_the_header_changes_no_address(self):
        self.assertEqual(self.log_in("198.51.100.4"), 200)
        self.assertTrue(records(self.server, action="login", address="loopback"))
        self.assertFalse([r for r in records(self.server, action="login")
                          if r["address"] != "loopback"])
        refused = 0
        for n in range(20):
            try:
                refused += self.ask(f"198.51.100.{n}") == 429
            except OSError:
                refused += 1  # the connection already
        self.assertGreater(refused, 5)


class Elsewhere(Ways, ServerTest):
    """Another address is trusted, not the peer's."""

    flags = ("--trusted-proxy", "10.0.0.0/8")

    def test_a_stranger_says_what_it_wants(self):
        self.assertEqual(self.log_in("198.51.100.4, 10.0.0.1"), 200)
        self.assertTrue(records(self.server, action="login", address="loopback"))
        self.assertEqual(self.ask("127.0.0.1", "/metrics"), 403)
        self.assertEqual(self.ask(None, "/metrics"), 200)


class Flags(unittest.TestCase):
    def test_what_is_no_list_is_told_at_the_start(self):
        with tempfile.TemporaryDirectory() as data:
            for words in ("proxy.example.se", "10.0.0.1/8", "10.0.0.0/40"):
                done = subprocess.run([VIDD, "--data", data, "--trusted-proxy", words],
                                      capture_output=True, text=True, timeout=20, check=False)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn("--trusted-proxy", done.stderr)


if __name__ == "__main__":
    unittest.main()
