/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What one encoding sends, layer by layer: bytes, packets and pictures of the last second,
 * smoothed, and which layers have stopped. Keyframes do not count as rate (one would look like a
 * demand that is not there), their size is told apart. Plain data, numbers in and out.
 */
#ifndef VIDD_MEDIA_STREAM_METER_H
#define VIDD_MEDIA_STREAM_METER_H

#include "media/codec/codec.h"
#include "media/stream/layers.h"

#define METER_BUCKETS	10
#define METER_BUCKET_US 100000

struct meter_count {
	uint32_t bytes;
	uint16_t packets;
	uint16_t frames;
};

struct meter_layer {
	bool is_known;	    /* a frame came */
	uint32_t timestamp; /* of the last frame */
	int64_t last_us;
	int64_t interval_us; /* between frames, smoothed; 0: not known */
	struct meter_count bucket[METER_BUCKETS];
	struct layers_rate rate; /* smoothed */
};

/* Zero state is ready. */
struct meter {
	bool is_started;
	int64_t start_us;
	int64_t bucket_us; /* start of the present bucket */
	unsigned bucket;
	bool is_key_picture; /* the newest picture is a keyframe */
	uint32_t key_timestamp;
	uint32_t key_bytes;
	uint32_t done_key_bytes; /* of a whole keyframe, not taken yet */
	uint16_t height[LAYERS_SPATIAL];
	uint16_t known; /* layers of which a frame came: bit s * LAYERS_TEMPORAL + t */
	bool has_base;	/* alive_until_us is set */
	int64_t alive_until_us;
	struct meter_layer layer[LAYERS_SPATIAL][LAYERS_TEMPORAL];
};

/* A packet with payload that came for the first time. is_newest: as in selector.h. */
void meter_packet(struct meter *meter, int64_t now_us, size_t bytes, uint32_t timestamp,
		  const struct codec_frame *frame, bool is_newest);
/* Time passes without packets. */
void meter_advance(struct meter *meter, int64_t now_us);
/* The size of a keyframe that is whole, once. */
bool meter_take_keyframe(struct meter *meter, uint32_t *bytes);
/* Until when the encoding's base layer is alive without another frame: three of its intervals, at
 * least 500 ms and at most 3 s after the last. INT64_MIN: it never sent. */
int64_t meter_alive_until_us(const struct meter *meter);
/* Fills the rates of the layers alive, and heights. */
void meter_view(const struct meter *meter, int64_t now_us, struct layers_encoding *out);

#endif
