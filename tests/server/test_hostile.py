#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Seeded nonsense at the front: requests and frames half right, cut, run together, reset. The server
goes on serving, forgets every connection and holds no more memory than before."""

import os
import random
import socket
import ssl
import struct
import threading
import time
import unittest

from harness import ROOT, Server

SECONDS = float(os.environ.get("VIDD_HOSTILE_S", "4"))
SEED = int(os.environ.get("VIDD_HOSTILE_SEED", "1"))
THREADS = 6
OFFER = (ROOT / "tests/vectors/offers/gstreamer-sendonly.sdp").read_bytes()
UPGRADE = (b"GET /ws HTTP/1.1\r\nHost: l\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
           b"Sec-WebSocket-Protocol: vidd.1\r\n\r\n")
PATHS = ("/", "/whip", "/whip/x", "/whep", "/ws", "/api/v1/consultations", "/healthz", "/metrics",
         "/assets/app-1a2b3c.js", "/x?from=y", "*", "//", "/%00", "/../..")
METHODS = ("GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS", "PUT", "CONNECT", "BREW")
EXTRAS = ("Transfer-Encoding: chunked", "Expect: 100-continue", "Connection: close",
          "Connection: Upgrade\r\nUpgrade: h2c", "Content-Type: application/sdp",
          "Content-Type: application/json", "Content-Type: application/trickle-ice-sdpfrag",
          "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: x")


def a_request(rng, secrets):
    body = rng.choice((b"", b"v=0\r\n", OFFER, rng.randbytes(rng.randrange(300)),
                       b"x" * rng.randrange(5000)))
    lines = [f"{rng.choice(METHODS)} {rng.choice(PATHS)} HTTP/{rng.choice(('1.1', '1.1', '1.0', '2.0'))}",
             "Host: localhost"]
    if rng.random() < 0.6:
        size = rng.choice((len(body),) * 4 + (0, len(body) + 5, max(0, len(body) - 5), 10 ** 11, -1))
        lines.append(f"Content-Length: {size}")
    if rng.random() < 0.5:
        lines.append("Authorization: Bearer " + rng.choice(secrets))
    lines += [extra for extra in EXTRAS if rng.random() < 0.12]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def a_frame(rng):
    payload = rng.choice((b"", b'{"type":"ping"}', rng.randbytes(rng.randrange(200)), b"\x03\xe8", b"\x00",
                          b"x" * rng.choice((125, 126, 127, 65535, 70000, 170000))))
    first = rng.choice((0, 1, 1, 1, 2, 3, 8, 9, 10, 11)) | rng.choice((0x80, 0x80, 0x80, 0, 0x40, 0xc0, 0x70))
    masked = 0x80 if rng.random() < 0.9 else 0
    size = len(payload)
    if size < 126:
        head = struct.pack("!BB", first, masked | size)
    elif size < 65536:
        head = struct.pack("!BBH", first, masked | 126, size)
    else:
        head = struct.pack("!BBQ", first, masked | 127, size)
    return head + (bytes(4) if masked else b"") + payload  # a mask of zeros is a mask


class Hostile(unittest.TestCase):
    def setUp(self):
        self.server = Server("--requests-per-second", "100000", "--max-connections-per-address", "4000",
                             "--request-timeout", "2")
        self.addCleanup(self.server.stop)
        self.server.start()

    def one_connection(self, rng, secrets):
        if rng.random() < 0.1:  # no TLS
            with socket.create_connection(("127.0.0.1", self.server.port), timeout=2) as raw:
                raw.sendall(rng.randbytes(rng.randrange(1, 500)))
            return
        with self.server.connect() as c:
            c.settimeout(0.1)
            if rng.random() < 0.4:
                data = UPGRADE + b"".join(a_frame(rng) for _ in range(rng.randrange(6)))
            else:
                data = b"".join(a_request(rng, secrets) for _ in range(rng.randrange(1, 6)))
            if rng.random() < 0.1:
                data = data[:rng.randrange(len(data))]
            while data:
                size = rng.choice((1, 7, 100, 1000, 100000) if len(data) < 2000 else (1000, 5000, 100000))
                c.sendall(data[:size])
                data = data[size:]
            while rng.random() < 0.9 and c.recv(65536):
                pass
            if rng.random() < 0.3:
                c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # reset

    def attack(self, seed, end, done):
        rng = random.Random(seed)
        secrets = (self.server.tokens["patient"], self.server.key, "x")
        while time.monotonic() < end and self.server.child.poll() is None:
            try:
                self.one_connection(rng, secrets)
            except (OSError, ssl.SSLError):
                pass
            done.append(seed)

    def figure(self, name):
        for line in self.server.request("GET", "/metrics")[2].decode().splitlines():
            if line.startswith(name + " "):
                return float(line.split()[1])
        raise AssertionError(name)

    def test_nonsense_leaves_nothing_behind(self):
        done, end = [], time.monotonic() + SECONDS
        threads = [threading.Thread(target=self.attack, args=(SEED * 100 + i, end, done))
                   for i in range(THREADS)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertIsNone(self.server.child.poll(), self.server.log())
        self.assertGreater(len(done), 20)
        self.assertEqual(self.server.request("GET", "/healthz")[::2], (200, b"ok\n"))
        end = time.monotonic() + 30  # request timeouts have to pass first; a busy machine adds to them
        while self.figure("vidd_connections") > 1 or self.figure("vidd_websockets") > 0:
            self.assertLess(time.monotonic(), end, "connections are left")
            time.sleep(0.1)  # between looks: the timeouts are the server's
        before = self.figure("process_cpu_seconds_total")
        time.sleep(0.5)  # the interval that processor time is measured over
        self.assertLess(self.figure("process_cpu_seconds_total") - before, 0.25, "it turns in circles")
        self.assertEqual(self.server.stop(), 0)


if __name__ == "__main__":
    unittest.main()
