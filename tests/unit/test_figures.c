/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/figures.h"

#include <glib.h>

#define S INT64_C(1000000)

static void who_never_came_has_none(void)
{
	struct figures f = {0};
	int64_t out[FIGURE_COUNT];

	figures_reach(&f, 1 * S, LINK_CONNECTING);
	figures_reach(&f, 9 * S, LINK_AWAY);
	g_assert_false(figures_take(&f, 10 * S, out));
}

static void what_is_not_known_is_said_so(void)
{
	struct figures f = {0};
	int64_t out[FIGURE_COUNT];

	figures_reach(&f, 5 * S, LINK_HERE);
	g_assert_true(figures_take(&f, 65 * S, out));
	g_assert_cmpint(out[FIGURE_SECONDS], ==, 60);
	g_assert_cmpint(out[FIGURE_GAPS], ==, 0);
	g_assert_cmpint(out[FIGURE_GAP_MS_MAX], ==, 0);
	g_assert_cmpint(out[FIGURE_LOOKS], ==, 0);
	g_assert_cmpint(out[FIGURE_PICTURE_FULL_S], ==, 0);
	for (enum figure i = FIGURE_WIDTH_MIN; i < FIGURE_COUNT; i++)
		g_assert_cmpint(out[i], ==, -1);
	g_assert_cmpint(out[FIGURE_RTT_MS], ==, -1);
	g_assert_cmpint(out[FIGURE_AUDIO_HZ], ==, -1);
	for (enum figure i = 0; i < FIGURE_COUNT; i++)
		g_assert_cmpuint(strlen(figure_name(i)), >, 0);
}

static void gaps_are_counted_from_the_last_packet(void)
{
	struct figures f = {0};
	int64_t out[FIGURE_COUNT];

	figures_reach(&f, 1 * S, LINK_HERE);
	figures_reach(&f, 2 * S, LINK_SILENT); /* not before it came */
	figures_reach(&f, 3 * S, LINK_HERE);
	figures_reach(&f, 20 * S, LINK_SILENT);
	figures_reach(&f, 22 * S, LINK_AWAY);
	figures_reach(&f, 23 * S, LINK_CONNECTING);
	figures_reach(&f, 27 * S, LINK_HERE);
	figures_reach(&f, 28 * S, LINK_HERE);
	g_assert_true(figures_take(&f, 30 * S, out));
	g_assert_cmpint(out[FIGURE_GAPS], ==, 2);
	g_assert_cmpint(out[FIGURE_GAP_MS_MAX], ==, 10000);
	g_assert_cmpint(out[FIGURE_GAP_MS], ==, 12000);
	/* One that does not end is one, too; and asking changes nothing. */
	figures_reach(&f, 40 * S, LINK_SILENT);
	g_assert_true(figures_take(&f, 60 * S, out));
	g_assert_true(figures_take(&f, 60 * S, out));
	g_assert_cmpint(out[FIGURE_GAPS], ==, 3);
	g_assert_cmpint(out[FIGURE_GAP_MS_MAX], ==, 23000);
}

static void a_link_has_a_mean_and_its_worst(void)
{
	struct figures f = {.has_come = true};
	int64_t out[FIGURE_COUNT];

	figures_link(&f, &(struct quality_figures){40000, 10, 30, 2000000, 600000});
	figures_link(&f, &(struct quality_figures){160000, 50, -1, 400000, 200000});
	figures_link(&f, &(struct quality_figures){-1, -1, -1, 0, 0});
	figures_audio(&f, 48000);
	g_assert_true(figures_take(&f, 1, out));
	g_assert_cmpint(out[FIGURE_RTT_MS], ==, 100);
	g_assert_cmpint(out[FIGURE_RTT_MS_MAX], ==, 160);
	g_assert_cmpint(out[FIGURE_LOSS_PERMILLE], ==, 40);
	g_assert_cmpint(out[FIGURE_LOSS_PERMILLE_MAX], ==, 50);
	g_assert_cmpint(out[FIGURE_DOWN_KBPS_MIN], ==, 400);
	g_assert_cmpint(out[FIGURE_UP_KBPS], ==, 400);
	g_assert_cmpint(out[FIGURE_AUDIO_HZ], ==, 48000);
}

