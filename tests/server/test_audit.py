#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Who did what is on record: every REST operation and what happens in a visit, and an answer is
withheld when it cannot be put on record."""

import json
import sqlite3
import subprocess
import time

from harness import ROOT, VIDD, ServerTest, WebSocket
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
        time.sleep(0.05)  # between looks: records are written in groups, after the answer


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

    def test_commands_are_on_record(self):
        def run(*flags, text=""):
            return subprocess.run([VIDD, "--data", str(self.server.directory / "var"), *flags], input=text,
                                  capture_output=True, text=True, check=True).stdout.strip()

        unit = run("--make-unit", "Ny enhet")
        account = run("--make-account", "berit", "--unit", unit, text="ett långt lösenord\n")
        key = run("--make-api-key", "bokning", "--unit", unit, "--scopes", "read book")
        for action, want in (("make-unit", {"subject": unit}), ("make-account", {"subject": account, "reason": "administrator"}),
                             ("make-api-key", {"unit": unit, "reason": "read book"})):
            record = records(self.server, action=action, **want)[0]
            self.assertEqual((record["actor"], record["result"]), ("operator", "ok"))
        self.assertNotIn(key, json.dumps(records(self.server)))

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
        def count():
            """Of what has happened so far: records are written in their order, this one last."""
            made = self.server.consult("patient")
            records(self.server, action="consultation-create", consultation=made["id"])
            return len(records(self.server, v=1))

        before = count()
        for _ in range(5):
            self.assertEqual(self.server.api("GET", "/c1", key="vk_nobody")[0], 401)
        self.assertLess(count() - before, 5)  # not one for each; others may still come to an end

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
            time.sleep(0.1)  # between looks: the trail is tried again once a second
        self.assertEqual(self.server.api("GET", "/" + made["id"])[0], 200)
        # What was refused meanwhile is on record, too: somebody tried.
        refused = records(self.server, action="consultation-read", consultation=made["id"],
                          result="failed")
        self.assertTrue(refused)


class Gone(ServerTest):
    """The database waits, the client does not: what it asked for is done, and on record."""

    # The server looks after a client that waits only when the time for its answer is over.
    flags = ("--answer-timeout", "1")

    def ask_and_go(self, head, body, is_there):
        """True once what it asked for is on record."""
        body = json.dumps(body)
        self.server.api("GET", "/none")  # that the key is used is noted now: then who asks is known at once
        lock = sqlite3.connect(self.server.directory / "var" / "vidd.db", isolation_level=None)
        self.addCleanup(lock.close)
        connection = self.server.connect()
        self.addCleanup(connection.close)
        lock.execute("BEGIN IMMEDIATE")
        connection.sendall(f"{head}\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        self.assertEqual(connection.recv(1), b"")  # the server has given the connection up
        lock.execute("ROLLBACK")
        end = time.monotonic() + 20
        while not (found := is_there()) and time.monotonic() < end:
            time.sleep(0.1)  # between looks: the store goes on once the lock is gone
        while self.server.request("GET", "/readyz")[0] != 200 and time.monotonic() < end:
            time.sleep(0.1)  # between looks: a probe of the database is due once a second
        return found

    def test_a_booking_is(self):
        def all_of_them():
            return records(self.server, action="consultation-create")

        before = len(all_of_them())
        self.assertTrue(self.ask_and_go(
            f"POST /api/v1/consultations HTTP/1.1\r\nAuthorization: Bearer {self.server.key}\r\n"
            "Content-Type: application/json",
            {"title": "Borta", "participants": [{"role": "patient", "name": "Elsa"}]},
            lambda: len(all_of_them()) > before))
        self.assertEqual(all_of_them()[-1]["actor"], "api-key")

    def test_a_login_is(self):
        # A wrong password is answered before anything waits for the database.
        staff = Staff(self.server, "support").session["staff"]["id"]
        want = {"action": "login", "result": "ok", "actor_id": staff}
        before = len(records(self.server, **want))
        self.assertTrue(self.ask_and_go(
            "POST /api/v1/session HTTP/1.1\r\nContent-Type: application/json",
            {"username": "support", "password": self.server.demo["password"]},
            lambda: len(records(self.server, **want)) > before))

    def test_each_of_many_bookings_is(self):
        body = json.loads((ROOT / "tests" / "vectors" / "fhir" / "bundle-r4.json").read_text())

        def all_of_them():
            return {r.get("consultation") for r in records(self.server, action="fhir-book")}

        before = len(all_of_them())
        self.assertTrue(self.ask_and_go(
            f"POST /api/v1/fhir/Appointment HTTP/1.1\r\nAuthorization: Bearer {self.server.key}\r\n"
            "Content-Type: application/fhir+json", body, lambda: len(all_of_them()) > before + 1))


class Review(ServerTest):
    """The command line beside the running server, and the reviewer's pages."""

    def command(self, *words):
        return subprocess.run([VIDD, "audit", *words, "--data",
                               str(self.server.directory / "var")],
                              capture_output=True, text=True, timeout=20, check=False)

    def visit_of(self, patient):
        """A visit of a patient that the clinician has looked at."""
        made = self.server.consult("patient")
        db = sqlite3.connect(self.server.directory / "var" / "vidd.db")
        unit, provider = db.execute("SELECT id, provider_id FROM unit").fetchone()
        db.execute("UPDATE consultation SET patient_ref = ?, unit_id = ?, provider_id = ? WHERE id = ?",
                   (patient, unit, provider, made["id"]))
        db.commit()
        db.close()
        anna = Staff(self.server, "anna")
        self.server.api("GET", "/" + made["id"])
        anna.request("GET", "/api/v1/consultations/" + made["id"])
        self.assertTrue(records(self.server, action="consultation-read", patient=patient, actor="staff"))
        return made

    def test_the_trail_verifies_beside_a_running_server(self):
        self.server.consult("patient")
        records(self.server, action="consultation-create")
        done = self.command("verify")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("The audit trail is whole", done.stdout)
        head = self.command("head").stdout.strip()
        self.server.consult("patient")
        time.sleep(0.5)  # the record of it is written after the answer
        done = self.command("verify", "--head", head)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("The head that was kept is in it", done.stdout)

    def test_an_extract_tells_unit_and_time_and_no_names(self):
        self.visit_of("ref-extract")
        done = self.command("extract", "--patient", "ref-extract")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Loggutdrag", done.stdout)
        self.assertIn("Demo", done.stdout)
        self.assertNotIn("Anna", done.stdout)
        done = self.command("extract", "--patient", "ref-extract", "--format", "csv", "--staff",
                            "--language", "en")
        self.assertIn('"Demo","visit shown","ok","Anna Berg"\r\n', done.stdout.replace("\n", "\r\n"))
        # The reading of it is on record with the patient.
        self.assertEqual(len(records(self.server, action="audit-extract", actor="operator",
                                     patient="ref-extract")), 2)

    def test_a_booking_that_is_repeated_is_in_an_extract_once(self):
        body = json.dumps({"title": "x", "patient_ref": "ref-twice",
                           "participants": [{"role": "patient", "name": "Elsa"}]})
        headers = {"Authorization": "Bearer " + self.server.key, "Content-Type": "application/json",
                   "Idempotency-Key": "twice"}
        answers = [self.server.request("POST", "/api/v1/consultations", body, headers) for _ in range(3)]
        self.assertEqual([a[0] for a in answers], [201] * 3)
        self.assertEqual(len({a[2] for a in answers}), 1)
        made = {"action": "consultation-create", "patient": "ref-twice"}
        self.assertTrue(records(self.server, **made, reason="repeated"))
        end = time.monotonic() + 5
        while len(records(self.server, **made)) < 3 and time.monotonic() < end:
            time.sleep(0.1)  # between looks: records are written in groups, after the answer
        self.assertEqual([r.get("reason") for r in records(self.server, **made)],
                         [None, "repeated", "repeated"])
        for language, words in (("sv", "besöket bokades"), ("en", "visit booked")):
            done = self.command("extract", "--patient", "ref-twice", "--language", language)
            self.assertEqual(done.stdout.count(words), 1, done.stdout)

    def test_a_sample_is_drawn_again_by_its_seed(self):
        for _ in range(10):
            self.server.consult("patient")
        day = ("--to", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 1)))
        time.sleep(1.2)  # past the end of the period: times are of whole seconds
        one = self.command("sample", "--count", "5", "--seed", "7", *day)
        two = self.command("sample", "--count", "5", "--seed", "7", *day)
        self.assertEqual(one.returncode, 0, one.stderr)
        self.assertEqual(one.stdout, two.stdout)
        self.assertEqual(len(one.stdout.splitlines()), 6)
        self.assertEqual(len(records(self.server, action="audit-sample")), 2)

    def test_wrong_flags_are_told_in_plain_words(self):
        for words, code, text in (
                (("nonsense",), 2, "is no command"), (("verify", "--colour", "red"), 2, "unknown flag"),
                (("extract",), 2, "--patient"), (("sample", "--count", "0"), 2, "--count"),
                (("extract", "--patient", "x", "--format", "pdf"), 2, "--format"),
                (("verify", "--key", "/nowhere"), 6, "cannot read the audit key"),
                (("verify", "--head", "x"), 2, "--head"), (("sample", "--from", "x"), 2, "--from")):
            done = self.command(*words)
            self.assertEqual(done.returncode, code, (words, done.stderr, done.stdout))
            self.assertIn(text, done.stderr)
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)

    def test_a_reviewer_reads_and_that_is_on_record(self):
        self.visit_of("ref-review")
        reviewer = Staff(self.server, "granskare")
        status, _, body = reviewer.request("GET", "/api/v1/audit?patient_ref=ref-review")
        self.assertEqual(status, 200, body)
        self.assertIn("consultation-read", [r["record"]["action"] for r in body["records"]])
        self.assertIsNone(body["next"])
        status, _, body = reviewer.request("GET", "/api/v1/audit/extract?patient_ref=ref-review")
        self.assertEqual(status, 200, body)
        self.assertEqual(body["rows"][0]["unit"], "Demo")
        self.assertNotIn("staff", body["rows"][0])
        for action in ("audit-read", "audit-extract"):
            record = records(self.server, action=action, patient="ref-review", actor="staff")[0]
            self.assertEqual(record["duty"], "reviewer")
        for query in ("from=x", "before=-1", "format=pdf", "to=2026-99-01"):
            self.assert_problem(reviewer.request("GET", "/api/v1/audit?" + query), 400, "bad-query",
                                query.split("=")[0])
        self.assert_problem(reviewer.request("GET", "/api/v1/audit/extract"), 400, "bad-query",
                            "patient_ref")

    def test_nobody_else_reads(self):
        for user in ("anna", "karin", "admin", "support"):
            staff = Staff(self.server, user)
            self.assert_problem(staff.request("GET", "/api/v1/audit"), 403, "not-allowed")


class Tampered(ServerTest):
    def test_a_changed_row_is_found(self):
        self.server.consult("patient")
        records(self.server, action="consultation-create")
        self.server.signal(15)
        self.server.wait()
        data = self.server.directory / "var"
        db = sqlite3.connect(data / "vidd.db")
        db.execute("UPDATE audit SET record = replace(record, 'api-key', 'staff') WHERE seq = 1")
        db.commit()
        db.close()
        done = subprocess.run([VIDD, "audit", "verify", "--data", str(data)], capture_output=True,
                              text=True, timeout=20, check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("NOT whole: record 1: this record was changed", done.stdout)
