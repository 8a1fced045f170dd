/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/model/jitter.h"

#include <string.h>

enum {
	JITTER_BUCKET_US = 20000,
	JITTER_RESAMPLE_US = 500000,
};

static const double forget = 0.983;
static const double quantile = 0.95;
static const double late_forget = 0.9993;
static const double us_per_lost_percent = 20000;

static void add(struct jitter *jitter, int64_t late_us)
{
	size_t bucket = (size_t)(late_us / JITTER_BUCKET_US);
	double keep;

	if (bucket >= JITTER_BUCKETS)
		bucket = JITTER_BUCKETS - 1;
	jitter->adds++;
	/* Forgets faster while it knows little. */
	keep = 1 - 2 / (double)(jitter->adds + 1);
	if (keep > forget)
		keep = forget;
	if (keep < 0)
		keep = 0;
	for (size_t i = 0; i < JITTER_BUCKETS; i++)
		jitter->share[i] *= keep;
	jitter->share[bucket] += 1 - keep;
}

static void next_half_second(struct jitter *jitter, int64_t now_us)
{
	memmove(&jitter->base_us[1], &jitter->base_us[0],
		sizeof(jitter->base_us) - sizeof(jitter->base_us[0]));
	jitter->base_us[0] = INT64_MAX;
	jitter->base_at_us = now_us;
	jitter->worst_us = -1;
}

static void add_late(struct jitter *jitter, int64_t late_us)
{
	size_t bucket = (size_t)(late_us / JITTER_BUCKET_US);
	double keep = 1 - 2 / (double)(++jitter->packets + 1);

	if (keep > late_forget)
		keep = late_forget;
	for (size_t i = 0; i < JITTER_BUCKETS; i++)
		jitter->late[i] *= keep;
	jitter->late[bucket < JITTER_BUCKETS ? bucket : JITTER_BUCKETS - 1] += 1 - keep;
}

static int64_t base_of(const struct jitter *jitter)
{
	int64_t base = jitter->base_us[0];

	for (size_t i = 1; i < JITTER_BASES; i++)
		if (jitter->base_us[i] < base)
			base = jitter->base_us[i];
	return base;
}

void jitter_late_packet(struct jitter *jitter, int64_t transit_us)
{
	if (jitter->has_first && transit_us > base_of(jitter))
		add_late(jitter, transit_us - base_of(jitter));
}

void jitter_packet(struct jitter *jitter, int64_t now_us, int64_t transit_us)
{
	int64_t late;

	if (!jitter->has_first) {
		jitter->has_first = true;
		for (size_t i = 0; i < JITTER_BASES; i++)
			jitter->base_us[i] = INT64_MAX;
		jitter->base_at_us = now_us;
		jitter->worst_us = -1;
	}
	if (now_us - jitter->base_at_us >= JITTER_RESAMPLE_US) {
		if (jitter->worst_us >= 0)
			add(jitter, jitter->worst_us);
		next_half_second(jitter, now_us);
	}
	if (transit_us < jitter->base_us[0])
		jitter->base_us[0] = transit_us;
	add_late(jitter, 0);
	late = transit_us - base_of(jitter);
	if (late > jitter->worst_us)
		jitter->worst_us = late;
}

static int64_t in_order_us(const struct jitter *jitter)
{
	double sum = 0;

	if (jitter->adds == 0)
		return 4 * (int64_t)JITTER_BUCKET_US; /* NetEq's start: 80 ms */
	for (size_t i = 0; i < JITTER_BUCKETS; i++) {
		sum += jitter->share[i];
		if (sum >= quantile)
			return (int64_t)(i + 1) * JITTER_BUCKET_US;
	}
	return (int64_t)JITTER_BUCKETS * JITTER_BUCKET_US;
}

int64_t jitter_target_us(const struct jitter *jitter)
{
	int64_t base = in_order_us(jitter);
	int64_t best = base;
	double lost = 1;
	double least = 1e18;

	for (size_t i = 0; i < JITTER_BUCKETS; i++) {
		int64_t delay = (int64_t)(i + 1) * JITTER_BUCKET_US;
		double cost;

		lost -= jitter->late[i];
		cost = (double)(delay > base ? delay - base : 0) + lost * 100 * us_per_lost_percent;
		if (cost < least - 1) {
			least = cost;
			best = delay;
		}
	}
	return best > base ? best : base;
}
