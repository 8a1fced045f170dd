#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Writes the seeds of fuzz_sdp, fuzz_deflate, fuzz_message, fuzz_sdpfrag, fuzz_service and fuzz_t140 into corpus/: offers of
real clients, the examples of docs/protocol.md, fragments, a call from join to leave, and the vectors of real-time text. Run again
after a change of those; the files are committed."""

import base64
import json
import pathlib
import re
import zlib

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
OFFERS = ("chromium-audio-only", "chromium-sendrecv", "chromium-publish", "firefox-sendrecv",
          "gstreamer-sendrecv", "aiortc-sendrecv")


def seed(target, name, data):
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def packed(data):
    return base64.b64encode(zlib.compress(data, 9))


def descriptions():
    for name in OFFERS:
        seed("deflate", name, packed((ROOT / f"tests/vectors/offers/{name}.sdp").read_bytes()))
    seed("deflate", "bomb", packed(b"v" * 300000))
    stored = b"v=0\r\n"
    seed("deflate", "stored", base64.b64encode(zlib.compress(stored, 0)))


def messages():
    page = (ROOT / "docs/protocol.md").read_text(encoding="utf-8")
    found = re.findall(r"\n```json (\w+) ([\w-]+)\n(.*?)\n```", page, re.S)
    for number, (side, name, text) in enumerate(found):
        seed("message", f"{number:02}-{side}-{name}", text.encode())


def fragments():
    new = "a=ice-ufrag:wxyz\r\na=ice-pwd:xwvutsrqponmlkjihgfedcba\r\n"
    old = "a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n"
    candidate = "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=candidate:1 1 UDP 1 192.0.2.9 5000 typ host\r\n"
    seed("sdpfrag", "restart", f"*\n{new}{candidate}".encode())
    seed("sdpfrag", "trickle", f'"tag"\n{old}{candidate}'.encode())
    seed("sdpfrag", "other", f'W/"tag", "other"\n{old}a=end-of-candidates\r\n'.encode())


def calls():
    # Pairs of fuzz_service: open, text, text, gone, answer, done, event, http, visit, time; ten more
    # is of the second client.
    first = bytes([0, 1, 1, 1, 4, 1, 1, 7, 5, 1])
    other = bytes([0, 1, 11, 9, 4, 3, 11, 7, 5, 3])
    seed("service", "call", first + other + bytes([6, 11, 6, 1, 6, 5, 6, 27, 6, 43, 6, 7, 6, 8, 6, 9, 6, 31, 6, 42, 6, 10, 6, 21, 11, 13, 5, 1, 9, 201, 1, 3, 11, 3]))
    # A clinician sets the mode while an offer is under way.
    seed("service", "mode", bytes([0, 1, 1, 1, 4, 5, 1, 7, 1, 13, 5, 1, 5, 1, 1, 21, 5, 1, 9, 99, 1, 3]))
    seed("service", "resume", first + bytes([3, 1, 0, 1, 11, 10, 9, 1, 11, 12, 9, 101, 9, 255]))
    seed("service", "whip", bytes([7, 1, 4, 1, 5, 1, 7, 2, 4, 1, 5, 1, 7, 3, 4, 1, 9, 254]))
    # A patient waits, is let in, talks apart, is asked for a still, is put back; the visit ends.
    seed("service", "visit", bytes([0, 1, 1, 1, 4, 7, 0, 1, 11, 9, 4, 2, 18, 13, 18, 7, 8, 26, 8, 6, 8, 30, 8, 34, 18, 35, 18, 63, 8, 38, 8, 13,
                                    18, 15, 18, 43, 8, 5, 8, 54, 8, 22, 9, 101]))

def real_time_text():
    vectors = json.loads((ROOT / "tests/vectors/t140.json").read_text(encoding="utf-8"))
    for number, vector in enumerate(vectors["messages"]):
        data = bytes.fromhex(vector["hex"]) if "hex" in vector else vector["text"].encode("utf-8", "surrogatepass")
        seed("t140", f"{number:02}-{vector['verdict']}", data * vector.get("times", 1))


def main():
    for name in OFFERS:
        seed("sdp", name, (ROOT / f"tests/vectors/offers/{name}.sdp").read_bytes())
    descriptions()
    messages()
    fragments()
    calls()
    real_time_text()


if __name__ == "__main__":
    main()
