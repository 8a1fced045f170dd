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

struct egress {
	const struct codec_params *codec; /* of the subscriber's m-line */
	const struct rtp_ext_map *exts;
	const char *mid; /* NULL: not named in this packet */
	uint32_t ssrc;
	bool is_rtx; /* RFC 4588: under rtx_seq, numbers->seq goes into the payload */
	uint16_t rtx_seq;
};

/* Fills out->data and out->len. 0; -EBADMSG: malformed RED or too large with our additions. */
int egress_write(struct pkt *out, int64_t now_us, const struct packet *in,
		 const struct rewrite_out *numbers, const struct egress *how);

#endif
