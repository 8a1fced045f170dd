#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Staff log in with local accounts: sessions, cookies, CSRF, tickets, accounts, keys, and what the
command line makes."""

import json
import re
import statistics
import subprocess
import time

from harness import ROOT, VIDD, ServerTest, WebSocket


FHIR = "application/fhir+json"


class Staff:
    """A browser of somebody: keeps the cookie, sends the CSRF token."""

    def __init__(self, server, user=None, password=None):
        self.server = server
        self.cookie = self.csrf = None
        if user is not None:
            self.session = self.log_in(user, password or server.demo["password"])

    def request(self, method, path, body=None, **headers):
        if self.cookie:
            headers.setdefault("Cookie", self.cookie)
        if self.csrf:
            headers.setdefault("X-Vidd-CSRF", self.csrf)
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
            body = json.dumps(body)
        status, got, data = self.server.request(method, path, body, headers)
        return status, got, json.loads(data) if data else None

    def log_in(self, user, password):
        status, headers, session = self.request("POST", "/api/v1/session",
                                                {"username": user, "password": password})
        assert status == 200, session
        self.cookie = headers["set-cookie"].split(";")[0]
        self.csrf = session["csrf"]
        return session


class Login(ServerTest):
    def test_ones_own_sessions_are_told_and_ended(self):
        first, second = Staff(self.server, "granskare"), Staff(self.server, "granskare")
        status, _, body = first.request("GET", "/api/v1/sessions")
        self.assertEqual(status, 200)
        self.assertEqual([s["current"] for s in body["sessions"]].count(True), 1)
        other = next(s["id"] for s in second.request("GET", "/api/v1/sessions")[2]["sessions"] if s["current"])
        self.assertIn(other, [s["id"] for s in body["sessions"] if not s["current"]])
        self.assert_problem(Staff(self.server, "anna").request("DELETE", f"/api/v1/sessions/{other}"),
                            404, "session-unknown")
        self.assertEqual(first.request("DELETE", f"/api/v1/sessions/{other}")[0], 204)
        self.assertEqual(second.request("GET", "/api/v1/session")[0], 401)
        self.assertEqual(first.request("GET", "/api/v1/session")[0], 200)
        for bad in (other, "0" * 16, "x"):
            self.assert_problem(first.request("DELETE", f"/api/v1/sessions/{bad}"), 404, "session-unknown")

    def test_ones_own_password_is_changed_with_the_present_one(self):
        old, new = self.server.demo["password"], "ett annat långt lösenord"
        path = "/api/v1/session/password"
        me, elsewhere = Staff(self.server, "support"), Staff(self.server, "support")
        self.assert_problem(me.request("PUT", path, {"password": "inte det rätta", "new": new}), 403, "password-wrong")
        self.assert_problem(me.request("PUT", path, {"password": old, "new": "kort"}), 400, "bad-body", "new")
        status, headers, _ = me.request("PUT", path, {"password": old, "new": new})
        self.assertEqual(status, 204)
        self.assertIn("__Host-vidd=;", headers["set-cookie"])
        for staff in (me, elsewhere):
            self.assertEqual(staff.request("GET", "/api/v1/session")[0], 401)
        again = Staff(self.server, "support", new)
        self.assertEqual(again.request("PUT", path, {"password": new, "new": old})[0], 204)

    def test_the_ways_in_are_told(self):
        status, _, body = Staff(self.server).request("GET", "/api/v1/login")
        self.assertEqual((status, body), (200, {"methods": [{"kind": "password"}]}))

    def test_a_session_says_who_it_is(self):
        anna = Staff(self.server, "anna")
        self.assertEqual(anna.session["staff"]["name"], "Anna Berg")
        self.assertEqual(anna.session["commission"]["duty"], "clinician")
        self.assertEqual(anna.session["commission"]["unit"]["name"], "Demo")
        self.assertEqual(anna.session["commissions"], [anna.session["commission"]])
        self.assertAlmostEqual(anna.session["expires"], time.time() + 36000, delta=10)
        status, headers, again = anna.request("GET", "/api/v1/session")
        self.assertEqual((status, again), (200, anna.session))
        self.assertEqual(headers["cache-control"], "no-store")
        self.assertNotIn("set-cookie", headers)

    def test_the_cookie_is_for_us_alone(self):
        status, headers, _ = Staff(self.server).request(
            "POST", "/api/v1/session", {"username": "anna", "password": self.server.demo["password"]})
        self.assertEqual(status, 200)
        self.assertRegex(headers["set-cookie"], r"^__Host-vidd=[\w-]{22}; Path=/; Secure; HttpOnly; SameSite=Lax$")
        self.assertNotIn("access-control-allow-origin", headers)

    def test_every_login_has_a_token_of_its_own(self):
        one, two = Staff(self.server, "anna"), Staff(self.server, "anna")
        self.assertNotEqual(one.cookie, two.cookie)
        self.assertNotEqual(one.csrf, two.csrf)
        # A cookie that was there before the login is not taken up.
        fixed = Staff(self.server)
        fixed.cookie = "__Host-vidd=" + "A" * 22
        fixed.log_in("anna", self.server.demo["password"])
        self.assertNotEqual(fixed.cookie, "__Host-vidd=" + "A" * 22)

    def test_without_a_session_nothing_is_told(self):
        stranger = Staff(self.server)
        for cookie in (None, "__Host-vidd=", "__Host-vidd=" + "A" * 22, "__Host-vidd=" + "A" * 200,
                       "__Host-vidd=a; __Host-vidd=b", "vidd=" + "A" * 22):
            stranger.cookie = cookie
            self.assert_problem(stranger.request("GET", "/api/v1/session"), 401, "session-missing")
            self.assert_problem(stranger.request("POST", "/api/v1/tickets"), 401, "session-missing")

    def test_logging_out_ends_it_at_once(self):
        anna, other = Staff(self.server, "anna"), Staff(self.server, "anna")
        status, headers, _ = anna.request("DELETE", "/api/v1/session")
        self.assertEqual(status, 204)
        self.assertRegex(headers["set-cookie"], r"^__Host-vidd=; .*Max-Age=0$")
        self.assert_problem(anna.request("GET", "/api/v1/session"), 401, "session-missing")
        self.assertEqual(other.request("GET", "/api/v1/session")[0], 200)

    def test_a_change_without_the_csrf_token_is_refused(self):
        anna = Staff(self.server, "anna")
        for token in ("", "wrong", anna.csrf[:-1], anna.csrf + "A", Staff(self.server, "karin").csrf):
            for method, path in (("DELETE", "/api/v1/session"), ("POST", "/api/v1/tickets")):
                self.assert_problem(anna.request(method, path, **{"X-Vidd-CSRF": token}), 403, "csrf")
        self.assertEqual(anna.request("GET", "/api/v1/session", **{"X-Vidd-CSRF": ""})[0], 200)

    def test_a_login_from_a_form_of_another_page_is_refused(self):
        body = json.dumps({"username": "anna", "password": self.server.demo["password"]})
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
            response = self.server.request("POST", "/api/v1/session", body, {"Content-Type": kind})
            self.assert_problem(response, 415, "media-type")

    def test_bodies_are_checked(self):
        for body, member in (({"username": "anna"}, "password"), ({"username": 7, "password": "x"}, "username"),
                             ({"username": "", "password": "x"}, "username"),
                             ({"username": "a" * 129, "password": "x"}, "username"),
                             ({"username": "a", "password": "x" * 513}, "password"),
                             ({"username": "a\u0000", "password": "x"}, "username"), ([], None),
                             ({"username": "a", "password": "x", "more": "y"}, None)):
            response = Staff(self.server).request("POST", "/api/v1/session", body)
            if body == {"username": "a\u0000", "password": "x"}:
                self.assertEqual(response[0], 400)  # no JSON for us: texts have no NUL
            else:
                self.assert_problem(response, 400, "bad-body", member)

    def test_tickets_are_for_care_staff(self):
        status, _, body = Staff(self.server, "anna").request("POST", "/api/v1/tickets")
        self.assertEqual(status, 200)
        self.assertRegex(body["ticket"], r"^[\w-]{22}$")
        self.assertAlmostEqual(body["expires"], time.time() + 60, delta=5)
        self.assert_problem(Staff(self.server, "admin").request("POST", "/api/v1/tickets"), 403, "not-allowed")

    def test_a_commission_is_chosen_once_and_ones_own(self):
        anna = Staff(self.server, "anna")
        own = anna.session["commission"]["id"]
        self.assert_problem(anna.request("PUT", "/api/v1/session/commission", {"commission": own}), 409, "commission-chosen")
        self.assert_problem(anna.request("PUT", "/api/v1/session/commission", {"commission": "x"}), 404, "commission-unknown")
        self.assert_problem(anna.request("PUT", "/api/v1/session/commission", {}), 400, "bad-body", "commission")

    def test_no_secret_is_logged(self):
        anna = Staff(self.server, "anna")
        anna.request("POST", "/api/v1/tickets")
        log = self.server.log()
        for secret in (self.server.demo["password"], anna.csrf, anna.cookie.split("=")[1], self.server.key, "Anna"):
            self.assertNotIn(secret, log)


class Watching(ServerTest):
    def watch(self, ticket):
        ws = WebSocket(self.server)
        self.addCleanup(ws.close)
        ws.send({"type": "watch", "v": 1, "ticket": ticket})
        return ws

    def ticket(self, staff):
        return staff.request("POST", "/api/v1/tickets")[2]["ticket"]

    def test_a_ticket_opens_the_queue_of_the_unit_once(self):
        anna = Staff(self.server, "anna")
        ticket = self.ticket(anna)
        ws = self.watch(ticket)
        self.assertEqual(ws.receive_type("watching")["units"], [anna.session["commission"]["unit"]["id"]])
        for used in (ticket, "A" * 22, ""):
            again = self.watch(used)
            self.assertIn(again.receive_type("error")["code"], ("ticket-unknown", "bad-message"))
            self.assertIsNotNone(again.wait_closed())

    def test_who_logs_out_or_is_logged_out_watches_no_longer(self):
        anna, karin = Staff(self.server, "anna"), Staff(self.server, "karin")
        open_ticket = self.ticket(anna)
        hers, theirs = self.watch(self.ticket(anna)), self.watch(self.ticket(karin))
        hers.receive_type("watching")
        theirs.receive_type("watching")
        self.assertEqual(anna.request("DELETE", "/api/v1/session")[0], 204)
        self.assertEqual(hers.receive_type("error")["code"], "ticket-unknown")
        self.assertEqual(self.watch(open_ticket).receive_type("error")["code"], "ticket-unknown")
        admin = Staff(self.server, "admin")
        path = f"/api/v1/accounts/{karin.session['staff']['id']}/sessions"
        self.assertEqual(admin.request("DELETE", path)[0], 204)
        self.assertEqual(theirs.receive_type("error")["code"], "ticket-unknown")


def tables():
    """docs/permissions.md: {operation: {asker: bool}}, [(method, path, operation)]."""
    may, routes, head = {}, [], None
    for line in (ROOT / "docs" / "permissions.md").read_text().split("## Over the websocket")[0].splitlines():
        cells = [c.strip() for c in line.strip("|").split("|")]
        if not line.startswith("|") or set(cells[0]) == {"-"}:
            continue
        if cells[0] in ("operation", "method"):
            head = cells[1:]
        elif len(cells) > 3:
            may[cells[0]] = dict(zip(head, (c == "x" for c in cells[1:])))
        else:
            routes.append(tuple(cells))
    return may, routes


class Matrix(ServerTest):
    """Everybody tries every path; what is not in docs/permissions.md is refused."""

    flags = ("--requests-per-second", "10000")
    duties = {"anna": "clinician", "karin": "staff", "admin": "administrator", "granskare": "reviewer", "support": "support"}

    def ask(self, asker, method, path):
        if isinstance(asker, Staff):
            return asker.request(method, path, None if method in ("GET", "DELETE") else {},
                                 **({"Content-Type": FHIR} if "/fhir/" in path else {}))
        headers = {"Authorization": "Bearer " + asker} if asker else {}
        if method not in ("GET", "DELETE"):
            headers["Content-Type"] = FHIR if "/fhir/" in path else "application/json"
        status, got, data = self.server.request(method, path, None if method in ("GET", "DELETE") else "{}", headers)
        return status, got, json.loads(data) if data.startswith(b"{") else None

    def test_everybody_tries_everything(self):
        may, routes = tables()
        askers = {duty: Staff(self.server, user) for user, duty in self.duties.items()}
        for scope in ("read", "book", "message", "webhook", "audit"):
            askers["key: " + scope] = subprocess.run(
                [VIDD, "--data", str(self.server.directory / "var"), "--make-api-key", scope, "--scopes", scope],
                capture_output=True, text=True, check=True).stdout.strip()
        askers["participant"] = self.server.tokens["patient"]
        askers["nobody"] = None
        tried = 0
        for method, path, operation in routes:
            if operation == "open" or method == "OPTIONS" or operation == "session-end":
                continue
            path = path.replace("{id}", "none")
            for name, asker in askers.items():
                status, _, body = self.ask(asker, method, path)
                where = f"{name}: {method} {path}: {status} {body}"
                allowed = may[operation].get(name, False)
                tried += 1
                if allowed:
                    self.assertNotIn(status, (401, 403), where)
                elif isinstance(asker, Staff):
                    self.assertEqual((status, body["code"]), (403, "not-allowed"), where)
                else:
                    self.assertIn((status, body["code"]), ((403, "not-allowed"), (401, "api-key"), (401, "session-missing"),
                                                           (401, "token-unknown")), where)
        self.assertGreater(tried, 150)


class Administration(ServerTest):
    def setUp(self):
        self.admin = Staff(self.server, "admin")

    def test_an_account_is_made_used_changed_and_shut(self):
        made = self.admin.request("POST", "/api/v1/accounts", {
            "user": "bo", "name": "Bo Ström", "password": "renar i snön 7", "duty": "staff"})
        self.assertEqual(made[0], 201, made)
        bo = Staff(self.server, "bo", "renar i snön 7")
        self.assertEqual(bo.session["commission"]["duty"], "staff")
        path = "/api/v1/accounts/" + made[2]["id"]
        rows = self.admin.request("GET", "/api/v1/accounts")[2]["accounts"]
        self.assertIn({"id": made[2]["id"], "user": "bo", "name": "Bo Ström", "local": True,
                       "state": "active", "duties": ["staff"]}, rows)
        self.assertNotIn("argon2", json.dumps(rows))
        # Another password ends the sessions of the old one.
        self.assertEqual(self.admin.request("PATCH", path, {"password": "fjällräven 123"})[0], 204)
        self.assert_problem(bo.request("GET", "/api/v1/session"), 401, "session-missing")
        bo = Staff(self.server, "bo", "fjällräven 123")
        self.assertEqual(self.admin.request("DELETE", path + "/sessions")[0], 204)
        self.assert_problem(bo.request("GET", "/api/v1/session"), 401, "session-missing")
        self.assertEqual(self.admin.request("PATCH", path, {"state": "disabled"})[0], 204)
        self.assert_problem(Staff(self.server).request("POST", "/api/v1/session", {
            "username": "bo", "password": "fjällräven 123"}), 401, "login-failed")
        self.assertEqual(self.admin.request("PATCH", path, {"state": "active"})[0], 204)
        Staff(self.server, "bo", "fjällräven 123")

    def test_bad_accounts_are_refused(self):
        good = {"user": "eva", "name": "Eva", "password": "renar i snön 7", "duty": "staff"}
        for change, member in (({"password": "kort"}, "password"), ({"password": "eva är snäll"}, "password"),
                               ({"duty": "doctor"}, "duty"), ({"user": ""}, "user")):
            response = self.admin.request("POST", "/api/v1/accounts", {**good, **change})
            self.assert_problem(response, 400, "bad-body", member)
        self.assert_problem(self.admin.request("POST", "/api/v1/accounts", {**good, "user": "anna"}), 409, "account-exists")
        self.assert_problem(self.admin.request("PATCH", "/api/v1/accounts/s-none", {"state": "disabled"}), 404, "account-unknown")
        self.assert_problem(self.admin.request("PATCH", "/api/v1/accounts/s-none", {"state": "away"}), 400, "bad-body", "state")
        self.assert_problem(self.admin.request("DELETE", "/api/v1/accounts/s-none/sessions"), 404, "account-unknown")

    def test_a_key_is_told_once_and_can_be_revoked(self):
        status, _, made = self.admin.request("POST", "/api/v1/keys", {"label": "booking", "scopes": "read"})
        self.assertEqual(status, 201)
        self.assertRegex(made["key"], r"^vk_[\w-]{43}$")
        listed = self.admin.request("GET", "/api/v1/keys")[2]["keys"]
        self.assertEqual([k["id"] for k in listed], [made["id"]])
        self.assertNotIn("key", listed[0])
        self.assertEqual(listed[0]["scopes"], "read")
        self.assert_problem(self.server.api("DELETE", "/c1", key=made["key"]), 403, "not-allowed")
        self.assert_problem(self.server.api("GET", "/c1", key=made["key"]), 404, "consultation-unknown")
        self.assertEqual(self.admin.request("DELETE", "/api/v1/keys/" + made["id"])[0], 204)
        self.assert_problem(self.server.api("GET", "/c1", key=made["key"]), 401, "api-key")
        self.assert_problem(self.admin.request("DELETE", "/api/v1/keys/" + made["id"]), 404, "key-unknown")
        # Who administers does not read the audit by a key of their own making.
        for scopes in ("all", "audit", "read audit", "*"):
            response = self.admin.request("POST", "/api/v1/keys", {"label": "x", "scopes": scopes})
            self.assert_problem(response, 400, "bad-body", "scopes")

    def test_what_is_refused_is_logged_without_names(self):
        anna = Staff(self.server, "anna")
        self.assert_problem(anna.request("GET", "/api/v1/accounts"), 403, "not-allowed")
        self.assertIn("event=access-refused why=not-allowed operation=account-list who=" + anna.session["staff"]["id"],
                      self.server.log())

    def test_only_administrators_may(self):
        for user in ("anna", "karin", "granskare", "support"):
            who = Staff(self.server, user)
            for method, path in (("GET", "/api/v1/accounts"), ("GET", "/api/v1/keys"), ("DELETE", "/api/v1/keys/k1")):
                self.assert_problem(who.request(method, path), 403, "not-allowed")
        self.assert_problem(self.server.request("GET", "/api/v1/accounts", headers={
            "Authorization": "Bearer " + self.server.key}), 403, "not-allowed")


def try_one(server, user, password="wrong password"):
    return Staff(server).request("POST", "/api/v1/session", {"username": user, "password": password})


class Enumeration(ServerTest):
    def test_nothing_tells_who_has_an_account(self):
        def timed(user):
            began = time.monotonic()
            answer = try_one(self.server, user)
            return time.monotonic() - began, answer
        known, unknown = [], []
        for i in range(4):
            known.append(timed("karin"))
            unknown.append(timed("nobody"))
        for _, answer in known + unknown:
            self.assert_problem(answer, 401, "login-failed")
        self.assertEqual(known[0][1][2], unknown[0][1][2])
        a, b = (statistics.median(t for t, _ in rows) for rows in (known, unknown))
        self.assertLess(abs(a - b), 0.5 * max(a, b), (known, unknown))


class Guessing(ServerTest):
    def test_guessing_is_slowed_and_an_account_rests(self):
        codes = [try_one(self.server, "granskare")[2]["code"] for _ in range(5)]
        self.assertEqual(codes, ["login-failed"] * 5)
        # Resting: the right password is told the same as a wrong one.
        self.assert_problem(try_one(self.server, "granskare", self.server.demo["password"]), 401, "login-failed")
        time.sleep(5.5)  # an account rests for 5 s of real time after five wrong passwords
        self.assertEqual(try_one(self.server, "granskare", self.server.demo["password"])[0], 200)
        # Whether there is such a name or not, ten at once and no more.
        codes = [try_one(self.server, "support-2")[0] for _ in range(11)]
        self.assertEqual(codes[:10], [401] * 10)
        self.assertEqual(codes[10], 429)


class CommandLine(ServerTest):
    def run_vidd(self, *flags, stdin=""):
        done = subprocess.run([VIDD, "--data", str(self.server.directory / "var"), *flags],
                              capture_output=True, text=True, input=stdin, timeout=10)
        return done.returncode, done.stdout.strip(), done.stderr

    def test_a_unit_an_account_and_a_key_are_made_beside_a_running_server(self):
        code, unit, _ = self.run_vidd("--make-unit", "Sorsele", "--provider", "Region", "--hsa-id", "SE-1")
        self.assertEqual(code, 0)
        self.assertEqual(self.run_vidd("--make-unit", "Sorsele", "--provider", "Region")[1], unit)
        code, staff, said = self.run_vidd("--make-account", "first", "--unit", unit, stdin="renar i snön 7\n")
        self.assertEqual(code, 0, said)
        session = Staff(self.server, "first", "renar i snön 7").session
        self.assertEqual(session["staff"]["id"], staff)
        self.assertEqual(session["commission"]["duty"], "administrator")
        self.assertEqual(session["commission"]["unit"], {"id": unit, "name": "Sorsele"})
        code, key, _ = self.run_vidd("--make-api-key", "booking", "--unit", unit, "--scopes", "read book")
        self.assertEqual(code, 0)
        self.assert_problem(self.server.api("GET", "/c1", key=key), 404, "consultation-unknown")
        # The demo's consultation is of no unit, so not of this one either.
        other = self.server.consult("patient", "clinician")
        self.assert_problem(self.server.api("GET", "/" + other["id"], key=key), 404, "consultation-unknown")
        self.assert_problem(self.server.api("DELETE", "/" + other["id"], key=key), 404, "consultation-unknown")
        self.assertEqual(self.server.api("GET", "/" + other["id"])[0], 200)

    def test_mistakes_are_told_with_their_remedy(self):
        unit = self.run_vidd("--make-unit", "Malå")[1]
        for flags, stdin, said in (
                (("--make-account", "x", "--unit", "none"), "renar i snön 7\n", "--make-unit"),
                (("--make-account", "x", "--unit", unit), "kort\n", "12 characters"),
                (("--make-account", "x", "--unit", unit), "", "standard input"),
                (("--make-account", "x", "--unit", unit, "--duty", "doctor"), "", "clinician"),
                (("--make-account", "x"), "renar i snön 7\n", "--unit"),
                (("--make-account", "anna", "--unit", unit), "renar i snön 7\n", "taken"),
                (("--make-api-key", "x", "--scopes", "all"), "", "webhook"),
                (("--make-api-key", "x", "--unit", "none"), "", "--make-unit")):
            code, out, error = self.run_vidd(*flags, stdin=stdin)
            self.assertEqual((code, out), (2, ""), flags)
            self.assertRegex(error, re.escape(said), flags)


class WithoutAccounts(ServerTest):
    def test_local_accounts_are_off_by_default(self):
        # The same database, served as a production server would.
        port_file = self.server.directory / "vidd.log"
        directory = self.server.directory / "var2"
        child = subprocess.Popen([VIDD, "--data", str(directory), "--web", str(self.server.directory / "web"),
                                  "--port", "0", "--media-port", "0", "--address", "127.0.0.1", "--workers", "1"],
                                 stderr=open(port_file.with_name("second.log"), "wb"))
        try:
            end = time.monotonic() + 10
            log = port_file.with_name("second.log")
            while "event=ready" not in log.read_text() and time.monotonic() < end:
                time.sleep(0.02)
            before, self.server.port = self.server.port, int(re.search(r"event=listening.*port=(\d+)", log.read_text())[1])
            stranger = Staff(self.server)
            self.assertEqual(stranger.request("GET", "/api/v1/login")[2], {"methods": []})
            self.assert_problem(stranger.request("POST", "/api/v1/session", {"username": "a", "password": "b"}), 404, "not-found")
            self.assert_problem(self.server.request("GET", "/auth/oidc"), 404, "not-found")
            self.assert_problem(self.server.request("GET", "/auth/callback?code=a&state=b"), 404, "not-found")
            self.server.port = before
        finally:
            child.terminate()
            child.wait(6)
