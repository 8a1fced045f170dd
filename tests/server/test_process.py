#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Starting, failing to start, ending and coming back: exit codes, messages, what is kept."""

import contextlib
import fcntl
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import stat
import struct
import subprocess
import tempfile
import termios
import time
import unittest

from harness import VIDD, Server, WebSocket

NOBODY = 65534


def run(*flags, cwd=None, as_nobody=False, program=VIDD):
    """Runs vidd where it cannot start: (exit code, standard error)."""
    drop = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if as_nobody else {}
    done = subprocess.run([program, *flags], cwd=cwd, capture_output=True, text=True, timeout=10, **drop)
    return done.returncode, done.stderr


class Refusals(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="vidd-test-"))
        self.addCleanup(shutil.rmtree, self.directory)

    def start(self, *flags, **options):
        return run("--demo", "--address", "127.0.0.1", "--port", "0", "--media-port", "0", *flags,
                   cwd=self.directory, **options)

    def test_configuration(self):
        path = self.directory / "vidd.conf"
        path.write_text("[vidd]\n# ports\nprot = 1\n")
        code, said = self.start("--config", str(path))
        self.assertEqual(code, 2)
        self.assertIn(f"{path}:3: unknown key \"prot\"", said)
        self.assertEqual(self.start("--port", "x")[0], 2)
        self.assertEqual(self.start("--address", "198.51.100.77")[0], 2)  # not ours
        self.assertEqual(self.start("--media-port", "65535", "--workers", "2")[0], 2)

    def test_ports_taken(self):
        with socket.socket() as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            tcp.bind(("", 0))
            tcp.listen()
            code, said = self.start("--port", str(tcp.getsockname()[1]))
            self.assertEqual(code, 3)
            self.assertIn(f"port {tcp.getsockname()[1]} is taken", said)
            udp.bind(("127.0.0.1", 0))
            code, said = self.start("--workers", "1", "--media-port", str(udp.getsockname()[1]))
            self.assertEqual(code, 3)
            self.assertIn(f"127.0.0.1:{udp.getsockname()[1]} is taken", said)

    def test_database(self):
        data = self.directory / "var"
        data.mkdir()
        (data / "vidd.db").write_bytes(b"no database" * 500)
        code, said = self.start()
        self.assertEqual(code, 4)
        self.assertIn("vidd.db", said)

    def test_certificates(self):
        broken = self.directory / "broken.pem"
        broken.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        for path in (broken, self.directory / "missing.pem"):
            code, said = self.start("--cert", str(path), "--key", str(path))
            self.assertEqual(code, 6)
            self.assertIn(str(path), said)
        (self.directory / "var").mkdir(exist_ok=True)
        (self.directory / "var" / "dtls.pem").write_text("no pem")
        code, said = self.start()
        self.assertEqual(code, 6)
        self.assertIn("dtls.pem", said)

    @unittest.skipUnless(os.geteuid() == 0, "only root can become somebody without permission")
    def test_permission(self):
        os.chmod(self.directory, 0o755)
        # The tree may lie where nobody may look.
        code, said = self.start(as_nobody=True, program=shutil.copy(VIDD, self.directory))
        self.assertEqual(code, 5)
        self.assertIn("var", said)

    def test_help_and_version(self):
        done = subprocess.run([VIDD, "--help"], capture_output=True, text=True, check=True)
        self.assertIn("--media-port PORT", done.stdout)
        self.assertLess(max(map(len, done.stdout.splitlines())), 120)
        done = subprocess.run([VIDD, "--version"], capture_output=True, text=True, check=True)
        self.assertRegex(done.stdout, r"^vidd \d+\.\d+\.\d+\n$")


class Unread(Server):
    """Its standard error is a pipe that nobody reads once it is ready."""

    PIPE_BYTES = 4096

    def start(self):
        os.mkfifo(self.log_path)
        self.reader = os.open(self.log_path, os.O_RDONLY | os.O_NONBLOCK)
        fcntl.fcntl(self.reader, fcntl.F_SETPIPE_SZ, self.PIPE_BYTES)
        self.heard = b""
        return super().start()

    def log(self):
        with contextlib.suppress(BlockingIOError):
            while part := os.read(self.reader, 65536):
                self.heard += part
        return self.heard.decode(errors="replace")

    def unread_bytes(self):
        return struct.unpack("i", fcntl.ioctl(self.reader, termios.FIONREAD, b"\0" * 4))[0]


