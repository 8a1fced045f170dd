/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/model/voice.h"

#include <math.h>

enum {
	VOICE_DTX_FRAMES = 20,	 /* Opus refreshes comfort noise each 400 ms */
	VOICE_HANGOVER = 10,	 /* frames before DTX begins: 200 ms, as libopus */
	VOICE_DTX_BYTES = 8,	 /* guess: a refresh frame */
	VOICE_LEAST_BYTES = 24,	 /* room for a label */
	VOICE_SPEECH_LEVEL = 25, /* -dBov, near a fake device's */
	VOICE_NOISE_LEVEL = 75,
};

static const double spurt_us = 1200000;
static const double pause_us = 1800000;

void voice_init(struct voice *voice, const struct voice_config *config, uint64_t seed)
{
	*voice = (struct voice){
		.config = *config, .rng = rng_seeded(seed), .is_speaking = config->is_continuous};
}

static void take_turn(struct voice *voice, int64_t now_us)
{
	double mean;

	if (voice->config.is_continuous || now_us < voice->turn_us)
		return;
	voice->is_speaking = !voice->is_speaking;
	mean = voice->is_speaking ? spurt_us : pause_us;
	voice->turn_us = now_us + (int64_t)(-log(1 - rng_unit(&voice->rng)) * mean);
}

void voice_frame(struct voice *voice, int64_t now_us, struct voice_frame *out)
{
	double bytes = (double)voice->config.bps / 8 * VOICE_FRAME_US / 1e6;

	take_turn(voice, now_us);
	out->is_speech = voice->is_speaking && !voice->is_muted;
	out->level_dbov = VOICE_NOISE_LEVEL;
	if (out->is_speech) {
		voice->silent_frames = 0;
		out->level_dbov = (uint8_t)(VOICE_SPEECH_LEVEL + rng_below(&voice->rng, 10));
		/* VBR: most of a talking voice lies within a fifth of its mean. */
		out->bytes = (uint16_t)(bytes * (0.8 + 0.4 * rng_unit(&voice->rng)));
		return;
	}
	voice->silent_frames++;
	out->bytes = (uint16_t)(bytes / 2 < VOICE_LEAST_BYTES ? VOICE_LEAST_BYTES : bytes / 2);
	if (!voice->config.has_dtx || voice->silent_frames <= VOICE_HANGOVER)
		return;
	out->bytes = (voice->silent_frames - VOICE_HANGOVER) % VOICE_DTX_FRAMES == 1
			     ? VOICE_DTX_BYTES
			     : 0;
}
