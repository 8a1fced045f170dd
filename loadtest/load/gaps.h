/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The numbers of one received stream: which came twice, late, or never. A number counts as lost
 * when GAPS_WINDOW later ones have come, or at gaps_settle. Pure.
 */
#ifndef VIDD_LOADTEST_LOAD_GAPS_H
#define VIDD_LOADTEST_LOAD_GAPS_H

#include <stdbool.h>
#include <stdint.h>

#include "media/base/seq.h"

#define GAPS_WINDOW 1024 /* a power of two; a second of a fast stream */

enum gaps_verdict {
	GAPS_NEXT,	/* in order, perhaps behind a gap */
	GAPS_LATE,	/* fills a gap */
	GAPS_DUPLICATE, /* or older than the window */
};

/* Visible for embedding; zero state is ready. */
struct gaps {
	bool is_started;
	struct seq_unwrap unwrap;
	int64_t first; /* what came before it was missed by nobody */
	int64_t highest;
	uint64_t came[GAPS_WINDOW / 64];
	uint64_t lost;
};

enum gaps_verdict gaps_received(struct gaps *gaps, uint16_t seq);
/* Counts what is missing inside the window as lost, but for the last `recent` numbers, which may
 * still come; what does come later counts as a duplicate. */
void gaps_settle(struct gaps *gaps, int64_t recent);

#endif
