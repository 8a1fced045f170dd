/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/load/gaps.h"

static uint64_t *word_of(struct gaps *gaps, int64_t n)
{
	return &gaps->came[(uint64_t)n % GAPS_WINDOW / 64];
}

static uint64_t bit_of(int64_t n)
{
	return 1ull << ((uint64_t)n % 64);
}

/* The place of a number is taken by the one a window later: what had not come by then is lost. */
static void leave_window(struct gaps *gaps, int64_t n)
{
	if (n >= gaps->first && !(*word_of(gaps, n) & bit_of(n)))
		gaps->lost++;
	*word_of(gaps, n) &= ~bit_of(n);
}

enum gaps_verdict gaps_received(struct gaps *gaps, uint16_t seq)
{
	int64_t n = seq_unwrap16(&gaps->unwrap, seq);

	if (!gaps->is_started) {
		gaps->is_started = true;
		gaps->first = n;
		gaps->highest = n;
		*word_of(gaps, n) |= bit_of(n);
		return GAPS_NEXT;
	}
	if (n <= gaps->highest - GAPS_WINDOW)
		return GAPS_DUPLICATE;
	if (n > gaps->highest) {
		for (int64_t i = gaps->highest + 1; i <= n; i++)
			leave_window(gaps, i - GAPS_WINDOW);
		gaps->highest = n;
		*word_of(gaps, n) |= bit_of(n);
		return GAPS_NEXT;
	}
	if (n <= gaps->highest - GAPS_WINDOW)
		return GAPS_DUPLICATE;
	if (n > gaps->highest) {
		for (int64_t i = gaps->highest + 1; i <= n; i++)
			leave_window(gaps, i - GAPS_WINDOW);
		/* The whole window was jumped over: what lies between never came. */
		if (n - gaps->highest > GAPS_WINDOW)
			gaps->lost += (uint64_t)(n - gaps->highest - GAPS_WINDOW);
		gaps->highest = n;
		*word_of(gaps, n) |= bit_of(n);
		return GAPS_NEXT;
	}
	if (*word_of(gaps, n) & bit_of(n))
		return GAPS_DUPLICATE;
	*word_of(gaps, n) |= bit_of(n);
	return GAPS_LATE;
}

void gaps_settle(struct gaps *gaps, int64_t recent)
{
	for (int64_t n = gaps->highest - GAPS_WINDOW + 1;
	     gaps->is_started && n <= gaps->highest - recent; n++) {
		gaps->lost += n >= gaps->first && !(*word_of(gaps, n) & bit_of(n));
		*word_of(gaps, n) |= bit_of(n);
	}
}
