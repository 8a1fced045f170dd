/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * When more comes than a worker can send. Its socket's queue is not empty after a turn that took
 * all it may; when that lasts, what waits in it is late, sound too. Then a sixteenth of the slots
 * after the other is left without pictures until the queue does get empty, and slower gets them
 * back: each begins with a keyframe. Pure; embed it. Zero state: nothing waits.
 */
#ifndef VIDD_SERVER_BACKLOG_H
#define VIDD_SERVER_BACKLOG_H

#include <stdbool.h>
#include <stdint.h>

#include "media/route/engine.h"

struct backlog {
	int64_t since_us; /* it has not been empty; 0: it is */
	int64_t moved_us; /* when spared last changed */
	unsigned spared;  /* of ENGINE_SPARE_PARTS */
};

/* A turn is over; has_more: more than it may take was there. What engine_spare is to be told. */
unsigned backlog_turn(struct backlog *backlog, int64_t now_us, bool has_more);

#endif
