/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>

#include <glib.h>

#include "media/wire/srtp_index.h"
#include "media/wire/srtp_ssrcs.h"

static void indices_are_the_nearest(void)
{
	static const struct {
		uint64_t highest;
		uint16_t seq;
		uint64_t expected;
	} steps[] = {
		{0, 1, 1},
		{100, 99, 99},
		{0xffff, 0, 0x10000},
		{0xffff, 0xfffe, 0xfffe},
		{0x10000, 0xffff, 0xffff},
		{0x10005, 0xfff0, 0xfff0},
		{0x2ffff, 5, 0x30005},
		{0x38000, 0, 0x30000}, /* exactly half back: this round */
		{0x38001, 0, 0x40000},
		{0x37fff, 0xffff, 0x3ffff}, /* exactly half ahead: this round */
		{0x37ffe, 0xffff, 0x2ffff},
		{5, 0xfff0, 0xfff0}, /* below zero there is nothing */
		{0xffffffffffff, 0, 0x1000000000000},
	};

	g_assert_cmpuint(srtp_index_estimate(false, 0, 0xfff0), ==, 0xfff0);
	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
		g_assert_cmpuint(srtp_index_estimate(true, steps[i].highest, steps[i].seq), ==,
				 steps[i].expected);
}

static void replays_are_seen_within_the_window(void)
{
	static const struct {
		uint64_t index;
		bool is_fresh;
	} steps[] = {
		{1000, true},  {1000, false}, {1001, true},  {1000, false}, {1064, true},
		{1063, true},  {1001, false}, {1063, false}, {1000, false}, {999, true},
		{937, true},   {936, false},  {937, false},  {1128, true},  {1001, false},
		{1000, false}, {1064, false}, {1065, true},  {1300, true},  {1172, false},
		{1173, true},  {1173, false}, {1128, false}, {1299, true},  {1300, false},
	};
	struct srtp_replay replay = {0};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		g_test_message("step %zu: %" G_GUINT64_FORMAT, i, steps[i].index);
		g_assert_cmpint(srtp_replay_is_fresh(&replay, steps[i].index), ==,
				steps[i].is_fresh);
		if (steps[i].is_fresh)
			srtp_replay_mark(&replay, steps[i].index);
	}
}

/* Against a plain set of all indices marked. */
static void the_window_agrees_with_a_set(void)
{
	struct srtp_replay replay = {0};
	static bool seen[20000];
	uint64_t highest = 0;

	for (int i = 0; i < 20000; i++) {
		uint64_t step = (uint64_t)g_test_rand_int_range(0, 400);
		uint64_t index = highest + 200 < step ? 0 : highest + 200 - step;

		if (g_test_rand_int_range(0, 50) == 0)
			index = highest + (uint64_t)g_test_rand_int_range(0, 300);
		else if (index > highest + 3)
			index = highest + 1;
		if (index >= G_N_ELEMENTS(seen))
			break;
		bool is_fresh = index > highest || (highest - index < 128 && !seen[index]);
		g_assert_cmpint(srtp_replay_is_fresh(&replay, index), ==, is_fresh || i == 0);
		if (!is_fresh && i > 0)
			continue;
		srtp_replay_mark(&replay, index);
		seen[index] = true;
		highest = MAX(highest, index);
	}
	g_assert_cmpuint(highest, >, 5000);
}

static void a_sender_repeats_only_what_it_sent(void)
{
	static const struct {
		uint64_t index;
		uint32_t mark;
		bool is_ok;
	} steps[] = {
		{10, 1, true},	 {10, 1, true},	   {10, 3, false},  {10, 1, true},
		{12, 5, true},	 {11, 7, true},	   {11, 9, false},  {8, 1, true},
		{521, 11, true}, {10, 1, true},	   {10, 3, false},  {9, 1, false},
		{522, 13, true}, {10, 1, false},   {11, 7, true},   {3000, 1, true},
		{2999, 5, true}, {2999, 7, false}, {2489, 3, true}, {2488, 3, false},
	};
	struct srtp_sent sent = {0};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		g_test_message("step %zu", i);
		g_assert_cmpint(srtp_sent_note(&sent, steps[i].index, steps[i].mark), ==,
				steps[i].is_ok);
	}
}

static void ssrcs_keep_their_numbers_and_are_bounded(void)
{
	struct srtp_ssrcs list = {0};

	g_assert_cmpint(srtp_ssrcs_find(&list, 0), ==, -1);
	for (int i = 0; i < SRTP_SSRCS_MAX; i++)
		g_assert_cmpint(srtp_ssrcs_add(&list, (uint32_t)i * 7919), ==, i);
	g_assert_cmpint(srtp_ssrcs_add(&list, 4711), ==, -ENOSPC);
	for (int i = 0; i < SRTP_SSRCS_MAX; i++)
		g_assert_cmpint(srtp_ssrcs_find(&list, (uint32_t)i * 7919), ==, i);
	g_assert_cmpint(srtp_ssrcs_find(&list, 4711), ==, -1);
	srtp_ssrcs_close(&list);
	g_assert_cmpint(srtp_ssrcs_find(&list, 7919), ==, -1);
	srtp_ssrcs_close(&list);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/srtp_index/indices_are_the_nearest", indices_are_the_nearest);
	g_test_add_func("/srtp_index/replays_are_seen_within_the_window",
			replays_are_seen_within_the_window);
	g_test_add_func("/srtp_index/the_window_agrees_with_a_set", the_window_agrees_with_a_set);
	g_test_add_func("/srtp_index/a_sender_repeats_only_what_it_sent",
			a_sender_repeats_only_what_it_sent);
	g_test_add_func("/srtp_index/ssrcs_keep_their_numbers_and_are_bounded",
			ssrcs_keep_their_numbers_and_are_bounded);
	return g_test_run();
}
