#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Writes the seeds of fuzz_engine below corpus/: rows of records as fuzz_engine.c reads them.

Usage: seeds_engine.py          (in tests/fuzz)
"""

import pathlib
import struct

CORPUS = pathlib.Path(__file__).resolve().parent / "corpus" / "engine"

RTP, RTCP, RAW, STRANGER, WAIT, UPDATE, NACK, FEEDBACK, REMB, MEDIA, LINK, LEAVE = range(12)
OPUS, RED_OPUS, TONE, VP8, VP9, AV1 = range(6)
LARGE, KEY, THREE, GAP = 8, 16, 32, 64
MID, RID, RRID, LEVEL, TCC, SEND_TIME, CAPTURE, DD = range(1, 9)


def record(op, data, who=0):
    head = op & 7 | (op & 8) << 1 | (who & 1) << 3 | (who & 2) << 4
    return bytes([head]) + struct.pack("!H", len(data)) + data


def media(kind, frames, ms=33, size=100, who=0):
    return record(MEDIA, bytes([kind, frames, ms, size]), who)


def link(kbps, who=1):
    return record(LINK, bytes([kbps // 16, 1]), who)


def mixed(kind, frames, size=100):
    """Sound and pictures of the first person together."""
    return row(*[media(kind | (KEY if i == 0 else 0), 1, 13, size) + media(OPUS, 1, 20) for i in range(frames)])


def wait(ms):
    return record(WAIT, bytes([ms // 4]))


def exts(values):
    body = b"".join(bytes([i << 4 | len(v) - 1]) + v for i, v in values)
    body += b"\0" * (-len(body) % 4)
    return struct.pack("!HH", 0xBEDE, len(body) // 4) + body


def rtp(pt, seq, ssrc, payload, values=(), ts=0, marker=False, who=0):
    head = struct.pack("!BBHII", 0x90 if values else 0x80, marker << 7 | pt, seq, ts, ssrc)
    return record(RTP, head + (exts(values) if values else b"") + payload, who)


def vp8(frame, is_key, starts=True):
    return bytes([0x90 if starts else 0x80, 0xF0, 0x80 | frame >> 8, frame & 255, frame & 255, 1,
                  0x10 if is_key else 0x11, 0, 0]) + b"v" * 20


def rtcp(pt, count, body, who=0):
    return record(RTCP, struct.pack("!BBH", 0x80 | count, pt, len(body) // 4) + body, who)


def camera(seq, frame, is_key=False, rid=b"q", ssrc=12, **more):
    named = [(MID, b"1"), (RID, rid), (TCC, struct.pack("!H", seq & 0xFFFF))]
    return rtp(96, seq, ssrc, vp8(frame, is_key), named, frame * 3000, **more)


def row(*parts):
    return b"".join(parts)


VIDEO = row(*[camera(i, i, i == 0) + wait(32) for i in range(8)])
VOICE = row(*[rtp(111, i, 10, b"\x78opus", [(MID, b"0"), (LEVEL, b"\x94")], i * 960) + wait(20)
              for i in range(6)])
RED = bytes([0x80 | 111]) + (960 << 10 | 3).to_bytes(3, "big") + bytes([111]) + b"old" + b"\x78new"
SR = rtcp(200, 0, struct.pack("!IQIII", 12, 0xE9 << 56, 3000, 8, 800))
REPORT = struct.pack("!IIIIIII", 0, 1004, 0x10000002, 8, 1, 0, 0)[4:]

SEEDS = {
    "voice": VOICE + wait(1000) + rtp(63, 7, 10, RED, [(MID, b"0")]) + rtp(110, 8, 10, b"\x01\x0a\0\xa0"),
    "video": VIDEO + SR + wait(1000) * 3,
    "other-way": row(*[camera(i, i, i == 0, ssrc=22, who=1) + wait(32) for i in range(6)]),
    "simulcast": row(*[camera(i, i, i % 3 == 0) + camera(500 + i, i, i % 4 == 0, b"h", 14) + wait(32)
                       for i in range(12)]),
    "gap-and-rtx": VIDEO + camera(12, 12) + wait(8)
    + rtp(97, 1, 13, struct.pack("!H", 10) + vp8(10, False), [(MID, b"1"), (RRID, b"q")], 30000)
    + rtp(97, 2, 13, b""),
    "nack-plain": VIDEO + record(NACK, b"\x08", 1) + wait(200) + record(NACK, b"\x03", 1) * 2,
    "nack-rtx": row(*[camera(i, i, i == 0, ssrc=22, who=1) + wait(32) for i in range(6)])
    + record(NACK, b"\x05") + wait(200) + record(NACK, b"\x02") + record(UPDATE, b"\x00\x02", 1)
    + record(NACK, b"\x05"),
    "gaps": VIDEO + camera(20, 20) + wait(20) + camera(40, 40) + wait(200) * 6 + camera(200, 200),
    "red-other-way": row(*[rtp(63, i, 20, RED, [(MID, b"0")], i * 960, who=1) + wait(20)
                           for i in range(3)]),
    "requests": VIDEO + rtcp(206, 1, struct.pack("!II", 1, 1004), 1) + wait(40)
    + rtcp(206, 4, struct.pack("!IIII", 1, 0, 1004, 1 << 24), 1),
    "reports": VIDEO + rtcp(201, 1, struct.pack("!I", 1) + REPORT[:24], 1)
    + rtcp(203, 1, struct.pack("!I", 12)) + VIDEO,
    "feedback": VIDEO + rtcp(205, 15, struct.pack("!IIHHIHH", 1, 1004, 0, 1, 0x100, 0x2001, 0), 1),
    "h264-av1-vp9": rtp(100, 1, 12, b"\x65\x88\x80", [(MID, b"1"), (RID, b"q")])
    + rtp(102, 2, 12, b"\x28\x02\x08\x08\0", [(MID, b"1"), (RID, b"q")])
    + rtp(98, 3, 12, b"\xe8\x80\x05\x50\x77\x82", [(MID, b"1"), (RID, b"q")]),
    "descriptor": rtp(96, 1, 12, vp8(0, True), [(MID, b"1"), (RID, b"q"), (DD, b"\xc0\0\1")])
    + rtp(96, 2, 12, vp8(0, False), [(DD, b"\x40\0\2")]),
    "update": VIDEO + record(UPDATE, b"\x02\x00") + VIDEO + record(UPDATE, b"\x20\x02") + VIDEO
    + record(UPDATE, b"\x08\x00", 1) + VIDEO + record(UPDATE, b"\x00\x00", 1),
    "raw": record(RAW, b"\x16\xfe\xfd" + b"\0" * 20) + record(RAW, b"\x80\x60" + b"\0" * 40)
    + record(STRANGER, b"\x80\x60" + b"\0" * 40) + record(STRANGER, b"\0\1\0\0\x21\x12\xa4\x42" + b"\0" * 12),
    "silence": wait(1000) * 18,
    "layers-vp8": link(320) + link(2000, 0) + mixed(VP8, 40) + media(VP8, 63),
    "layers-vp9": link(640) + media(VP9 | KEY | THREE, 30, 33, 120) + media(VP9, 60, 33, 40),
    "layers-av1": link(480) + media(AV1 | KEY | THREE, 30, 33, 120) + media(AV1, 60, 33, 40) + media(AV1 | KEY, 20),
    "simulcast-thin": link(320) + row(*[media(VP8 | (KEY if i == 0 else 0), 1, 5, 60)
                                        + media(VP8 | LARGE | (KEY if i == 0 else 0), 1, 28, 250) for i in range(40)]),
    "stills": link(48) + media(VP8 | KEY | THREE, 40, 40, 200) + mixed(VP8, 20, 200)
    + row(*[media(VP8 | KEY | THREE, 20, 100, 200) for _ in range(6)]) + link(2000) + media(VP8, 63, 40),
    "sound-thin": link(32) + row(*[media(OPUS, 50, 20) for _ in range(6)]) + media(RED_OPUS, 60, 20),
    "sound-lost": row(*[media(RED_OPUS, 10, 20) + record(FEEDBACK, bytes([0x11 * (i % 4), 0]), 1) for i in range(12)]),
    "storm": media(VP8 | KEY | THREE, 40, 10, 200) + record(NACK, b"\0\x0f", 1) * 3 + wait(40)
    + media(VP8 | KEY | THREE, 40, 10, 200) + record(NACK, b"\0\x0f", 2) * 3 + wait(200)
    + media(VP8 | KEY, 40, 10, 200, 1) + link(128, 0) + record(NACK, b"\0\x0f") * 3 + wait(400),
    "repair-and-new-slots": link(64, 0) + media(VP8 | KEY | THREE, 30, 10, 200, 1) + record(NACK, b"\0\x08")
    + record(UPDATE, b"\0\0\1") + media(VP8 | KEY | THREE, 30, 10, 200, 1) + record(NACK, b"\0\x08")
    + record(LEAVE, b"") + wait(100) + record(LEAVE, b"") + media(VP8 | KEY, 30, 10, 200, 1),
    "waiting-and-gone": link(64) + mixed(VP8, 60, 50) + media(VP8 | KEY | THREE, 6, 0, 250) + record(LEAVE, b"") + wait(100) + record(LEAVE, b"")
    + mixed(VP8, 10, 250) + record(UPDATE, b"\0\x02") + mixed(VP8, 10, 250),
    "waiting-and-other-codecs": link(320) + mixed(VP8, 60, 50) + media(VP8 | KEY | THREE, 6, 0, 250)
    + record(UPDATE, b"\0\x20") + wait(400) + mixed(VP9, 12, 250)
    + record(UPDATE, b"\0\x20") + mixed(VP9, 12, 250) + record(UPDATE, b"\0\x80", 1) + mixed(VP8, 12, 250)
    + record(UPDATE, b"\0\0\2", 1) + wait(1000),
    "tones": link(64) + row(*[media(OPUS, 1, 20) + media(OPUS, 1, 20) + media(TONE, 1, 20) for _ in range(40)]),
    "remb": media(VP8 | KEY | THREE, 20, 33, 250) + record(REMB, struct.pack("!I", 60000), 2)
    + media(VP8 | KEY | THREE, 40, 33, 250) + record(REMB, struct.pack("!I", 4000000), 2) + media(VP8, 60),
    "gaps-thin": link(320) + row(*[media(VP8 | GAP | THREE | (KEY if i == 0 else 0), 12, 33, 120) + wait(40)
                                   for i in range(10)]),
    "replay": media(VP8 | KEY, 40) + record(LEAVE, b"", 1) + media(VP8, 20) + record(LEAVE, b"", 1) + link(640)
    + media(VP8, 40) + record(UPDATE, b"\0\0\1", 1) + media(VP8, 40),
    "feedback-late": row(*[media(VP8 | KEY | THREE, 10, 33, 200) + record(FEEDBACK, bytes([0, 3 * i]), 1)
                           for i in range(8)]) + wait(1000) * 2 + media(VP8, 20) + record(FEEDBACK, b"\xff", 1),
}


def main():
    CORPUS.mkdir(parents=True, exist_ok=True)
    for name, data in SEEDS.items():
        (CORPUS / name).write_bytes(data)


if __name__ == "__main__":
    main()
