#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""What every HTTP client of vidd relies on: the page, its caching, limits and errors."""

import calendar
import http.client
import signal
import ssl
import socket
import time
import unittest

import harness
from harness import Server, ServerTest

ASSET = "/assets/app-1a2b3c.js"


class Page(ServerTest):
    def get(self, path, **headers):
        return self.server.request("GET", path, headers=headers)

    def test_index_is_never_cached_and_well_guarded(self):
        status, headers, body = self.get("/")
        self.assertEqual((status, headers["cache-control"]), (200, "no-cache"))
        self.assertIn(b"<title>Vidd</title>", body)
        policy = headers["content-security-policy"]
        self.assertIn("default-src 'self'", policy)
        self.assertIn(f"connect-src 'self' wss://127.0.0.1:{self.server.port};", policy)
        self.assertIn("frame-ancestors 'none'", policy)
        self.assertEqual(headers["x-content-type-options"], "nosniff")
        self.assertEqual(headers["referrer-policy"], "no-referrer")
        self.assertIn("camera=(self), microphone=(self)", headers["permissions-policy"])
        self.assertEqual(headers["cross-origin-opener-policy"], "same-origin")
        self.assertEqual(headers["cross-origin-resource-policy"], "same-origin")
        self.assertNotIn("server", headers)
        # A self-signed certificate on localhost must not bind other programs there.
        self.assertNotIn("strict-transport-security", headers)

    def test_data_is_no_page(self):
        for path in ("/api/v1/login", "/api/v1/nothing", "/whip/none", "/metrics"):
            headers = self.get(path)[1]
            self.assertEqual(headers["content-security-policy"], "default-src 'none'; frame-ancestors 'none'")
            self.assertEqual((headers["cache-control"], headers["x-content-type-options"]), ("no-store", "nosniff"))
            self.assertEqual(headers["cross-origin-resource-policy"], "same-origin")

    def test_a_strange_host_reaches_no_header(self):
        _, headers, _ = self.get("/", Host="a.example; script-src *")
        self.assertIn("connect-src 'self';", headers["content-security-policy"])

    def test_unknown_paths_are_the_pages_own(self):
        self.assertEqual(self.get("/call")[2], self.get("/")[2])
        self.assert_problem(self.get("/missing.js"), 404, "not-found")
        self.assert_problem(self.get("/.hidden"), 404, "not-found")
        self.assert_problem(self.get("/../vidd.log"), 404, "not-found")
        self.assert_problem(self.get("/%2e%2e/vidd.log"), 404, "not-found")
        self.assert_problem(self.get("/api/v1/nothing"), 404, "not-found")
        self.assert_problem(self.get("/.well-known/security.txt"), 404, "not-found")  # nobody is named

    def test_assets_are_kept_for_ever_and_come_compressed(self):
        status, headers, plain = self.get(ASSET)
        self.assertEqual(status, 200)
        self.assertEqual(headers["cache-control"], "public, max-age=31536000, immutable")
        self.assertEqual(headers["content-type"], "text/javascript; charset=utf-8")
        self.assertNotIn("content-encoding", headers)
        self.assertEqual(len(plain), int(headers["content-length"]))
        forms = {"br": "br", "gzip, deflate": "gzip", "gzip, br;q=0": "gzip",
                 "gzip;q=0.5, br;q=0.1": "br", "deflate": None, "x-br": None}
        for accept, encoding in forms.items():
            _, headers, body = self.get(ASSET, **{"Accept-Encoding": accept})
            self.assertEqual(headers.get("content-encoding"), encoding, accept)
            self.assertEqual(headers["vary"], "accept-encoding")
            self.assertEqual(len(body), int(headers["content-length"]))

    def test_an_etag_saves_the_body(self):
        etag = self.get(ASSET)[1]["etag"]
        for sent in (etag, "*", f'"other", {etag}'):
            status, headers, body = self.get(ASSET, **{"If-None-Match": sent})
            self.assertEqual((status, body), (304, b""))
            self.assertEqual(headers["etag"], etag)
        self.assertEqual(self.get(ASSET, **{"If-None-Match": '"other"'})[0], 200)
        # The compressed form is another representation, with another tag.
        packed = self.get(ASSET, **{"Accept-Encoding": "gzip"})[1]["etag"]
        self.assertNotEqual(etag, packed)

    def test_head_tells_the_length_and_sends_nothing(self):
        status, headers, body = self.server.request("HEAD", ASSET)
        self.assertEqual((status, body), (200, b""))
        self.assertEqual(headers["content-length"], str(len(self.get(ASSET)[2])))

    def test_a_connection_serves_many_requests_in_order(self):
        c = self.server.connect()
        count = 20
        one = f"GET {ASSET} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        last = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        c.sendall(one * count + last)  # all at once: pipelined
        data = b""
        while piece := c.recv(65536):
            data += piece
        self.assertEqual(data.count(b"HTTP/1.1 200 OK"), count + 1)
        self.assertTrue(data.endswith(b"ok\n"))
        c.close()

    def test_health_and_readiness(self):
        self.assertEqual(self.get("/healthz")[::2], (200, b"ok\n"))
        self.assertEqual(self.get("/readyz")[::2], (200, b"ready\n"))

    def test_metrics_are_prometheus_text(self):
        status, headers, body = self.get("/metrics")
        self.assertEqual(status, 200)
        self.assertTrue(headers["content-type"].startswith("text/plain; version=0.0.4"))
        families, samples = set(), 0
        for line in body.decode().splitlines():
            if line.startswith("# TYPE "):
                name = line.split()[2]
                self.assertNotIn(name, families)
                families.add(name)
            elif not line.startswith("#"):
                name, value = line.rsplit(" ", 1)
                float(value)
                samples += 1
        self.assertGreater(samples, 60)
        for name in ("vidd_packets_in_total", "vidd_transit_seconds", "vidd_websockets",
                     "vidd_joins_total", "vidd_store_seconds", "vidd_packet_buffer_bytes"):
            self.assertIn(name, families)
        self.assertNotIn("Elsa", body.decode())

    def test_methods_are_refused_with_allow(self):
        for method, path, allow in (("GET", "/whip", "POST, OPTIONS"), ("PUT", "/whip", "POST, OPTIONS"),
                                    ("POST", "/", "GET, HEAD"), ("POST", "/healthz", "GET, HEAD"),
                                    ("PUT", "/whep/x", "PATCH, DELETE, OPTIONS"),
                                    ("PUT", "/api/v1/consultations/x", "GET, HEAD, DELETE, PATCH")):
            response = self.server.request(method, path)
            self.assert_problem(response, 405, "method-not-allowed")
            self.assertEqual(response[1]["allow"], allow)

    def test_old_tls_is_refused(self):
        context = harness.tls_context()
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers("DEFAULT@SECLEVEL=0")
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=5) as raw:
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                context.wrap_socket(raw, server_hostname="localhost")

    def test_plain_http_is_no_way_in(self):
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=5) as raw:
            raw.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            try:
                self.assertNotIn(b"200", raw.recv(100))
            except ConnectionError:
                pass


