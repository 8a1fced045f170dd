/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/backlog.h"

/* Sound is to wait 50 ms at most: this, the turn it is sent in, and those until less comes. */
#define LATE_US	   12000
#define IN_TIME_US 4000
#define MORE_US	   5000
#define LESS_US	   250000

unsigned backlog_turn(struct backlog *backlog, int64_t now_us, int64_t waited_us)
{
	int64_t still_us = now_us - backlog->moved_us;

	/* Once is a pause of the machine, which the next turn has made up for. */
	if (waited_us < LATE_US)
		backlog->since_us = 0;
	else if (backlog->since_us == 0)
		backlog->since_us = now_us;
	if (backlog->since_us != 0 && now_us - backlog->since_us >= MORE_US &&
	    still_us >= MORE_US && backlog->spared < ENGINE_SPARE_PARTS) {
		backlog->spared++;
		backlog->moved_us = now_us;
	}
	if (waited_us < IN_TIME_US && still_us >= LESS_US && backlog->spared > 0) {
		backlog->spared--;
		backlog->moved_us = now_us;
	}
	return backlog->spared;
}

bool backlog_is_full(const struct backlog *backlog)
{
	return backlog->spared == ENGINE_SPARE_PARTS;
}
