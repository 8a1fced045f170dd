# SPDX-License-Identifier: EUPL-1.2
"""What the independent WebRTC clients share: WHIP/WHEP over HTTPS, listening for a tone, and
progress as one JSON object per line on standard output."""

import json
import math
import ssl
import sys
import urllib.error
import urllib.parse
import urllib.request


def report(**fields):
    print(json.dumps(fields), flush=True)


class Resource:
    """A WHIP or WHEP session: POST the offer, get the answer, DELETE in the end (RFC 9725 4.2)."""

    def __init__(self, url, token):
        self.url = url
        self.token = token
        self.location = None
        self.context = ssl.create_default_context()
        self.context.check_hostname = False
        self.context.verify_mode = ssl.CERT_NONE  # the test server's certificate is self-signed

    def request(self, method, url, body=None, content_type=None):
        headers = {"Authorization": f"Bearer {self.token}"}
        if content_type:
            headers["Content-Type"] = content_type
        request = urllib.request.Request(url, data=body, method=method, headers=headers)
        return urllib.request.urlopen(request, context=self.context, timeout=10)

    def offer(self, sdp):
        try:
            with self.request("POST", self.url, sdp.encode(), "application/sdp") as answer:
                assert answer.status == 201, answer.status
                self.location = urllib.parse.urljoin(self.url, answer.headers["Location"])
                report(event="answered", location=self.location, etag=answer.headers["ETag"])
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            report(event="refused", status=error.code, body=error.read().decode("utf-8", "replace"))
            sys.exit(1)

    def delete(self):
        if self.location:
            with self.request("DELETE", self.location) as answer:
                report(event="deleted", status=answer.status)
            self.location = None


def tone_db(samples, rate_hz, hz):
    """Energy of `hz` in samples (-1..1), in dB of a full-scale sine: Goertzel's algorithm."""
    if not samples:
        return -120.0
    w = 2 * math.pi * hz / rate_hz
    coefficient = 2 * math.cos(w)
    s1 = s2 = 0.0
    for sample in samples:
        s0 = sample + coefficient * s1 - s2
        s2 = s1
        s1 = s0
    power = s1 * s1 + s2 * s2 - coefficient * s1 * s2
    amplitude = 2 * math.sqrt(max(power, 0)) / len(samples)
    return 20 * math.log10(max(amplitude, 1e-6))


class Witness:
    """Counts what a receiver got: frames, whether the picture changes, which tone is loudest."""

    def __init__(self, tones_hz):
        self.tones_hz = tones_hz
        self.frames = 0
        self.changes = 0
        self.last = None
        self.best_db = {hz: -120.0 for hz in tones_hz}

    def see(self, luma):
        """luma: bytes of a small sample of the picture."""
        self.frames += 1
        if self.last is not None and len(self.last) == len(luma):
            mean = sum(abs(a - b) for a, b in zip(self.last, luma)) / max(1, len(luma))
            self.changes += mean > 0.02
        self.last = luma

    def hear(self, samples, rate_hz):
        for hz in self.tones_hz:
            self.best_db[hz] = max(self.best_db[hz], tone_db(samples, rate_hz, hz))

    def report(self):
        report(event="seen", frames=self.frames, changes=self.changes,
               tones={str(hz): round(db, 1) for hz, db in self.best_db.items()})
