/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/rate/minima.h"

static int64_t smallest(const struct minima *m)
{
	int64_t least = INT64_MAX;

	for (int i = 0; i < MINIMA_BUCKETS; i++)
		least = m->min[i] < least ? m->min[i] : least;
	return least;
}

static int64_t *place(struct minima *m, int64_t bucket)
{
	return &m->min[(uint64_t)bucket % MINIMA_BUCKETS];
}

void minima_reset(struct minima *m, int64_t now_us, int64_t value)
{
	m->is_started = true;
	m->bucket = now_us / MINIMA_BUCKET_US;
	for (int i = 0; i < MINIMA_BUCKETS; i++)
		m->min[i] = INT64_MAX;
	*place(m, m->bucket) = value;
	m->smallest = value;
}

static void advance(struct minima *m, int64_t bucket)
{
	int64_t first = m->bucket + 1;

	if (bucket - first >= MINIMA_BUCKETS)
		first = bucket - MINIMA_BUCKETS + 1;
	for (int64_t i = first; i <= bucket; i++)
		*place(m, i) = INT64_MAX;
	m->bucket = bucket;
	m->smallest = smallest(m);
}

void minima_add(struct minima *m, int64_t now_us, int64_t value)
{
	int64_t bucket = now_us / MINIMA_BUCKET_US;

	if (!m->is_started) {
		minima_reset(m, now_us, value);
		return;
	}
	if (bucket > m->bucket)
		advance(m, bucket);
	int64_t *newest = place(m, m->bucket);
	if (value < *newest)
		*newest = value;
	if (value < m->smallest)
		m->smallest = value;
}

int64_t minima_get(const struct minima *m)
{
	return m->is_started ? m->smallest : INT64_MAX;
}

void minima_shift(struct minima *m, int64_t by)
{
	if (!m->is_started)
		return;
	for (int i = 0; i < MINIMA_BUCKETS; i++)
		m->min[i] += m->min[i] == INT64_MAX ? 0 : by;
	m->smallest = smallest(m);
}

int64_t minima_growth(const struct minima *m)
{
	int64_t older = INT64_MAX;
	int64_t newer = INT64_MAX;
	int filled = 0;

	for (int64_t age = 1; age < MINIMA_BUCKETS; age++) {
		/* The newest is not full yet: age 0 is left out. */
		int64_t min = m->min[(uint64_t)(m->bucket - age) % MINIMA_BUCKETS];
		if (min == INT64_MAX)
			continue;
		filled++;
		if (age <= MINIMA_BUCKETS / 2)
			newer = min < newer ? min : newer;
		else
			older = min < older ? min : older;
	}
	if (!m->is_started || filled < 6 || older == INT64_MAX || newer == INT64_MAX)
		return 0;
	return newer > older ? (newer - older) / (MINIMA_BUCKETS / 2) : 0;
}
