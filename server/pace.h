/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How far apart a worker's turns are. Waking up costs more than forwarding a packet, so a worker
 * with little to do takes what comes within a few milliseconds together; one that is busy finds
 * several packets each time anyway and does not wait. A packet that comes alone is taken at once,
 * and so is what a turn has left. Pure; embed it. Zero state: a worker that has done nothing yet.
 */
#ifndef VIDD_SERVER_PACE_H
#define VIDD_SERVER_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Receivers buffer 20 ms and more, so nobody hears it. A wake-up takes 10 to 20 us of a virtual
 * machine's CPU, as much as several packets. */
#define PACE_MOST_US 4000

struct pace {
	int64_t window_us; /* when it began; 0: nothing yet */
	int64_t worked_us; /* in it */
	int64_t gap_us;
	int64_t next_us;
};

/* A turn began when something was ready, found so many packets and is over. has_more: it took all
 * it may, and more is waiting. */
void pace_turn(struct pace *pace, int64_t began_us, int64_t ended_us, size_t packets,
	       bool has_more);
/* When the next one may begin; in the past: now. */
int64_t pace_next_us(const struct pace *pace);
/* The worker was to sleep until then, and is awake now: when that is late, others use its core, and
 * a gap would come on top of what it waits for them. It is given up, as when it is busy itself. */
void pace_woken(struct pace *pace, int64_t now_us);

#endif
