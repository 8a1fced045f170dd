/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One RTP packet of a track, parsed once: what the track learnt of it and every subscriber reads.
 * Borrows from the packet buffer and the publisher's m-line. Pure.
 */
#ifndef VIDD_MEDIA_ROUTE_PACKET_H
#define VIDD_MEDIA_ROUTE_PACKET_H

#include "media/base/pkt.h"
#include "media/route/params.h"

struct packet {
	struct pkt *pkt; /* plaintext */
	struct rtp_header header;
	struct rtp_exts exts;
	const struct codec_params *codec; /* of the publisher's m-line */
	size_t codec_index;
	bool is_red;
	bool is_rtx; /* not restored yet */
	int encoding;
	uint8_t generation; /* of the encoding: another SSRC is another stream */
	bool has_frame;	    /* video */
	struct codec_frame frame;
	bool has_frame_number; /* dependency descriptor */
	uint16_t frame_number;
};

/* Parses pkt's bytes. 0 or -EBADMSG. */
int packet_parse(struct packet *out, struct pkt *pkt, const struct rtp_ext_map *map);
/* Finds the m-line's codec of the payload type. 0 or -ENOENT. */
int packet_set_codec(struct packet *packet, const struct mline_params *mline);
/* RFC 4588: turns a retransmission into the original packet, in place, and parses it again.
 * 0; -EAGAIN padding only; -EBADMSG. */
int packet_restore(struct packet *packet, uint32_t ssrc, const struct rtp_ext_map *map);
/* A viewer can begin here. */
static inline bool packet_starts_keyframe(const struct packet *packet)
{
	return packet->has_frame && packet->frame.is_keyframe && packet->frame.starts_frame;
}
/* Fills frame from the payload. 0 or -EBADMSG. Audio and packets without payload: nothing. */
int packet_inspect(struct packet *packet);
/* Reads the frame number of a video packet's dependency descriptor, which needs no structure. */
void packet_read_frame_number(struct packet *packet);

#endif
