#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""docs/openapi.yaml is true: a running server answers each path as it says, with each status it
names, and has no path that it does not name."""

import json
import re
import subprocess

import jsonschema

from harness import ROOT, VIDD, ServerTest
from openapi import PLACEHOLDER, Document, route
from test_fhir import VECTORS
from test_login import Staff
from test_whip import FRAGMENT, OFFER, WATCH

NEW = {"title": "Besök", "participants": [{"role": "patient", "name": "Elsa", "language": "sv"}]}
V1 = "/api/v1"
VISIT = V1 + "/consultations/{id}"
PASSWORD = "kaffe och kanelbulle"

# Seen by other tests: an identity provider (tests/e2e), a database that fails (test_rest), a client
# on another machine.
ELSEWHERE = {
    ("get", "/auth/oidc", "302"), ("get", "/auth/callback", "302"), ("get", "/auth/eid/callback", "302"),
    ("get", "/auth/eid", "200"), ("post", "/auth/eid", "200"), ("post", "/auth/eid", "409"), ("delete", "/api/v1/session", "200"),
    ("get", "/readyz", "503"), ("get", "/metrics", "403"),
    ("get", "/.well-known/security.txt", "404"),
}


class OpenApi(ServerTest):
    flags = ("--requests-per-second", "10000", "--security-contact", "mailto:security@example.se")

    def setUp(self):
        super().setUp()
        self.document = Document()
        self.people = {}

    # --- asking -----------------------------------------------------------------------------------

    def person(self, user):
        if user not in self.people:
            self.people[user] = Staff(self.server, user)
        return self.people[user]

    def credentials(self, who):
        if who is None:
            return {}
        if who == "key" or len(who) > 15:
            return {"Authorization": "Bearer " + (self.server.key if who == "key" else who)}
        staff = self.person(who)
        return {"Cookie": staff.cookie, "X-Vidd-CSRF": staff.csrf}

    def ask(self, who, method, path, status, *ids, body=None, query="", **headers):
        """Asks with a path as documented, holds the answer against the document, gives the JSON."""
        operation = self.document.operation(method, path)
        kind = next(iter(operation.get("requestBody", {}).get("content", {"application/json": 0})))
        if body is not None:
            headers.setdefault("Content-Type", kind)
            body = body if isinstance(body, (str, bytes)) else json.dumps(body)
        rest = iter(ids)
        real = PLACEHOLDER.sub(lambda _: next(rest), path) + query
        got, reply, data = self.server.request(method.upper(), real, body,
                                               {**self.credentials(who), **headers})
        said = f"{method} {path} as {who}: {got} {data[:300]!r}"
        self.assertEqual(got, status, said)
        self.assertEqual(self.document.judge(method, path, got, reply, data), [], said)
        if got < 300:
            self.assertEqual(self.document.judge_request(
                method, path, headers.get("Content-Type", kind), body), [], said)
        self.reply = reply
        return json.loads(data) if data and reply["content-type"].endswith("json") else data

    # --- the document by itself ---------------------------------------------------------------------

    def test_it_is_whole(self):
        for ref in self.document.refs():
            self.assertIsNotNone(self.document.follow({"$ref": ref}), ref)
        for name, schema in self.document.schemas():
            with self.subTest(name):
                jsonschema.Draft202012Validator.check_schema(schema)
        names = [o["operationId"] for _, _, o in self.document.operations()]
        self.assertEqual(len(names), len(set(names)))
        schemes = self.document.root["components"]["securitySchemes"]
        for method, path, operation in self.document.operations():
            parameters = [self.document.follow(p) for p in operation["parameters"]]
            self.assertEqual({p["name"] for p in parameters if p["in"] == "path"},
                             set(re.findall(r"\{([^}]*)\}", path)), path)
            self.assertLessEqual({s for one in operation["security"] for s in one}, set(schemes), path)
            self.assertTrue(any(s < "4" for s in operation["responses"]), (method, path))
            self.assertTrue({"summary", "tags"} <= set(operation), (method, path))

    def test_it_names_every_route_and_no_other(self):
        """docs/permissions.md is generated from the routes, and a unit test compares the two."""
        text = (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8")
        routes = set(re.findall(r"^\| ([A-Z]+) \| (/\S*) \|", text, re.M))
        named = {(m.upper(), route(p)) for m, p, _ in self.document.operations()}
        self.assertGreater(len(routes), 40)
        self.assertEqual(routes, named)

    def test_a_path_knows_the_methods_it_names(self):
        methods = {}
        for method, path, _ in self.document.operations():
            methods.setdefault(path, set()).add(method.upper())
        for path, named in methods.items():
            other = next(m for m in ("PUT", "PATCH", "DELETE", "POST") if m not in named)
            status, headers, _ = self.server.request(other, PLACEHOLDER.sub("x", path), "{}",
                                                     {"Content-Type": "application/json"})
            self.assertEqual(status, 405, (other, path))
            allowed = set(headers["allow"].split(", "))
            self.assertEqual(allowed, named | ({"HEAD"} if "GET" in named else set()), path)

    # --- the server against it ----------------------------------------------------------------------

    def test_everything_is_answered_as_it_says(self):
        self.strangers()
        self.those_who_may_not()
        self.visits()
        self.fhir()
        self.rooms()
        self.staff()
        self.audit()
        self.media()
        self.insight()
        self.own_sessions()
        missing = self.document.unseen() - ELSEWHERE
        self.assertEqual(sorted(missing), [], "documented, but not seen")
        self.assertEqual(sorted(ELSEWHERE - self.document.unseen()), [], "seen after all")

    def everybody(self, status):
        for method, path, operation in self.document.operations():
            if str(status) in operation["responses"]:
                yield method, path, operation, ["x"] * path.count("{"), \
                    {"body": "{}"} if "requestBody" in operation else {}

    def strangers(self):
        for method, path, operation, ids, body in self.everybody(401):
            if not path.startswith("/wh") and path != "/api/v1/session":
                self.ask(None, method, path, 401, *ids, **body)
        self.ask(None, "get", "/api/v1/session", 401)
        self.ask(None, "delete", "/api/v1/session", 401)

    def those_who_may_not(self):
        for method, path, operation, ids, body in self.everybody(403):
            schemes = {s for one in operation["security"] for s in one}
            if "csrf" in schemes:
                self.ask("anna", method, path, 403, *ids, **body, **{"X-Vidd-CSRF": "wrong"})
            elif schemes & {"link", "device"}:
                self.ask("key" if "link" in schemes else "admin", method, path, 403, *ids, **body)
            elif schemes == {"apiKey"}:
                self.ask("anna", method, path, 403, *ids, **body)
            elif schemes:
                who = "anna" if re.search("audit|accounts|keys", path) else "granskare"
                who = self.lone_session() if path == V1 + "/units" else who
                self.ask(who, method, path, 403, *ids, **body)

    def lone_session(self):
        """An API key that may nothing of organisation or visits."""
        made = self.ask("admin", "post", V1 + "/keys", 201, body={"label": "hooks", "scopes": "webhook"})
        return made["key"]

    def visits(self):
        post = V1 + "/consultations"
        full = {**NEW, "planned": "2026-11-26T10:00:00+01:00", "minutes": 20, "kind": "uppföljning",
                "needs_interpreter": True, "communication_needs": "Hör illa", "patient_ref": "P-1",
                "external_ref": "B-1"}
        made = self.ask("anna", "post", post, 201, body=full, **{"Idempotency-Key": "openapi"})
        self.ask("anna", "post", post, 422, body=NEW, **{"Idempotency-Key": "openapi"})
        self.ask("key", "post", post, 201, body=NEW)
        self.ask("key", "post", post, 400, body={"title": 1})
        self.ask("key", "post", post, 415, body="x", **{"Content-Type": "text/plain"})
        self.ask("anna", "get", post, 200, query="?day=2026-11-26")
        self.ask("anna", "get", post, 400, query="?state=lost")
        visit = made["id"]
        self.ask("anna", "get", VISIT, 200, visit)
        self.ask("anna", "get", VISIT, 404, "nowhere")
        self.ask("anna", "patch", VISIT, 200, visit, body={"minutes": 30, "title": "Nytt"})
        self.ask("anna", "patch", VISIT, 400, visit, body={"minutes": 0})
        self.ask("anna", "patch", VISIT, 404, "nowhere", body={"minutes": 30})
        self.participants(visit, made)
        self.ask("anna", "get", VISIT + "/quality", 200, visit)
        self.ask("anna", "get", VISIT + "/quality", 404, "nowhere")
        self.ask("anna", "get", V1 + "/statistics", 200, query="?from=2026-01&to=2026-02")
        self.ask("anna", "get", V1 + "/statistics", 200, query="?from=2026-01&to=2026-02&format=csv")
        self.ask("anna", "get", V1 + "/statistics", 400, query="?from=2026-01")
        end = VISIT + "/end"
        self.ask("anna", "post", end, 400, visit, body={"outcome": "happy"})
        self.ask("anna", "post", end, 404, "nowhere", body={"outcome": "solved"})
        self.ask("anna", "post", end, 200, visit, body={"outcome": "physical-visit", "reason": "worse"})
        self.ask("anna", "post", end, 409, visit, body={"outcome": "solved"})
        self.ask("anna", "patch", VISIT, 409, visit, body={"minutes": 30})
        self.ask("anna", "post", VISIT + "/participants", 409, visit, body={"role": "relative", "name": "L"})
        self.ask("anna", "post", VISIT + "/enter", 409, visit, body={"reason": None})
        self.ask("anna", "delete", VISIT, 204, visit)
        self.ask("anna", "delete", VISIT, 404, "nowhere")

    def participants(self, visit, made):
        path, one = VISIT + "/participants", VISIT + "/participants/{participant}"
        person = {"role": "relative", "name": "Lisa", "phone": "070-123 45 67", "email": "l@example.se"}
        added = self.ask("anna", "post", path, 201, visit, body=person, **{"Idempotency-Key": "lisa"})
        self.ask("anna", "post", path, 422, visit, body={**person, "name": "Liv"}, **{"Idempotency-Key": "lisa"})
        self.ask("anna", "post", path, 400, visit, body={"role": "king", "name": "K"})
        self.ask("anna", "post", path, 404, "nowhere", body=person)
        self.messages(visit, added["id"], made["participants"][0]["id"])
        self.ask("anna", "delete", one, 204, visit, added["id"])
        self.ask("anna", "delete", one, 404, "nowhere", added["id"])
        self.ask("anna", "post", VISIT + "/enter", 200, visit, body={"reason": "Anna is away"})
        self.ask("anna", "post", VISIT + "/enter", 400, visit, body="[]")
        self.ask("anna", "post", VISIT + "/enter", 404, "nowhere", body={"reason": None})
        token, survey = made["participants"][0]["token"], VISIT + "/survey"
        answers = {"answers": {"heard": "yes", "grade": 9}}
        self.ask(token, "put", survey, 400, visit, body={"answers": {"heard": "No, it hurts"}})
        self.ask(token, "put", survey, 404, "nowhere", body=answers)
        self.ask(token, "put", survey, 204, visit, body=answers)
        self.ask(token, "put", survey, 409, visit, body=answers)
        self.ask(token, "post", "/auth/eid", 404)

    def messages(self, visit, reachable, other):
        path = VISIT + "/messages"
        self.ask("anna", "post", path, 202, visit, body={"participant": reachable, "kind": "invitation"})
        self.ask("anna", "post", path, 400, visit, body={"participant": reachable, "kind": "song"})
        self.ask("anna", "post", path, 404, "nowhere", body={"participant": reachable, "kind": "reminder"})
        self.ask("anna", "post", path, 409, visit, body={"participant": other, "kind": "reminder"})

    def fhir(self):
        path = V1 + "/fhir/Appointment"
        bundle = (VECTORS / "bundle-r4.json").read_text(encoding="utf-8")
        one = (VECTORS / "appointment-r5.json").read_text(encoding="utf-8")
        self.ask("key", "post", path, 201, body=bundle.encode(), **{"Idempotency-Key": "bundle"})
        self.ask("key", "post", path, 422, body=one.encode(), **{"Idempotency-Key": "bundle"})
        self.ask("key", "post", path, 400, body="{}")
        self.ask("key", "post", path, 415, body="{}", **{"Content-Type": "application/json"})

    def rooms(self):
        self.ask("anna", "get", V1 + "/units", 200)
        place = self.ask("admin", "post", V1 + "/places", 201, body={"name": "Slussfors"})["id"]
        self.ask("admin", "post", V1 + "/places", 400, body={"name": ""})
        codes = V1 + "/places/{id}/enrolments"
        code = self.ask("admin", "post", codes, 201, place)["code"]
        self.ask("admin", "post", codes, 404, "nowhere")
        self.ask(None, "post", V1 + "/devices", 400, body={"name": "x"})
        self.ask(None, "post", V1 + "/devices", 403, body={"code": "00000000", "name": "x"})
        device = self.ask(None, "post", V1 + "/devices", 201, body={"code": code, "name": "Skärmen"})
        secret = device["secret"]
        planned = self.ask("anna", "post", V1 + "/consultations", 201, body={
            **NEW, "place": place, "planned": "2126-11-26T10:00:00Z"})
        self.ask(secret, "get", V1 + "/device/next", 200)
        self.ask(secret, "post", V1 + "/device/enter", 200, body={"consultation": planned["id"]})
        self.ask(secret, "post", V1 + "/device/enter", 400, body={})
        self.ask(secret, "post", V1 + "/device/enter", 404, body={"consultation": "nowhere"})
        test = {"cameras": [{"name": "Rum", "works": True, "fps": 15}], "microphone": {"works": True, "level_db": -21.5},
                "encoder": {"works": True, "fps": 110},
                "link": {"works": True, "up_kbps": 900, "down_kbps": 1200, "loss_percent": 0.4, "rtt_ms": 48}}
        self.ask(secret, "put", V1 + "/device/self-test", 204, body=test)
        self.ask(secret, "put", V1 + "/device/self-test", 400, body={"cameras": 1})
        self.ask(secret, "put", V1 + "/device/help", 204)
        self.ask("karin", "get", V1 + "/places", 200)
        self.ask("karin", "delete", V1 + "/devices/{id}/help", 204, device["device"])
        self.ask("karin", "delete", V1 + "/devices/{id}/help", 404, "nobody")
        self.ask(secret, "delete", V1 + "/device/help", 204)
        self.ask("admin", "delete", V1 + "/devices/{id}", 204, device["device"])
        self.ask("admin", "delete", V1 + "/devices/{id}", 404, device["device"])

    def staff(self):
        self.ask(None, "get", V1 + "/login", 200)
        log_in = {"username": "karin", "password": self.server.demo["password"]}
        self.ask(None, "post", V1 + "/session", 200, body=log_in)
        self.ask(None, "post", V1 + "/session", 400, body={"username": "karin"})
        self.ask(None, "post", V1 + "/session", 401, body={**log_in, "password": "wrong password"})
        self.ask("anna", "get", V1 + "/session", 200)
        self.ask("anna", "post", V1 + "/tickets", 200)
        self.commissions()
        self.accounts()
        keys = V1 + "/keys"
        made = self.ask("admin", "post", keys, 201, body={"label": "booking", "scopes": "read book"})
        self.ask("admin", "post", keys, 400, body={"label": "booking", "scopes": "everything"})
        self.ask("admin", "get", keys, 200)
        self.ask("admin", "delete", keys + "/{id}", 204, made["id"])
        self.ask("admin", "delete", keys + "/{id}", 404, made["id"])
        self.webhooks()
        for path in ("/auth/oidc", "/auth/callback", "/auth/eid", "/auth/eid/callback"):
            self.ask(None, "get", path, 404)

    def webhooks(self):
        hooks, body = V1 + "/webhooks", {"url": "https://localhost:1/"}
        made = [self.ask("admin", "post", hooks, 201, body=body) for _ in range(8)]
        self.ask("admin", "post", hooks, 409, body=body)
        self.ask("admin", "post", hooks, 400, body={"url": "ftp://localhost/"})
        self.ask("admin", "get", hooks, 200)
        for hook in made:
            self.ask("admin", "delete", hooks + "/{id}", 204, hook["id"])
        self.ask("admin", "delete", hooks + "/{id}", 404, made[0]["id"])

    def commissions(self):
        """Anna has one, which was chosen by itself; another is given to her, so that she may choose."""
        path = V1 + "/session/commission"
        chosen = self.person("anna").session["commission"]["id"]
        self.ask("anna", "put", path, 400, body={})
        self.ask("anna", "put", path, 409, body={"commission": chosen})
        self.give_reviewing(self.person("anna").session["commission"]["unit"]["id"])
        self.people["anna2"] = Staff(self.server, "anna")
        self.ask("anna2", "put", path, 404, body={"commission": "nowhere"})
        self.ask("anna2", "put", path, 200, body={"commission": chosen})
        self.ask("anna2", "delete", V1 + "/session", 204)

    def give_reviewing(self, unit):
        """As an administrator would, beside the running server."""
        path = self.server.directory / "organisation.json"
        path.write_text(json.dumps({"staff": [{"subject": "anna", "name": "Anna Berg", "commissions": [
            {"unit": unit, "duty": duty} for duty in ("clinician", "reviewer")]}]}), encoding="utf-8")
        subprocess.run([VIDD, "--data", "var", "--import-organisation", path.name], check=True,
                       cwd=self.server.directory, capture_output=True)

    def accounts(self):
        path = V1 + "/accounts"
        new = {"user": "ulla", "name": "Ulla Ek", "password": PASSWORD, "duty": "staff"}
        made = self.ask("admin", "post", path, 201, body=new)["id"]
        self.ask("admin", "post", path, 409, body=new)
        self.ask("admin", "post", path, 400, body={**new, "user": "b", "duty": "king"})
        self.ask("admin", "get", path, 200)
        self.ask("admin", "patch", path + "/{id}", 204, made, body={"state": "disabled"})
        self.ask("admin", "patch", path + "/{id}", 400, made, body={"state": "asleep"})
        self.ask("admin", "patch", path + "/{id}", 404, "nowhere", body={"state": "active"})
        self.ask("admin", "delete", path + "/{id}/sessions", 204, made)
        self.ask("admin", "delete", path + "/{id}/sessions", 404, "nowhere")

    def audit(self):
        path = V1 + "/audit"
        self.ask("granskare", "get", path, 200, query="?patient_ref=P-1")
        self.ask("granskare", "get", path, 400, query="?from=soon")
        for kind in ("json", "csv", "text"):
            self.ask("granskare", "get", path + "/extract", 200, query=f"?patient_ref=P-1&format={kind}")
        self.ask("granskare", "get", path + "/extract", 400)

    def media(self):
        people = self.server.consult("patient", "clinician")["participants"]
        for (path, offer), p in zip((("/whip", OFFER), ("/whep", WATCH)), people):
            one, token = path + "/{resource}", p["token"]
            self.ask(None, "post", path, 401, body=offer)
            self.ask(token, "post", path, 400, body="v=1")
            if path == "/whip":
                self.ask(token, "post", path, 415, body="x", **{"Content-Type": "text/plain"})
            else:
                self.ask(token, "post", path, 404, body=offer, query="?from=nobody")
            self.ask(token, "post", path, 201, body=offer)
            resource, etag = self.reply["location"].split("/")[-1], self.reply["etag"]
            trickle = "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=end-of-candidates\r\n"
            self.ask(None, "patch", one, 401, resource, body=trickle, **{"If-Match": etag})
            self.ask(token, "patch", one, 404, "x" * 22, body=trickle, **{"If-Match": etag})
            self.ask(token, "patch", one, 428, resource, body=trickle)
            self.ask(token, "patch", one, 412, resource, body=trickle, **{"If-Match": '"x"'})
            self.ask(token, "patch", one, 200, resource, body=trickle,
                     **{"If-Match": "*", "Content-Type": FRAGMENT})
            self.ask(None, "delete", one, 401, resource)
            self.ask(token, "delete", one, 200, resource)
            self.ask(token, "delete", one, 404, resource)
            self.ask(None, "options", path, 204)
            self.ask(None, "options", one, 204, resource)

    def own_sessions(self):
        path = V1 + "/sessions"
        listed = self.ask("admin", "get", path, 200)
        self.ask("admin", "delete", path + "/{id}", 404, "0" * 16)
        other = Staff(self.server, "admin").request("GET", path)[2]
        new = next(s["id"] for s in other["sessions"] if s["id"] not in {s["id"] for s in listed["sessions"]})
        self.ask("admin", "delete", path + "/{id}", 204, new)
        password = V1 + "/session/password"
        self.ask("admin", "put", password, 403, body={"password": "x", "new": "ett annat långt lösenord"})
        self.ask("admin", "put", password, 400, body={"password": "x", "new": "kort"})
        self.ask("admin", "put", password, 204, body={"password": self.server.demo["password"],
                                                      "new": "ett annat långt lösenord"})

    def insight(self):
        for path in ("/healthz", "/readyz", "/metrics", "/.well-known/security.txt"):
            self.ask(None, "get", path, 200)