class Life(unittest.TestCase):
    def server(self, **options):
        server = Server(web=False, **options)
        self.addCleanup(server.stop)
        return server.start()

    def test_signals_end_it_in_time(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            server = self.server()
            held = server.connect()  # an idle connection does not hold it up
            start = time.monotonic()
            server.signal(number)
            self.assertEqual(server.wait(5), 0)
            self.assertLess(time.monotonic() - start, 5)
            held.close()

    def test_a_log_that_nobody_reads_holds_up_nobody(self):
        server = Unread("--requests-per-second", "1000", web=False)
        self.addCleanup(server.stop)
        self.addCleanup(lambda: os.close(server.reader))
        server.start()
        for _ in range(100):
            server.consult("patient")  # a line each
        # A pipe is full when the next line does not fit.
        self.assertGreater(server.unread_bytes(), Unread.PIPE_BYTES / 2)
        server.signal(signal.SIGTERM)
        self.assertEqual(server.wait(10), 0)

    def test_a_crash_leaves_no_memory_in_a_file(self):
        server = Server()
        self.addCleanup(server.stop)
        server.start()
        limits = pathlib.Path(f"/proc/{server.child.pid}/limits").read_text()
        self.assertRegex(limits, r"Max core file size +0 +0 ")

    def test_one_vidd_per_database(self):
        server = self.server()
        code, said = run("--demo", "--address", "127.0.0.1", "--port", "0", "--media-port", "0",
                         cwd=server.directory)
        self.assertEqual(code, 4)
        self.assertIn("locked by another program", said)
        self.assertEqual(server.request("GET", "/healthz")[0], 200)

    def test_a_killed_server_comes_back_with_the_same_links(self):
        server = self.server()
        made = server.consult("patient")
        before, fingerprint = server.demo, (server.directory / "var" / "dtls.pem").read_bytes()
        server.child.kill()
        server.wait()
        server.start()
        self.assertEqual(server.demo["links"]["patient"].split("#")[1],
                         before["links"]["patient"].split("#")[1])
        self.assertEqual(server.key, before["api_key"])
        self.assertEqual((server.directory / "var" / "dtls.pem").read_bytes(), fingerprint)
        for token in (made["participants"][0]["token"], server.tokens["patient"]):
            ws = WebSocket(server)
            self.addCleanup(ws.close)
            ws.send({"type": "join", "v": 1, "token": token})
            ws.receive_type("joined")
        # A demo that was ended gives way to a new one.
        consultation = ws_consultation(server)
        self.assertEqual(server.api("DELETE", "/" + consultation)[0], 204)
        server.signal(signal.SIGTERM)
        self.assertEqual(server.wait(), 0)
        server.start()
        self.assertNotEqual(server.tokens["patient"], before["links"]["patient"].split("#")[1])

    def test_a_backup_made_beside_it_is_the_whole_server_again(self):
        """As docs/operations.md says: the database by SQLite, the keys beside it by copying."""
        first = self.server()
        made, key = first.consult("patient"), first.key
        with tempfile.TemporaryDirectory() as home:
            data = pathlib.Path(home) / "var"
            data.mkdir(mode=0o700)
            with contextlib.closing(sqlite3.connect(first.directory / "var" / "vidd.db")) as db, \
                    contextlib.closing(sqlite3.connect(data / "vidd.db")) as copy:
                db.backup(copy)
            for name in ("audit-key.pem", "audit-key.pub", "link-key", "dtls.pem"):
                shutil.copy2(first.directory / "var" / name, data)
            second = self.server(directory=home)
            self.assertEqual(second.api("GET", "/" + made["id"], key=key)[0], 200)
            ws = WebSocket(second)
            ws.send({"type": "join", "v": 1, "token": made["participants"][0]["token"]})
            ws.receive_type("joined")
            ws.close()
            self.assertEqual((data / "dtls.pem").read_bytes(), (first.directory / "var" / "dtls.pem").read_bytes())
            done = subprocess.run([VIDD, "audit", "verify", "--data", str(data)], capture_output=True, text=True,
                                  timeout=20, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            second.stop()

    def test_a_key_is_made_beside_a_running_server(self):
        server = self.server()
        made = subprocess.run([VIDD, "--data", str(server.directory / "var"), "--make-api-key", "booking"],
                              capture_output=True, text=True, timeout=10, check=True)
        key = made.stdout.strip()
        self.assertRegex(key, r"^vk_[A-Za-z0-9_-]{43}$")
        self.assertEqual(server.api("GET", "/none", key=key)[0], 404)
        self.assertEqual(server.api("GET", "/none", key=key[:-1] + "?")[0], 401)
        self.assertEqual(run("--make-api-key")[0], 2)

    def test_secrets_stay_where_they_belong(self):
        server = self.server()
        made = server.consult("patient", "clinician")
        secrets = [p["token"] for p in made["participants"]] + list(server.tokens.values())
        ws = WebSocket(server)
        ws.send({"type": "join", "v": 1, "token": secrets[0]})
        ws.receive_type("joined")
        ws.close()
        var = server.directory / "var"
        for path in var.iterdir():
            self.assertEqual(stat.S_IMODE(path.stat().st_mode) & 0o077, 0, path)
        server.signal(signal.SIGTERM)
        self.assertEqual(server.wait(), 0)
        for secret in secrets + [server.key]:
            self.assertNotIn(secret, server.log())
            for path in var.glob("vidd.db*"):
                self.assertNotIn(secret.encode(), path.read_bytes())
        for name in ("Patient", "Clinician", "Elsa", "Anna", "Test"):
            self.assertNotIn(name, server.log())


def ws_consultation(server):
    ws = WebSocket(server)
    ws.send({"type": "join", "v": 1, "token": server.tokens["patient"]})
    consultation = ws.receive_type("joined")["consultation"]["id"]
    ws.close()
    return consultation


if __name__ == "__main__":
    unittest.main()
