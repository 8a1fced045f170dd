# SPDX-License-Identifier: EUPL-1.2
"""Starts the real vidd on loopback with free ports, and speaks HTTPS and websockets to it.

Only Python's standard library. The program is named by the environment variable VIDD.
"""

import base64
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import tempfile
import time
import unittest
import zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
VIDD = os.environ.get("VIDD", str(ROOT / "build" / "server" / "vidd"))
START_S = 60  # the sample accounts are hashed first: seconds on a busy machine


def tls_context():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Server:
    """One vidd in a directory of its own; `stop` or the end of the test ends it."""

    def __init__(self, *flags, directory=None, web=True):
        self.directory = pathlib.Path(directory or tempfile.mkdtemp(prefix="vidd-test-"))
        self.owns_directory = directory is None
        self.flags = ["--demo", "--port", "0", "--media-port", "0", "--address", "127.0.0.1",
                      "--workers", "1"]
        if web:
            self.flags += ["--web", str(make_page(self.directory))]
        self.flags += flags
        self.child = None
        self.log_path = self.directory / "vidd.log"

    def start(self):
        demo = self.directory / "var" / "demo.json"
        before = demo.stat().st_mtime_ns if demo.exists() else 0
        with open(self.log_path, "wb") as log:
            self.child = subprocess.Popen([VIDD, *self.flags], cwd=self.directory, stderr=log,
                                          stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            if demo.exists() and demo.stat().st_mtime_ns != before and "event=ready" in self.log():
                break
            if self.child.poll() is not None:
                raise AssertionError(f"vidd ended with {self.child.returncode}:\n{self.log()}")
            time.sleep(0.02)
        else:
            raise AssertionError("vidd did not become ready:\n" + self.log())
        self.demo = json.loads(demo.read_text())
        self.port = int(self.demo["url"].rsplit(":", 1)[1])
        self.key = self.demo["api_key"]
        self.tokens = {who: link.split("#")[1] for who, link in self.demo["links"].items()}
        return self

    def log(self):
        return self.log_path.read_text(errors="replace")

    def signal(self, number):
        self.child.send_signal(number)

    def wait(self, timeout=6):
        code = self.child.wait(timeout)
        self.child.stdout.close()
        return code

    def stop(self):
        code = None
        if self.child is not None and self.child.poll() is None:
            self.signal(signal.SIGTERM)
            try:
                code = self.wait()
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.wait()
        elif self.child is not None and not self.child.stdout.closed:
            self.child.stdout.close()
        if self.owns_directory:
            shutil.rmtree(self.directory, ignore_errors=True)
        return code

    def connect(self):
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=5)
        return tls_context().wrap_socket(raw, server_hostname="localhost")

    def request(self, method, path, body=None, headers=None):
        """One request on a connection of its own: (status, headers as dict, body bytes)."""
        c = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=5, context=tls_context())
        try:
            c.request(method, path, body=body, headers=headers or {})
            r = c.getresponse()
            return r.status, {k.lower(): v for k, v in r.getheaders()}, r.read()
        finally:
            c.close()

    def api(self, method, path="", body=None, key=None):
        headers = {"Authorization": "Bearer " + (self.key if key is None else key)}
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = body if isinstance(body, (bytes, str)) else json.dumps(body)
        status, headers, data = self.request(method, "/api/v1/consultations" + path, body, headers)
        return status, headers, json.loads(data) if data else None

    def consult(self, *roles):
        status, _, body = self.api("POST", body={
            "title": "Test", "participants": [{"role": r, "name": r.title()} for r in roles]})
        assert status == 201, body
        return body


def make_page(directory):
    """A page as the web build leaves it: index.html and a hashed asset with compressed forms."""
    web = directory / "web"
    if web.exists():
        return web
    (web / "assets").mkdir(parents=True)
    (web / "index.html").write_text("<!doctype html><title>Vidd</title>")
    script = "console.log('vidd');\n" * 5000
    (web / "assets" / "app-1a2b3c.js").write_text(script)
    (web / "assets" / "app-1a2b3c.js.br").write_bytes(b"brotli stands here" * 20)
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    (web / "assets" / "app-1a2b3c.js.gz").write_bytes(
        packer.compress(script.encode()) + packer.flush())
    (web / ".hidden").write_text("not for the world")
    return web


