/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/stream/layers.h"

/* A camera in layers of 7.5, 7.5 and 15 pictures/s; each packet has 500 bytes. */
static void fill(struct layers_encoding *e, unsigned spatial, uint32_t base_kbps)
{
	static const uint32_t frames[] = {7500, 7500, 15000};
	static const uint32_t share[] = {50, 20, 30};

	e->is_alive = true;
	e->height[spatial] = (uint16_t)(180u << spatial);
	for (unsigned t = 0; t < 3; t++)
		e->rate[spatial][t] = (struct layers_rate){
			.bps = base_kbps * 10 * share[t],
			.frames_mhz = frames[t],
			.packets_mhz = base_kbps * 10 * share[t] / 4,
		};
}

static void expect_targets(const struct layers_view *view, enum layers_keep keep, const char *want)
{
	struct layers_point points[LAYERS_MAX_POINTS];
	size_t count = layers_points(view, keep, 50, points);
	GString *got = g_string_new(NULL);

	for (size_t i = 0; i < count; i++) {
		g_string_append_printf(got, "%s%d.%d.%d", i ? " " : "", points[i].target.encoding,
				       points[i].target.spatial, points[i].target.temporal);
		g_assert_true(i == 0 || points[i].cost_bps > points[i - 1].cost_bps);
		g_assert_cmpint(layers_index(points, count, points[i].target), ==, (int)i);
	}
	g_assert_cmpstr(got->str, ==, want);
	g_string_free(got, TRUE);
}

static void points_of_svc(void)
{
	struct layers_view view = {.encoding_count = 1};

	for (unsigned s = 0; s < 3; s++)
		fill(&view.encoding[0], s, 100u << (2 * s));
	expect_targets(&view, LAYERS_KEEP_FRAME_RATE, "0.0.0 0.0.1 0.0.2 0.1.2 0.2.2");
	expect_targets(&view, LAYERS_KEEP_RESOLUTION,
		       "0.0.0 0.0.1 0.0.2 0.1.0 0.1.1 0.1.2 0.2.0 0.2.1 0.2.2");
	/* A layer that has stopped, and one below that is all there is. */
	view.encoding[0].rate[2][0] = (struct layers_rate){0};
	view.encoding[0].rate[2][1] = (struct layers_rate){0};
	view.encoding[0].rate[2][2] = (struct layers_rate){0};
	expect_targets(&view, LAYERS_KEEP_FRAME_RATE, "0.0.0 0.0.1 0.0.2 0.1.2");
	view.encoding[0].is_alive = false;
	expect_targets(&view, LAYERS_KEEP_FRAME_RATE, "");
}

static void points_of_simulcast(void)
{
	struct layers_view view = {.encoding_count = 3};

	for (unsigned i = 0; i < 3; i++)
		fill(&view.encoding[i], 0, 100u << (2 * i));
	expect_targets(&view, LAYERS_KEEP_FRAME_RATE, "0.0.0 0.0.1 0.0.2 1.0.2 2.0.2");
	expect_targets(&view, LAYERS_KEEP_RESOLUTION,
		       "0.0.0 0.0.1 0.0.2 1.0.0 1.0.1 1.0.2 2.0.0 2.0.1 2.0.2");
	view.encoding[1].is_alive = false;
	expect_targets(&view, LAYERS_KEEP_FRAME_RATE, "0.0.0 0.0.1 0.0.2 2.0.2");
	/* The largest costs less than a smaller one: that one falls out. */
	fill(&view.encoding[1], 0, 4000);
	expect_targets(&view, LAYERS_KEEP_FRAME_RATE, "0.0.0 0.0.1 0.0.2 2.0.2");
}

static void costs_add_up_with_headers(void)
{
	struct layers_view view = {.encoding_count = 1};
	struct layers_point p[LAYERS_MAX_POINTS];

	fill(&view.encoding[0], 0, 100);
	fill(&view.encoding[0], 1, 400);
	g_assert_cmpuint(layers_points(&view, LAYERS_KEEP_FRAME_RATE, 50, p), ==, 4);
	g_assert_cmpuint(p[0].payload_bps, ==, 50000);
	g_assert_cmpuint(p[0].packets_mhz, ==, 12500);
	g_assert_cmpuint(p[0].cost_bps, ==, 55000);
	g_assert_cmpuint(p[0].frames_mhz, ==, 7500);
	g_assert_cmpuint(p[0].height, ==, 180);
	/* The lower spatial layer is sent too; its pictures are the same ones. */
	g_assert_cmpuint(p[3].payload_bps, ==, 500000);
	g_assert_cmpuint(p[3].cost_bps, ==, 550000);
	g_assert_cmpuint(p[3].frames_mhz, ==, 30000);
	g_assert_cmpuint(p[3].height, ==, 360);
}

static void a_target_that_is_gone_has_a_nearest(void)
{
	struct layers_view view = {.encoding_count = 2};
	struct layers_point p[LAYERS_MAX_POINTS];

	fill(&view.encoding[0], 0, 100);
	fill(&view.encoding[1], 0, 400);
	size_t n = layers_points(&view, LAYERS_KEEP_FRAME_RATE, 50, p);
	g_assert_cmpuint(n, ==, 4);
	g_assert_cmpint(layers_index(p, n, (struct layer_target){1, 0, 2}), ==, 3);
	g_assert_cmpint(layers_index(p, n, (struct layer_target){1, 0, 0}), ==, 2);
	g_assert_cmpint(layers_index(p, n, (struct layer_target){0, 2, 1}), ==, 1);
	g_assert_cmpint(layers_index(p, n, (struct layer_target){LAYERS_NONE, 0, 0}), ==,
			LAYERS_NONE);
	g_assert_cmpint(layers_index(p, 0, (struct layer_target){0, 0, 0}), ==, LAYERS_NONE);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/layers/points_of_svc", points_of_svc);
	g_test_add_func("/layers/points_of_simulcast", points_of_simulcast);
	g_test_add_func("/layers/costs_add_up_with_headers", costs_add_up_with_headers);
	g_test_add_func("/layers/a_target_that_is_gone_has_a_nearest",
			a_target_that_is_gone_has_a_nearest);
	return g_test_run();
}
