#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""The websocket below the protocol: handshake, pieces, sizes, closing; and the seat it carries."""

import json
import random
import signal
import threading
import unittest

from harness import Server, ServerTest, WebSocket


def offer_of(size):
    """A message of exactly this many bytes that the service answers with an error."""
    head = {"type": "offer", "seq": 1, "sources": [], "sdp": ""}
    head["sdp"] = "x" * (size - len(json.dumps(head)))
    return head


class Websocket(ServerTest):
    def open(self, **options):
        ws = WebSocket(self.server, **options)
        self.addCleanup(ws.close)
        return ws

    def test_the_handshake_wants_path_and_subprotocol(self):
        self.assertEqual(self.open().status, 101)
        self.assertEqual(self.open(path="/other").status, 404)
        self.assertNotEqual(self.open(protocol=None).status, 101)
        self.assertNotEqual(self.open(protocol="chat").status, 101)

    def test_join_ping_and_resume(self):
        token = self.server.consult("patient", "clinician")["participants"][0]["token"]
        ws = self.open()
        ws.send({"type": "join", "v": 1, "token": token})
        joined = ws.receive_type("joined")
        self.assertEqual(joined["self"]["name"], "Patient")
        ws.send({"type": "ping"})
        ws.receive_type("pong")
        ws.close()
        again = self.open()
        again.send({"type": "resume", "v": 1, "resume": joined["resume"]})
        self.assertEqual(again.receive_type("resumed")["self"]["id"], joined["self"]["id"])

    def test_messages_of_every_size_arrive_whole(self):
        ws = self.open()
        token = self.server.consult("patient")["participants"][0]["token"]
        ws.send({"type": "join", "v": 1, "token": token})
        ws.receive_type("joined")
        for size in (200, 1023, 1024, 1025, 2048, 4096, 32768, 65535, 65536, 131000):
            ws.send(offer_of(size))
            self.assertEqual(ws.receive_type("error")["code"], "bad-sdp")
            ws.send({"type": "ping"})
            ws.receive_type("pong")

    def test_clients_that_ask_for_compression_are_not_mixed_up(self):
        """libwebsockets 4.1.6 inflates one client's message into another's: it is not offered."""
        def talk(seed, answers):
            ws = self.open(deflate=True)
            noise = random.Random(seed)
            for seq in range(6):
                lines = [f"a=ssrc:{noise.getrandbits(32)} cname:{noise.getrandbits(64):x}"
                         for _ in range(noise.randrange(50, 1500))]
                ws.send({"type": "offer", "seq": seq, "sdp": "\r\n".join(lines), "sources": []})
                answers.append(ws.receive_type("error")["code"])

        answers = [[] for _ in range(8)]
        talkers = [threading.Thread(target=talk, args=(i, answers[i])) for i in range(8)]
        for talker in talkers:
            talker.start()
        for talker in talkers:
            talker.join()
        self.assertEqual(answers, [["not-joined"] * 6] * 8)

    def test_fragments_are_put_together(self):
        ws = self.open()
        text = json.dumps({"type": "join", "v": 1, "token": "pLq3mO0a9RkYt2bVx7cZ1g"}).encode()
        ws.send_frame(1, text[:5], final=False)
        ws.send_frame(9, b"between")
        for i in range(5, len(text) - 1):
            ws.send_frame(0, text[i:i + 1], final=False)
        ws.send_frame(0, text[-1:])
        self.assertEqual(ws.receive_type("error")["code"], "token-unknown")

    def test_what_is_too_large_is_closed(self):
        ws = self.open()
        ws.send_frame(1, b"x" * 163841)
        self.assertEqual(ws.wait_closed(), 1009)

    def test_an_empty_message_is_an_error_like_another(self):
        ws = self.open()
        ws.send_frame(1, b"")
        self.assertEqual(ws.receive_type("error")["code"], "bad-message")

    def test_binary_is_closed(self):
        ws = self.open()
        ws.send_frame(2, b"\x00\x01")
        self.assertEqual(ws.wait_closed(), 1003)

    def test_nonsense_frames_harm_nobody_else(self):
        held = self.open()
        for frame in (b"\xff" * 64, b"\x81\x05hello", b"\x83\x80abcd", b"\xc1\x85abcd12345",
                      b"\x89\xfe\x00\xffabcd" + b"x" * 255, b"\x81\xff" + b"\xff" * 12):
            ws = self.open(deflate=True)
            ws.socket.sendall(frame)
            ws.close()
        held.send({"type": "ping"})
        held.receive_type("pong")

    def test_the_newer_connection_takes_the_seat(self):
        token = self.server.consult("patient")["participants"][0]["token"]
        first, second = self.open(), self.open()
        first.send({"type": "join", "v": 1, "token": token})
        first.receive_type("joined")
        second.send({"type": "join", "v": 1, "token": token})
        second.receive_type("joined")
        self.assertEqual(first.receive_type("ended")["reason"], "replaced")


class Ending(unittest.TestCase):
    def test_clients_are_told_before_the_end(self):
        server = Server(web=False)
        self.addCleanup(server.stop)
        server.start()
        ws = WebSocket(server)
        self.addCleanup(ws.close)
        ws.send({"type": "join", "v": 1, "token": server.tokens["patient"]})
        ws.receive_type("joined")
        server.signal(signal.SIGTERM)
        notice = ws.receive_type("notice")
        self.assertEqual(notice["code"], "restarting")
        self.assertIn(ws.wait_closed(), (1001, 1012))
        self.assertEqual(server.wait(5), 0)


if __name__ == "__main__":
    unittest.main()
