#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Idempotency-Key: the same request gets the same answer, and nothing is made twice."""

import json
import socket
import sqlite3
import time
import unittest
import uuid

from harness import ServerTest

BODY = {"title": "Uppföljning", "participants": [{"role": "patient", "name": "Elsa"},
                                                 {"role": "clinician", "name": "Anna Berg"}]}
PATH = "/api/v1/consultations"


class Idempotency(ServerTest):
    def post(self, key, body=BODY, path=PATH, bearer=None):
        headers = {"Authorization": "Bearer " + (bearer or self.server.key),
                   "Content-Type": "application/json", "Idempotency-Key": key}
        status, headers, data = self.server.request("POST", path, json.dumps(body), headers)
        return status, headers, json.loads(data) if data else None

    def count(self):
        database = sqlite3.connect(self.server.directory / "var" / "vidd.db")
        try:
            return database.execute("SELECT count(*) FROM consultation").fetchone()[0]
        finally:
            database.close()

    def test_a_repetition_gets_the_same_links(self):
        key = str(uuid.uuid4())
        before = self.count()
        first = self.post(key)
        again = self.post(key)
        self.assertEqual((first[0], again[0]), (201, 201))
        self.assertEqual(first[2], again[2])
        self.assertIn("token", again[2]["participants"][0])
        self.assertEqual(first[1]["location"], again[1]["location"])
        self.assertEqual(first[1]["content-type"], again[1]["content-type"])
        self.assertNotIn("idempotency-replayed", first[1])
        self.assertEqual(again[1]["idempotency-replayed"], "true")
        self.assertEqual(self.count(), before + 1)

    def test_another_request_with_the_key_is_refused(self):
        key = str(uuid.uuid4())
        made = self.post(key)
        self.assertEqual(made[0], 201)
        self.assert_problem(self.post(key, {**BODY, "title": "Annat"}), 422, "idempotency-mismatch")
        path = f"{PATH}/{made[2]['id']}/participants"
        self.assert_problem(self.post(key, {"role": "relative", "name": "Nils"}, path), 422,
                            "idempotency-mismatch")
        self.assertEqual(self.post(key)[0], 201)

    def test_adding_somebody_is_done_once_as_well(self):
        made = self.post(str(uuid.uuid4()))[2]
        key, path = str(uuid.uuid4()), f"{PATH}/{made['id']}/participants"
        first, again = (self.post(key, {"role": "relative", "name": "Nils"}, path) for _ in range(2))
        self.assertEqual((first[0], again[0], first[2]), (201, 201, again[2]))
        self.assertEqual(len(self.server.api("GET", "/" + made["id"])[2]["participants"]), 3)

    def test_a_refused_request_may_be_put_right(self):
        key = str(uuid.uuid4())
        self.assert_problem(self.post(key, {**BODY, "title": None}), 400, "bad-body", "title")
        self.assertEqual(self.post(key)[0], 201)

    def test_keys_are_printable_and_short(self):
        self.assertEqual(self.post("k" * 127)[0], 201)
        before = self.count()
        for key in ("k" * 128, "k" * 500, "a b", "å".encode().decode("latin-1")):
            self.assert_problem(self.post(key), 400, "bad-idempotency-key")
        self.assertEqual(self.count(), before)

    def test_who_went_away_gets_the_answer_later(self):
        key = str(uuid.uuid4())
        before = self.count()
        text = json.dumps(BODY).encode()
        connection = self.server.connect()
        connection.sendall(f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                           f"{self.server.key}\r\nContent-Type: application/json\r\n"
                           f"Idempotency-Key: {key}\r\nContent-Length: {len(text)}\r\n\r\n".encode()
                           + text)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        connection.close()
        time.sleep(0.5)  # nobody is left to be told that the first one was done
        self.assertEqual(self.post(key)[0], 201)
        self.assertEqual(self.count(), before + 1)

    def test_requests_at_the_same_time_make_one(self):
        key = str(uuid.uuid4())
        before = self.count()
        text = json.dumps(BODY).encode()
        request = (f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                   f"{self.server.key}\r\nContent-Type: application/json\r\nConnection: close\r\n"
                   f"Idempotency-Key: {key}\r\nContent-Length: {len(text)}\r\n\r\n").encode() + text
        connections = [self.server.connect() for _ in range(6)]
        for c in connections:
            c.sendall(request)
        statuses = []
        for c in connections:
            data = b""
            while chunk := c.recv(65536):
                data += chunk
            c.close()
            statuses.append(int(data.split()[1]))
        self.assertIn(201, statuses)
        self.assertLessEqual(set(statuses), {201, 409})
        self.assertEqual(self.count(), before + 1)

    def test_nothing_readable_is_kept(self):
        made = self.post(str(uuid.uuid4()))[2]
        for path in (self.server.directory / "var").glob("vidd.db*"):
            data = path.read_bytes()
            for p in made["participants"]:
                self.assertNotIn(p["token"].encode(), data, path.name)


if __name__ == "__main__":
    unittest.main()
