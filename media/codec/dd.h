/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Dependency descriptor (AV1 RTP spec 1.0, appendix A): the RTP header extension that tells frame
 * dependencies for every codec, also when payloads are encrypted end to end. Parsing needs the
 * template structure of the last keyframe, which the caller keeps per encoding.
 */
#ifndef VIDD_MEDIA_CODEC_DD_H
#define VIDD_MEDIA_CODEC_DD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/codec/codec.h"

#define DD_MAX_TEMPLATES 64
#define DD_MAX_TARGETS	 32
#define DD_MAX_CHAINS	 32
#define DD_MAX_FDIFFS	 8 /* AV1 has 8 reference frames, no codec here more */

enum dd_indication { /* decode target indications, A.8.1 */
	DD_NOT_PRESENT = 0,
	DD_DISCARDABLE = 1,
	DD_SWITCH = 2,
	DD_REQUIRED = 3,
};

struct dd_template {
	uint8_t spatial;
	uint8_t temporal;
	uint8_t fdiff_count;
	uint8_t fdiff[DD_MAX_FDIFFS];
	uint8_t dti[DD_MAX_TARGETS];
	uint8_t chain_diff[DD_MAX_CHAINS];
};

/* Zero state: no structure seen. Large: embedded once per encoding, not per packet. */
struct dd_structure {
	bool is_valid;
	uint8_t template_id_offset;
	uint8_t template_count;
	uint8_t target_count;
	uint8_t chain_count;
	uint8_t target_chain[DD_MAX_TARGETS]; /* the chain protecting each decode target */
	uint8_t target_spatial[DD_MAX_TARGETS];
	uint8_t target_temporal[DD_MAX_TARGETS];
	uint8_t resolution_count;
	uint16_t width[4];
	uint16_t height[4];
	struct dd_template templates[DD_MAX_TEMPLATES];
};

struct dd_frame {
	bool starts_frame;
	bool ends_frame;
	uint16_t frame_number;
	bool has_structure; /* a keyframe: the structure given to dd_parse was replaced */
	bool has_active_targets;
	uint32_t active_targets; /* bit per decode target; when present */
	uint8_t spatial;
	uint8_t temporal;
	uint16_t width; /* render resolution of its spatial layer; 0: not told */
	uint16_t height;
	uint8_t fdiff_count;
	uint16_t fdiff[DD_MAX_FDIFFS]; /* this frame refers to frame_number - fdiff */
	uint8_t dti[DD_MAX_TARGETS];
	uint8_t chain_diff[DD_MAX_CHAINS];
};

/* Parses data[0..len). When the packet carries a structure, *structure is replaced (only on
 * success). 0; -EBADMSG; -EAGAIN: it refers to a template that *structure does not have. */
int dd_parse(struct dd_frame *out, struct dd_structure *structure, const uint8_t *data, size_t len);
/* Puts what a parsed descriptor tells in place of what the payload told. structure: the one that
 * the frame was parsed by. */
void dd_describe(struct codec_frame *out, const struct dd_frame *frame,
		 const struct dd_structure *structure);
/* Overwrites the 16-bit frame number in a descriptor of at least 3 bytes (A.8.2 mandatory fields).
 */
void dd_set_frame_number(uint8_t *data, size_t len, uint16_t frame_number);

#endif
