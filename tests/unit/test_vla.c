/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>

#include "media/codec/vla.h"

static void one_stream(void)
{
	/* A browser's camera of 320x240 at 15 pictures/s and 279 kbit/s. */
	static const uint8_t data[] = {0x01, 0x00, 0x97, 0x02, 0x01, 0x3f, 0x00, 0xef, 0x0f};
	struct vla v;

	g_assert_cmpint(vla_parse(&v, data, sizeof(data)), ==, 0);
	g_assert_cmpuint(v.rid, ==, 0);
	g_assert_cmpuint(v.stream_count, ==, 1);
	g_assert_cmpuint(v.layer[0][0].temporal_count, ==, 1);
	g_assert_cmpuint(v.layer[0][0].kbps[0], ==, 279);
	g_assert_cmpuint(v.layer[0][0].width, ==, 320);
	g_assert_cmpuint(v.layer[0][0].height, ==, 240);
	g_assert_cmpuint(v.layer[0][0].fps, ==, 15);
	g_assert_cmpuint(v.layer[0][1].temporal_count, ==, 0);
	/* Without sizes, as when only rates change. */
	g_assert_cmpint(vla_parse(&v, data, 4), ==, 0);
	g_assert_cmpuint(v.layer[0][0].kbps[0], ==, 279);
	g_assert_cmpuint(v.layer[0][0].height, ==, 0);
}

static void streams_that_differ(void)
{
	/* Carried by stream 2 of 3: two spatial layers, none, one; of 3, 1 and 2 temporal layers.
	 */
	static const uint8_t data[] = {0xa0, 0x30, 0x10, 0x84, 10, 20, 0x80, 0x01, 5, 60, 70};
	struct vla v;

	g_assert_cmpint(vla_parse(&v, data, sizeof(data)), ==, 0);
	g_assert_cmpuint(v.rid, ==, 2);
	g_assert_cmpuint(v.stream_count, ==, 3);
	g_assert_cmpuint(v.layer[0][0].temporal_count, ==, 3);
	g_assert_cmpuint(v.layer[0][0].kbps[2], ==, 128);
	g_assert_cmpuint(v.layer[0][1].temporal_count, ==, 1);
	g_assert_cmpuint(v.layer[0][1].kbps[0], ==, 5);
	g_assert_cmpuint(v.layer[1][0].temporal_count, ==, 0);
	g_assert_cmpuint(v.layer[2][0].temporal_count, ==, 2);
	g_assert_cmpuint(v.layer[2][0].kbps[1], ==, 70);
}

static void nothing_is_sent(void)
{
	struct vla v = {.stream_count = 3};

	g_assert_cmpint(vla_parse(&v, (const uint8_t *)"\0", 1), ==, 0);
	g_assert_cmpuint(v.stream_count, ==, 0);
}

static void nonsense_is_refused(void)
{
	static const struct {
		uint8_t data[12];
		size_t len;
	} steps[] = {
		{{0x01}, 0},
		{{0x01}, 1},
		{{0x01, 0x00}, 2},
		{{0x01, 0x00, 0x80}, 3},				     /* leb128 goes on */
		{{0x01, 0x00, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00}, 8},	     /* too long */
		{{0x01, 0x00, 0x97, 0x02, 0x01}, 5},			     /* half a size */
		{{0x01, 0x00, 0x10, 0x01, 0x3f, 0x00, 0xef, 0x0f, 0x00}, 9}, /* one too many */
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct vla v = {.stream_count = 77};

		g_test_message("step %zu", i);
		g_assert_cmpint(vla_parse(&v, steps[i].data, steps[i].len), ==, -EBADMSG);
		g_assert_cmpuint(v.stream_count, ==, 77);
	}
}

#define ADD(name) g_test_add_func("/vla/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(one_stream);
	ADD(streams_that_differ);
	ADD(nothing_is_sent);
	ADD(nonsense_is_refused);
	return g_test_run();
}
