/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What routing must know of a codec's RTP payload, as one table: is this a keyframe, where does a
 * frame start, which layer is it, and which running numbers in it must stay continuous when the
 * source behind a slot changes. Pure; payloads are never decoded.
 *
 * Sources: RFC 7587 (Opus), RFC 7741 (VP8), RFC 9628 (VP9), RFC 6184 (H264), AV1 RTP spec 1.0.
 */
#ifndef VIDD_MEDIA_CODEC_CODEC_H
#define VIDD_MEDIA_CODEC_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum codec_id {
	CODEC_NONE,
	CODEC_OPUS,
	CODEC_TELEPHONE_EVENT, /* RFC 4733 */
	CODEC_VP8,
	CODEC_VP9,
	CODEC_H264,
	CODEC_AV1,
	CODEC_COUNT,
};

#define CODEC_MAX_FDIFFS 8 /* as dd.h */

struct codec_frame {
	bool is_keyframe;  /* decodable without anything before it (of its encoding) */
	bool starts_frame; /* first packet of a frame, as far as the payload tells */
	uint8_t temporal;  /* temporal layer id, 0 when the payload does not tell */
	uint8_t spatial;
	bool is_switch_point; /* a receiver may go up to `temporal` here (VP8 Y, VP9 U bit) */
	bool is_up_point; /* ... and to any above: what follows there needs nothing before this (VP9
			     U, keyframes) */
	bool is_inter;	  /* refers to earlier pictures; true when the payload does not tell */
	bool ends_frame;  /* last packet of a frame, where payload or descriptor tell (VP9 E) */
	bool is_discardable; /* no frame refers to it (VP8 N, descriptor) */
	/* Of a dependency descriptor. Masks: bit spatial * 4 + temporal for each decode target. */
	bool has_descriptor;
	uint16_t present_mask; /* targets that this frame belongs to */
	uint16_t switch_mask;  /* who gets this frame may go to those targets here */
	bool has_active_mask;
	uint16_t active_mask; /* targets that are sent at present */
	uint16_t height;      /* of its spatial layer; 0: not told */
	uint8_t fdiff_count;
	uint16_t fdiff[CODEC_MAX_FDIFFS]; /* it refers to frame_number - fdiff */
	/* Running numbers (VP8, VP9): present flags, width and where they stand. */
	bool has_picture_id;
	bool is_picture_id_15bit;
	bool is_picture_id_dense; /* VP8: a missing id is taken for a missing frame. VP9 refers to
				     frames by differences of ids, so there gaps must stay */
	uint16_t picture_id;
	bool has_tl0picidx;
	uint8_t tl0picidx;
	bool has_keyidx; /* VP8 only */
	uint8_t keyidx;
};

/* Values to write over the running numbers of a copy; fields not present in the payload are
 * ignored. */
struct codec_numbers {
	uint16_t picture_id;
	uint8_t tl0picidx;
	uint8_t keyidx;
};

/* 0 or -EBADMSG; *out only on success. Audio codecs: starts_frame, nothing else. */
int codec_inspect(struct codec_frame *out, enum codec_id codec, const uint8_t *payload, size_t len);
/* Overwrites the running numbers in place. The payload must have passed codec_inspect. */
void codec_rewrite(enum codec_id codec, uint8_t *payload, size_t len,
		   const struct codec_numbers *numbers);

/* SDP encoding name ("VP8", compared without case) <-> id; CODEC_NONE / "" when unknown. */
enum codec_id codec_from_name(const char *name);
const char *codec_name(enum codec_id codec);
bool codec_is_video(enum codec_id codec);

#endif
