/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Well-formed media, as a browser would send it: sound of Opus, in RED or not, and layered pictures
 * of VP8 (L1T3), VP9 and AV1 (L3T3), packet by packet.
 */
#ifndef VIDD_TESTS_SUPPORT_ENGINE_MEDIA_H
#define VIDD_TESTS_SUPPORT_ENGINE_MEDIA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum engine_media_kind {
	ENGINE_MEDIA_OPUS,
	ENGINE_MEDIA_RED,
	ENGINE_MEDIA_TONE, /* RFC 4733 */
	ENGINE_MEDIA_VP8,
	ENGINE_MEDIA_VP9,
	ENGINE_MEDIA_AV1,
	ENGINE_MEDIA_KINDS,
};

/* One RTP stream. Zero state plus ssrc, mid and rid is ready. */
struct engine_media {
	uint32_t ssrc;
	char mid;
	char rid; /* 0: none */
	uint16_t seq;
	uint32_t timestamp;
	unsigned picture; /* since the last keyframe */
	unsigned spatial; /* of the next frame */
	uint16_t picture_id;
	uint16_t frame_number;
	uint8_t tl0picidx;
	bool is_key_picture;
	bool wants_keyframe;
};

struct engine_media_packet {
	enum engine_media_kind kind;
	uint16_t transport_seq;
	size_t size;	 /* of the payload, about */
	bool starts;	 /* of a frame */
	bool ends;	 /* of a frame; what is next begins another */
	bool ends_block; /* out: of a picture, or the only packet of a sound */
};

/* The next packet; returns its length. */
size_t engine_media_write(struct engine_media *media, struct engine_media_packet *packet,
			  uint8_t *buf, size_t cap);

#endif
