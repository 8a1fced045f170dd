/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/stream/layers.h"

static void choice_steps(void)
{
	static const struct {
		size_t count;
		bool alive[LIMIT_ENCODINGS];
		int cap;
		int now;
		int target;
		bool needs_keyframe;
	} steps[] = {
		{1, {true}, 2, LAYERS_NONE, 0, true},
		{1, {true}, 2, 0, 0, false},
		{1, {false}, 2, 0, LAYERS_NONE, false},
		{0, {true, true, true}, 2, LAYERS_NONE, LAYERS_NONE, false},
		{3, {true, true, true}, 2, LAYERS_NONE, 2, true},
		{3, {true, true, true}, 1, 2, 1, true},
		{3, {true, true, true}, 0, 0, 0, false},
		/* A hole: the largest below it. */
		{3, {true, false, true}, 1, LAYERS_NONE, 0, true},
		{3, {true, true, false}, 2, 2, 1, true},
		/* Only what is above the cap lives: the smallest of those. */
		{3, {false, true, true}, 0, LAYERS_NONE, 1, true},
		{3, {false, false, true}, 0, 2, 2, false},
		{3, {false, false, false}, 2, 1, LAYERS_NONE, false},
		/* The cap names an encoding that is not there. */
		{2, {true, true, true}, 2, LAYERS_NONE, 1, true},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct layers_view view = {.encoding_count = steps[i].count};
		const struct layers_limit limit = {.max_encoding = steps[i].cap};
		for (int e = 0; e < LIMIT_ENCODINGS; e++)
			view.encoding[e].is_alive = steps[i].alive[e];
		struct layers_choice c = layers_choose(&view, &limit, steps[i].now);
		g_test_message("step %zu", i);
		g_assert_cmpint(c.target, ==, steps[i].target);
		g_assert_cmpint(c.needs_keyframe, ==, steps[i].needs_keyframe);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/layers/choice_steps", choice_steps);
	return g_test_run();
}
