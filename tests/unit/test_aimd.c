/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/rate/aimd.h"

#define S 1000000

static void remb_is_followed_down_at_once_and_up_by_halves(void)
{
	struct aimd a = {0};

	g_assert_cmpuint(aimd_remb(&a, S, 500000, 200000), ==, 200000);
	g_assert_cmpuint(aimd_remb(&a, S, 200000, 900000), ==, 300000);
	g_assert_cmpuint(aimd_remb(&a, S, 800000, 900000), ==, 900000);
}

static void low_loss_grows_high_loss_cuts_the_rest_holds(void)
{
	struct aimd a = {0};

	g_assert_cmpuint(aimd_report(&a, S, 400000, 0, 400000), ==, 400000); /* since when? */
	g_assert_cmpuint(aimd_report(&a, 2 * S, 400000, 0, 400000), ==, 420000);
	g_assert_cmpuint(aimd_report(&a, 3 * S, 400000, 15, 400000), ==, 400000);
	g_assert_cmpuint(aimd_report(&a, 4 * S, 400000, 128, 400000), ==, 300000);
	/* Once a second. */
	g_assert_cmpuint(aimd_report(&a, 4 * S + 1, 400000, 128, 400000), ==, 400000);
}

static void growth_is_bounded_by_use_and_remb(void)
{
	struct aimd a = {0};

	(void)aimd_report(&a, S, 400000, 0, 400000);
	g_assert_cmpuint(aimd_report(&a, 2 * S, 400000, 0, 100000), ==, 400000);
	(void)aimd_remb(&a, 2 * S, 400000, 405000);
	g_assert_cmpuint(aimd_report(&a, 3 * S, 400000, 0, 400000), ==, 405000);
	/* A word of long ago is none. */
	g_assert_cmpuint(aimd_report(&a, 13 * S, 400000, 0, 400000), >, 405000);
}

#define ADD(name) g_test_add_func("/aimd/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(remb_is_followed_down_at_once_and_up_by_halves);
	ADD(low_loss_grows_high_loss_cuts_the_rest_holds);
	ADD(growth_is_bounded_by_use_and_remb);
	return g_test_run();
}
