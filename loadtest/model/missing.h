/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Which numbers a receiver asks for again, as libwebrtc does (docs/adaptation.md 2): at once, then
 * once per round trip, ten times, never more than 1000 behind the newest. Pure; a model of the peer
 * and so apart from media/stream/nack.
 */
#ifndef VIDD_LOADTEST_MODEL_MISSING_H
#define VIDD_LOADTEST_MODEL_MISSING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MISSING_MAX 1000

/* Visible for embedding; zero state is ready. Numbers are unwrapped by the caller and positive. */
struct missing {
	struct missing_item {
		int64_t number;
		int64_t next_us;
		int tries;
	} item[MISSING_MAX];
	size_t count;
	int64_t newest;
	bool overflowed; /* too many: a keyframe is wanted instead; the caller clears it */
};

/* A number came. True: it was asked for before (a repair, or late). */
bool missing_received(struct missing *missing, int64_t now_us, int64_t number);
/* The numbers to ask for now, each once per rtt_us. Returns how many, at most cap. */
size_t missing_due(struct missing *missing, int64_t now_us, int64_t rtt_us, uint16_t *out,
		   size_t cap);
int64_t missing_deadline_us(const struct missing *missing);
/* Nobody needs what lies before this number any more. */
void missing_forget_before(struct missing *missing, int64_t number);

#endif
