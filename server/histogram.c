/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/histogram.h"

#include <assert.h>

/* Eight buckets per octave: the three bits after the first one. */
static size_t bucket_of(uint64_t us)
{
	unsigned msb;

	if (us < HISTOGRAM_EXACT)
		return us;
	msb = 63 - (unsigned)__builtin_clzll(us);
	if (msb >= 4 + HISTOGRAM_OCTAVES)
		return HISTOGRAM_BUCKETS - 1;
	return HISTOGRAM_EXACT + (msb - 4) * 8 + ((us >> (msb - 3)) & 7);
}

/* The largest duration of a bucket. */
static int64_t bucket_top_us(size_t bucket)
{
	size_t octave;

	if (bucket < HISTOGRAM_EXACT)
		return (int64_t)bucket;
	octave = (bucket - HISTOGRAM_EXACT) / 8;
	return (int64_t)((8 + (bucket - HISTOGRAM_EXACT) % 8 + 1) << (octave + 1)) - 1;
}

void histogram_add(struct histogram *h, int64_t us)
{
	uint64_t v = us > 0 ? (uint64_t)us : 0;

	h->bucket[bucket_of(v)]++;
	h->count++;
	h->sum_us += v;
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
		into->bucket[i] += from->bucket[i];
	into->count += from->count;
	into->sum_us += from->sum_us;
}

int64_t histogram_quantile_us(const struct histogram *h, unsigned permille)
{
	uint64_t wanted = (h->count * permille + 999) / 1000, seen = 0;

	assert(permille <= 1000);
	if (h->count == 0)
		return 0;
	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
		seen += h->bucket[i];
		if (seen >= wanted && seen > 0)
			return bucket_top_us(i);
	}
	return bucket_top_us(HISTOGRAM_BUCKETS - 1);
}

uint64_t histogram_below(const struct histogram *h, unsigned exponent)
{
	size_t end = exponent >= 4 + HISTOGRAM_OCTAVES ? HISTOGRAM_BUCKETS
						       : HISTOGRAM_EXACT + (exponent - 4) * 8;
	uint64_t count = 0;

	assert(exponent >= 4);
	for (size_t i = 0; i < end; i++)
		count += h->bucket[i];
	return count;
}
