/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/backlog.h"

/* Sound is to wait 50 ms at most: this, and what the queue takes to be emptied. */
#define LATE_US 15000
#define MORE_US 5000
#define LESS_US 250000

unsigned backlog_turn(struct backlog *backlog, int64_t now_us, bool has_more)
{
	if (!has_more)
		backlog->since_us = 0;
	else if (backlog->since_us == 0)
		backlog->since_us = now_us;
	if (backlog->since_us != 0 && now_us - backlog->since_us >= LATE_US) {
		if (backlog->spared < ENGINE_SPARE_PARTS && now_us - backlog->moved_us >= MORE_US) {
			backlog->spared++;
			backlog->moved_us = now_us;
		}
	} else if (backlog->spared > 0 && now_us - backlog->moved_us >= LESS_US) {
		backlog->spared--;
		backlog->moved_us = now_us;
	}
	return backlog->spared;
}
