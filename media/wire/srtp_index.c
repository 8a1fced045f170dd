/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/wire/srtp_index.h"

#include <assert.h>

#define HALF 0x8000u

uint64_t srtp_index_estimate(bool has_started, uint64_t highest, uint16_t seq)
{
	uint64_t roc = highest >> 16;
	uint32_t last = (uint32_t)(highest & 0xffff);

	if (!has_started)
		return seq;
	if (last < HALF) {
		if (seq > last + HALF && roc > 0)
			roc--;
	} else if (seq < last - HALF) {
		roc++;
	}
	return roc << 16 | seq;
}

bool srtp_replay_is_fresh(const struct srtp_replay *replay, uint64_t index)
{
	if (!replay->has_started || index > replay->highest)
		return true;
	uint64_t age = replay->highest - index;
	if (age >= SRTP_INDEX_WINDOW)
		return false;
	return (replay->seen[age / 64] >> (age % 64) & 1) == 0;
}

/* Moves the window n places up. */
static void shift(uint64_t seen[2], uint64_t n)
{
	_Static_assert(SRTP_INDEX_WINDOW == 128, "two words");
	if (n >= 128) {
		seen[0] = seen[1] = 0;
	} else if (n >= 64) {
		seen[1] = seen[0] << (n - 64);
		seen[0] = 0;
	} else if (n > 0) {
		seen[1] = seen[1] << n | seen[0] >> (64 - n);
		seen[0] <<= n;
	}
}

void srtp_replay_mark(struct srtp_replay *replay, uint64_t index)
{
	if (!replay->has_started || index > replay->highest) {
		if (replay->has_started)
			shift(replay->seen, index - replay->highest);
		replay->highest = index;
		replay->has_started = true;
	}
	uint64_t age = replay->highest - index;
	assert(age < SRTP_INDEX_WINDOW);
	replay->seen[age / 64] |= (uint64_t)1 << (age % 64);
}

bool srtp_sent_note(struct srtp_sent *sent, uint64_t index, uint32_t mark)
{
	uint32_t *slot = &sent->mark[index % SRTP_INDEX_SENT];

	assert(mark != 0);
	if (sent->has_started && index <= sent->highest) {
		if (sent->highest - index >= SRTP_INDEX_SENT || (*slot != 0 && *slot != mark))
			return false;
		*slot = mark;
		return true;
	}
	if (sent->has_started) {
		uint64_t from = sent->highest + 1;

		if (index - sent->highest > SRTP_INDEX_SENT)
			from = index - SRTP_INDEX_SENT;
		for (uint64_t i = from; i < index; i++)
			sent->mark[i % SRTP_INDEX_SENT] = 0;
	}
	*slot = mark;
	sent->highest = index;
	sent->has_started = true;
	return true;
}
