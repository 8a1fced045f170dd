/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/rate/byterate.h"

#define MS 1000

static void tells_a_steady_rate(void)
{
	struct byterate m = {0};

	g_assert_cmpuint(byterate_bps(&m, 0, 300 * MS), ==, 0);
	for (int i = 0; i < 200; i++)
		byterate_add(&m, 1000 * MS + i * 10 * MS, 1250); /* 1 Mbit/s */
	uint32_t bps = byterate_bps(&m, 2990 * MS, 300 * MS);
	g_assert_cmpuint(bps, >=, 900000);
	g_assert_cmpuint(bps, <=, 1100000);
	/* Silence counts. */
	g_assert_cmpuint(byterate_bps(&m, 3290 * MS, 600 * MS), <=, 600000);
	g_assert_cmpuint(byterate_bps(&m, 9000 * MS, 600 * MS), ==, 0);
}

static void order_within_a_second_does_not_matter(void)
{
	struct byterate a = {0};
	struct byterate b = {0};

	for (int i = 0; i < 50; i++) {
		byterate_add(&a, 1000 * MS + i * 10 * MS, 100);
		byterate_add(&b, 1000 * MS + (i ^ 3) * 10 * MS, 100);
	}
	byterate_add(&a, 1510 * MS, 1);
	byterate_add(&b, 1510 * MS, 1);
	g_assert_cmpuint(byterate_bps(&a, 1510 * MS, 300 * MS), ==,
			 byterate_bps(&b, 1510 * MS, 300 * MS));
}

static void the_youth_of_a_flow_is_no_low_rate(void)
{
	struct byterate m = {0};

	for (int i = 0; i < 11; i++)
		byterate_add(&m, 1000 * MS + i * 10 * MS, 1250);
	uint32_t bps = byterate_bps(&m, 1100 * MS, 1000 * MS);
	g_assert_cmpuint(bps, >=, 800000);
	g_assert_cmpuint(bps, <=, 1300000);
}

#define ADD(name) g_test_add_func("/byterate/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(tells_a_steady_rate);
	ADD(order_within_a_second_does_not_matter);
	ADD(the_youth_of_a_flow_is_no_low_rate);
	return g_test_run();
}
