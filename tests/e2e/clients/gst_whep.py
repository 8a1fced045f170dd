#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""GStreamer's webrtcbin watching over WHEP; reports each second what it sees and hears.

gst_whep.py URL TOKEN HZ[,HZ]...    until SIGTERM, which ends the session with DELETE
"""

import array
import signal
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstWebRTC", "1.0")
gi.require_version("GstSdp", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

from whipclient import Resource, Witness, report  # noqa: E402

LINES = (
    "application/x-rtp,media=audio,encoding-name=OPUS,payload=111,clock-rate=48000,encoding-params=(string)2",
    "application/x-rtp,media=video,encoding-name=VP8,payload=96,clock-rate=90000,"
    "rtcp-fb-nack=true,rtcp-fb-nack-pli=true,rtcp-fb-ccm-fir=true",
)
VIDEO = ("rtpvp8depay request-keyframe=true ! vp8dec ! videoconvert ! videoscale"
         " ! video/x-raw,format=GRAY8,width=32,height=18 ! appsink name=out emit-signals=true sync=false")
AUDIO = ("rtpopusdepay ! opusdec ! audioconvert ! audioresample"
         " ! audio/x-raw,format=S16LE,rate=48000,channels=1 ! appsink name=out emit-signals=true sync=false")


class Watcher:
    def __init__(self, url, token, tones_hz):
        self.resource = Resource(url, token)
        self.witness = Witness(tones_hz)
        self.loop = GLib.MainLoop()
        self.keep = []
        self.samples = array.array("h")
        self.pipeline = Gst.Pipeline.new("watch")
        self.peer = Gst.ElementFactory.make("webrtcbin", "peer")
        self.peer.set_property("bundle-policy", GstWebRTC.WebRTCBundlePolicy.MAX_BUNDLE)
        self.pipeline.add(self.peer)
        self.peer.connect("notify::ice-gathering-state", self.on_gathering)
        self.peer.connect("notify::connection-state", self.on_connection)
        self.peer.connect("pad-added", self.on_pad)

    def start(self):
        for caps in LINES:
            line = self.peer.emit("add-transceiver", GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY,
                                  Gst.Caps.from_string(caps))
            line.set_property("do-nack", True)
            self.keep.append(line)
        promise = Gst.Promise.new_with_change_func(self.on_offer, None)
        self.keep.append(promise)
        self.peer.emit("create-offer", None, promise)
        return GLib.SOURCE_REMOVE

    def on_offer(self, promise, _data):
        reply = promise.get_reply()
        offer = reply.get_value("offer")
        done = Gst.Promise.new()
        self.keep += [reply, offer, done]
        self.peer.emit("set-local-description", offer, done)

    def on_gathering(self, _peer, _spec):
        if self.peer.get_property("ice-gathering-state") == \
                GstWebRTC.WebRTCICEGatheringState.COMPLETE:
            GLib.idle_add(self.watch)

    def watch(self):
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

    def on_pad(self, _peer, pad):
        if pad.direction != Gst.PadDirection.SRC:
            return
        media = pad.get_current_caps().get_structure(0).get_string("media")
        branch = Gst.parse_bin_from_description(VIDEO if media == "video" else AUDIO, True)
        out = branch.get_by_name("out")
        out.connect("new-sample", self.on_picture if media == "video" else self.on_sound)
        self.pipeline.add(branch)
        branch.sync_state_with_parent()
        pad.link(branch.get_static_pad("sink"))
        report(event="track", media=media)

    def on_picture(self, sink):
        buffer = sink.emit("pull-sample").get_buffer()
        self.witness.see(buffer.extract_dup(0, buffer.get_size()))
        return Gst.FlowReturn.OK

    def on_sound(self, sink):
        buffer = sink.emit("pull-sample").get_buffer()
        self.samples.frombytes(buffer.extract_dup(0, buffer.get_size()))
        if len(self.samples) >= 9600:
            self.witness.hear([s / 32768 for s in self.samples], 48000)
            self.samples = array.array("h")
        return Gst.FlowReturn.OK

    def on_second(self):
        self.witness.report()
        return GLib.SOURCE_CONTINUE

    def stop(self):
        self.resource.delete()
        self.pipeline.set_state(Gst.State.NULL)
        self.loop.quit()
        return GLib.SOURCE_REMOVE

    def run(self):
        GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGTERM, self.stop)
        GLib.timeout_add(1000, self.on_second)
        self.pipeline.set_state(Gst.State.PLAYING)
        GLib.idle_add(self.start)
        self.loop.run()


def main():
    Gst.init(None)
    Watcher(sys.argv[1], sys.argv[2], [int(hz) for hz in sys.argv[3].split(",")]).run()


if __name__ == "__main__":
    main()
