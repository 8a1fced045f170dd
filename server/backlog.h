/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * When more comes than a worker can send: what it takes out of its socket has waited there for
 * long, sound too. Then a sixteenth of the slots after the other is left without pictures until
 * that is over, and slower gets them back: each begins with a keyframe. Pure; embed it. Zero state:
 * nothing waits.
 */
#ifndef VIDD_SERVER_BACKLOG_H
#define VIDD_SERVER_BACKLOG_H

#include <stdbool.h>
#include <stdint.h>

#include "media/route/engine.h"

struct backlog {
	int64_t since_us; /* each turn was late; 0: the last was not */
	int64_t moved_us; /* when spared last changed */
	unsigned spared;  /* of ENGINE_SPARE_PARTS */
};

/* A turn has taken what had waited so long; 0: nothing. What engine_spare is to be told. */
unsigned backlog_turn(struct backlog *backlog, int64_t now_us, int64_t waited_us);
/* No pictures are left to leave out: whoever came as well would cost sound. */
bool backlog_is_full(const struct backlog *backlog);

#endif
