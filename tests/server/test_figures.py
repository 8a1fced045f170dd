#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Figures: of a visit, kept when somebody goes and told by REST; of a unit's months, as JSON and CSV, small numbers
left out."""

import datetime
import sqlite3

from test_visit import CONSULTATIONS, Somebody

STATISTICS = "/api/v1/statistics"


def last_month():
    return (datetime.date.today().replace(day=1) - datetime.timedelta(days=1)).strftime("%Y-%m")


class Quality(Somebody):
    def test_of_a_unit_and_its_readers_alone(self):
        made = self.book()
        path = f"{CONSULTATIONS}/{made['id']}/quality"
        status, _, body = self.anna.request("GET", path)
        self.assertEqual((status, body), (200, {"stays": []}))
        self.assert_problem(self.anna.request("GET", f"{CONSULTATIONS}/nobody/quality"), 404,
                            "consultation-unknown")
        self.assert_problem(self.server.request("GET", path), 401, "api-key")

    def test_what_was_kept_is_told(self):
        made = self.book()
        db = sqlite3.connect(self.server.directory / "var" / "vidd.db", timeout=10)
        with db:
            db.execute("INSERT INTO visit_quality (consultation_id, role, figures, at_unix_s) VALUES (?, 'patient', "
                       "'{\"seconds\":60,\"gaps\":0,\"looks\":1,\"fps\":24,\"apart_ms_max\":null}', 1795600000)",
                       (made["id"],))
        db.close()
        _, _, body = self.anna.request("GET", f"{CONSULTATIONS}/{made['id']}/quality")
        self.assertEqual(body, {"stays": [{"role": "patient", "until": "2026-11-25T09:46:40Z", "seconds": 60, "gaps": 0,
                                           "looks": 1, "fps": 24, "apart_ms_max": None}]})


class Statistics(Somebody):
    def ask(self, **query):
        text = "&".join(f"{name}={value}" for name, value in query.items())
        return self.anna.request("GET", f"{STATISTICS}?{text}")

    def test_a_month_in_numbers(self):
        month = last_month()
        for minute in range(6):
            self.book(planned=f"{month}-15T10:{minute:02}:00Z")
        status, _, body = self.ask(**{"from": month, "to": month})
        self.assertEqual((status, body["least"]), (200, 5))
        self.assertEqual(body["unit"], self.anna.session["commission"]["unit"]["id"])
        values = {(row["section"], row["name"]): row["value"] for row in body["rows"]}
        self.assertEqual(values["visits", "booked"], 6)
        self.assertEqual(values["visits", "begun"], 0)
        self.assertIsNone(values["wait", "late-median-min"])
        status, headers, text = self.server.request(
            "GET", f"{STATISTICS}?from={month}&to={month}&format=csv", None, {"Cookie": self.anna.cookie})
        self.assertEqual(status, 200)
        self.assertIn("text/csv", headers["content-type"])
        self.assertIn(f"{month},visits,,booked,,6\r\n".encode(), text)

    def test_months_that_are_over_and_the_own_unit(self):
        now = datetime.date.today().strftime("%Y-%m")
        for query, member in (({"from": "2026-01"}, "to"), ({"to": "2026-01"}, "from"),
                              ({"from": "2026-02", "to": "2026-01"}, "to"), ({"from": now, "to": now}, "to"),
                              ({"from": "2020-01", "to": "2026-01"}, "to"), ({"from": "x", "to": "2026-01"}, "from"),
                              ({"from": "2026-01", "to": "2026-01", "unit": "other"}, "unit"),
                              ({"from": "2026-01", "to": "2026-01", "format": "xml"}, "format")):
            self.assert_problem(self.ask(**query), 400, "bad-query", member)
        self.assert_problem(self.server.request("GET", f"{STATISTICS}?from=2026-01&to=2026-01"), 401, "api-key")

