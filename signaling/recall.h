/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What people's links carried a moment ago, so that a connection that is made anew begins where the
 * last one ended. In memory only, a fixed number, forgotten after ten minutes. Plain values, pure.
 */
#ifndef VIDD_SIGNALING_RECALL_H
#define VIDD_SIGNALING_RECALL_H

#include <stddef.h>
#include <stdint.h>

#include "media/base/limits.h"

#define RECALL_US INT64_C(600000000) /* the room someone sits in changes less often; guess */
/* Who left in the last ten minutes and may come back; 64 kB. */
#define RECALL_ENTRIES 1024
/* Of what was measured, that much is believed: the link may be shared or weaker now. Guess. */
#define RECALL_PERCENT 70

struct recall_entry {
	char id[LIMIT_ID_BYTES + 1]; /* of the participant; "": free */
	int64_t at_us;
	uint32_t down_bps; /* 0: not known */
	uint32_t up_bps;
};

/* Zero state is empty. */
struct recall {
	struct recall_entry entry[RECALL_ENTRIES];
	size_t next;
};

/* Replaces what is kept of this participant; else the oldest gives way. Both 0: nothing. */
void recall_put(struct recall *recall, int64_t now_us, const char *id, uint32_t down_bps,
		uint32_t up_bps);
/* RECALL_PERCENT of what is kept, 0 where nothing is. */
void recall_get(const struct recall *recall, int64_t now_us, const char *id, uint32_t *down_bps,
		uint32_t *up_bps);

#endif
