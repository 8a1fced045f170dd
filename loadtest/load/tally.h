/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What all bots together sent, got and noticed. Counters only grow; a window is the difference of
 * two copies. Histograms take values while is_measuring. Plain data, one thread.
 */
#ifndef VIDD_LOADTEST_LOAD_TALLY_H
#define VIDD_LOADTEST_LOAD_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "server/histogram.h"

/* Indexed by enum media_kind where there are two. */
struct tally_counts {
	uint64_t sent[2]; /* RTP packets of media, first time */
	uint64_t sent_bytes;
	uint64_t sent_again; /* by RTX */
	uint64_t keyframes_sent;
	uint64_t nacks_heard; /* sequence numbers */
	uint64_t plis_heard;
	uint64_t socket_full; /* datagrams that our socket did not take */
	uint64_t received[2]; /* RTP packets of media, each number once */
	uint64_t received_bytes;
	uint64_t repaired;   /* came by RTX, or after being asked for */
	uint64_t padding;    /* without media: probes */
	uint64_t duplicates; /* a number that had come */
	uint64_t reordered;  /* came after a later one */
	uint64_t lost;	     /* never came, repair included */
	uint64_t skipped;    /* numbers of the publisher that the server left out or lost */
	uint64_t corrupt;    /* not as it was written */
	uint64_t rejected;   /* failed authentication, or were replays */
	uint64_t unknown;    /* of no SSRC that was agreed on */
	uint64_t went_back;  /* the publisher's numbers went back: kept packets were sent */
	uint64_t nacks_sent;
	uint64_t plis_sent;
	uint64_t frames_shown;
	uint64_t freezes;
	uint64_t freeze_us;
	uint64_t watched_us; /* time of video slots with a picture */
	uint64_t ticks;	     /* 20 ms each of sound that should be there */
	uint64_t concealed;
	uint64_t audible; /* concealed in speech */
};

struct tally {
	struct tally_counts counts;
	bool is_measuring;
	struct histogram latency[2];
	int64_t latency_max_us[2];
	struct histogram join;	/* from the wish to join to a connection that is ready */
	struct histogram first; /* ... to the first media of somebody else */
};

static inline void tally_latency(struct tally *tally, unsigned kind, int64_t us)
{
	if (!tally->is_measuring)
		return;
	histogram_add(&tally->latency[kind], us);
	if (us > tally->latency_max_us[kind])
		tally->latency_max_us[kind] = us;
}

#endif
