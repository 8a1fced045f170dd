/* SPDX-License-Identifier: EUPL-1.2 */
/* The rows of codec.c's table. Only media/codec includes this. */
#ifndef VIDD_MEDIA_CODEC_TABLE_H
#define VIDD_MEDIA_CODEC_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "media/codec/codec.h"

struct codec_row {
	const char *name; /* SDP encoding name */
	bool is_video;
	/* As codec_inspect; *out is zeroed already and len > 0. */
	int (*inspect)(struct codec_frame *out, const uint8_t *payload, size_t len);
	/* As codec_rewrite; NULL: the payload has no running numbers. */
	void (*rewrite)(uint8_t *payload, size_t len, const struct codec_numbers *numbers);
};

extern const struct codec_row codec_row_vp8;
extern const struct codec_row codec_row_vp9;
extern const struct codec_row codec_row_h264;
extern const struct codec_row codec_row_av1;

#endif
