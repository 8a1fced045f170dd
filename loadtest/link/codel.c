/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/link/codel.h"

#include <math.h>

static bool stands_too_long(struct codel *codel, int64_t leave_ns, bool is_above)
{
	if (!is_above) {
		codel->is_above = false;
		return false;
	}
	if (!codel->is_above) {
		codel->is_above = true;
		codel->first_ns = leave_ns + CODEL_INTERVAL_NS;
		return false;
	}
	return leave_ns >= codel->first_ns;
}

/* RFC 8289 5.4: drops come closer with the square root of their number. */
static int64_t after(int64_t t_ns, uint32_t count)
{
	return t_ns + (int64_t)((double)CODEL_INTERVAL_NS / sqrt(count));
}

static void begin_dropping(struct codel *codel, int64_t leave_ns)
{
	uint32_t delta = codel->count - codel->last_count;
	/* RFC 8289 5.5: dropping ended a moment ago, so it goes on about as densely. */
	bool is_recent = leave_ns - codel->next_ns < 16 * CODEL_INTERVAL_NS;

	codel->count = is_recent && delta > 1 ? delta : 1;
	codel->last_count = codel->count;
	codel->is_dropping = true;
	codel->next_ns = after(leave_ns, codel->count);
}

bool codel_drops(struct codel *codel, int64_t leave_ns, int64_t sojourn_ns, int64_t target_ns)
{
	if (!stands_too_long(codel, leave_ns, sojourn_ns >= target_ns)) {
		codel->is_dropping = false;
		return false;
	}
	if (!codel->is_dropping) {
		begin_dropping(codel, leave_ns);
		return true;
	}
	if (leave_ns < codel->next_ns)
		return false;
	codel->count++;
	codel->next_ns = after(codel->next_ns, codel->count);
	return true;
}
