/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/pace.h"

#define WINDOW_US 50000
/* Shares of the time at work: below the first the longest gap, above the second none. Packets that
 * are taken together cost half as much, so a gap is given up at once and comes back in steps. */
#define IDLE_PERCENT 20
#define BUSY_PERCENT 35
#define STEP_US	     (PACE_MOST_US / 8)
/* Woken so much later than asked. Guess: a core of its own wakes a worker sooner. */
#define LATE_US 500
/* More are on their way. */
#define SEVERAL 2

static int64_t longest_us(int64_t worked_us, int64_t window_us)
{
	int64_t percent = worked_us * 100 / window_us;

	if (percent <= IDLE_PERCENT)
		return PACE_MOST_US;
	if (percent >= BUSY_PERCENT)
		return 0;
	return PACE_MOST_US * (BUSY_PERCENT - percent) / (BUSY_PERCENT - IDLE_PERCENT);
}

static int64_t next_gap_us(const struct pace *pace, int64_t now_us)
{
	int64_t longest = longest_us(pace->worked_us, now_us - pace->window_us);
	int64_t stepped = pace->gap_us + STEP_US;

	return longest < stepped ? longest : stepped;
}

void pace_turn(struct pace *pace, int64_t began_us, int64_t ended_us, size_t packets, bool has_more)
{
	if (pace->window_us == 0) {
		pace->window_us = began_us;
		pace->gap_us = PACE_MOST_US;
	}
	pace->next_us = packets >= SEVERAL && !has_more ? began_us + pace->gap_us : 0;
	pace->worked_us += ended_us - began_us;
	if (ended_us - pace->window_us < WINDOW_US)
		return;
	pace->gap_us = next_gap_us(pace, ended_us);
	pace->window_us = ended_us;
	pace->worked_us = 0;
}

int64_t pace_next_us(const struct pace *pace)
{
	return pace->next_us;
}

void pace_woken(struct pace *pace, int64_t now_us)
{
	if (now_us - pace->next_us > LATE_US)
		pace->gap_us = 0;
}
