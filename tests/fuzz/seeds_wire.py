#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Writes the seeds of fuzz_rtp, fuzz_rtcp, fuzz_twcc and fuzz_red into corpus/: well-formed input
of every kind, so that the fuzzers need not find the formats first. Run again after a change here;
the files are committed."""

import pathlib
import struct

CORPUS = pathlib.Path(__file__).with_name("corpus")


def seed(target, name, data):
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def rtp(ids, first, ext=b"", payload=b"payload"):
    """The ids that fuzz_rtp negotiates, then a packet."""
    return bytes(ids) + struct.pack("!BBHII", first, 0xEF, 12345, 0xDEADBEEF, 0x12345678) + ext + payload


def ext_block(profile, elements):
    elements += b"\0" * (-len(elements) % 4)
    return struct.pack("!HH", profile, len(elements) // 4) + elements


def rtp_seeds():
    ids = list(range(1, 12))
    wide = [1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 255]
    one = b"".join(bytes([i << 4 | n - 1]) + b"x" * n
                   for i, n in ((1, 1), (2, 4), (4, 1), (5, 2), (6, 3), (7, 8), (8, 16)))
    two = b"".join(bytes([i, n]) + b"x" * n for i, n in ((1, 0), (4, 1), (16, 40), (255, 3)))
    seed("rtp", "plain", rtp(ids, 0x80))
    seed("rtp", "one_byte", rtp(ids, 0x90, ext_block(0xBEDE, one)))
    seed("rtp", "two_byte", rtp(wide, 0x90, ext_block(0x1000, two)))
    seed("rtp", "id_15", rtp(ids, 0x90, ext_block(0xBEDE, b"\x10a\xf0\x00")))
    seed("rtp", "other_profile", rtp(ids, 0x90, ext_block(0x4321, b"abcd")))
    seed("rtp", "csrc_and_padding", rtp(ids, 0xA2, b"\0" * 8, b"payload\0\0\3"))


def rtcp(pt, count, body):
    return struct.pack("!BBH", 0x80 | count, pt, len(body) // 4) + body


def rtcp_seeds():
    ssrcs = struct.pack("!II", 1, 2)
    report = struct.pack("!IIIIII", 7, 77 << 24 | 0xFFFFFE, 0x20003, 400, 0xAABBCCDD, 0x18000)
    sr = rtcp(200, 1, struct.pack("!IQIII", 1, 0xE9E8D7C6B5A49382, 90000, 1000, 160000) + report)
    rr = rtcp(201, 2, struct.pack("!I", 1) + report * 2)
    sdes = rtcp(202, 1, struct.pack("!I", 1) + b"\x01\x04abcd\0\0")
    bye = rtcp(203, 2, ssrcs + b"\x03bye")
    nack = rtcp(205, 1, ssrcs + struct.pack("!HHHH", 12, 0x8001, 65535, 0xFFFF))
    pli = rtcp(206, 1, ssrcs)
    fir = rtcp(206, 4, struct.pack("!II", 1, 0) + struct.pack("!II", 2, 9 << 24) * 2)
    remb = rtcp(206, 15, struct.pack("!II", 1, 0) + b"REMB\x01\x13\xf7\xa0" + struct.pack("!I", 2))
    twcc = rtcp(205, 15, ssrcs + bytes.fromhex("009900013de8021720019400"))
    xr = rtcp(207, 0, struct.pack("!I", 1) + b"\x04\0\0\x02" + b"\0" * 8)
    for name, data in (("sr", sr), ("rr", rr), ("bye", bye), ("nack", nack), ("pli", pli),
                       ("fir", fir), ("remb", remb), ("twcc", twcc), ("xr", xr),
                       ("compound", sr + sdes + nack + pli), ("reduced", rr + twcc + remb + bye)):
        seed("rtcp", name, data)
    seed("rtcp", "padded", sdes + bytes([0xA0]) + rr[1:3] + b"\x0e" + rr[4:] + b"\0\0\0\4")


def twcc_seeds():
    def fci(count, chunks, deltas):
        return struct.pack("!HHBHB", 65530, count, 0, 1000, 5) + chunks + deltas
    seed("twcc", "run", fci(20, b"\x20\x14", bytes(range(20))))
    seed("twcc", "lost", fci(300, b"\x01\x2c", b"\0\0"))
    seed("twcc", "one_bit", fci(14, b"\xaa\xaa", b"\4" * 7 + b"\0"))
    seed("twcc", "two_bit", fci(7, b"\xd9\x21", b"\4\x7f\xff\4\x80\0\4"))
    seed("twcc", "mixed", fci(30, b"\x00\x03\x95\x55\xe4\xe4\x20\x06", b"\1" * 40))
    # The building half reads the same bytes as room, start, base, count and steps.
    steps = b"".join(struct.pack("!Bh", 4 * (i % 5) + (i % 3 > 0), 100 * i - 900) for i in range(60))
    seed("twcc", "steps", struct.pack("!HQHB", 4096, 1 << 50, 65530, 3) + steps)


def red_seeds():
    seed("red", "primary", b"\x6fopus")
    seed("red", "one_older", bytes.fromhex("ef0f00036f") + b"oldnew!")
    seed("red", "two_older", bytes.fromhex("ef1e0003ef0f00036f") + b"oldoldnew!")
    seed("red", "full", b"\xef\x0f\x00\x01" * 7 + b"\x6f" + b"1234567p")


if __name__ == "__main__":
    rtp_seeds()
    rtcp_seeds()
    twcc_seeds()
    red_seeds()
