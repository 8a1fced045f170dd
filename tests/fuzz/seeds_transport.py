#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Writes the seeds of fuzz_stun, fuzz_dtls and fuzz_srtp into corpus/. Run again after a change
here; the files are committed."""

import hashlib
import hmac
import pathlib
import struct
import zlib

CORPUS = pathlib.Path(__file__).with_name("corpus")


def seed(target, name, data):
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def attribute(kind, value):
    return struct.pack("!HH", kind, len(value)) + value + b"\0" * (-len(value) % 4)


def stun_header(length, kind=1):
    return struct.pack("!HHI", kind, length, 0x2112A442) + b"transaction!"


def stun_signed(attributes):
    body = stun_header(len(attributes) + 24) + attributes
    body += attribute(8, hmac.new(b"passwordOfTheServer24chr", body, hashlib.sha1).digest())
    body = stun_header(len(body) - 20 + 8) + body[20:]
    return body + attribute(0x8028, struct.pack("!I", zlib.crc32(body) ^ 0x5354554E))


def stun_seeds():
    name = attribute(6, b"aaaa:peer")
    rest = attribute(0xC057, b"\0\0\0\2") + attribute(0x802A, b"tiebreak") + attribute(0x24, b"\x6e\0\1\xff")
    check = name + rest
    seed("stun", "check", b"\0" + stun_signed(check))
    seed("stun", "nominate_ipv6", b"\2" + stun_signed(check + attribute(0x25, b"")))
    seed("stun", "signed_check", b"\1" + check)
    seed("stun", "signed_conflict", b"\1" + name + attribute(0x8029, b"tiebreak"))
    seed("stun", "signed_unknown", b"\3" + name + attribute(0x7001, b"abcd") + attribute(0x7002, b""))
    seed("stun", "indication", b"\0" + stun_header(8, 0x11) + attribute(0x8028, b"abcd"))


def record(seq, fragment, kind=22, epoch=0):
    return struct.pack("!BHHHIH", kind, 0xFEFD, epoch, 0, seq, len(fragment)) + fragment


def fragments(kind, body, sizes, message_seq=0):
    at = 0
    for size in sizes:
        part = body[at:at + size]
        yield struct.pack("!BI", kind, len(body))[0:1] + len(body).to_bytes(3, "big") + \
            struct.pack("!H", message_seq) + at.to_bytes(3, "big") + len(part).to_bytes(3, "big") + part
        at += size


def extension(kind, body):
    return struct.pack("!HH", kind, len(body)) + body


def client_hello(padding):
    ciphers = bytes.fromhex("c02bc02fcca9cca8")
    extensions = extension(10, bytes.fromhex("0004001d0017")) + extension(11, b"\1\0") + \
        extension(13, bytes.fromhex("0006040308040401")) + extension(14, bytes.fromhex("000600010007000800")) + \
        extension(23, b"") + extension(0xFF01, b"\0") + extension(65010, b"p" * padding)
    return b"\xfe\xfd" + bytes(range(32)) + b"\0" + b"\0" + struct.pack("!H", len(ciphers)) + ciphers + \
        b"\1\0" + struct.pack("!H", len(extensions)) + extensions


def datagrams(role, *items):
    return bytes([role]) + b"".join(struct.pack("!H", len(d)) + d for d in items)


def dtls_seeds():
    hello = client_hello(0)
    small = record(0, next(fragments(1, hello, [len(hello)])))
    seed("dtls", "hello", datagrams(0, small))
    seed("dtls", "hello_twice_then_alert", datagrams(0, small, small, record(1, b"\2\x28", 21)))
    big = client_hello(1250)
    parts = [record(i, f) for i, f in enumerate(fragments(1, big, [500, 500, len(big) - 1000]))]
    seed("dtls", "hello_in_three", datagrams(0, parts[2], parts[0], parts[1]))
    seed("dtls", "hello_in_one_datagram", datagrams(0, b"".join(parts[:2]), parts[2]))
    server = b"\xfe\xfd" + bytes(range(32)) + b"\0" + bytes.fromhex("c02b00") + \
        struct.pack("!H", 9 + 4 + 5) + extension(14, bytes.fromhex("0002000700")) + extension(23, b"") + \
        extension(0xFF01, b"\0")
    seed("dtls", "server_hello", datagrams(1, record(0, next(fragments(2, server, [len(server)])))))
    verify = b"\xfe\xfd\x04abcd"
    seed("dtls", "hello_verify", datagrams(1, record(0, next(fragments(3, verify, [len(verify)])))))


def srtp_seeds():
    rtp = struct.pack("!BBHII", 0x80, 96, 1000, 90000, 0x12345678) + b"payload"
    full = struct.pack("!BBHII", 0xB2, 96, 1000, 90000, 7) + b"\0" * 8 + b"\xbe\xde\0\1\x10abc" + b"pay\0\0\3"
    rtcp = struct.pack("!BBHI", 0x80, 201, 1, 9) + struct.pack("!BBHII", 0x81, 206, 2, 9, 8)
    for profile in range(3):
        seed("srtp", f"rtp_{profile}", bytes([profile]) + rtp + b"t" * 16)
        seed("srtp", f"rtcp_{profile}", bytes([profile | 4]) + rtcp + b"t" * 20)
        seed("srtp", f"protect_{profile}", bytes([profile | 8]) + full)
        seed("srtp", f"protect_rtcp_{profile}", bytes([profile | 12]) + rtcp)


if __name__ == "__main__":
    stun_seeds()
    dtls_seeds()
    srtp_seeds()
