/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A model of one encoding of a browser's camera: how large each frame is and in which temporal
 * layer. Pure and seeded; the bytes themselves mean nothing. VP8 with L1T3, libwebrtc's default for
 * simulcast (docs/adaptation.md 2).
 *
 * Rate: VBR of +-5 % over a second (RFC 8867 4.3), frames shared out 40/20/40 % over T0, T1, T2. A
 * keyframe is ten delta frames, at most 300 ms of the target, and is paid back by the frames after
 * it. A new target takes effect 100 ms later (RFC 8867's encoder lag).
 */
#ifndef VIDD_LOADTEST_MODEL_ENCODER_H
#define VIDD_LOADTEST_MODEL_ENCODER_H

#include <stdbool.h>
#include <stdint.h>

#include "media/base/rng.h"

#define ENCODER_LAG_US 100000

struct encoder_config {
	uint16_t width;
	uint16_t height;
	uint8_t fps;
	bool has_layers; /* L1T3; else every frame is T0 */
};

/* Visible for embedding. */
struct encoder {
	struct encoder_config config;
	struct rng rng;
	uint32_t target_bps; /* 0: makes no frames */
	uint32_t pending_bps;
	int64_t pending_us; /* INT64_MAX: nothing pending */
	bool wants_keyframe;
	uint8_t position; /* in the pattern of four */
	double activity;  /* about 1 */
	int64_t activity_us;
	double debt_bytes; /* sent above the target, still to be saved */
};

struct encoder_frame {
	uint32_t bytes;
	bool is_keyframe;
	uint8_t temporal;
	bool is_sync; /* refers to T0 alone (VP8's Y) */
};

void encoder_init(struct encoder *encoder, const struct encoder_config *config, uint64_t seed);
/* 0 stops the encoding; a stopped one begins with a keyframe. */
void encoder_set_target(struct encoder *encoder, int64_t now_us, uint32_t bps);
/* The next frame is a keyframe. */
void encoder_ask_keyframe(struct encoder *encoder);
/* To be called fps times a second. False: the encoding is off. */
bool encoder_frame(struct encoder *encoder, int64_t now_us, struct encoder_frame *out);

#endif
