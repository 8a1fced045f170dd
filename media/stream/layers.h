/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Which encoding (simulcast layer) of a track a subscriber gets: a pure choice over what is alive
 * and what is allowed. Today the only limit is a fixed cap; a rate controller's budget comes in by
 * the same door.
 */
#ifndef VIDD_MEDIA_STREAM_LAYERS_H
#define VIDD_MEDIA_STREAM_LAYERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/limits.h"

#define LAYERS_NONE (-1)

/* Encodings are ordered by size, smallest first. */
struct layers_view {
	size_t encoding_count;
	struct layers_encoding {
		bool is_alive; /* a packet came within the last second */
		uint64_t rate_bps;
	} encoding[LIMIT_ENCODINGS];
};

struct layers_limit {
	int max_encoding; /* the fixed cap: index, LIMIT_ENCODINGS - 1 for no cap */
};

struct layers_choice {
	int target;	     /* encoding to forward, LAYERS_NONE when nothing is alive */
	bool needs_keyframe; /* target differs from what is forwarded now */
};

/* now: the encoding forwarded at present or LAYERS_NONE. */
struct layers_choice layers_choose(const struct layers_view *view, const struct layers_limit *limit,
				   int now);

#endif
