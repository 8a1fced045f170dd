#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Messages to patients, by command, webhook and mail server, to real receivers on this machine."""

import base64
import email
import hashlib
import hmac
import http.server
import json
import pathlib
import socketserver
import subprocess
import tempfile
import threading
import time
import unittest

from harness import VIDD, Server, ServerTest, WebSocket
from test_audit import records
from test_login import Staff

SECRET = "a secret of the test"


class SmtpHandler(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a sender needs."""

    def handle(self):
        self.wfile.write(b"220 test ESMTP\r\n")
        recipient = ""
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                text = b""
                while (line := self.rfile.readline()) != b".\r\n":
                    text += line[1:] if line.startswith(b"..") else line
                self.server.mails.append((recipient, email.message_from_bytes(text)))
                self.wfile.write(b"250 2.0.0 queued as T17\r\n")
            elif verb == b"RCPT":
                recipient = line.split(b"<")[1].split(b">")[0].decode()
                if recipient.startswith("nobody"):
                    self.wfile.write(b"550 5.1.1 unknown\r\n")
                else:
                    self.wfile.write(b"250 ok\r\n")
            elif verb == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")


class HookHandler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append((self.headers["Vidd-Signature"], body))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def serve(test, server):
    test.addClassCleanup(server.server_close)
    test.addClassCleanup(server.shutdown)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def wait_for(what, seconds=8):
    end = time.monotonic() + seconds
    while not (found := what()) and time.monotonic() < end:
        time.sleep(0.05)  # between looks: sending has a thread of its own
    return found


def book(server, **person):
    status, _, made = server.api("POST", body={
        "title": "Hemlig titel", "participants": [{"role": "patient", "name": "Elsa Hemlig", **person}]})
    assert status == 201, made
    return made


def send(server, made, kind="reminder"):
    return server.api("POST", f"/{made['id']}/messages",
                      {"participant": made["participants"][0]["id"], "kind": kind})


class ByMail(ServerTest):
    @classmethod
    def setUpClass(cls):
        cls.smtp = socketserver.ThreadingTCPServer(("127.0.0.1", 0), SmtpHandler)
        cls.smtp.mails = []
        port = serve(cls, cls.smtp)
        cls.flags = ("--smtp-url", f"smtp://127.0.0.1:{port}", "--smtp-from", "vidd@example.se",
                     "--smtp-plain", "true")
        super().setUpClass()

    def test_a_mail_has_the_link_and_nothing_of_health(self):
        made = book(self.server, email="elsa@example.se", language="en")
        status, _, body = send(self.server, made)
        self.assertEqual((status, body["channel"]), (202, "email"))
        recipient, mail = wait_for(lambda: self.smtp.mails)[0]
        self.assertEqual(recipient, "elsa@example.se")
        text = mail.get_payload(decode=True).decode()
        self.assertIn(made["participants"][0]["link"], text)
        self.assertIn("Reminder", text)
        for secret in ("Hemlig", "Elsa"):
            self.assertNotIn(secret, text + str(mail))
        self.assertTrue(records(self.server, action="message-sent", result="ok"))
        self.assertNotIn("elsa@", self.server.log())
        self.assertNotIn(made["participants"][0]["token"], self.server.log())

    def test_a_refused_recipient_is_given_up_at_once(self):
        made = book(self.server, email="nobody@example.se")
        self.assertEqual(send(self.server, made)[0], 202)
        record = records(self.server, action="message-sent", result="failed",
                         consultation=made["id"])
        self.assertTrue(record)
        self.assertIn("event=message-failed", self.server.log())


class ByWebhook(ServerTest):
    @classmethod
    def setUpClass(cls):
        cls.hook = http.server.ThreadingHTTPServer(("127.0.0.1", 0), HookHandler)
        cls.hook.posts, cls.hook.answers = [], []
        port = serve(cls, cls.hook)
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        secret = pathlib.Path(cls.folder.name) / "secret"
        secret.write_text(SECRET + "\n")
        cls.flags = ("--message-webhook", f"http://localhost:{port}/out",
                     "--message-secret-file", str(secret))
        super().setUpClass()

    def test_a_post_is_signed_and_tried_again_after_a_fault(self):
        self.hook.answers.append(503)
        made = book(self.server, phone="+46701234567")
        self.assertEqual(send(self.server, made, "its-time")[0], 202)
        self.assertTrue(wait_for(lambda: self.hook.posts))
        signature, body = self.hook.posts[0]
        stamp, mac = signature.split(",")
        want = hmac.new(SECRET.encode(), stamp[2:].encode() + b"." + body, hashlib.sha256)
        self.assertEqual(mac, "v1=" + want.hexdigest())
        self.assertAlmostEqual(int(stamp[2:]), time.time(), delta=10)
        message = json.loads(body)
        self.assertEqual((message["to"], message["channel"], message["kind"]),
                         ("+46701234567", "sms", "its-time"))
        self.assertIn("Det är dags", message["text"])
        self.assertTrue(wait_for(lambda: "event=message-waits" in self.server.log()))

    def test_what_cannot_be_sent_is_told(self):
        made = book(self.server)
        self.assert_problem(send(self.server, made), 409, "no-address")
        made = book(self.server, phone="+46701234567")
        self.assert_problem(send(self.server, made, "code"), 400, "bad-body", "kind")
        self.assert_problem(send(self.server, made, "hello"), 400, "bad-body", "kind")
        self.assert_problem(self.server.api("POST", f"/{made['id']}/messages",
                                            {"participant": "p1", "kind": "reminder"}),
                            404, "participant-unknown")
        self.assertEqual(self.server.api("DELETE", "/" + made["id"])[0], 204)
        self.assert_problem(send(self.server, made), 409, "consultation-ended")


class ByCommand(ServerTest):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        script = pathlib.Path(cls.folder.name) / "send"
        script.write_text("#!/bin/sh\ncat >> \"$1\"\necho >> \"$1\"\necho receipt-1\n")
        script.chmod(0o755)
        cls.out = pathlib.Path(cls.folder.name) / "sent $(touch x)"
        cls.flags = ("--message-command", f"{script} '{cls.out}'")
        super().setUpClass()

    def test_a_command_gets_json_and_no_shell_reads_it(self):
        made = book(self.server, phone="+46701234567", language="sv-latt")
        self.assertEqual(send(self.server, made, "invitation")[0], 202)
        text = wait_for(lambda: self.out.exists() and self.out.read_text())
        message = json.loads(text)
        self.assertIn("Tryck på länken", message["text"])
        self.assertIn(made["participants"][0]["link"], message["text"])
        self.assertTrue(wait_for(lambda: "event=message-sent" in self.server.log()))


class Reminders(unittest.TestCase):
    """Patients and relatives are reminded by themselves; each run of vidd looks at once."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.directory = pathlib.Path(folder.name)
        self.out = self.directory / "sent"
        script = self.directory / "send"
        script.write_text(f"#!/bin/sh\ncat >> {self.out}\necho >> {self.out}\n")
        script.chmod(0o755)
        self.flags = ("--message-command", str(script))

    def run_one(self, *flags):
        server = Server(*self.flags, *flags, directory=self.directory).start()
        self.addCleanup(server.stop)
        return server

    def sent(self):
        lines = self.out.read_text().splitlines() if self.out.exists() else []
        return [m for m in map(json.loads, lines) if m["kind"] == "reminder"]

    def plan(self, server, at, *people):
        planned = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
        status, _, made = server.api("POST", body={
            "title": "Hemlig titel", "planned": planned, "minutes": 30,
            "participants": [{"name": "Någon Hemlig", **p} for p in people]})
        self.assertEqual(status, 201, made)
        return made

    def test_each_is_reminded_once_when_the_time_comes_near(self):
        server = self.run_one()
        due = int(time.time()) + 4  # an hour before the visit
        made = self.plan(server, due + 3600, {"role": "patient", "phone": "+46701234561"},
                         {"role": "relative", "phone": "+46701234562"},
                         {"role": "interpreter", "phone": "+46701234563"},
                         {"role": "relative"})
        self.plan(server, time.time() + 1800, {"role": "patient", "phone": "+46701234564"})  # late
        self.plan(server, due + 7200, {"role": "patient", "phone": "+46701234565"})  # not yet
        gone = self.plan(server, due + 3600, {"role": "patient", "phone": "+46701234566"})
        self.assertEqual(server.api("DELETE", "/" + gone["id"])[0], 204)
        server.stop()
        time.sleep(max(0, due + 1 - time.time()))  # until the reminder is due
        server = self.run_one("--reminder-hours", "1")
        self.assertTrue(wait_for(lambda: len(self.sent()) >= 2))
        self.assertEqual(sorted(m["to"] for m in self.sent()), ["+46701234561", "+46701234562"])
        for message in self.sent():
            person = next(p for p in made["participants"] if p["token"] in message["text"])
            self.assertEqual(person["role"], "patient" if message["to"][-1] == "1" else "relative")
            self.assertNotIn("Hemlig", message["text"])
        self.assertTrue(wait_for(lambda: server.log().count("event=message-sent") == 2))
        self.assertIn("event=reminders count=2", server.log())
        self.assertEqual({r["subject"] for r in records(server, action="message-sent", reason="reminder")},
                         {p["id"] for p in made["participants"][:2]})
        server.stop()
        server = self.run_one("--reminder-hours", "1")
        time.sleep(2)  # it has looked, and found nobody
        self.assertEqual(len(self.sent()), 2)
        self.assertNotIn("event=reminders", server.log())

    def test_nobody_is_unless_it_is_set(self):
        server = self.run_one()
        due = int(time.time()) + 3
        self.plan(server, due + 3600, {"role": "patient", "phone": "+46701234561"})
        server.stop()
        time.sleep(max(0, due + 1 - time.time()))  # until a reminder would be due
        server = self.run_one()
        time.sleep(2)  # it would have looked by now
        self.assertEqual(self.sent(), [])


class Events(ServerTest):
    """Other systems are told of visits, by id."""

    @classmethod
    def setUpClass(cls):
        cls.hook = http.server.ThreadingHTTPServer(("127.0.0.1", 0), HookHandler)
        cls.hook.posts, cls.hook.answers = [], []
        cls.port = serve(cls, cls.hook)
        super().setUpClass()

    def command(self, *words):
        return subprocess.run([VIDD, "webhook", *words, "--data", str(self.server.directory / "var")],
                              capture_output=True, text=True, timeout=30, check=False)

    def hook_here(self, admin, path, *flags):
        """One of the administrator's unit, on this machine, which is made by command alone."""
        done = self.command("add", "--url", f"http://localhost:{self.port}{path}",
                            "--unit", admin.session["commission"]["unit"]["id"], *flags)
        self.assertEqual(done.returncode, 0, done.stderr)
        return dict(zip(("id", "secret"), done.stdout.splitlines()))

    def test_commands_add_try_list_and_remove(self):
        admin = Staff(self.server, "admin")
        hook = self.hook_here(admin, "/tried", "--events", "message.failed consultation.ended")
        record = records(self.server, action="make-webhook", subject=hook["id"])[0]
        self.assertEqual((record["actor"], record["reason"]), ("operator", "consultation.ended message.failed"))
        unit = admin.session["commission"]["unit"]["id"]
        listed = self.command("list", "--unit", unit).stdout.splitlines()
        self.assertIn("\t".join((hook["id"], unit, "consultation.ended message.failed",
                                 f"http://localhost:{self.port}/tried")), listed)
        self.assertNotIn(hook["secret"], str(listed))
        self.assertEqual(self.command("list", "--unit", "none").stdout, "")
        # It is tried with its own signature, and its answer told.
        self.hook.posts.clear()
        done = self.command("test", "--id", hook["id"])
        self.assertEqual((done.returncode, done.stdout), (0, "200\n"), done.stderr)
        signature, body = self.hook.posts[0]
        stamp, mac = signature.split(",")
        want = hmac.new(hook["secret"].encode(), stamp[2:].encode() + b"." + body, hashlib.sha256)
        self.assertEqual(mac, "v1=" + want.hexdigest())
        self.assertEqual({**json.loads(body), "at": 0}, {"event": "test", "at": 0, "unit": unit,
                                                        "consultation": "", "participant": ""})
        self.hook.answers.append(503)
        done = self.command("test", f"--id={hook['id']}")
        self.assertEqual((done.returncode, done.stdout), (1, "503\n"))
        self.assertEqual(self.command("remove", "--id", hook["id"]).returncode, 0)
        self.assertTrue(records(self.server, action="remove-webhook", subject=hook["id"]))
        self.assertNotIn(hook["id"], self.command("list").stdout)
        # One for all units.
        done = self.command("add", "--url", "https://example.se/all")
        everybody = done.stdout.splitlines()[0]
        self.assertIn(everybody + "\t-\t", self.command("list").stdout)
        self.assertNotIn(everybody, str(admin.request("GET", "/api/v1/webhooks")[2]))
        self.command("remove", "--id", everybody)

    def test_wrong_commands_are_told_in_plain_words(self):
        for words, code, text in (
                ((), 2, "Usage"), (("nonsense",), 2, "is no command"), (("add",), 2, "--url"),
                (("add", "--url", "http://example.se/"), 2, "--url"),
                (("add", "--url", "https://a:b@example.se/"), 2, "--url"),
                (("add", "--url", "https://example.se/" + "x" * 500), 2, "--url"),
                (("add", "--url", "https://example.se/", "--events", "visit.ended"), 2, "consultation.ended"),
                (("add", "--url", "https://example.se/", "--unit", "none"), 2, "no such unit"),
                (("list", "--colour", "red"), 2, "unknown flag"), (("remove",), 2, "--id"),
                (("remove", "--id", "w_none"), 2, "vidd webhook list"),
                (("test", "--id", "w_none"), 2, "vidd webhook list")):
            done = subprocess.run([VIDD, "webhook"], capture_output=True, text=True, timeout=30, check=False) \
                if not words else self.command(*words)
            self.assertEqual(done.returncode, code, (words, done.stderr))
            self.assertIn(text, done.stderr)
            self.assertEqual(done.stdout, "")
        self.assertIn("Usage: vidd webhook", self.command("list", "--help").stdout)

    def test_a_visit_is_told_signed_and_without_names(self):
        admin, anna = Staff(self.server, "admin"), Staff(self.server, "anna")
        url = f"http://localhost:{self.port}/events"
        hook = self.hook_here(admin, "/events")
        _, _, listed = admin.request("GET", "/api/v1/webhooks")
        self.assertEqual(listed, {"webhooks": [{"id": hook["id"], "url": url, "events": (
            "consultation.waiting consultation.started consultation.ended message.failed")}]})
        status, _, made = anna.request("POST", "/api/v1/consultations", {
            "title": "Hemlig titel", "participants": [{"role": "patient", "name": "Elsa Hemlig"}]})
        self.assertEqual(status, 201, made)
        ws = WebSocket(self.server)
        ws.send({"type": "join", "v": 1, "token": made["participants"][0]["token"]})
        self.assertTrue(wait_for(lambda: self.hook.posts))
        signature, body = self.hook.posts[0]
        stamp, mac = signature.split(",")
        want = hmac.new(hook["secret"].encode(), stamp[2:].encode() + b"." + body, hashlib.sha256)
        self.assertEqual(mac, "v1=" + want.hexdigest())
        event = json.loads(body)
        self.assertEqual((event["event"], event["consultation"], event["participant"]),
                         ("consultation.waiting", made["id"], made["participants"][0]["id"]))
        self.assertNotIn(b"Hemlig", body)
        ws.close()
        self.assertEqual(admin.request("DELETE", "/api/v1/webhooks/" + hook["id"])[0], 204)
        self.assert_problem(admin.request("DELETE", "/api/v1/webhooks/" + hook["id"]), 404,
                            "webhook-unknown")

    def test_it_is_told_what_it_chose(self):
        admin, anna = Staff(self.server, "admin"), Staff(self.server, "anna")
        for events in ("visit.ended", "*", ",", "consultation.ended;", "x" * 300):
            self.assert_problem(admin.request("POST", "/api/v1/webhooks",
                                              {"url": "https://example.se/", "events": events}), 400,
                                "bad-body", "events")
        hooks = [self.hook_here(admin, "/", "--events", events)
                 for events in ("consultation.ended,consultation.ended", "consultation.waiting")]
        self.assertEqual({h["id"]: h["events"] for h in admin.request("GET", "/api/v1/webhooks")[2]["webhooks"]},
                         {hooks[0]["id"]: "consultation.ended", hooks[1]["id"]: "consultation.waiting"})
        self.hook.posts.clear()
        status, _, made = anna.request("POST", "/api/v1/consultations", {
            "title": "x", "participants": [{"role": "patient", "name": "Elsa"},
                                            {"role": "clinician", "name": "Anna"}]})
        self.assertEqual(status, 201, made)
        people = []
        for person in made["participants"]:
            ws = WebSocket(self.server)
            ws.send({"type": "join", "v": 1, "token": person["token"]})
            ws.receive_type("joined")
            people.append(ws)
        self.assertTrue(wait_for(lambda: self.hook.posts))
        self.assertEqual(self.events(), ["consultation.waiting"])
        people[1].send({"type": "admit", "participant": made["participants"][0]["id"]})
        people[1].send({"type": "end", "outcome": "solved", "reason": None})
        self.assertTrue(wait_for(lambda: len(self.hook.posts) > 1))
        self.assertEqual(self.events(), ["consultation.waiting", "consultation.ended"])
        for ws in people:
            ws.close()
        # Over REST it is an end, too: with an outcome, or cancelled, and once.
        ended = []
        for method, path, body in (("POST", "/end", {"outcome": "solved"}), ("DELETE", "", None)):
            made = anna.request("POST", "/api/v1/consultations", {
                "title": "x", "participants": [{"role": "patient", "name": "Elsa"}]})[2]
            ended.append(made["id"])
            for _ in range(2):
                anna.request(method, f"/api/v1/consultations/{made['id']}{path}", body)
        self.assertTrue(wait_for(lambda: len(self.hook.posts) > 3))
        time.sleep(2.5)  # a look further: nothing comes twice
        told = [json.loads(body) for _, body in self.hook.posts[2:]]
        # In either order: nothing is promised of two visits.
        self.assertEqual(sorted((t["event"], t["consultation"]) for t in told),
                         sorted(("consultation.ended", id) for id in ended))
        for hook in hooks:
            self.assertEqual(admin.request("DELETE", "/api/v1/webhooks/" + hook["id"])[0], 204)

    def events(self):
        return [json.loads(body)["event"] for _, body in self.hook.posts]

    def test_only_safe_addresses_and_few_of_them(self):
        admin = Staff(self.server, "admin")
        for url in ("http://example.se/", "file:///etc/passwd", "ftp://localhost:1/",
                    f"http://localhost:{self.port}/", "https://a:b@example.se/", "https://example.se/\r\nX: y"):
            self.assert_problem(admin.request("POST", "/api/v1/webhooks", {"url": url}), 400,
                                "bad-body", "url")
        made = []
        for _ in range(8):
            status, _, hook = admin.request("POST", "/api/v1/webhooks", {"url": "https://localhost:1/"})
            self.assertEqual(status, 201)
            made.append(hook["id"])
        self.assert_problem(admin.request("POST", "/api/v1/webhooks", {"url": "https://localhost:1/"}),
                            409, "too-many-webhooks")
        for hook in made:
            admin.request("DELETE", "/api/v1/webhooks/" + hook)


class Flags(ServerTest):
    def test_what_is_wrong_is_told_at_the_start(self):
        with tempfile.TemporaryDirectory() as data:
            for flags, text in (
                    (["--message-command", "/nowhere/send"], "--message-command"),
                    (["--message-webhook", "https://example.se"], "--message-secret-file"),
                    (["--smtp-url", "smtp://localhost"], "--smtp-from"),
                    (["--smtp-password-file", "/nowhere"], "--smtp-password-file")):
                done = subprocess.run([VIDD, "--data", data, "--port", "0", "--media-port", "0",
                                       "--address", "127.0.0.1", *flags], capture_output=True,
                                      text=True, timeout=20, check=False)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(text, done.stderr)

    def test_the_demo_writes_messages_to_the_terminal(self):
        server = Server()
        try:
            server.start()
            made = book(server, phone="+46701234567")
            self.assertEqual(send(server, made)[0], 202)
            self.assertTrue(wait_for(lambda: "event=message-sent" in server.log()))
        finally:
            server.signal(15)
            text = server.child.communicate(timeout=8)[0].decode()
            server.stop()
        self.assertIn(made["participants"][0]["link"], text)
