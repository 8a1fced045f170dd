/* SPDX-License-Identifier: EUPL-1.2 */
/* What the load tester's cameras write is what the server's own parser reads. */
#include <glib.h>
#include <string.h>

#include "loadtest/load/descriptor.h"
#include "media/codec/dd.h"

static size_t write_key(uint8_t out[DESCRIPTOR_BYTES], bool has_layers)
{
	return descriptor_write(out, &(struct descriptor){.has_layers = has_layers,
							  .starts_frame = true,
							  .is_keyframe = true,
							  .frame = 0x1234,
							  .width = 1280,
							  .height = 720});
}

static void one_layer(void)
{
	struct dd_structure s = {0};
	struct dd_frame f;
	uint8_t out[DESCRIPTOR_BYTES];
	size_t len = write_key(out, false);

	g_assert_cmpint(dd_parse(&f, &s, out, len), ==, 0);
	g_assert_true(f.has_structure && f.starts_frame && !f.ends_frame);
	g_assert_cmpuint(f.frame_number, ==, 0x1234);
	g_assert_cmpuint(s.target_count, ==, 1);
	g_assert_cmpuint(s.template_count, ==, 2);
	g_assert_cmpuint(s.chain_count, ==, 1);
	g_assert_cmpuint(f.width, ==, 1280);
	g_assert_cmpuint(f.height, ==, 720);
	len = descriptor_write(
		out, &(struct descriptor){.starts_frame = true, .ends_frame = true, .frame = 7});
	g_assert_cmpuint(len, ==, 3);
	g_assert_cmpint(dd_parse(&f, &s, out, len), ==, 0);
	g_assert_true(!f.has_structure && f.ends_frame);
	g_assert_cmpuint(f.fdiff_count, ==, 1);
	g_assert_cmpuint(f.fdiff[0], ==, 1);
}

static void three_temporal_layers(void)
{
	static const struct {
		uint8_t temporal;
		bool is_sync;
		uint16_t fdiff, chain_diff;
		uint8_t dti[3];
	} pattern[] = {
		{2, true, 1, 1, {DD_NOT_PRESENT, DD_NOT_PRESENT, DD_DISCARDABLE}},
		{1, true, 2, 2, {DD_NOT_PRESENT, DD_DISCARDABLE, DD_SWITCH}},
		{2, false, 1, 3, {DD_NOT_PRESENT, DD_NOT_PRESENT, DD_DISCARDABLE}},
		{0, false, 4, 4, {DD_SWITCH, DD_SWITCH, DD_SWITCH}},
	};
	struct dd_structure s = {0};
	struct dd_frame f;
	uint8_t out[DESCRIPTOR_BYTES];

	g_assert_cmpint(dd_parse(&f, &s, out, write_key(out, true)), ==, 0);
	g_assert_cmpuint(s.target_count, ==, 3);
	g_assert_cmpuint(s.template_count, ==, 5);
	g_assert_cmpuint(f.fdiff_count, ==, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(pattern); i++) {
		const struct descriptor d = {.has_layers = true,
					     .starts_frame = true,
					     .temporal = pattern[i].temporal,
					     .is_sync = pattern[i].is_sync,
					     .frame = (uint16_t)(0x1235 + i)};

		g_assert_cmpint(dd_parse(&f, &s, out, descriptor_write(out, &d)), ==, 0);
		g_assert_cmpuint(f.temporal, ==, pattern[i].temporal);
		g_assert_cmpuint(f.fdiff_count, ==, 1);
		g_assert_cmpuint(f.fdiff[0], ==, pattern[i].fdiff);
		g_assert_cmpuint(f.chain_diff[0], ==, pattern[i].chain_diff);
		g_assert_cmpint(memcmp(f.dti, pattern[i].dti, 3), ==, 0);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/load/descriptor/one-layer", one_layer);
	g_test_add_func("/load/descriptor/three-temporal-layers", three_temporal_layers);
	return g_test_run();
}
