#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""POST /api/v1/fhir/Appointment: bookings as FHIR has them."""

import json
import sqlite3
import time
import unittest

from harness import ROOT, ServerTest

VECTORS = ROOT / "tests" / "vectors" / "fhir"


class Fhir(ServerTest):
    def post(self, body, content_type="application/fhir+json", **headers):
        headers = {"Authorization": "Bearer " + self.server.key, "Content-Type": content_type, **headers}
        text = body if isinstance(body, str) else json.dumps(body)
        status, headers, data = self.server.request("POST", "/api/v1/fhir/Appointment",
                                                    text.encode(), headers)
        return status, headers, json.loads(data) if data else None

    def test_an_appointment_becomes_a_consultation_with_links(self):
        body = json.loads((VECTORS / "appointment-r5.json").read_text())
        status, headers, answer = self.post(body)
        self.assertEqual(status, 201, answer)
        (made,) = answer["consultations"]
        self.assertEqual(headers["location"], "/api/v1/consultations/" + made["id"])
        self.assertEqual((made["title"], made["planned"], made["minutes"], made["external_ref"]),
                         ("Uppföljning", "2026-11-26T09:00:00Z", 30, "B-2026-1126-7"))
        self.assertEqual([p["role"] for p in made["participants"]],
                         ["patient", "clinician", "interpreter"])
        self.assertIn(made["participants"][0]["token"], made["participants"][0]["link"])
        self.assertEqual(self.server.api("GET", "/" + made["id"])[2]["patient_ref"], "P-77")

    def test_a_bundle_is_booked_whole_and_put_on_record(self):
        body = json.loads((VECTORS / "bundle-r4.json").read_text())
        status, _, answer = self.post(body)
        self.assertEqual((status, len(answer["consultations"])), (201, 2))
        ids = {c["id"] for c in answer["consultations"]}
        end = time.monotonic() + 5  # it is written in groups, after the answer
        while self.on_record() & ids != ids and time.monotonic() < end:
            time.sleep(0.1)  # between looks
        self.assertEqual(self.on_record() & ids, ids)

    def test_a_fault_names_its_element_and_books_nothing(self):
        body = json.loads((VECTORS / "bundle-r4.json").read_text())
        body["entry"][4]["resource"]["start"] = "soon"
        before = self.count()
        self.assert_problem(self.post(body), 400, "bad-body", "entry[4].resource.start")
        self.assert_problem(self.post("{"), 400, "bad-body")
        self.assert_problem(self.post(body, "application/json"), 415, "media-type")
        self.assertEqual(self.count(), before)

    def test_a_repetition_books_nothing_more(self):
        body = json.loads((VECTORS / "bundle-r4.json").read_text())
        before = self.count()
        answers = [self.post(body, **{"Idempotency-Key": "bundle-1"})[2] for _ in range(2)]
        self.assertEqual(answers[0], answers[1])
        self.assertEqual(self.count(), before + 2)

    def on_record(self):
        database = sqlite3.connect(self.server.directory / "var" / "vidd.db")
        records = [json.loads(r) for (r,) in database.execute("SELECT record FROM audit")]
        database.close()
        return {r.get("consultation") for r in records if r["action"] == "fhir-book"}

    def count(self):
        database = sqlite3.connect(self.server.directory / "var" / "vidd.db")
        try:
            return database.execute("SELECT count(*) FROM consultation").fetchone()[0]
        finally:
            database.close()


if __name__ == "__main__":
    unittest.main()
