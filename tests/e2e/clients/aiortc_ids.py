# SPDX-License-Identifier: EUPL-1.2
"""aiortc 1.4 offers header extension id 2 as audio level on its audio line and as abs-send-time on
its video line. In one bundle an id must mean one thing (RFC 8843 9.2), and aiortc's own receiver
breaks on it. Here the second becomes id 3."""

from aiortc import codecs
from aiortc.rtcrtpparameters import RTCRtpHeaderExtensionParameters


def settle_extension_ids():
    taken = {}
    for lines in codecs.HEADER_EXTENSIONS.values():
        for i, extension in enumerate(lines):
            if taken.setdefault(extension.id, extension.uri) != extension.uri:
                new_id = max(taken) + 1
                taken[new_id] = extension.uri
                lines[i] = RTCRtpHeaderExtensionParameters(id=new_id, uri=extension.uri)
