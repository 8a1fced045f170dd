#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""A visit of a unit from booking to outcome: REST, sessions, the waiting room on the websocket, the
queue, and what is kept when the server starts again."""

import datetime
import json
import shutil
import sqlite3
import tempfile
import time

from harness import Server, ServerTest, WebSocket
from test_login import Staff

BOOKING = {"title": "Videobesök", "planned": "2026-11-26T10:00:00+01:00", "minutes": 30,
           "patient_ref": "ref-1", "needs_interpreter": False,
           "participants": [{"role": "patient", "name": "Elsa", "phone": "+46 70 555 12 34",
                             "language": "sv"}]}
CONSULTATIONS = "/api/v1/consultations"


def today():
    return datetime.date.today().isoformat()


class Somebody(ServerTest):
    def setUp(self):
        self.anna = Staff(self.server, "anna")
        self.sockets = []

    def tearDown(self):
        for ws in self.sockets:
            ws.close()

    def book(self, **members):
        status, _, made = self.anna.request("POST", CONSULTATIONS, {**BOOKING, **members})
        self.assertEqual(status, 201, made)
        return made

    def join(self, token, server=None):
        ws = WebSocket(server or self.server)
        self.sockets.append(ws)
        ws.send({"type": "join", "v": 1, "token": token})
        return ws, ws.receive_type("joined")

    def enter(self, made, body=None, staff=None):
        return (staff or self.anna).request("POST", f"{CONSULTATIONS}/{made['id']}/enter", body or {})

    def watch(self, staff):
        _, _, ticket = staff.request("POST", "/api/v1/tickets")
        ws = WebSocket(self.server)
        self.sockets.append(ws)
        ws.send({"type": "watch", "v": 1, "ticket": ticket["ticket"]})
        return ws


class Booking(Somebody):
    def test_what_was_booked_is_told(self):
        made = self.book()
        self.assertEqual((made["state"], made["planned"], made["minutes"]),
                         ("planned", "2026-11-26T09:00:00Z", 30))
        self.assertEqual((made["unit"]["name"], made["waiting_room"]), ("Demo", True))
        self.assertEqual(made["participants"][0]["admission"], "waiting")
        self.assertNotIn("+46", json.dumps(made))
        status, _, got = self.anna.request("GET", f"{CONSULTATIONS}/{made['id']}")
        self.assertEqual(status, 200)
        self.assertNotIn("link", got["participants"][0])
        self.assertEqual(got["patient_ref"], "ref-1")

    def test_todays_list_is_of_today(self):
        late = (datetime.datetime.now() + datetime.timedelta(days=3)).astimezone().isoformat()
        made, other = self.book(planned=None), self.book(planned=late)
        _, _, body = self.anna.request("GET", f"{CONSULTATIONS}?day={today()}")
        ids = [c["id"] for c in body["consultations"]]
        self.assertIn(made["id"], ids)
        self.assertNotIn(other["id"], ids)
        self.assertTrue(body["complete"])
        for query, member in (("day=2026-13-40", "day"), ("day=x", "day"), ("state=x", "state"),
                              ("unit=other", "unit")):
            response = self.anna.request("GET", f"{CONSULTATIONS}?{query}")
            self.assert_problem(response, 400, "bad-body", member)
        _, _, body = self.anna.request("GET", f"{CONSULTATIONS}?day={today()}&state=ended")
        self.assertNotIn(made["id"], [c["id"] for c in body["consultations"]])

    def test_a_booking_is_changed_in_part(self):
        made = self.book()
        path = f"{CONSULTATIONS}/{made['id']}"
        me = self.anna.session["staff"]
        status, _, got = self.anna.request("PATCH", path, {"responsible": me["id"], "minutes": None})
        self.assertEqual((status, got["responsible"], got["minutes"]), (200, me, None))
        self.assertEqual((got["title"], got["planned"]), (made["title"], made["planned"]))
        self.assert_problem(self.anna.request("PATCH", path, {"responsible": "nobody"}),
                            400, "unit-unknown")
        self.assert_problem(self.anna.request("PATCH", path, {"planned": "tomorrow"}),
                            400, "bad-body", "planned")

    def test_wrong_members_are_named(self):
        for members, member in (({"planned": "10:00"}, "planned"), ({"minutes": 0}, "minutes"),
                                ({"minutes": 601}, "minutes"), ({"waiting_room": 1}, "waiting_room"),
                                ({"patient_ref": "x" * 65}, "patient_ref"),
                                ({"participants": [{"role": "patient", "name": "E", "phone": "call me"}]},
                                 "participants[0].phone"),
                                ({"participants": [{"role": "patient", "name": "E", "email": "e"}]},
                                 "participants[0].email")):
            response = self.anna.request("POST", CONSULTATIONS, {**BOOKING, **members})
            self.assert_problem(response, 400, "bad-body", member)

    def test_another_units_visits_are_not_there(self):
        made = self.book()
        self.assert_problem(self.server.api("GET", "/none"), 404, "consultation-unknown")
        status, _, _ = self.server.api("GET", "/" + made["id"])  # the key of all units
        self.assertEqual(status, 200)
        db = sqlite3.connect(self.server.directory / "var" / "vidd.db")
        db.execute("INSERT OR IGNORE INTO unit (id, provider_id, name)"
                   " SELECT 'other', id, 'Other' FROM provider LIMIT 1")
        db.execute("UPDATE consultation SET unit_id = 'other' WHERE id = ?", (made["id"],))
        db.commit()
        db.close()
        path = f"{CONSULTATIONS}/{made['id']}"
        for method, tail, body in (("GET", "", None), ("PATCH", "", {}), ("DELETE", "", None),
                                   ("POST", "/enter", {}), ("POST", "/end", {"outcome": "solved"}),
                                   ("POST", "/participants", {"role": "relative", "name": "K"}),
                                   ("DELETE", "/participants/x", None)):
            self.assert_problem(self.anna.request(method, path + tail, body), 404,
                                "consultation-unknown")

    def test_duties_bound_what_staff_may(self):
        made = self.book()
        path = f"{CONSULTATIONS}/{made['id']}"
        for user in ("admin", "granskare", "support"):
            other = Staff(self.server, user)
            self.assert_problem(other.request("GET", path), 403, "not-allowed")
            self.assert_problem(self.enter(made, staff=other), 403, "not-allowed")
        karin = Staff(self.server, "karin")
        self.assertEqual(karin.request("GET", path)[0], 200)
        self.assert_problem(karin.request("POST", path + "/end", {"outcome": "solved"}),
                            403, "not-allowed")


class Visit(Somebody):
    def test_from_booking_to_outcome(self):
        made = self.book()
        elsa, joined = self.join(made["participants"][0]["token"])
        self.assertEqual(joined["self"]["admission"], "waiting")
        self.assertEqual(joined["participants"], [])
        self.assertEqual(joined["consultation"]["unit"], "Demo")
        waiting = elsa.receive_type("waiting")
        self.assertEqual((waiting["place"], waiting["clinician"], waiting["reason"]),
                         (waiting["ahead"] + 1, "away", "queue"))

        status, _, entered = self.enter(made)
        self.assertEqual(status, 200, entered)
        anna, joined = self.join(entered["token"])
        self.assertEqual(joined["self"]["role"], "clinician")
        person = joined["participants"][0]
        self.assertEqual((person["id"], person["admission"]),
                         (made["participants"][0]["id"], "waiting"))
        self.assertEqual(elsa.receive_type("waiting")["clinician"], "here")
        anna.send({"type": "admit", "participant": person["id"]})
        self.assertEqual(elsa.receive_type("admitted")["by"], joined["self"]["id"])
        self.assertEqual(elsa.receive_type("participant-joined")["participant"]["name"], "Anna Berg")

        _, _, got = self.anna.request("GET", f"{CONSULTATIONS}/{made['id']}")
        self.assertTrue(all(p["present"] for p in got["participants"]))
        anna.send({"type": "text", "seq": 0, "t140": "hej"})
        self.assertEqual(elsa.receive_type("text")["t140"], "hej")
        anna.send({"type": "end", "outcome": "physical-visit", "reason": "examination"})
        self.assertEqual(elsa.receive_type("ended")["reason"], "ended")
        self.assertEqual(self.until(made, lambda c: c["ended"])["outcome"], "physical-visit")
        got = self.until(made, lambda c: c["state"] == "ended")
        self.assertEqual((got["outcome_reason"], got["started"] is not None), ("examination", True))
        self.assert_problem(self.enter(made), 409, "consultation-ended")

    def until(self, made, holds):
        for _ in range(50):
            _, _, got = self.anna.request("GET", f"{CONSULTATIONS}/{made['id']}")
            if holds(got):
                return got
            time.sleep(0.05)  # between looks: the store writes after the message
        return self.fail(got)

    def test_another_ones_visit_asks_for_a_reason(self):
        made = self.book(responsible=self.anna.session["staff"]["id"])
        karin = Staff(self.server, "karin")
        self.assert_problem(self.enter(made, staff=karin), 403, "reason-required")
        status, _, first = self.enter(made, {"reason": "Anna är sjuk"}, staff=karin)
        self.assertEqual((status, first["participant"]["role"]), (200, "staff"))
        # Once in, she comes back without; the old link is good no more.
        status, _, again = self.enter(made, staff=karin)
        self.assertEqual((status, again["participant"]["id"]), (200, first["participant"]["id"]))
        self.assertNotEqual(again["token"], first["token"])
        ws = WebSocket(self.server)
        self.sockets.append(ws)
        ws.send({"type": "join", "v": 1, "token": first["token"]})
        self.assertEqual(ws.receive_type("error")["code"], "token-unknown")

    def test_somebody_is_invited_and_removed(self):
        made = self.book()
        path = f"{CONSULTATIONS}/{made['id']}/participants"
        status, _, karin = self.anna.request("POST", path, {"role": "relative", "name": "Karin"})
        self.assertEqual((status, karin["admission"]), (201, "waiting"))
        ws, _ = self.join(karin["token"])
        self.assertEqual(self.anna.request("DELETE", f"{path}/{karin['id']}")[0], 204)
        self.assertEqual(ws.receive_type("ended")["reason"], "removed")
        ws = WebSocket(self.server)
        self.sockets.append(ws)
        ws.send({"type": "join", "v": 1, "token": karin["token"]})
        self.assertEqual(ws.receive_type("error")["code"], "token-unknown")
        self.assert_problem(self.anna.request("DELETE", f"{path}/{karin['id']}"), 404,
                            "consultation-unknown")
        for i in range(15):
            status, _, _ = self.anna.request("POST", path, {"role": "relative", "name": f"R{i}"})
            self.assertEqual(status, 201)
        self.assert_problem(self.anna.request("POST", path, {"role": "relative", "name": "R"}),
                            409, "consultation-full")

    def test_the_queue_is_watched(self):
        made = self.book(title="Kö")
        watcher = self.watch(self.anna)
        watcher.receive_type("watching")
        self.join(made["participants"][0]["token"])
        for _ in range(30):
            queue = watcher.receive_type("queue")
            if queue["consultation"] == made["id"]:
                break
        self.assertEqual([(p["name"], p["admission"]) for p in queue["participants"]],
                         [("Elsa", "waiting")])
        self.assertEqual(queue["state"], "open")

    def test_a_ticket_is_good_once_and_for_those_who_care(self):
        _, _, ticket = self.anna.request("POST", "/api/v1/tickets")
        for expected in ("watching", "error"):
            ws = WebSocket(self.server)
            self.sockets.append(ws)
            ws.send({"type": "watch", "v": 1, "ticket": ticket["ticket"]})
            self.assertIsNotNone(ws.receive_type(expected))
        admin = Staff(self.server, "admin")
        self.assert_problem(admin.request("POST", "/api/v1/tickets"), 403, "not-allowed")


class Restart(ServerTest):
    def test_everybody_stands_where_they_stood(self):
        directory = tempfile.mkdtemp(prefix="vidd-test-")
        server = Server(directory=directory).start()
        try:
            anna = Staff(server, "anna")
            _, _, made = anna.request("POST", CONSULTATIONS, {
                **BOOKING, "participants": [{"role": "patient", "name": "Elsa"},
                                            {"role": "relative", "name": "Karin"}]})
            elsa = WebSocket(server)
            elsa.send({"type": "join", "v": 1, "token": made["participants"][0]["token"]})
            elsa.receive_type("joined")
            _, _, entered = anna.request("POST", f"{CONSULTATIONS}/{made['id']}/enter", {})
            clinician = WebSocket(server)
            clinician.send({"type": "join", "v": 1, "token": entered["token"]})
            clinician.receive_type("joined")
            clinician.send({"type": "admit", "participant": made["participants"][0]["id"]})
            elsa.receive_type("admitted")
            time.sleep(0.3)  # the admission is written after it was told
            server.stop()
            server.start()
            for i, admission in ((0, None), (1, "waiting")):
                ws = WebSocket(server)
                ws.send({"type": "join", "v": 1, "token": made["participants"][i]["token"]})
                self.assertEqual(ws.receive_type("joined")["self"].get("admission"), admission)
                ws.close()
        finally:
            server.stop()
            shutil.rmtree(directory, ignore_errors=True)
