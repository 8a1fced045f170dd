/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/rate/trend.h"

#define MAX_AGE_STEPS 40
#define MIN_POINTS    5
#define LIMIT	      10000

void trend_packet(struct trend *t, int64_t sent_us, int64_t arrival_us)
{
	int64_t step = arrival_us / TREND_STEP_US;
	int64_t owd = arrival_us - sent_us;

	/* The clock went back by seconds: begin anew. */
	if (t->count > 0 && step < t->step - MAX_AGE_STEPS)
		t->count = 0;
	if (t->count > 0 && step <= t->step) {
		/* Late ones count for the newest step; what is smaller says more. */
		unsigned newest = (t->next + TREND_POINTS - 1) % TREND_POINTS;
		if (owd < t->owd_us[newest])
			t->owd_us[newest] = owd;
		return;
	}
	t->step = step;
	t->step_of[t->next] = step;
	t->owd_us[t->next] = owd;
	t->next = (t->next + 1) % TREND_POINTS;
	t->count += t->count < TREND_POINTS;
}

int trend_permille(const struct trend *t)
{
	double sum_x = 0;
	double sum_y = 0;
	double sum_xx = 0;
	double sum_xy = 0;
	int n = 0;

	if (t->count == 0)
		return 0;
	unsigned newest = (t->next + TREND_POINTS - 1) % TREND_POINTS;
	for (unsigned i = 0; i < t->count; i++) {
		unsigned at = (t->next + TREND_POINTS - 1 - i) % TREND_POINTS;
		if (t->step_of[at] < t->step - MAX_AGE_STEPS)
			break;
		double x = (double)(t->step_of[at] - t->step) * TREND_STEP_US;
		double y = (double)(t->owd_us[at] - t->owd_us[newest]);
		sum_x += x;
		sum_y += y;
		sum_xx += x * x;
		sum_xy += x * y;
		n++;
	}
	double spread = n * sum_xx - sum_x * sum_x;
	if (n < MIN_POINTS || spread <= 0)
		return 0;
	double slope = 1000 * (n * sum_xy - sum_x * sum_y) / spread;
	return slope > LIMIT ? LIMIT : slope < -LIMIT ? -LIMIT : (int)slope;
}
