#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""What those who wait are told of what is missing and of the time, from the booking and the unit in
the database to the websocket and the queue."""

import datetime
import sqlite3

from test_visit import CONSULTATIONS, Somebody

PHONE = "0951-123 45"
ELSA = {"role": "patient", "name": "Elsa", "phone": "+46 70 555 12 34", "language": "sv"}


def stamp(**since_now):
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**since_now)
    return at.replace(microsecond=0)


def iso(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class Waiting(Somebody):
    def want(self, minimum):
        """The unit is as an operator would have it."""
        db = sqlite3.connect(self.server.directory / "var" / "vidd.db")
        db.execute("UPDATE unit SET minimum_assurance = ?, phone = ?", (minimum, PHONE))
        db.commit()
        db.close()

    def wait(self, participant):
        ws, joined = self.join(participant["token"])
        self.assertEqual(joined["self"]["admission"], "waiting")
        return ws

    def queued(self, watcher, made, name, holds):
        """That person as the queue tells it, once it is so."""
        for _ in range(30):
            queue = watcher.receive_type("queue")
            for person in queue["participants"]:
                if queue["consultation"] == made["id"] and person["name"] == name and holds(person):
                    return person
        return self.fail("never told")

    def test_what_is_missing_is_told_and_the_door_keeps_to_it(self):
        watcher = self.watch(self.anna)
        watcher.receive_type("watching")
        for minimum, guest, lacks in (("C", ELSA, "vouch"), ("B", ELSA, "code"), ("A", ELSA, "no-e-id"),
                                      ("B", {"role": "patient", "name": "Maja"}, "telephone")):
            with self.subTest(minimum=minimum, lacks=lacks):
                self.want(minimum)
                made = self.book(participants=[guest])
                elsa = self.wait(made["participants"][0])
                waiting = elsa.receive_type("waiting")
                self.assertEqual((waiting["lacks"], waiting["phone"]), (lacks, PHONE))
                self.assertEqual(waiting.get("new_code_s"), 30 if lacks == "code" else None)
                self.queued(watcher, made, guest["name"], lambda p: p.get("lacks") == lacks)
                _, _, entered = self.enter(made)
                anna, joined = self.join(entered["token"])
                self.assertEqual(joined["participants"][0]["lacks"], lacks)
                anna.send({"type": "admit", "participant": joined["participants"][0]["id"]})
                if lacks == "vouch":
                    elsa.receive_type("admitted")
                    self.queued(watcher, made, guest["name"],
                                lambda p: p["admission"] == "admitted" and "lacks" not in p)
                else:
                    self.assertEqual(anna.receive_type("error")["code"], "not-allowed")

    def test_a_new_invitation_with_a_number_is_the_way_in(self):
        self.want("B")
        made = self.book(participants=[{"role": "patient", "name": "Maja"}])
        self.assertEqual(self.wait(made["participants"][0]).receive_type("waiting")["lacks"], "telephone")
        path = f"{CONSULTATIONS}/{made['id']}/participants"
        status, _, again = self.anna.request("POST", path, {**ELSA, "name": "Maja"})
        self.assertEqual(status, 201, again)
        maja = self.wait(again)
        self.assertTrue(maja.receive_type("code-needed")["sent_to"].endswith("12 34"))
        self.assertEqual(maja.receive_type("waiting")["lacks"], "code")

    def test_another_code_is_not_sent_at_once(self):
        self.want("B")
        made = self.book(participants=[ELSA])
        elsa = self.wait(made["participants"][0])
        elsa.receive_type("waiting")
        elsa.send({"type": "new-code"})
        error = elsa.receive_type("error")
        self.assertEqual((error["code"], error["of"], error["fatal"]), ("not-allowed", "new-code", False))

    def test_an_interpreter_is_told_the_booked_time_and_since_when_it_is_there(self):
        self.want("C")
        planned = stamp(minutes=5)
        before = stamp()
        made = self.book(planned=iso(planned), minutes=30, needs_interpreter=True,
                         participants=[ELSA, {"role": "interpreter", "name": ""}])
        elsa, omar = (self.wait(p) for p in made["participants"])
        told = omar.receive_type("waiting")
        self.assertEqual((told["planned"], told["ends"], told["late_s"]),
                         (iso(planned), iso(planned + datetime.timedelta(minutes=30)), 900))
        self.assertTrue(iso(before) <= told["arrived"] <= iso(stamp()), told["arrived"])
        self.assertNotIn("late", told)
        self.assertNotIn("lacks", told)
        self.assertNotIn("arrived", elsa.receive_type("waiting"))


if __name__ == "__main__":
    import unittest
    unittest.main()
