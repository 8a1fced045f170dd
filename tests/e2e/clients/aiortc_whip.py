#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""aiortc publishing over WHIP: a moving bar in VP8 and a tone in Opus.

aiortc_whip.py URL TOKEN HZ    until SIGTERM, which ends the session with DELETE
"""

import asyncio
import fractions
import math
import signal
import sys

import av
import numpy
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, VideoStreamTrack

from aiortc_ids import settle_extension_ids
from whipclient import Resource, report


class Bar(VideoStreamTrack):
    """A white bar that walks across a grey picture."""

    def __init__(self):
        super().__init__()
        self.count = 0

    async def recv(self):
        pts, time_base = await self.next_timestamp()
        picture = numpy.full((240, 320, 3), 90, numpy.uint8)
        at = (self.count * 7) % 300
        picture[:, at:at + 20] = 255
        self.count += 1
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts, frame.time_base = pts, time_base
        return frame


class Tone(AudioStreamTrack):
    RATE_HZ = 48000

    def __init__(self, hz):
        super().__init__()
        self.hz = hz
        self.at = 0
        self.started = None

    async def recv(self):
        loop = asyncio.get_running_loop()
        self.started = self.started or loop.time()
        await asyncio.sleep(max(0, self.started + self.at / self.RATE_HZ - loop.time()))
        count = self.RATE_HZ // 50
        t = (numpy.arange(count) + self.at) / self.RATE_HZ
        samples = (numpy.sin(2 * math.pi * self.hz * t) * 12000).astype(numpy.int16)
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = self.RATE_HZ
        frame.pts, frame.time_base = self.at, fractions.Fraction(1, self.RATE_HZ)
        self.at += count
        return frame


async def main():
    settle_extension_ids()
    resource = Resource(sys.argv[1], sys.argv[2])
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    peer = RTCPeerConnection()
    peer.on("connectionstatechange", lambda: report(event="connection", state=peer.connectionState))
    peer.addTransceiver(Tone(int(sys.argv[3])), direction="sendonly")
    peer.addTransceiver(Bar(), direction="sendonly")
    await peer.setLocalDescription(await peer.createOffer())
    answer = await asyncio.to_thread(resource.offer, peer.localDescription.sdp)
    await peer.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    await stopped.wait()
    await asyncio.to_thread(resource.delete)
    await peer.close()


if __name__ == "__main__":
    asyncio.run(main())
