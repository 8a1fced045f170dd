#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Writes the seeds of fuzz_codec, fuzz_dd, fuzz_layers, fuzz_opus, fuzz_rewrite, fuzz_uplink, fuzz_vla and
fuzz_voice below corpus/: one file per payload form of the RFCs, descriptors as Chromium sends them, step sequences
for the rewriter and the model of an uplink, and short conversations for the voice.

Usage: seeds_stream.py          (in tests/fuzz)
"""

import pathlib
import struct

CORPUS = pathlib.Path(__file__).resolve().parent / "corpus"

OPUS, EVENT, VP8, VP9, H264, AV1 = 1, 2, 3, 4, 5, 6
NUMBERS = "7abccd15"

CODEC = {
    "opus": (OPUS, "f8fffe"),
    "event": (EVENT, "010a00a0"),
    "vp8-bare-key": (VP8, "105001009d012a"),
    "vp8-7bit": (VP8, "90807f51"),
    "vp8-full": (VP8, "90f0923456bf51"),
    "vp8-tl0-keyidx": (VP8, "90500905 51"),
    "vp9-bare-key": (VP9, "0882"),
    "vp9-layers": (VP9, "e88005507782"),
    "vp9-flexible": (VP9, "f80520030482"),
    "vp9-structure": (VP9, "0a38010203040506070802040108010282"),
    "h264-idr": (H264, "6588"),
    "h264-stap-a": (H264, "7800026742000168"),
    "h264-stap-b": (H264, "790007 00026588"),
    "h264-mtap16": (H264, "7a0007 0002 01 0009 6588"),
    "h264-mtap24": (H264, "7b0007 0002 01 000009 4188"),
    "h264-fu-a": (H264, "7c8588"),
    "h264-fu-b": (H264, "7d85000788"),
    "av1-new": (AV1, "2802080030 11"),
    "av1-lengths": (AV1, "080208 00 02 3011"),
    "av1-layers": (AV1, "10344811"),
    "av1-continued": (AV1, "90344811"),
}

# A structure for three spatial and three temporal layers, and frames that refer to it.
STRUCTURE = (
    "c1017280081485214eafffaaaa863cf0430c10c302afc0aaa0063c00430010c002a000a80006000040001d954926e0"
    "82b04a0941b820ac1282503157f974000ca864330e222222eca8655304224230eca877530077004200ef008601df01"
    "0d"
)
DD = {
    "l3t3": [STRUCTURE, "86017340fc", "46017340fc", "8b0174", "c30175"],
    "no-structure": ["860173", "0b0174"],
    "custom": [STRUCTURE, "c3017638" + "5a" * 12, "c1017708ffffff"],
}

NEXT, SKIP, FAR, LATE, DROP, DROP_LATE, SWITCH = 0, 2, 3, 4, 5, 6, 7
REWRITE = {
    "in-order": [(NEXT, 0)] * 20,
    "late": [(NEXT, 0), (SKIP, 3), (LATE, 1), (LATE, 2), (NEXT, 0), (LATE, 0)],
    "drops": [(NEXT, 0), (DROP, 0), (DROP, 0), (DROP, 0), (NEXT, 0), (DROP_LATE, 2), (NEXT, 0)],
    "switches": [(NEXT, 0), (SWITCH, 255), (NEXT, 0), (DROP, 0), (SWITCH, 2), (SKIP, 2), (LATE, 1)],
    "far": [(SWITCH, 255), (FAR, 250), (LATE, 200), (LATE, 204), (FAR, 60), (LATE, 5)],
}

# Steps of fuzz_uplink: a packet after so many 250 us, time, a deadline, another path.
SOUND_AND_SEND_TIME, TIMESTAMPS, ANYWHERE, DEADLINE, PATH = 7, 11, 127, 200, 254
UPLINK = {
    # The fuzzer's send times run 5 % slow: the queue grows without end.
    "queue": ([(40, SOUND_AND_SEND_TIME, 1000)] * 10 + [(DEADLINE, 0, 0)]) * 60,
    "timestamps": ([(80, TIMESTAMPS, 300)] * 5 + [(DEADLINE, 0, 0)]) * 20,
    "anywhere": ([(40, ANYWHERE, 9000 + i * 7) for i in range(10)] + [(DEADLINE, 0, 0)]) * 10,
    "paths": [(40, SOUND_AND_SEND_TIME, 99), (DEADLINE, 0, 0), (PATH, 48, 0), (DEADLINE, 0, 0)] * 5,
    "gaps": [(40, SOUND_AND_SEND_TIME, 500), (190, 1, 3000), (DEADLINE, 0, 0)] * 20,
}

VLA = {
    "off": "00",
    "one": "01009702013f00ef0f",
    "rates-only": "01009702",
    "streams-that-differ": "a03010840a14800105 3c46",
}

# fuzz_layers: frames, one late, it comes, another target, a keyframe, a drop, a pause.
FRAMES, LATE_FRAME, COMES, TARGET, KEYFRAME, LOSE, STOP = 0, 2, 3, 4, 5, 6, 7
LAYERS = [
    (FRAMES, 7), (TARGET, 8), (KEYFRAME, 0), (FRAMES, 7), (LATE_FRAME, 0), (FRAMES, 3), (COMES, 0),
    (TARGET, 0), (FRAMES, 7), (TARGET, 6), (FRAMES, 7), (LOSE, 0), (FRAMES, 7), (KEYFRAME, 0),
    (FRAMES, 7), (STOP, 7), (FRAMES, 2), (KEYFRAME, 0), (FRAMES, 7),
]


def write(target, name, data):
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)

# RFC 6716 3.2: one packet per framing code, and what is special in each.
OPUS_PACKETS = {
    "code0": "78616263",
    "code0-dtx": "78",
    "code1": "7961626364",
    "code2": "7a0161626364",
    "code2-long": "7afc00" + "61" * 252 + "62",
    "code3-cbr": "7b03616263",
    "code3-vbr": "7b83020061 6263",
    "code3-padded": "7bc202016162 0000",
    "code3-extension": "7b4101 6178",
    "code3-long-padding": "7b41ff03 61" + "00" * 257,
    "celt-2.5ms": "8330" + "61" * 48,
    "stereo": "fc6162",
}


def voice_packet(number, step, flags, payload):
    return bytes([number, step, flags, len(payload)]) + payload


def voice(policy, red, lost=()):
    """Twelve packets of 20 ms; policy: merge and RED distance; red: the publisher's own distance."""
    flags = 2 | policy[0] << 3 | policy[1] << 5 | (1 if red else 0)
    out = bytes([236])
    step = 0
    for i in range(12):
        step += 16
        if i in lost:
            continue
        payload = bytes([0x78, i, i + 1])
        if red:
            older = range(max(i - red, 0), i)
            heads = b"".join(bytes([0x80 | 111]) + ((i - k) * 960 << 10 | 3).to_bytes(3, "big") for k in older)
            payload = heads + bytes([111]) + b"".join(bytes([0x78, k, k + 1]) for k in older) + payload
        out += voice_packet(i, step, flags, payload)
        step = 0
    return out


