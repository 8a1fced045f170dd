# SPDX-License-Identifier: EUPL-1.2
"""Network namespaces and sockets in them for the tests of vidd-linkem, without root where possible."""

import ctypes
import json
import os
import pathlib
import select
import signal
import socket
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINKEM = os.environ.get("VIDD_LINKEM", str(ROOT / "build/loadtest/linkem/vidd-linkem"))
LINKLOG = os.environ.get("VIDD_LINKLOG", str(ROOT / "build/loadtest/linkem/vidd-linklog"))
CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)


def enter_own_namespace():
    """Starts this program again in a network namespace of its own. Root makes it directly and so
    keeps the right to real-time scheduling; anybody else through a user namespace."""
    if os.environ.get("VIDD_IN_NAMESPACE") == "1":
        return
    os.environ["VIDD_IN_NAMESPACE"] = "1"
    how = ["unshare", "-n"] if os.getuid() == 0 else ["unshare", "-rn"]
    os.execvp("unshare", [*how, sys.executable, *sys.argv])


class Namespace:
    """A network namespace, kept by a process that only waits for its standard input to end."""

    def __init__(self):
        self.holder = subprocess.Popen(["unshare", "-n", "sh", "-c", "echo; read x"],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.holder.stdout.readline()
        self.path = f"/proc/{self.holder.pid}/ns/net"

    def __enter__(self):
        """Sockets opened inside `with` belong to the namespace for good."""
        self.before = os.open("/proc/self/ns/net", os.O_RDONLY)
        set_namespace(self.path)
        return self

    def __exit__(self, *_):
        set_namespace(f"/proc/self/fd/{self.before}")
        os.close(self.before)

    def udp(self, address):
        with self:
            sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
            sock.bind(address)
        sock.settimeout(5)
        return sock

    def run(self, *argv):
        return subprocess.run(["nsenter", "--net=" + self.path, *argv], capture_output=True,
                              text=True, check=False).stdout

    def close(self):
        self.holder.stdin.close()
        self.holder.wait()
        self.holder.stdout.close()


def set_namespace(path):
    fd = os.open(path, os.O_RDONLY)
    if LIBC.setns(fd, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns " + path)
    os.close(fd)


class Linkem:
    """A running vidd-linkem; ready when made."""

    def __init__(self, *args):
        self.process = subprocess.Popen([LINKEM, *map(str, args)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        if not select.select([self.process.stdout], [], [], 10)[0]:
            self.process.kill()
        first = self.process.stdout.readline()
        assert first == "ready\n", (first, self.process.wait())

    def go(self):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def stop(self):
        """Ends it; returns its summary."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self):
        text = self.process.communicate(timeout=20)[0]
        assert self.process.returncode == 0, self.process.returncode
        return json.loads(text)


def report_of(path):
    done = subprocess.run([LINKLOG, path], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def packets_of(path):
    done = subprocess.run([LINKLOG, "--packets", path], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def write_profile(folder, name, down=None, up=None, **more):
    path = pathlib.Path(folder) / (name + ".json")
    path.write_text(json.dumps({"name": name, "duration_s": 60, "down": down or {}, "up": up or {},
                                **more}), encoding="utf-8")
    return str(path)
