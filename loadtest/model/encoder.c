/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/model/encoder.h"

enum {
	ENCODER_PATTERN = 4,
	ENCODER_KEY_DELTAS = 10,  /* docs/adaptation.md 2 */
	ENCODER_KEY_MAX_MS = 300, /* docs/adaptation.md 2: half of libwebrtc's 600 ms buffer */
	ENCODER_KEY_PIXELS_PER_BYTE = 30, /* guess: a head at VP8's coarsest quantiser */
	ENCODER_MIN_FRAME_BYTES = 60,
	ENCODER_ACTIVITY_US = 1000000,
};

static const uint8_t pattern_tid[ENCODER_PATTERN] = {0, 2, 1, 2};
static const bool pattern_sync[ENCODER_PATTERN] = {false, true, true, false};
/* 40 % of the rate in a quarter of the frames, 20 % in a quarter, 40 % in a half. */
static const double pattern_share[ENCODER_PATTERN] = {1.6, 0.8, 0.8, 0.8};

void encoder_init(struct encoder *encoder, const struct encoder_config *config, uint64_t seed)
{
	*encoder = (struct encoder){
		.config = *config,
		.rng = rng_seeded(seed),
		.pending_us = INT64_MAX,
		.wants_keyframe = true,
		.activity = 1,
	};
}

void encoder_set_target(struct encoder *encoder, int64_t now_us, uint32_t bps)
{
	uint32_t coming =
		encoder->pending_us == INT64_MAX ? encoder->target_bps : encoder->pending_bps;

	if (bps == coming)
		return;
	if (encoder->pending_us == INT64_MAX)
		encoder->pending_us = now_us + ENCODER_LAG_US;
	encoder->pending_bps = bps;
}

void encoder_ask_keyframe(struct encoder *encoder)
{
	encoder->wants_keyframe = true;
}

static void apply_pending(struct encoder *encoder, int64_t now_us)
{
	if (encoder->pending_us > now_us)
		return;
	encoder->pending_us = INT64_MAX;
	if (encoder->target_bps == 0 && encoder->pending_bps != 0) {
		encoder->wants_keyframe = true;
		encoder->debt_bytes = 0;
	}
	encoder->target_bps = encoder->pending_bps;
}

static double keyframe_bytes(const struct encoder *encoder, double delta_bytes)
{
	double least = (double)encoder->config.width * encoder->config.height /
		       ENCODER_KEY_PIXELS_PER_BYTE;
	double most = (double)encoder->target_bps / 8 * ENCODER_KEY_MAX_MS / 1000;
	double bytes = delta_bytes * ENCODER_KEY_DELTAS;

	if (bytes > most)
		bytes = most;
	return bytes < least ? least : bytes;
}

bool encoder_frame(struct encoder *encoder, int64_t now_us, struct encoder_frame *out)
{
	double even;
	double bytes;
	double saved;

	apply_pending(encoder, now_us);
	if (encoder->target_bps == 0)
		return false;
	if (now_us - encoder->activity_us >= ENCODER_ACTIVITY_US) {
		encoder->activity = 0.95 + 0.1 * rng_unit(&encoder->rng);
		encoder->activity_us = now_us;
	}
	if (encoder->wants_keyframe)
		encoder->position = 0;
	*out = (struct encoder_frame){.is_keyframe = encoder->wants_keyframe};
	even = (double)encoder->target_bps / 8 / encoder->config.fps;
	if (encoder->config.has_layers) {
		out->temporal = pattern_tid[encoder->position];
		out->is_sync = pattern_sync[encoder->position];
		bytes = even * pattern_share[encoder->position];
		encoder->position = (uint8_t)((encoder->position + 1) % ENCODER_PATTERN);
	} else {
		bytes = even;
	}
	if (out->is_keyframe) {
		double key = keyframe_bytes(encoder, even);

		encoder->debt_bytes += key > bytes ? key - bytes : 0;
		bytes = key;
	} else {
		/* A third of each frame at most: quality gives way, the rate comes out right. */
		saved = encoder->debt_bytes < bytes / 3 ? encoder->debt_bytes : bytes / 3;
		encoder->debt_bytes -= saved;
		bytes = (bytes - saved) * encoder->activity * (0.9 + 0.2 * rng_unit(&encoder->rng));
	}
	encoder->wants_keyframe = false;
	out->bytes = bytes < ENCODER_MIN_FRAME_BYTES ? ENCODER_MIN_FRAME_BYTES : (uint32_t)bytes;
	return true;
}