VOICES = {
    "plain": voice((1, 0), 0),
    "merged": voice((3, 0), 0),
    "red": voice((1, 2), 0),
    "merged-red": voice((3, 1), 0),
    "recovered": voice((2, 2), 2, lost=(3, 4, 8)),
    "holes": voice((3, 4), 0, lost=(2, 6, 7)),
}


def main():
    for name, packet in OPUS_PACKETS.items():
        write("opus", name, bytes.fromhex(packet))
    for name, packets in VOICES.items():
        write("voice", name, packets)
    for name, (codec, payload) in CODEC.items():
        write("codec", name, bytes([codec]) + bytes.fromhex(NUMBERS) + bytes.fromhex(payload))
    for name, descriptors in DD.items():
        raw = [bytes.fromhex(d) for d in descriptors]
        write("dd", name, b"".join(bytes([len(d)]) + d for d in raw))
    for name, allocation in VLA.items():
        write("vla", name, bytes.fromhex(allocation))
    for kind in range(7):
        steps = b"".join(bytes(step) for step in LAYERS)
        write("layers", f"kind-{kind}", bytes([kind]) + steps)
    for name, steps in REWRITE.items():
        # The upper bits of a step are the milliseconds before it.
        write("rewrite", name, bytes([0x7f, 0xf0]) + b"".join(bytes([op | 10 << 3, arg]) for op, arg in steps))
    for name, steps in UPLINK.items():
        write("uplink", name, b"".join(struct.pack(">BBH", *step) for step in steps))


if __name__ == "__main__":
    main()
