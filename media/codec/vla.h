/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Video layers allocation, the RTP header extension
 * http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00: what a publisher means to
 * send in each simulcast stream, spatial and temporal layer. Sent with keyframes and when it
 * changes. Pure.
 */
#ifndef VIDD_MEDIA_CODEC_VLA_H
#define VIDD_MEDIA_CODEC_VLA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VLA_STREAMS  4
#define VLA_SPATIAL  4
#define VLA_TEMPORAL 4

struct vla_layer {
	uint8_t temporal_count;	     /* 0: this spatial layer is not sent */
	uint32_t kbps[VLA_TEMPORAL]; /* cumulative: layer t with those below it */
	uint16_t width;		     /* 0: not told */
	uint16_t height;
	uint8_t fps;
};

struct vla {
	uint8_t rid;	      /* of the stream that carried it: its index */
	uint8_t stream_count; /* 0: nothing is sent at all */
	struct vla_layer layer[VLA_STREAMS][VLA_SPATIAL];
};

/* 0 or -EBADMSG; *out only on success. */
int vla_parse(struct vla *out, const uint8_t *data, size_t len);

#endif
