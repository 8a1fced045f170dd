/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/link/curve.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

/* The last step at or before t_ns, which lies in one round. */
static size_t step_at(const struct link_trace *trace, int64_t t_ns)
{
	size_t low = 0;
	size_t high = trace->count;

	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (trace->steps[mid].at_ns <= t_ns)
			low = mid;
		else
			high = mid;
	}
	return low;
}

int64_t trace_value(const struct link_trace *trace, int64_t t_ns)
{
	assert(trace->count > 0);
	if (trace->loop_ns > 0 && t_ns > 0)
		t_ns %= trace->loop_ns;
	return trace->steps[step_at(trace, t_ns)].value;
}

/* From step i, which begins at its at_ns, until t_ns. */
static nanobits since_step(const struct link_trace *rate, size_t i, int64_t t_ns)
{
	return (nanobits)rate->steps[i].value * (t_ns - rate->steps[i].at_ns);
}

nanobits curve_raw(const struct curve *curve, int64_t t_ns)
{
	const struct link_trace *rate = &curve->rate;
	nanobits rounds = 0;

	if (t_ns <= 0)
		return (nanobits)rate->steps[0].value * t_ns;
	if (rate->loop_ns > 0) {
		rounds = t_ns / rate->loop_ns * curve->loop_sum;
		t_ns %= rate->loop_ns;
	}
	size_t i = step_at(rate, t_ns);
	return rounds + curve->sum[i] + since_step(rate, i, t_ns);
}

/* A time that does not fit is as good as never: half the range leaves room for delays on top. */
static int64_t to_time(nanobits t)
{
	return t < INT64_MAX / 2 ? (int64_t)t : CURVE_NEVER;
}

/* The last step that begins with less than sum sent; sum > 0. */
static size_t step_reaching(const struct curve *curve, nanobits sum)
{
	size_t low = 0;
	size_t high = curve->rate.count;

	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (curve->sum[mid] < sum)
			low = mid;
		else
			high = mid;
	}
	return low;
}

int64_t curve_raw_time(const struct curve *curve, nanobits sum)
{
	const struct link_trace *rate = &curve->rate;
	nanobits rounds = 0;

	if (sum <= 0) {
		int64_t first_bps = rate->steps[0].value;

		return first_bps > 0 ? (int64_t) - (-sum / first_bps) : 0;
	}
	if (rate->loop_ns > 0) {
		if (curve->loop_sum == 0)
			return CURVE_NEVER;
		/* Whole rounds before the one in which it is reached; a round's end belongs to it.
		 */
		rounds = (sum - 1) / curve->loop_sum;
		sum -= rounds * curve->loop_sum;
	}
	size_t i = step_reaching(curve, sum);
	int64_t bps = rate->steps[i].value;
	/* Only the last step can have the rest to come at no rate: it is never reached. */
	if (bps == 0)
		return CURVE_NEVER;
	nanobits in_step_ns = (sum - curve->sum[i] + bps - 1) / bps;
	return to_time(rounds * rate->loop_ns + rate->steps[i].at_ns + in_step_ns);
}

/* How many outages have begun before t_ns. */
static size_t outages_begun(const struct curve *curve, int64_t t_ns)
{
	size_t low = 0;
	size_t high = curve->outage_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (curve->outages[mid].begin_ns < t_ns)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

nanobits curve_sum(const struct curve *curve, int64_t t_ns)
{
	size_t begun = outages_begun(curve, t_ns);

	/* In an outage the sum stays what it was when that began. */
	if (begun > 0 && t_ns < curve->outages[begun - 1].end_ns)
		return curve_raw(curve, curve->outages[begun - 1].begin_ns) -
		       curve->lost[begun - 1];
	return curve_raw(curve, t_ns) - curve->lost[begun];
}

int64_t curve_time(const struct curve *curve, int64_t from_ns, nanobits sum)
{
	for (size_t i = outages_begun(curve, from_ns);; i++) {
		int64_t t = curve_raw_time(curve, sum + curve->lost[i]);

		if (i == curve->outage_count || t <= curve->outages[i].begin_ns)
			return t;
	}
}

const struct link_outage *curve_outage(const struct curve *curve, int64_t t_ns)
{
	size_t begun = outages_begun(curve, t_ns);

	if (begun > 0 && t_ns < curve->outages[begun - 1].end_ns)
		return &curve->outages[begun - 1];
	return begun < curve->outage_count ? &curve->outages[begun] : NULL;
}

const struct link_outage *curve_outage_next(const struct curve *curve,
					    const struct link_outage *outage)
{
	bool is_last = outage == &curve->outages[curve->outage_count - 1];

	return is_last ? NULL : outage + 1;
}

static void sum_steps(struct curve *curve)
{
	const struct link_trace *rate = &curve->rate;

	for (size_t i = 0; i + 1 < rate->count; i++)
		curve->sum[i + 1] = curve->sum[i] + since_step(rate, i, rate->steps[i + 1].at_ns);
	if (rate->loop_ns > 0)
		curve->loop_sum = curve->sum[rate->count - 1] +
				  since_step(rate, rate->count - 1, rate->loop_ns);
}

int curve_init(struct curve *curve, const struct link_config *config)
{
	*curve = (struct curve){
		.rate = config->rate,
		.outages = config->outages,
		.outage_count = config->outage_count,
	};
	curve->sum = calloc(config->rate.count + 1, sizeof(*curve->sum));
	curve->lost = calloc(config->outage_count + 1, sizeof(*curve->lost));
	if (!curve->sum || !curve->lost) {
		curve_close(curve);
		return -ENOMEM;
	}
	if (config->rate.count == 0)
		return 0;
	sum_steps(curve);
	for (size_t i = 0; i < config->outage_count; i++)
		curve->lost[i + 1] = curve->lost[i] + curve_raw(curve, config->outages[i].end_ns) -
				     curve_raw(curve, config->outages[i].begin_ns);
	return 0;
}

void curve_close(struct curve *curve)
{
	free(curve->sum);
	free(curve->lost);
	*curve = (struct curve){0};
}
