/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * CoDel (RFC 8289) as a decision per packet in FIFO order, for a queue that knows already at
 * arrival when each packet will leave it. Pure.
 */
#ifndef VIDD_LOADTEST_LINK_CODEL_H
#define VIDD_LOADTEST_LINK_CODEL_H

#include <stdbool.h>
#include <stdint.h>

/* RFC 8289 4.2, 4.3. */
#define CODEL_TARGET_NS	  5000000LL
#define CODEL_INTERVAL_NS 100000000LL

/* Zero state: nothing seen yet. */
struct codel {
	bool is_above; /* since before first_ns - interval */
	int64_t first_ns;
	bool is_dropping;
	int64_t next_ns; /* of the next drop */
	uint32_t count;
	uint32_t last_count;
};

/* Whether the packet that leaves the queue at leave_ns, after sojourn_ns in it, is dropped instead.
 * target_ns: what counts as a standing queue. */
bool codel_drops(struct codel *codel, int64_t leave_ns, int64_t sojourn_ns, int64_t target_ns);

#endif
