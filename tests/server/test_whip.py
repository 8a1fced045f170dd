#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""WHIP (RFC 9725) and WHEP as HTTP: every status a client must understand."""

import unittest

from harness import ROOT, ServerTest

OFFER = (ROOT / "tests/vectors/offers/gstreamer-sendonly.sdp").read_bytes()
WATCH = (ROOT / "tests/vectors/offers/aiortc-recvonly.sdp").read_bytes()
FRAGMENT = "application/trickle-ice-sdpfrag"


class Whip(ServerTest):
    def call(self, method, path, body=None, token=None, **headers):
        if token:
            headers["Authorization"] = "Bearer " + token
        return self.server.request(method, path, body, headers)

    def post(self, token, path="/whip", body=OFFER):
        return self.call("POST", path, body, token, **{"Content-Type": "application/sdp"})

    def test_a_publisher_comes_and_goes(self):
        token = self.server.consult("patient")["participants"][0]["token"]
        status, headers, answer = self.post(token)
        self.assertEqual(status, 201, answer)
        self.assertEqual(headers["content-type"], "application/sdp")
        self.assertRegex(headers["location"], r"^/whip/[A-Za-z0-9_-]{16,}$")
        self.assertRegex(headers["etag"], r'^"[^"]+"$')
        self.assertEqual(headers["accept-patch"], FRAGMENT)
        self.assertEqual(headers["access-control-allow-origin"], "*")
        self.assertIn("Location", headers["access-control-expose-headers"])
        text = answer.decode()
        self.assertIn("a=ice-lite", text)
        self.assertIn("a=recvonly", text)
        self.assertRegex(text, r"a=candidate:\S+ 1 [uU][dD][pP] \d+ 127\.0\.0\.1 \d+ typ host")

        place, etag = headers["location"], headers["etag"]
        trickle = "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=end-of-candidates\r\n"
        kind = {"Content-Type": FRAGMENT}
        self.assertEqual(self.call("PATCH", place, trickle, token, **kind)[0], 428)
        self.assertEqual(self.call("PATCH", place, trickle, token, **kind,
                                   **{"If-Match": '"other"'})[0], 412)
        self.assertEqual(self.call("PATCH", place, trickle, token,
                                   **{"Content-Type": "text/plain", "If-Match": etag})[0], 415)
        status, headers, fragment = self.call("PATCH", place, trickle, token, **kind,
                                              **{"If-Match": "*"})
        self.assertEqual(status, 200, fragment)
        self.assertEqual(headers["content-type"], FRAGMENT)
        self.assertNotEqual(headers["etag"], etag)
        self.assertIn(b"a=ice-ufrag:", fragment)

        other = self.server.consult("clinician")["participants"][0]["token"]
        self.assertIn(self.call("DELETE", place, token=other)[0], (403, 404))
        self.assertEqual(self.call("DELETE", place)[0], 401)
        self.assertEqual(self.call("DELETE", "/whep" + place[5:], token=token)[0], 404)
        self.assertEqual(self.call("DELETE", place, token=token)[0], 200)
        self.assert_problem(self.call("DELETE", place, token=token), 404, "resource-unknown")

    def test_a_viewer_gets_an_answer(self):
        token = self.server.consult("observer")["participants"][0]["token"]
        status, headers, answer = self.post(token, "/whep", WATCH)
        self.assertEqual(status, 201, answer)
        self.assertRegex(headers["location"], r"^/whep/")
        self.assertNotIn(b"a=recvonly", answer)
        self.assertEqual(self.call("DELETE", headers["location"], token=token)[0], 200)
        missing = self.post(token, "/whep?from=nobody", WATCH)
        self.assertEqual(missing[0], 404, missing[2])

    def test_who_may_not(self):
        response = self.post(None)
        self.assert_problem(response, 401, "token-missing")
        self.assertIn("Bearer", response[1]["www-authenticate"])
        response = self.post("pLq3mO0a9RkYt2bVx7cZ1g")
        self.assert_problem(response, 401, "token-unknown")
        self.assertIn("Bearer", response[1]["www-authenticate"])
        made = self.server.consult("patient")
        self.assertEqual(self.server.api("DELETE", "/" + made["id"])[0], 204)
        self.assert_problem(self.post(made["participants"][0]["token"]), 410, "consultation-ended")

    def test_offers_that_are_none(self):
        token = self.server.consult("patient")["participants"][0]["token"]
        for body in (b"", b"hello", b"v=0\r\n\x00", OFFER[:200], b"\xff" * 1000):
            self.assert_problem(self.post(token, body=body), 400, "bad-sdp")

    def test_other_origins_may_ask(self):
        for path, methods, takes in (("/whip", "OPTIONS, POST", "accept-post"),
                                     ("/whep/x", "OPTIONS, PATCH, DELETE", "accept-patch")):
            status, headers, body = self.call(
                "OPTIONS", path, Origin="https://example.se",
                **{"Access-Control-Request-Method": "POST",
                   "Access-Control-Request-Headers": "authorization"})
            self.assertEqual((status, body), (204, b""))
            self.assertEqual(headers["access-control-allow-methods"], methods)
            self.assertIn("Authorization", headers["access-control-allow-headers"])
            self.assertEqual(headers["access-control-allow-origin"], "*")
            self.assertIn(takes, headers)


if __name__ == "__main__":
    unittest.main()
