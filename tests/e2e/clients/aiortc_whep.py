#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""aiortc watching over WHEP; reports each second what it sees and hears.

aiortc_whep.py URL TOKEN HZ[,HZ]...    until SIGTERM, which ends the session with DELETE
"""

import asyncio
import signal
import sys

from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError

from aiortc_ids import settle_extension_ids
from whipclient import Resource, Witness, report


async def watch_track(track, witness):
    report(event="track", media=track.kind)
    samples = []
    while True:
        try:
            frame = await track.recv()
        except MediaStreamError:
            return
        if track.kind == "video":
            luma = frame.to_ndarray(format="gray")
            step_y, step_x = max(1, luma.shape[0] // 18), max(1, luma.shape[1] // 32)
            witness.see(luma[::step_y, ::step_x].tobytes())
        else:
            values = frame.to_ndarray().reshape(-1)
            channels = len(frame.layout.channels)
            samples += [float(v) / 32768 for v in values[::channels]]
            if len(samples) >= 9600:
                witness.hear(samples, frame.sample_rate)
                samples = []


async def main():
    settle_extension_ids()
    resource = Resource(sys.argv[1], sys.argv[2])
    witness = Witness([int(hz) for hz in sys.argv[3].split(",")])
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    peer = RTCPeerConnection()
    peer.on("connectionstatechange", lambda: report(event="connection", state=peer.connectionState))
    tasks = []
    peer.on("track", lambda track: tasks.append(asyncio.ensure_future(watch_track(track, witness))))
    peer.addTransceiver("audio", direction="recvonly")
    peer.addTransceiver("video", direction="recvonly")
    await peer.setLocalDescription(await peer.createOffer())
    answer = await asyncio.to_thread(resource.offer, peer.localDescription.sdp)
    await peer.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    while not stopped.is_set():
        try:
            await asyncio.wait_for(stopped.wait(), 1)
        except asyncio.TimeoutError:
            witness.report()
    await asyncio.to_thread(resource.delete)
    await peer.close()


if __name__ == "__main__":
    asyncio.run(main())
