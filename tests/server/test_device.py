#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Health rooms: places, enrolment by a code, what a device may with its secret, and its end."""

import sqlite3
import time

from harness import ServerTest, WebSocket
from test_login import Staff

REPORT = {"cameras": [{"name": "Rum", "works": True, "fps": 15}], "microphone": {"works": True, "level_db": -21.5},
          "encoder": {"works": True, "fps": 110},
          "link": {"works": True, "up_kbps": 900, "down_kbps": 1200, "loss_percent": 0.4, "rtt_ms": 48}}


class Device(Staff):
    """A screen in a room: its secret in place of a cookie."""

    def __init__(self, server, code, name="Skärmen"):
        super().__init__(server)
        self.secret = None
        status, _, body = self.request("POST", "/api/v1/devices", {"code": code, "name": name})
        assert status == 201, body
        self.id, self.secret = body["device"], body["secret"]

    def request(self, method, path, body=None, **headers):
        if getattr(self, "secret", None):
            headers["Authorization"] = f"Bearer {self.secret}"
        return super().request(method, path, body, **headers)


class HealthRoom(ServerTest):
    def setUp(self):
        super().setUp()
        self.admin = Staff(self.server, "admin")
        status, _, self.place = self.admin.request("POST", "/api/v1/places",
                                                   {"name": "Slussfors", "municipality": "Storuman"})
        self.assertEqual(status, 201, self.place)

    def code(self):
        status, _, body = self.admin.request("POST", f"/api/v1/places/{self.place['id']}/enrolments")
        self.assertEqual(status, 201, body)
        return body["code"]

    def board(self, who):
        _, _, body = who.request("GET", "/api/v1/places")
        return [p for p in body["places"] if p["id"] == self.place["id"]][0]

    def plan(self):
        """A visit at the place, now, with Anna Berg."""
        with sqlite3.connect(self.server.directory / "var" / "vidd.db") as db:
            unit, = db.execute("SELECT unit_id FROM place WHERE id = ?", (self.place["id"],)).fetchone()
            staff, = db.execute("SELECT id FROM staff WHERE name = 'Anna Berg'").fetchone()
            db.execute("INSERT INTO consultation (id, title, created_unix_s, unit_id, place_id, planned_unix_s, minutes,"
                       " has_waiting_room, responsible_staff_id) VALUES ('visit1', 'Hemligt', 1, ?, ?, ?, 30, 1, ?)",
                       (unit, self.place["id"], int(time.time()), staff))

    def test_a_device_is_enrolled_and_tells_how_it_is(self):
        device = Device(self.server, self.code())
        status, _, board = device.request("GET", "/api/v1/device/next")
        self.assertEqual(status, 200)
        self.assertEqual((board["place"], board["device"], board["unit"], board["visit"], board["help"]),
                         ("Slussfors", "Skärmen", "Demo", None, False))
        self.assertEqual(device.request("PUT", "/api/v1/device/self-test", REPORT)[0], 204)
        self.assertEqual(device.request("PUT", "/api/v1/device/help")[0], 204)
        shown, = self.board(Staff(self.server, "karin"))["devices"]
        self.assertEqual(shown["self_test"], REPORT)
        self.assertIsNotNone(shown["help"])
        self.assertEqual(device.request("DELETE", "/api/v1/device/help")[0], 204)
        self.assertIsNone(self.board(self.admin)["devices"][0]["help"])
        status, _, body = device.request("PUT", "/api/v1/device/self-test", {"cameras": 1})
        self.assertEqual((status, body["code"]), (400, "bad-body"))

    def test_staff_of_the_unit_take_care_of_a_call_for_help(self):
        device = Device(self.server, self.code())
        self.assertEqual(device.request("PUT", "/api/v1/device/help")[0], 204)
        status, _, body = Staff(self.server, "karin").request("DELETE", "/api/v1/devices/nobody/help")
        self.assertEqual((status, body["code"]), (404, "device-unknown"))
        self.assertTrue(device.request("GET", "/api/v1/device/next")[2]["help"])
        self.assertEqual(device.request("DELETE", f"/api/v1/devices/{device.id}/help")[0], 401)
        self.assertEqual(Staff(self.server, "karin").request("DELETE", f"/api/v1/devices/{device.id}/help")[0], 204)
        self.assertFalse(device.request("GET", "/api/v1/device/next")[2]["help"])

    def test_a_revoked_device_is_nobody(self):
        device = Device(self.server, self.code())
        self.assertEqual(self.admin.request("DELETE", f"/api/v1/devices/{device.id}")[0], 204)
        status, _, body = device.request("GET", "/api/v1/device/next")
        self.assertEqual((status, body["code"]), (401, "token-unknown"))
        status, _, body = self.admin.request("DELETE", f"/api/v1/devices/{device.id}")
        self.assertEqual((status, body["code"]), (404, "device-unknown"))

    def test_who_may_do_what(self):
        self.assertEqual(Staff(self.server, "anna").request("POST", "/api/v1/places", {"name": "x"})[0], 403)
        path = f"/api/v1/places/{self.place['id']}/enrolments"
        self.assertEqual(Staff(self.server, "karin").request("POST", path)[0], 403)
        self.assertEqual(Staff(self.server).request("GET", "/api/v1/device/next")[0], 401)
        self.assertEqual(self.admin.request("GET", "/api/v1/device/next")[0], 403)
        status, _, body = self.admin.request("POST", "/api/v1/places/nowhere/enrolments")
        self.assertEqual((status, body["code"]), (404, "place-unknown"))

    def test_wrong_codes_run_out(self):
        guesser = Staff(self.server)
        answers = [guesser.request("POST", "/api/v1/devices", {"code": f"{i:08}", "name": "x"})[0] for i in range(30)]
        self.assertEqual(answers[0], 403)
        self.assertEqual(answers[-1], 429)

    def test_the_room_takes_its_seat_in_a_visit_held_there(self):
        device = Device(self.server, self.code())
        self.plan()
        _, _, board = device.request("GET", "/api/v1/device/next")
        self.assertEqual((board["visit"]["id"], board["visit"]["meet"]), ("visit1", "Anna Berg"))
        self.assertNotIn("Hemligt", str(board))
        status, _, body = device.request("POST", "/api/v1/device/enter", {"consultation": "visit1"})
        self.assertEqual(status, 200, body)
        room = WebSocket(self.server)
        self.addCleanup(room.close)
        room.send({"type": "join", "v": 1, "token": body["token"]})
        joined = room.receive_type("joined")
        self.assertEqual((joined["self"]["role"], joined["self"]["name"]), ("room", "Slussfors"))
        self.assertEqual(joined["self"]["admission"], "waiting")
        self.assertEqual(device.request("POST", "/api/v1/device/enter", {"consultation": "other"})[0], 404)

    def test_a_secret_opens_a_look_at_the_link_and_no_seat(self):
        device = Device(self.server, self.code())
        look, seat = WebSocket(self.server), WebSocket(self.server)
        self.addCleanup(look.close)
        self.addCleanup(seat.close)
        look.send({"type": "join", "v": 1, "token": device.secret, "check": True})
        self.assertIs(look.receive_type("joined")["check"], True)
        seat.send({"type": "join", "v": 1, "token": device.secret})
        self.assertEqual(seat.receive_type("error")["code"], "token-unknown")


if __name__ == "__main__":
    import unittest
    unittest.main()