class ServerTest(unittest.TestCase):
    """A test class with one server for all its tests."""

    flags = ()

    @classmethod
    def setUpClass(cls):
        cls.server = Server(*cls.flags)
        cls.addClassCleanup(cls.server.stop)
        cls.server.start()

    def assert_problem(self, response, status, code, member=None):
        got, headers, body = response
        self.assertEqual(got, status, body)
        self.assertEqual(headers["content-type"], "application/problem+json")
        problem = body if isinstance(body, dict) else json.loads(body)
        self.assertEqual(problem["code"], code)
        self.assertEqual(problem["type"], "urn:vidd:problem:" + code)
        self.assertEqual(problem["status"], status)
        self.assertTrue(problem["title"] and problem["detail"])
        self.assertEqual(problem.get("member"), member)


class Closed(Exception):
    """The websocket was closed; code is its reason or None."""

    def __init__(self, code):
        super().__init__(f"closed with {code}")
        self.code = code


class WebSocket:
    """A client after RFC 6455, with permessage-deflate (RFC 7692) when asked for."""

    def __init__(self, server, path="/ws", protocol="vidd.1", deflate=False):
        self.socket = server.connect()
        self.buffer = b""
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: localhost:{server.port}", "Upgrade: websocket",
                 "Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
        if protocol:
            lines.append("Sec-WebSocket-Protocol: " + protocol)
        if deflate:
            lines.append("Sec-WebSocket-Extensions: permessage-deflate")
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        head = self.read_until(b"\r\n\r\n").decode()
        self.status = int(head.split(" ", 2)[1]) if head else 0
        self.deflates = "permessage-deflate" in head
        self.packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        self.unpacker = zlib.decompressobj(-15)

    def close(self):
        self.socket.close()

    def read_until(self, mark):
        while mark not in self.buffer:
            try:
                piece = self.socket.recv(65536)
            except (ConnectionError, ssl.SSLError):
                piece = b""
            if not piece:
                return b""
            self.buffer += piece
        head, self.buffer = self.buffer.split(mark, 1)
        return head

    def read_exactly(self, n):
        while len(self.buffer) < n:
            piece = self.socket.recv(65536)
            if not piece:
                raise Closed(None)
            self.buffer += piece
        data, self.buffer = self.buffer[:n], self.buffer[n:]
        return data

    def send_frame(self, opcode, payload, final=True, compressed=False):
        first = (0x80 if final else 0) | (0x40 if compressed else 0) | opcode
        if len(payload) < 126:
            head = struct.pack("!BB", first, 0x80 | len(payload))
        elif len(payload) < 65536:
            head = struct.pack("!BBH", first, 0x80 | 126, len(payload))
        else:
            head = struct.pack("!BBQ", first, 0x80 | 127, len(payload))
        mask = os.urandom(4)
        masked = bytes(b ^ mask[i & 3] for i, b in enumerate(payload))
        self.socket.sendall(head + mask + masked)

    def send(self, message):
        text = message if isinstance(message, str) else json.dumps(message)
        data = text.encode()
        if self.deflates:
            data = self.packer.compress(data) + self.packer.flush(zlib.Z_SYNC_FLUSH)
            self.send_frame(1, data[:-4], compressed=True)
        else:
            self.send_frame(1, data)

    def receive(self):
        """The next message as JSON; pings are answered on the way."""
        data, compressed = b"", False
        while True:
            first, second = self.read_exactly(2)
            size = second & 0x7f
            if size == 126:
                size = struct.unpack("!H", self.read_exactly(2))[0]
            elif size == 127:
                size = struct.unpack("!Q", self.read_exactly(8))[0]
            payload = self.read_exactly(size)
            opcode = first & 0x0f
            if opcode == 8:
                raise Closed(struct.unpack("!H", payload[:2])[0] if len(payload) > 1 else None)
            if opcode == 9:
                self.send_frame(10, payload)
            if opcode in (9, 10):
                continue
            compressed = compressed or bool(first & 0x40)
            data += payload
            if first & 0x80:
                break
        if compressed:
            data = self.unpacker.decompress(data + b"\x00\x00\xff\xff")
        return json.loads(data)

    def receive_type(self, kind):
        while True:
            message = self.receive()
            if message["type"] == kind:
                return message

    def wait_closed(self):
        """Reads to the end: the close code, None without one."""
        while True:
            try:
                self.receive()
            except Closed as e:
                return e.code
            except (ConnectionError, ssl.SSLError):
                return None
