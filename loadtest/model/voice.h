/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A model of a person's voice as a browser sends it: an Opus frame each 20 ms, in one packet per
 * ptime, with the level of RFC 6464. Continuous speech, or talk spurts and pauses (exponential,
 * means 1.2 and 1.8 s: ITU-T P.59's single talk rounded) with discontinuous transmission if
 * wanted. Pure and seeded.
 */
#ifndef VIDD_LOADTEST_MODEL_VOICE_H
#define VIDD_LOADTEST_MODEL_VOICE_H

#include <stdbool.h>
#include <stdint.h>

#include "media/base/rng.h"

#define VOICE_FRAME_US 20000

struct voice_config {
	uint32_t bps;	    /* of Opus while speaking */
	bool is_continuous; /* speaks all the time */
	bool has_dtx;
};

/* Visible for embedding. */
struct voice {
	struct voice_config config;
	struct rng rng;
	bool is_speaking;
	bool is_muted; /* set from outside: silence, whatever the turn */
	int64_t turn_us;
	uint32_t silent_frames;
};

struct voice_frame {
	uint16_t bytes; /* TOC included; 0: DTX sends nothing now */
	bool is_speech;
	uint8_t level_dbov; /* 0 loudest .. 127 */
};

void voice_init(struct voice *voice, const struct voice_config *config, uint64_t seed);
void voice_frame(struct voice *voice, int64_t now_us, struct voice_frame *out);

#endif
