/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/seen.h"

#include <string.h>

#include "media/base/seq.h"

static uint64_t *word_of(struct seen *seen, uint16_t seq)
{
	return &seen->bits[(seq % SEEN_WINDOW) / 64];
}

static uint64_t bit_of(uint16_t seq)
{
	return 1ull << (seq % 64);
}

static void advance(struct seen *seen, uint16_t seq)
{
	int ahead = seq_diff(seq, seen->highest);

	if (ahead >= SEEN_WINDOW) {
		memset(seen->bits, 0, sizeof(seen->bits));
	} else {
		for (int i = 1; i <= ahead; i++) {
			uint16_t passed = (uint16_t)(seen->highest + i);

			*word_of(seen, passed) &= ~bit_of(passed);
		}
	}
	seen->highest = seq;
}

bool seen_mark(struct seen *seen, uint16_t seq)
{
	if (!seen->started) {
		seen->started = true;
		seen->highest = seq;
	} else if (seq_newer(seq, seen->highest)) {
		advance(seen, seq);
	} else if (seq_diff(seq, seen->highest) <= -SEEN_WINDOW) {
		return false;
	}
	if (*word_of(seen, seq) & bit_of(seq))
		return false;
	*word_of(seen, seq) |= bit_of(seq);
	return true;
}
