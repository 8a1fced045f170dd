#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""GStreamer's webrtcbin publishing over WHIP: a bouncing ball in VP8 and a tone in Opus.

gst_whip.py URL TOKEN HZ    until SIGTERM, which ends the session with DELETE
"""

import signal
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstWebRTC", "1.0")
gi.require_version("GstSdp", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

from whipclient import Resource, report  # noqa: E402

PIPELINE = """
webrtcbin name=peer bundle-policy=max-bundle
videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=15/1
 ! vp8enc deadline=1 target-bitrate=300000 keyframe-max-dist=300 error-resilient=default
 ! rtpvp8pay pt=96 mtu=1200 picture-id-mode=15-bit
 ! application/x-rtp,media=video,encoding-name=VP8,payload=96,clock-rate=90000 ! queue ! peer.
audiotestsrc is-live=true wave=sine freq={hz} volume=0.5 ! audio/x-raw,rate=48000,channels=2
 ! opusenc ! rtpopuspay pt=97
 ! application/x-rtp,media=audio,encoding-name=OPUS,payload=97,clock-rate=48000 ! queue ! peer.
"""


class Publisher:
    def __init__(self, url, token, hz):
        self.resource = Resource(url, token)
        self.loop = GLib.MainLoop()
        self.keep = []  # promises and descriptions: GStreamer holds no reference of its own
        self.pipeline = Gst.parse_launch(PIPELINE.format(hz=hz))
        self.peer = self.pipeline.get_by_name("peer")
        self.peer.connect("on-negotiation-needed", self.on_negotiation_needed)
        self.peer.connect("notify::ice-gathering-state", self.on_gathering)
        self.peer.connect("notify::connection-state", self.on_connection)

    def on_negotiation_needed(self, _peer):
        for i in range(2):
            line = self.peer.emit("get-transceiver", i)
            line.set_property("direction", GstWebRTC.WebRTCRTPTransceiverDirection.SENDONLY)
            line.set_property("do-nack", True)
            self.keep.append(line)
        promise = Gst.Promise.new_with_change_func(self.on_offer, None)
        self.keep.append(promise)
        self.peer.emit("create-offer", None, promise)

    def on_offer(self, promise, _data):
        reply = promise.get_reply()
        offer = reply.get_value("offer")
        self.keep += [reply, offer]
        done = Gst.Promise.new()
        self.keep.append(done)
        self.peer.emit("set-local-description", offer, done)

    def on_gathering(self, _peer, _spec):
        if self.peer.get_property("ice-gathering-state") == \
                GstWebRTC.WebRTCICEGatheringState.COMPLETE:
            GLib.idle_add(self.publish)

    def publish(self):
        local = self.peer.get_property("local-description")
        text = self.resource.offer(local.sdp.as_text())
        _, sdp = GstSdp.SDPMessage.new_from_text(text)
        answer = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, sdp)
        done = Gst.Promise.new()
        self.keep += [local, sdp, answer, done]
        self.peer.emit("set-remote-description", answer, done)
        return GLib.SOURCE_REMOVE

    def on_connection(self, _peer, _spec):
        report(event="connection", state=self.peer.get_property("connection-state").value_nick)

    def stop(self):
        self.resource.delete()
        self.pipeline.set_state(Gst.State.NULL)
        self.loop.quit()
        return GLib.SOURCE_REMOVE

    def run(self):
        GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGTERM, self.stop)
        self.pipeline.set_state(Gst.State.PLAYING)
        self.loop.run()


def main():
    Gst.init(None)
    Publisher(sys.argv[1], sys.argv[2], sys.argv[3]).run()


if __name__ == "__main__":
    main()
