#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Nothing of a visit's content is in any file: a visit with words and a picture that are found
nowhere else is run to its end, and every file that was written is looked through."""

import base64
import hashlib
import json
import os
import subprocess
import tempfile
import time
import unittest

from harness import VIDD, Server, WebSocket
from test_login import Staff
from test_messages import send, wait_for

CHAT = "mitt-blodtryck-är-188-tecknet-xq7"
SECOND = "chatt-från-läkaren-zk3"
TYPED = "jag-har-ont-i-bröstet-vv9"
PICTURE = hashlib.sha512(b"a wound that nobody else has").digest() * 40
LINK_CHECK = {"type": "checked", "up_kbps": 1234, "down_kbps": 4321, "loss_percent": 0,
              "jitter_ms": 3, "rtt_ms": 40, "rtt_loaded_ms": 60, "transport": "udp",
              "verdicts": {"talk": "good", "sign": "good", "skin": "good", "movement": "good",
                           "auscultation": "good"}}


def forms(secret):
    """The secret as it might be written: itself, in JSON, in base64 at any offset, in hex."""
    raw = secret if isinstance(secret, bytes) else secret.encode()
    yield raw
    yield raw.hex().encode()
    if isinstance(secret, str):
        yield json.dumps(secret)[1:-1].encode()
        yield secret.encode("utf-16-le")
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + raw)
        yield text[4:-4]


class Content(unittest.TestCase):
    def setUp(self):
        self.server = Server("--log-level", "debug")
        self.addCleanup(self.server.stop)
        self.server.start()
        self.temporary = set(os.listdir(tempfile.gettempdir()))

    def join(self, token):
        ws = WebSocket(self.server)
        ws.send({"type": "join", "v": 1, "token": token})
        return ws, ws.receive_type("joined")

    def run_visit(self):
        """Patient and clinician meet, write, type and send a picture; the clinician ends it."""
        anna = Staff(self.server, "anna")
        status, _, made = anna.request("POST", "/api/v1/consultations", {
            "title": "Titel", "patient_ref": "ref-content", "participants": [
                {"role": "patient", "name": "Elsa", "phone": "+46701234567"}]})
        self.assertEqual(status, 201, made)
        self.assertEqual(send(self.server, made)[0], 202)
        self.assertTrue(wait_for(lambda: "event=message-sent" in self.server.log()))
        status, _, entered = anna.request("POST", f"/api/v1/consultations/{made['id']}/enter", {})
        self.assertIn(status, (200, 201), entered)
        clinician, joined = self.join(entered["token"])
        me = joined["self"]["id"] if "id" in joined["self"] else entered["participant"]
        patient, _ = self.join(made["participants"][0]["token"])
        patient.send(LINK_CHECK)
        patient.send({"type": "chat", "id": "m1", "text": CHAT})
        self.assertEqual(clinician.receive_type("chat")["text"], CHAT)
        clinician.send({"type": "admit", "participant": made["participants"][0]["id"]})
        patient.receive_type("admitted")
        clinician.send({"type": "chat", "id": "m2", "text": SECOND})
        self.wait_chat(patient, SECOND)
        patient.send({"type": "text", "seq": 0, "t140": TYPED})
        self.assertEqual(clinician.receive_type("text")["t140"], TYPED)
        clinician.send({"type": "ask", "id": "r1", "act": "still",
                        "participant": made["participants"][0]["id"]})
        patient.receive_type("ask")
        patient.send({"type": "consent", "act": "still", "id": "r1", "given": True,
                      "wording": "Får vi ta en bild?"})
        patient.send({"type": "still", "id": "r1", "to": me, "bytes": len(PICTURE), "seq": 0,
                      "count": 1, "data": base64.b64encode(PICTURE).decode(),
                      "sha256": hashlib.sha256(PICTURE).hexdigest()})
        still = clinician.receive_type("still")
        self.assertEqual(base64.b64decode(still["data"]), PICTURE)
        clinician.send({"type": "end", "outcome": "solved", "reason": None})
        self.assertEqual(patient.receive_type("ended")["reason"], "ended")
        for ws in (clinician, patient):
            ws.close()
        return made

    def wait_chat(self, ws, text):
        while ws.receive_type("chat")["text"] != text:
            pass

    def written(self):
        """Every file the server may have written: its directory, and new temporary ones."""
        for folder, _, names in os.walk(self.server.directory):
            for name in names:
                yield os.path.join(folder, name)
        for name in set(os.listdir(tempfile.gettempdir())) - self.temporary:
            path = os.path.join(tempfile.gettempdir(), name)
            if name.startswith("vidd") and os.path.isfile(path):
                yield path

    def test_nothing_of_a_visit_is_in_any_file(self):
        made = self.run_visit()
        time.sleep(0.5)  # what is kept of the visit is written after it was said
        # While it runs, and after its end: what is in the log beside the database is looked at too.
        for moment in ("running", "ended"):
            if moment == "ended":
                self.server.signal(15)
                output = self.server.child.communicate(timeout=8)[0]
                for secret in (CHAT, SECOND, TYPED):
                    self.assertNotIn(secret.encode(), output)
            seen = b""
            for path in self.written():
                with open(path, "rb") as f:
                    seen += f.read()
            # The search would find what is there: the visit's title and the phone's owner.
            self.assertIn(b"Titel", seen)
            self.assertIn(made["id"].encode(), seen)
            for secret in (CHAT, SECOND, TYPED, PICTURE[:64]):
                for form in forms(secret):
                    self.assertNotIn(form, seen, (moment, secret))
            # Nor what was only for the way: the telephone number after sending is the booking's.
            self.assertNotIn(made["participants"][0]["token"].encode(), seen)

    def test_retention_beside_a_running_server_tells_and_deletes(self):
        self.run_visit()
        data = str(self.server.directory / "var")

        def command(*flags):
            done = subprocess.run([VIDD, "retention", "--data", data, *flags], capture_output=True,
                                  text=True, timeout=20, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            return done.stdout
        self.assertIn("Would be deleted:\n       0  visits", command("--dry-run"))
        self.assertIn("Deleted:\n       0  visits", command())
        wrong = subprocess.run([VIDD, "retention", "--data", data, "--audit-days", "365"],
                               capture_output=True, text=True, timeout=20, check=False)
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("--audit-days", wrong.stderr)
