/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A publisher's voice, one subscription of it, and a receiver that takes payloads apart as browsers
 * do: RED into blocks, Opus packets into frames. Every 20 ms frame carries its index, so that the
 * receiver knows what it heard and when it belongs.
 */
#ifndef VIDD_TESTS_UNIT_VOICE_RIG_H
#define VIDD_TESTS_UNIT_VOICE_RIG_H

#include <glib.h>

#include "media/stream/voiceout.h"

#define RIG_FRAMES	200000
#define RIG_FIRST_SEQ	65500 /* wraps early */
#define RIG_FIRST_TS	0xffff0000u
#define RIG_STEP_TS	960u
#define RIG_STEP_US	20000
#define RIG_OPUS_PT	96
#define RIG_RED_PT	97
#define RIG_HYBRID_20MS 0x78 /* TOC: configuration 15, mono, one frame */

struct rig_sent {
	struct voiceout_payload payload;
	int64_t sent_us;
	size_t len;
	uint8_t bytes[1500];
};

struct rig {
	struct pkt_pool *pool;
	struct voice voice;
	struct voiceout out;
	struct rewrite rewrite;
	struct voiceout_types types;
	int64_t now_us;
	size_t room;	   /* bytes a payload may have */
	uint32_t skipped;  /* silence so far, in timestamps */
	bool is_blocked;   /* nothing is drained */
	GArray *sent;	   /* struct rig_sent */
	size_t frame_size; /* bytes of each frame besides its index; 0: varies */
	uint8_t toc;
};

/* How often each frame was heard: in primary blocks, and in older ones. */
struct rig_heard {
	uint8_t primary[RIG_FRAMES];
	uint8_t older[RIG_FRAMES];
};

void rig_open(struct rig *rig, struct voice_policy policy);
void rig_close(struct rig *rig);
/* The publisher's packet `index` arrives, with red_distance frames before it; the subscription's
 * payloads are in rig->sent. Returns what voice_input said. */
int rig_packet(struct rig *rig, uint32_t index, unsigned red_distance, bool marker);
/* ... which were lost on its way up: nothing but time passes. */
void rig_wait(struct rig *rig, int64_t us);
/* The subscription gets that frame. */
void rig_give(struct rig *rig, int64_t seq);
/* Sends what is gathered. */
void rig_flush(struct rig *rig);
const struct rig_sent *rig_sent(const struct rig *rig, size_t at);
/* Takes a payload apart; every frame must be whole and in its place. */
void rig_hear(const struct rig *rig, struct rig_heard *heard, const struct rig_sent *sent);

#endif
