/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/stream/layers.h"

struct layers_choice layers_choose(const struct layers_view *view, const struct layers_limit *limit,
				   int now)
{
	struct layers_choice choice = {.target = LAYERS_NONE};

	/* The largest alive within the cap; when only larger ones are alive, the smallest of them:
	 * too much picture is better than none. */
	for (int i = 0; i < (int)view->encoding_count && i < LIMIT_ENCODINGS; i++) {
		if (!view->encoding[i].is_alive)
			continue;
		if (i <= limit->max_encoding || choice.target == LAYERS_NONE)
			choice.target = i;
	}
	choice.needs_keyframe = choice.target != LAYERS_NONE && choice.target != now;
	return choice;
}