static void pictures_are_timed_by_how_they_come(void)
{
	struct figures f = {.has_come = true};
	int64_t out[FIGURE_COUNT];

	figures_picture(&f, 10 * S, PICTURE_COUNT);
	figures_picture(&f, 20 * S, PICTURE_FULL);
	figures_picture(&f, 50 * S, PICTURE_STILLS);
	figures_picture(&f, 55 * S, PICTURE_STILLS);
	figures_picture(&f, 60 * S, PICTURE_COUNT);
	figures_picture(&f, 90 * S, PICTURE_NONE);
	g_assert_true(figures_take(&f, 97 * S, out));
	g_assert_cmpint(out[FIGURE_PICTURE_FULL_S], ==, 30);
	g_assert_cmpint(out[FIGURE_PICTURE_REDUCED_S], ==, 0);
	g_assert_cmpint(out[FIGURE_PICTURE_STILLS_S], ==, 10);
	g_assert_cmpint(out[FIGURE_PICTURE_NONE_S], ==, 7);
}

/* EN 301 549 6.5.2 to 6.5.4. */
static void looks_are_held_against_the_norm(void)
{
	static const struct figures_look looks[] = {
		{640, 480, 30, 0, 100, 0},
		{240, 320, 20, 400, 101, 8}, /* upright */
		{320, 180, 19, 0, -1, -1},
		{-1, -1, -1, -1, 20, 10}, /* sound alone */
	};
	struct figures f = {.has_come = true};
	int64_t out[FIGURE_COUNT];

	for (size_t i = 0; i < G_N_ELEMENTS(looks); i++)
		figures_look_at(&f, &looks[i]);
	g_assert_true(figures_take(&f, 1, out));
	g_assert_cmpint(out[FIGURE_LOOKS], ==, 4);
	g_assert_cmpint(out[FIGURE_WIDTH_MIN], ==, 240);
	g_assert_cmpint(out[FIGURE_HEIGHT_MIN], ==, 180);
	g_assert_cmpint(out[FIGURE_QVGA_PERCENT], ==, 66);
	g_assert_cmpint(out[FIGURE_VGA_PERCENT], ==, 33);
	g_assert_cmpint(out[FIGURE_FPS], ==, 23);
	g_assert_cmpint(out[FIGURE_FPS_MIN], ==, 19);
	g_assert_cmpint(out[FIGURE_FPS20_PERCENT], ==, 66);
	g_assert_cmpint(out[FIGURE_FPS30_PERCENT], ==, 33);
	g_assert_cmpint(out[FIGURE_FREEZE_MS_MAX], ==, 400);
	g_assert_cmpint(out[FIGURE_APART_MS_MAX], ==, 101);
	g_assert_cmpint(out[FIGURE_APART_OK_PERCENT], ==, 66);
	g_assert_cmpint(out[FIGURE_MADE_UP_PERMILLE], ==, 6);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/figures/who_never_came_has_none", who_never_came_has_none);
	g_test_add_func("/figures/what_is_not_known_is_said_so", what_is_not_known_is_said_so);
	g_test_add_func("/figures/gaps_are_counted_from_the_last_packet",
			gaps_are_counted_from_the_last_packet);
	g_test_add_func("/figures/a_link_has_a_mean_and_its_worst",
			a_link_has_a_mean_and_its_worst);
	g_test_add_func("/figures/pictures_are_timed_by_how_they_come",
			pictures_are_timed_by_how_they_come);
	g_test_add_func("/figures/looks_are_held_against_the_norm",
			looks_are_held_against_the_norm);
	return g_test_run();
}
