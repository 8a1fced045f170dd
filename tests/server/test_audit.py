#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Who did what is on record: every REST operation and what happens in a visit, and an answer is
withheld when it cannot be put on record."""

import json
import sqlite3
import time

from harness import ServerTest, WebSocket
from test_login import Staff


def records(server, **want):
    """The trail's records, oldest first, once one with these members is there."""
    end = time.monotonic() + 5
    while True:
        db = sqlite3.connect(server.directory / "var" / "vidd.db")
        rows = [json.loads(text) for (text,) in db.execute("SELECT record FROM audit ORDER BY seq")]
        db.close()
        found = [r for r in rows if all(r.get(k) == v for k, v in want.items())]
        if found or time.monotonic() > end:
            return found
        time.sleep(0.05)


class Audit(ServerTest):
    def sql(self, text):
        db = sqlite3.connect(self.server.directory / "var" / "vidd.db")
        db.execute(text)
        db.commit()
        db.close()

    def test_what_a_booking_system_does_is_on_record(self):
        made = self.server.consult("patient", "clinician")
        record = records(self.server, action="consultation-create", consultation=made["id"])[0]
        self.assertEqual((record["actor"], record["result"]), ("api-key", "ok"))
        self.assertEqual(record["address"], "loopback")
        self.assertEqual(self.server.api("GET", "/" + made["id"])[0], 200)
        self.assertTrue(records(self.server, action="consultation-read", consultation=made["id"]))

    def test_logins_are_on_record_right_and_wrong(self):
        anna = Staff(self.server, "anna")
        record = records(self.server, action="login", result="ok",
                         actor_id=anna.session["staff"]["id"])[0]
        self.assertEqual((record["actor"], record["duty"]), ("staff", "clinician"))
        self.assertEqual(record["unit"], anna.session["commission"]["unit"]["id"])
        status, _, _ = Staff(self.server).request("POST", "/api/v1/session",
                                                  {"username": "anna", "password": "wrong password"})
        self.assertEqual(status, 401)
        record = records(self.server, action="login", result="denied")[0]
        self.assertEqual(record["reason"], "login-failed")
        self.assertNotIn("actor_id", record)

    def test_who_is_refused_is_on_record_by_name(self):
        anna = Staff(self.server, "anna")
        self.assertEqual(anna.request("GET", "/api/v1/accounts")[0], 403)
        record = records(self.server, action="account-list", result="denied")[0]
        self.assertEqual(record["actor_id"], anna.session["staff"]["id"])
        self.assertEqual(record["reason"], "status 403")

    def test_strangers_do_not_fill_the_trail(self):
        before = len(records(self.server, v=1))
        for _ in range(5):
            self.assertEqual(self.server.api("GET", "/c1", key="vk_nobody")[0], 401)
        self.server.consult("patient")
        records(self.server, action="consultation-create")
        self.assertLessEqual(len(records(self.server, v=1)), before + 1)

    def test_what_happens_in_a_visit_is_on_record(self):
        made = self.server.consult("patient", "clinician")
        ws = WebSocket(self.server)
        ws.send({"type": "join", "v": 1, "token": made["participants"][0]["token"]})
        ws.receive_type("joined")
        record = records(self.server, action="visit-present", consultation=made["id"])[0]
        self.assertEqual((record["actor"], record["role"]), ("participant", "patient"))
        self.assertEqual(record["actor_id"], made["participants"][0]["id"])
        ws.close()

    def test_what_cannot_be_put_on_record_is_not_shown(self):
        made = self.server.consult("patient")
        self.sql("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'x'); END")
        try:
            end = time.monotonic() + 5
            while time.monotonic() < end:
                response = self.server.api("GET", "/" + made["id"])
                if response[0] != 200:
                    break
            self.assert_problem(response, 503, "audit-failed")
            status, _, body = self.server.request("GET", "/readyz")
            self.assertEqual((status, body), (503, b"audit fails\n"))
        finally:
            self.sql("DROP TRIGGER full")
        end = time.monotonic() + 5
        while time.monotonic() < end and self.server.request("GET", "/readyz")[0] != 200:
            time.sleep(0.1)
        self.assertEqual(self.server.api("GET", "/" + made["id"])[0], 200)
        # What was refused meanwhile is on record, too: somebody tried.
        refused = records(self.server, action="consultation-read", consultation=made["id"],
                          result="failed")
        self.assertTrue(refused)
