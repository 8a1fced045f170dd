/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/base/seq.h"

static void newer_follows_the_wrap(void)
{
	static const struct {
		uint16_t a;
		uint16_t b;
		bool newer;
		int diff;
	} steps[] = {
		{1, 0, true, 1},	   {0, 1, false, -1},	      {5, 5, false, 0},
		{0, 65535, true, 1},	   {65535, 0, false, -1},     {32767, 0, true, 32767},
		{32768, 0, false, -32768}, {0, 32768, false, -32768}, {32769, 0, false, -32767},
		{10, 65500, true, 46},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		g_assert_true(seq_newer(steps[i].a, steps[i].b) == steps[i].newer);
		g_assert_cmpint(seq_diff(steps[i].a, steps[i].b), ==, steps[i].diff);
	}
	g_assert_true(ts_newer(0, UINT32_MAX));
	g_assert_false(ts_newer(UINT32_MAX, 0));
	g_assert_true(ts_newer(0x7fffffff, 0));
	g_assert_false(ts_newer(0x80000000, 0));
	g_assert_false(ts_newer(9, 9));
}

static void unwrap_counts_on_and_back(void)
{
	static const struct {
		uint16_t seq;
		int64_t want;
	} steps[] = {
		{65534, 65534}, {65535, 65535}, {1, 65537},	 {0, 65536},	{65533, 65533},
		{3, 65539},	{32770, 98306}, {65000, 130536}, {100, 131172},
	};
	struct seq_unwrap u = {0};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
		g_assert_cmpint(seq_unwrap16(&u, steps[i].seq), ==, steps[i].want);
}

static void unwrap_goes_below_zero(void)
{
	struct seq_unwrap u = {0};

	g_assert_cmpint(seq_unwrap16(&u, 2), ==, 2);
	g_assert_cmpint(seq_unwrap16(&u, 65535), ==, -1);
	g_assert_cmpint(seq_unwrap16(&u, 65534), ==, -2);
	g_assert_cmpint(seq_unwrap16(&u, 1), ==, 1);
}

static void unwrap_of_timestamps(void)
{
	struct seq_unwrap u = {0};

	g_assert_cmpint(seq_unwrap32(&u, 0xfffffff0), ==, 0xfffffff0);
	g_assert_cmpint(seq_unwrap32(&u, 16), ==, 0x100000010);
	g_assert_cmpint(seq_unwrap32(&u, 0xfffffff8), ==, 0xfffffff8);
	for (int64_t want = 0x13ffffff8; want < 0x600000000; want += 0x40000000)
		g_assert_cmpint(seq_unwrap32(&u, (uint32_t)want), ==, want);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/seq/newer_follows_the_wrap", newer_follows_the_wrap);
	g_test_add_func("/seq/unwrap_counts_on_and_back", unwrap_counts_on_and_back);
	g_test_add_func("/seq/unwrap_goes_below_zero", unwrap_goes_below_zero);
	g_test_add_func("/seq/unwrap_of_timestamps", unwrap_of_timestamps);
	return g_test_run();
}