class Told(ServerTest):
    flags = ("--security-contact", "mailto:security@example.se")

    def test_whoever_finds_a_hole_knows_whom_to_tell(self):
        """RFC 9116: one Contact at least, and an Expires that is less than a year ahead."""
        status, headers, body = self.server.request("GET", "/.well-known/security.txt")
        self.assertEqual((status, headers["content-type"]), (200, "text/plain; charset=utf-8"))
        fields = dict(line.split(": ", 1) for line in body.decode().splitlines())
        self.assertEqual(fields["Contact"], "mailto:security@example.se")
        self.assertEqual(fields["Canonical"], self.server.demo["url"] + "/.well-known/security.txt")
        left_s = calendar.timegm(time.strptime(fields["Expires"], "%Y-%m-%dT%H:%M:%SZ")) - time.time()
        self.assertTrue(170 * 86400 < left_s < 365 * 86400, left_s)


class Bodies(ServerTest):
    def post(self, body, **headers):
        headers = {"Authorization": "Bearer x", "Content-Type": "application/sdp", **headers}
        return self.server.request("POST", "/whip", body, headers)

    def test_a_body_of_the_wrong_kind(self):
        response = self.post("x", **{"Content-Type": "text/plain"})
        self.assert_problem(response, 415, "media-type")
        self.assertEqual(response[1]["accept"], "application/sdp")

    def test_a_body_too_large_is_refused_before_it_comes(self):
        c = self.server.connect()
        c.sendall(b"POST /whip HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\n"
                  b"Content-Type: application/sdp\r\nContent-Length: 131073\r\n\r\n")
        self.assertIn(b"HTTP/1.1 413", c.recv(65536))
        c.close()

    def test_a_body_without_length(self):
        c = self.server.connect()
        c.sendall(b"POST /whip HTTP/1.1\r\nHost: x\r\nContent-Type: application/sdp\r\n"
                  b"Transfer-Encoding: chunked\r\n\r\n3\r\nv=0\r\n0\r\n\r\n")  # at once: it closes
        self.assertIn(b"HTTP/1.1 411", c.recv(65536))
        c.close()

    def test_a_body_in_small_pieces_arrives_whole(self):
        body = b'{"title": "T", "participants": [{"role": "patient", "name": "E"}]}'
        c = self.server.connect()
        c.sendall(f"POST /api/v1/consultations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json"
                  f"\r\nAuthorization: Bearer {self.server.key}\r\n"
                  f"Content-Length: {len(body)}\r\n\r\n".encode())
        for i in range(0, len(body), 7):
            c.sendall(body[i:i + 7])
            time.sleep(0.002)  # so that the pieces arrive as pieces
        self.assertIn(b"HTTP/1.1 201", c.recv(65536))
        c.close()

    def test_what_follows_a_body_holds_up_nobody(self):
        """The library once turned in circles for ever over bytes behind a POST's body."""
        head = (b"POST /whip HTTP/1.1\r\nHost: x\r\nContent-Type: application/sdp\r\n"
                b"Authorization: Bearer x\r\nContent-Length: 3\r\n\r\n")
        after = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
        for data in (head + b"v=0" + after, after + head + b"v=0" + after * 3, head + b"v=0xxxx",
                     after + head.replace(b": 3", b": 0") + after, after * 2 + head + b"v=0" + head):
            for cut in (0, 40, len(head) + 1):
                c = self.server.connect()
                c.sendall(data[:cut])
                c.sendall(data[cut:])
                self.assertEqual(self.server.request("GET", "/healthz")[0], 200)
                c.close()

    def test_nonsense_is_survived(self):
        for junk in (b"\x00" * 100, b"GET\r\n\r\n", b"GET / HTTP/1.1\r\n" + b"A" * 20000,
                     b"POST /whip HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
                     b"GET http://[ HTTP/9.9\r\n\r\n", b"GET /" + b"a" * 3000 + b" HTTP/1.1\r\n\r\n"):
            c = self.server.connect()
            c.settimeout(1)
            try:
                c.sendall(junk)
                self.assertNotIn(b"HTTP/1.1 2", c.recv(4096))
            except (ConnectionError, ssl.SSLError, TimeoutError):
                pass
            c.close()
        self.assertEqual(self.server.request("GET", "/healthz")[0], 200)


