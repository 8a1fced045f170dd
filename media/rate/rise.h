/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Has the link become wider? It was full at a rate, and at the same rate it is not any more. A
 * suspicion only: a probe tells. Suspicions become rarer until one proves right. Pure; embed it,
 * zero state has seen nothing.
 */
#ifndef VIDD_MEDIA_RATE_RISE_H
#define VIDD_MEDIA_RATE_RISE_H

#include <stdbool.h>
#include <stdint.h>

/* Visible for embedding. */
struct rise {
	bool is_armed;	  /* by a link that was full for a second; one suspicion each */
	int64_t idle_us;  /* when the bottleneck was last known to be busy */
	int64_t last_us;  /* suspicion */
	int64_t apart_us; /* before the next */
};

struct rise_in {
	int64_t now_us;
	int64_t busy_us; /* how long the bottleneck has been busy; 0: it is not */
	int64_t loop_us;
	bool is_used; /* about as much is sent as the full link gave */
};

/* True when a rise is suspected now. */
bool rise_watch(struct rise *r, const struct rise_in *in);
/* A probe has passed: the next suspicion may come soon. */
void rise_confirmed(struct rise *r);

#endif
