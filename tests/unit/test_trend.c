/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/rate/trend.h"

#define MS 1000

static int slope(int permille)
{
	struct trend t = {0};

	for (int i = 0; i < 60; i++) {
		int64_t arrival_us = 10000 * MS + i * 10 * MS;
		int64_t owd_us = (int64_t)i * 10 * permille;
		trend_packet(&t, arrival_us - owd_us, arrival_us);
	}
	return trend_permille(&t);
}

static void tells_growth_and_fall(void)
{
	g_assert_cmpint(slope(0), ==, 0);
	g_assert_cmpint(slope(300), >=, 290);
	g_assert_cmpint(slope(300), <=, 310);
	g_assert_cmpint(slope(-400), >=, -410);
	g_assert_cmpint(slope(-400), <=, -390);
}

static void says_nothing_of_few_or_old_packets(void)
{
	struct trend t = {0};

	g_assert_cmpint(trend_permille(&t), ==, 0);
	for (int i = 0; i < 4; i++)
		trend_packet(&t, 0, 1000 * MS + i * 30 * MS);
	g_assert_cmpint(trend_permille(&t), ==, 0);
	for (int i = 0; i < 10; i++)
		trend_packet(&t, i * 30 * MS, 1100 * MS + i * 60 * MS);
	g_assert_cmpint(trend_permille(&t), !=, 0);
	trend_packet(&t, 0, 9000 * MS);
	g_assert_cmpint(trend_permille(&t), ==, 0);
}

static void late_packets_do_not_bend_it(void)
{
	struct trend t = {0};

	for (int i = 0; i < 60; i++) {
		int64_t sent_us = 10000 * MS + i * 10 * MS;
		trend_packet(&t, sent_us, sent_us + (i % 4 == 1 ? 15 * MS : 5 * MS));
	}
	g_assert_cmpint(trend_permille(&t), >=, -20);
	g_assert_cmpint(trend_permille(&t), <=, 20);
}

#define ADD(name) g_test_add_func("/trend/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(tells_growth_and_fall);
	ADD(says_nothing_of_few_or_old_packets);
	ADD(late_packets_do_not_bend_it);
	return g_test_run();
}
