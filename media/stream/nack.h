/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What is missing from a publisher's stream and when to ask for it (RFC 4585 6.2.1). Asks at once
 * for a gap (after 5 ms, for reordering), again each 1.2 RTT (at least 20 ms), and gives up on a
 * packet after 10 tries or when it is older than max(1 s, 3 RTT) (video) or 400 ms (audio). Sound
 * is not asked for when the answer would come later than that: a queue on the uplink shows as RTT,
 * and asking again fills it. More than LIMIT_NACK_MISSING missing: the list is dropped and
 * nack_take_overflow tells, for a keyframe request; the same when there is no memory for it.
 */
#ifndef VIDD_MEDIA_STREAM_NACK_H
#define VIDD_MEDIA_STREAM_NACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/limits.h"

struct nack_item {
	int64_t seq;
	int64_t found_us;
	int64_t next_us;
	uint8_t tries;
};

/* Zero state is ready; set is_audio once. Visible for embedding. */
struct nack {
	bool is_audio;
	bool started;
	bool overflow;
	int64_t highest;	   /* unwrapped */
	struct nack_item *missing; /* ascending */
	size_t count;
	size_t room;
};

/* Back to the zero state. */
void nack_close(struct nack *nack);

/* A packet of the stream came, in whatever order, or was recovered by RTX. False: it was here
 * before, or had been given up. */
bool nack_received(struct nack *nack, int64_t now_us, uint16_t seq);
/* Fills seqs with what to ask for now, at most cap, ascending. Returns how many; cap of them: call
 * again. Gives up on what is too old. rtt_us <= 0: not known, 100 ms is taken. */
size_t nack_due(struct nack *nack, int64_t now_us, int64_t rtt_us, uint16_t *seqs, size_t cap);
/* When nack_due is to be called next; DEADLINE_NEVER when nothing is missing. */
int64_t nack_deadline_us(const struct nack *nack);
/* True once after the list overflowed. */
bool nack_take_overflow(struct nack *nack);

#endif
