/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/rate/byterate.h"

static uint32_t *place(struct byterate *m, int64_t index)
{
	return &m->bytes[(uint64_t)index % BYTERATE_BUCKETS];
}

void byterate_add(struct byterate *m, int64_t time_us, uint32_t bytes)
{
	int64_t index = time_us / BYTERATE_BUCKET_US;

	if (!m->is_started || index > m->head + BYTERATE_BUCKETS) {
		if (!m->is_started)
			m->first_us = time_us;
		m->is_started = true;
		m->head = index;
		m->newest_us = time_us;
		for (int64_t i = 0; i < BYTERATE_BUCKETS; i++)
			m->bytes[i] = 0;
	}
	for (; m->head < index; m->head++)
		*place(m, m->head + 1) = 0;
	if (time_us > m->newest_us)
		m->newest_us = time_us;
	if (index > m->head - BYTERATE_BUCKETS)
		*place(m, index) += bytes;
}

uint32_t byterate_bps(const struct byterate *m, int64_t end_us, int64_t window_us)
{
	if (!m->is_started)
		return 0;
	if (end_us < m->newest_us)
		end_us = m->newest_us;
	if (window_us > BYTERATE_MAX_US)
		window_us = BYTERATE_MAX_US;
	if (window_us > end_us - m->first_us)
		window_us = end_us - m->first_us;
	int64_t first = (end_us - window_us) / BYTERATE_BUCKET_US + 1;
	int64_t last = end_us / BYTERATE_BUCKET_US;
	if (first > last)
		first = last;
	int64_t span_us = end_us - first * BYTERATE_BUCKET_US;
	if (span_us < BYTERATE_BUCKET_US)
		span_us = BYTERATE_BUCKET_US;
	uint64_t sum = 0;
	for (int64_t i = first; i <= last && i <= m->head; i++) {
		if (i > m->head - BYTERATE_BUCKETS)
			sum += m->bytes[(uint64_t)i % BYTERATE_BUCKETS];
	}
	uint64_t bps = sum * 8 * 1000000 / (uint64_t)span_us;
	return bps < UINT32_MAX ? (uint32_t)bps : UINT32_MAX;
}