class Limits(ServerTest):
    flags = ("--request-timeout", "1", "--idle-timeout", "1", "--max-connections-per-address", "8")

    def connect_when_free(self):
        """A connection; the server sees the closings of the ones before a moment later."""
        end = time.monotonic() + 5
        while True:
            try:
                return self.server.connect()
            except (ConnectionError, ssl.SSLError):
                self.assertLess(time.monotonic(), end)

    def closed_after(self, c, start):
        c.settimeout(8)
        try:
            while c.recv(4096):
                pass
        except ConnectionError:
            pass
        return time.monotonic() - start

    def test_slow_and_idle_clients_are_closed(self):
        head = self.connect_when_free()
        start = time.monotonic()
        raw = socket.create_connection(("127.0.0.1", self.server.port), timeout=5)  # no TLS at all
        head.sendall(b"GET / HTTP/1.1\r\nHost: ")
        body = self.connect_when_free()
        body.sendall(b"POST /whip HTTP/1.1\r\nHost: x\r\nContent-Type: application/sdp\r\n"
                     b"Content-Length: 100\r\n\r\nv=0")
        idle = self.connect_when_free()
        idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        for c in (raw, head, body, idle):
            self.assertLess(self.closed_after(c, start), 5)
            c.close()

    def test_a_byte_at_a_time_holds_no_connection(self):
        """Neither in the header nor in the body, by whose bytes the library's timeout begins anew."""
        for head in (b"GET / HTTP/1.1\r\nHost: x\r\nX: ",
                     b"POST /whip HTTP/1.1\r\nHost: x\r\nContent-Type: application/sdp\r\n"
                     b"Authorization: Bearer x\r\nContent-Length: 1000\r\n\r\n"):
            c, start = self.connect_when_free(), time.monotonic()
            with self.subTest(head), self.assertRaises((ConnectionError, ssl.SSLError)):
                c.sendall(head)
                while time.monotonic() - start < 5:
                    c.sendall(b"a")
                    time.sleep(0.2)  # slower than the timeout, each byte within it
            c.close()

    def test_connections_from_one_address_are_capped(self):
        held = [self.server.connect() for _ in range(8)]
        with self.assertRaises((ConnectionError, ssl.SSLError)):
            self.server.connect()
        for c in held:
            c.close()
        self.connect_when_free().close()


class Rate(ServerTest):
    flags = ("--requests-per-second", "1")

    def test_too_many_requests_get_429(self):
        c = http.client.HTTPSConnection("127.0.0.1", self.server.port, timeout=5,
                                        context=harness.tls_context())
        statuses = []
        for _ in range(15):
            c.request("GET", "/healthz")
            r = c.getresponse()
            statuses.append(r.status)
            r.read()
        c.close()
        self.assertEqual(statuses[0], 200)
        self.assertEqual(statuses[-1], 429)
        self.assertEqual(sorted(statuses), statuses)


class Stranger(unittest.TestCase):
    """With a certificate of one's own the browser may insist on HTTPS."""

    def test_hsts_comes_with_a_certificate(self):
        first = Server(web=False)
        self.addCleanup(first.stop)
        first.start()
        data = first.directory / "var"
        first.signal(signal.SIGTERM)
        self.assertEqual(first.wait(), 0)
        second = Server("--cert", str(data / "https-cert.pem"), "--key", str(data / "https-key.pem"),
                        directory=first.directory, web=False)
        self.addCleanup(second.stop)
        second.start()
        status, headers, _ = second.request("GET", "/healthz")
        self.assertEqual((status, headers["strict-transport-security"]), (200, "max-age=31536000"))


if __name__ == "__main__":
    unittest.main()
