/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The copy of a packet that one subscriber gets: its own header, extension ids and payload type,
 * the slot's numbers in header and payload, RED taken off when it has none. Pure: bytes in a
 * buffer, not protected yet.
 */
#ifndef VIDD_MEDIA_ROUTE_EGRESS_H
#define VIDD_MEDIA_ROUTE_EGRESS_H

#include "media/route/packet.h"
#include "media/stream/rewrite.h"

/* Publishers split a frame into packets of which some are a byte longer, and only packets of one
 * length can leave as one send (server/udp_tx). So a picture's packets are padded (RFC 3550 5.1) to
 * a byte more than the first of their frame: 0.1 % of its bytes. Of one slot; zero state: no frame.
 */
struct egress_even {
	uint32_t timestamp;
	uint16_t len;
};

/* Shorter packets are frames of their own: nothing follows that they could be alike to. */
#define EGRESS_EVEN_MIN_BYTES 800
/* A packet that is so much shorter is something else. */
#define EGRESS_EVEN_MOST_BYTES 4

struct egress {
	const struct codec_params *codec; /* of the subscriber's m-line */
	const struct rtp_ext_map *exts;
	const char *mid; /* NULL: not named in this packet */
	uint32_t ssrc;
	uint16_t transport_seq; /* written when the extension was negotiated */
	bool ends_picture;	/* layers above are left out: the marker says so */
	bool is_rtx;		/* RFC 4588: under rtx_seq, numbers->seq goes into the payload */
	uint16_t rtx_seq;
	struct egress_even *even; /* NULL: not padded */
};

/* Fills out->data and out->len. 0; -EBADMSG: malformed RED or too large with our additions. */
int egress_write(struct pkt *out, int64_t now_us, const struct packet *in,
		 const struct rewrite_out *numbers, const struct egress *how);

/* A payload made here (stream/voiceout). */
struct egress_voice {
	const struct rtp_exts *exts; /* of the publisher: what of them is passed on */
	uint8_t pt;
	uint16_t seq;
	uint32_t timestamp;
	bool marker;
	struct rd payload;
};

/* What such a payload may take. */
#define EGRESS_VOICE_BYTES 1300

/* As egress_write; of how: exts, mid, ssrc and transport_seq. */
int egress_write_voice(struct pkt *out, int64_t now_us, const struct egress_voice *voice,
		       const struct egress *how);

#endif
