/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How long a receiver of sound waits, as NetEq decides it: the 95th percentile of how much later
 * than the quickest of the last 2 s a packet came; the largest of each half second goes into a
 * histogram of 20 ms that forgets with 0.983 (docs/adaptation.md 3 names the figures to report; the
 * rule's constants are from memory of libwebrtc and so a model). Up at once, down as it forgets.
 */
#ifndef VIDD_LOADTEST_MODEL_JITTER_H
#define VIDD_LOADTEST_MODEL_JITTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JITTER_BUCKETS 100
#define JITTER_BASES   4

/* Zero state is ready. Visible for embedding. */
struct jitter {
	double share[JITTER_BUCKETS];
	double late[JITTER_BUCKETS]; /* of packets that came out of order, each in its own bucket */
	uint32_t packets;
	uint32_t adds;
	bool has_first;
	int64_t base_us[JITTER_BASES]; /* least transit of each half second */
	int64_t base_at_us;	       /* begin of base_us[0]'s half second */
	int64_t worst_us;	       /* of this half second */
};

/* transit: arrival minus capture, on clocks that need not agree. */
void jitter_packet(struct jitter *jitter, int64_t now_us, int64_t transit_us);
/* The same for a packet that came after later ones: a repair, or reordered. It counts only in what
 * it costs to wait for such packets: a percent of sound lost is worth 20 ms of delay (NetEq's
 * optimiser of reordering, from memory as well). */
void jitter_late_packet(struct jitter *jitter, int64_t transit_us);
/* 20 ms or more. */
int64_t jitter_target_us(const struct jitter *jitter);

#endif
