/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a track sends, as a list of *operating points*, ascending in cost: an encoding (simulcast)
 * with a spatial and a temporal layer of it. Pure: figures in, list out. Which point a subscriber
 * gets is rate/share's business; how its packets are chosen is stream/selector's.
 */
#ifndef VIDD_MEDIA_STREAM_LAYERS_H
#define VIDD_MEDIA_STREAM_LAYERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/limits.h"

#define LAYERS_NONE	(-1)
#define LAYERS_SPATIAL	4 /* two-bit ids in AV1; VP9's third bit is used by nobody */
#define LAYERS_TEMPORAL 4 /* two-bit ids in VP8; browsers make at most 3 */
#define LAYERS_MAX_POINTS                                                                          \
	16 /* 3 encodings of 3 temporal layers are 9; a list longer is thinned                     \
	    */

struct layer_target {
	int8_t encoding; /* LAYERS_NONE: nothing */
	uint8_t spatial; /* the highest forwarded */
	uint8_t temporal;
};

/* One layer alone, smoothed. mhz: per 1000 s, so that slow streams keep their digits. */
struct layers_rate {
	uint32_t bps; /* RTP payload and header extensions as the publisher sends them */
	uint32_t packets_mhz;
	uint32_t frames_mhz;
};

/* Encodings are ordered by size, smallest first. A layer without rate is not sent. */
struct layers_view {
	size_t encoding_count;
	struct layers_encoding {
		bool is_alive;			 /* its base layer comes */
		uint16_t height[LAYERS_SPATIAL]; /* 0: not known */
		struct layers_rate rate[LAYERS_SPATIAL][LAYERS_TEMPORAL];
	} encoding[LIMIT_ENCODINGS];
};

/* The values of route/params.h's media_keep. */
enum layers_keep {
	LAYERS_KEEP_FRAME_RATE,
	LAYERS_KEEP_RESOLUTION,
};

struct layers_point {
	struct layer_target target;
	uint32_t payload_bps; /* cumulative: with all layers below */
	uint32_t cost_bps;    /* with overhead_bytes on each packet */
	uint32_t packets_mhz;
	uint32_t frames_mhz; /* pictures shown */
	uint16_t height;     /* 0: not known */
};

/* Fills out, ascending in cost and in what is seen, and gives the count. Points that cost more and
 * give less are left out. KEEP_FRAME_RATE: a point with fewer pictures than a cheaper one is never
 * taken, so on the way down size goes first. KEEP_RESOLUTION: one with a smaller picture is never
 * taken, so frame rate goes first. overhead_bytes: IP, UDP, RTP, our extensions and SRTP of a
 * packet. */
size_t layers_points(const struct layers_view *view, enum layers_keep keep, uint16_t overhead_bytes,
		     struct layers_point out[LAYERS_MAX_POINTS]);
/* The point of this target; else the best that costs no more layers: same encoding and no layer
 * above the target's, else a smaller encoding; else 0. LAYERS_NONE for a target of nothing or an
 * empty list. */
int layers_index(const struct layers_point *points, size_t count, struct layer_target target);

static inline bool layers_same(struct layer_target a, struct layer_target b)
{
	return a.encoding == b.encoding && a.spatial == b.spatial && a.temporal == b.temporal;
}

#endif
