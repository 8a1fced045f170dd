#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""REST for booking systems, and what it means for those who hold a link."""

import sqlite3
import time
import unittest

from harness import Closed, ServerTest, WebSocket

GOOD = {"title": "Uppföljning", "participants": [{"role": "patient", "name": "Elsa"},
                                                 {"role": "clinician", "name": "Anna Berg"}]}


def changed(**members):
    return {**GOOD, **members}


class Rest(ServerTest):
    def test_a_consultation_is_created_read_and_ended(self):
        status, headers, made = self.server.api("POST", body=GOOD)
        self.assertEqual(status, 201)
        self.assertEqual(headers["location"], "/api/v1/consultations/" + made["id"])
        self.assertEqual(headers["cache-control"], "no-store")
        self.assertEqual([(p["role"], p["name"]) for p in made["participants"]],
                         [("patient", "Elsa"), ("clinician", "Anna Berg")])
        for p in made["participants"]:
            self.assertRegex(p["token"], r"^[A-Za-z0-9_-]{22}$")
            self.assertEqual(p["link"], f"{self.server.demo['url']}/#{p['token']}")
        self.assertEqual(len({p["token"] for p in made["participants"]}), 2)

        status, _, read = self.server.api("GET", "/" + made["id"])
        self.assertEqual((status, read["title"], read["ended"]), (200, "Uppföljning", None))
        self.assertNotIn("token", read["participants"][0])
        self.assertNotIn("link", read["participants"][0])

        self.assertEqual(self.server.api("DELETE", "/" + made["id"])[0], 204)
        self.assertEqual(self.server.api("DELETE", "/" + made["id"])[0], 204)
        self.assertIsInstance(self.server.api("GET", "/" + made["id"])[2]["ended"], int)

    def test_unknown_ids(self):
        for path in ("/c123", "/" + "x" * 200):
            self.assert_problem(self.server.api("GET", path), 404, "consultation-unknown")
            self.assert_problem(self.server.api("DELETE", path), 404, "consultation-unknown")

    def test_the_key_is_asked_for(self):
        for key in ("wrong", self.server.key[:-1], self.server.tokens["patient"], "x" * 127):
            response = self.server.api("POST", body=GOOD, key=key)
            self.assert_problem(response, 401, "api-key")
            self.assertIn("Bearer", response[1]["www-authenticate"])
        status, headers, _ = self.server.request("GET", "/api/v1/consultations/c1")
        self.assertEqual((status, "Bearer" in headers["www-authenticate"]), (401, True))
        for value in ("Basic abc", "Bearer " + "x" * 500, "Bearer"):
            status, _, _ = self.server.request("GET", "/api/v1/consultations/c1",
                                               headers={"Authorization": value})
            self.assertEqual(status, 401, value)

    def test_a_wrong_body_is_told_by_member(self):
        people = GOOD["participants"]
        bad = [
            ("no json", None), ("[]", None), ('{"title": "a", "title": "b"}', None), (b"\xff{}", None),
            (changed(title=None), "title"), (changed(title=5), "title"),
            (changed(title="x" * 129), "title"), (changed(title="a\nb"), "title"),
            (changed(participants=None), "participants"), (changed(participants=[]), "participants"),
            (changed(participants=people * 9), "participants"),
            (changed(participants=["Elsa"]), "participants[0]"),
            (changed(participants=[people[0], {"role": "doctor", "name": "A"}]),
             "participants[1].role"),
            (changed(participants=[{"role": "patient"}]), "participants[0].name"),
            (changed(participants=[{"role": "patient", "name": "x" * 129}]),
             "participants[0].name"),
        ]
        for body, member in bad:
            self.assert_problem(self.server.api("POST", body=body), 400, "bad-body", member)

    def test_the_largest_consultation_is_taken(self):
        people = [{"role": "relative", "name": "ö" * 64}] * 16
        status, _, made = self.server.api("POST", body={"title": "å" * 64, "participants": people})
        self.assertEqual((status, len(made["participants"])), (201, 16))

    def test_a_locked_database_is_told_and_got_over(self):
        """As an operator's shell would lock it; what cannot be put on record is refused."""
        made = self.server.consult("patient")
        lock = sqlite3.connect(self.server.directory / "var" / "vidd.db", isolation_level=None)
        self.addCleanup(lock.close)
        lock.execute("BEGIN EXCLUSIVE")
        response = self.server.api("POST", body=GOOD)
        # Refused by the store, or already by the record: the one above may still have been unwritten.
        self.assertIn(response[2]["code"], ("try-again", "audit-failed"))
        self.assert_problem(response, 503, response[2]["code"])
        self.assertEqual(response[1]["retry-after"], "2")
        for _ in range(2):
            self.assertEqual(self.server.request("GET", "/readyz")[0], 503)
            self.assertEqual(self.server.request("GET", "/healthz")[0], 200)
            self.assert_problem(self.server.api("GET", "/" + made["id"]), 503, "audit-failed")
        lock.execute("ROLLBACK")
        end = time.monotonic() + 15
        while self.server.request("GET", "/readyz")[0] != 200 and time.monotonic() < end:
            time.sleep(0.1)  # between looks: a probe is due once a second
        self.assertEqual(self.server.request("GET", "/readyz")[0], 200)
        self.assertEqual(self.server.api("GET", "/" + made["id"])[0], 200)
        self.assertEqual(self.server.api("POST", body=GOOD)[0], 201)

    def test_a_survey_is_answered_once_with_the_link(self):
        made = self.server.consult("patient", "clinician")
        other = self.server.consult("patient")
        token = made["participants"][0]["token"]
        path = f"/{made['id']}/survey"
        body = {"answers": {"heard": "yes"}}
        self.assert_problem(self.server.api("PUT", path, body, key="x" * 22), 401, "token-unknown")
        self.assert_problem(self.server.api("PUT", path, body), 403, "not-allowed")
        self.assert_problem(self.server.api("PUT", f"/{other['id']}/survey", body, key=token), 404,
                            "consultation-unknown")
        self.assert_problem(self.server.api("PUT", path, {"answers": {"heard": "No, it hurts"}},
                                            key=token), 400, "bad-body", "answers.heard")
        self.assertEqual(self.server.api("DELETE", "/" + made["id"])[0], 204)  # afterwards, too
        self.assertEqual(self.server.api("PUT", path, body, key=token)[0], 204)
        self.assert_problem(self.server.api("PUT", path, body, key=token), 409, "survey-given")

    def test_ending_tells_those_who_are_in(self):
        made = self.server.consult("patient", "clinician")
        ws = WebSocket(self.server)
        self.addCleanup(ws.close)
        ws.send({"type": "join", "v": 1, "token": made["participants"][0]["token"]})
        self.assertEqual(ws.receive_type("joined")["self"]["role"], "patient")
        self.assertEqual(self.server.api("DELETE", "/" + made["id"])[0], 204)
        self.assertEqual(ws.receive_type("ended")["reason"], "ended")
        with self.assertRaises(Closed):
            ws.receive()
        late = WebSocket(self.server)
        self.addCleanup(late.close)
        late.send({"type": "join", "v": 1, "token": made["participants"][1]["token"]})
        self.assertEqual(late.receive_type("error")["code"], "consultation-ended")


if __name__ == "__main__":
    unittest.main()
