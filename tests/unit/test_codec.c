/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "media/codec/codec.h"

#define PAYLOAD_MAX 24

/* A payload and what codec_inspect must say of it; -1 in a number: not present. */
struct step {
	const char *what;
	enum codec_id codec;
	uint8_t payload[PAYLOAD_MAX];
	size_t len;
	int err;
	bool is_keyframe;
	bool starts_frame;
	bool is_switch_point;
	uint8_t temporal;
	uint8_t spatial;
	int picture_id;
	int tl0picidx;
	int keyidx;
};

#define NONE .picture_id = -1, .tl0picidx = -1, .keyidx = -1
/* clang-format off */
static const struct step steps[] = {
	/* RFC 7741 4.6 has no vectors; these follow figures 1 and 2 octet by octet. */
	{"vp8 bare keyframe", CODEC_VP8, {0x10, 0x50, 0x01}, 3, 0, true, true, true, 0, 0, NONE},
	{"vp8 bare inter", CODEC_VP8, {0x10, 0x51, 0x01}, 3, 0, false, true, false, 0, 0, NONE},
	{"vp8 keyframe goes on", CODEC_VP8, {0x00, 0x50}, 2, 0, false, false, false, 0, 0, NONE},
	{"vp8 second partition", CODEC_VP8, {0x11, 0x50}, 2, 0, false, false, false, 0, 0, NONE},
	{"vp8 partition 8 of 3 bits", CODEC_VP8, {0x18, 0x50}, 2, 0, true, true, true, 0, 0, NONE},
	{"vp8 7-bit id", CODEC_VP8, {0x90, 0x80, 0x7f, 0x50}, 4, 0, true, true, true, 0, 0,
	 127, -1, -1},
	{"vp8 15-bit id", CODEC_VP8, {0x90, 0x80, 0xff, 0xfe, 0x51}, 5, 0, false, true, false, 0, 0,
	 0x7ffe, -1, -1},
	{"vp8 all fields", CODEC_VP8, {0x90, 0xf0, 0x92, 0x34, 0x56, 0xbf, 0x51}, 7, 0, false, true, true,
	 2, 0, 0x1234, 0x56, 31},
	{"vp8 Y clear", CODEC_VP8, {0x90, 0x20, 0x40, 0x51}, 4, 0, false, true, false, 1, 0, NONE},
	{"vp8 K without T", CODEC_VP8, {0x90, 0x10, 0xe7, 0x51}, 4, 0, false, true, false, 0, 0,
	 -1, -1, 7},
	{"vp8 tl0 alone", CODEC_VP8, {0x90, 0x40, 0x09, 0x51}, 4, 0, false, true, false, 0, 0,
	 -1, 9, -1},
	{"vp8 nothing behind", CODEC_VP8, {0x90, 0x80, 0x7f}, 3, -EBADMSG, NONE},
	{"vp8 id cut", CODEC_VP8, {0x90, 0x80, 0xff}, 3, -EBADMSG, NONE},
	{"vp8 extension cut", CODEC_VP8, {0x90}, 1, -EBADMSG, NONE},

	{"vp9 bare keyframe", CODEC_VP9, {0x08, 0x82}, 2, 0, true, true, true, 0, 0, NONE},
	{"vp9 keyframe goes on", CODEC_VP9, {0x04, 0x82}, 2, 0, false, false, false, 0, 0, NONE},
	{"vp9 inter", CODEC_VP9, {0x48, 0x82}, 2, 0, false, true, false, 0, 0, NONE},
	{"vp9 7-bit id", CODEC_VP9, {0x88, 0x11, 0x82}, 3, 0, true, true, true, 0, 0, 0x11, -1, -1},
	{"vp9 layers, 15-bit id", CODEC_VP9, {0xe8, 0x80, 0x05, 0x50, 0x77, 0x82}, 6, 0,
	 false, true, true, 2, 0, 5, 0x77, -1},
	{"vp9 upper spatial layer of a keyframe", CODEC_VP9, {0xa8, 0x80, 0x05, 0x03, 0x77, 0x82}, 6,
	 0, false, true, false, 0, 1, 5, 0x77, -1},
	{"vp9 flexible, two references", CODEC_VP9, {0xf8, 0x05, 0x20, 0x03, 0x04, 0x82}, 6, 0,
	 false, true, false, 1, 0, 5, -1, -1},
	{"vp9 flexible, four references", CODEC_VP9, {0xd8, 0x05, 3, 3, 3, 2, 0x82}, 7, -EBADMSG, NONE},
	{"vp9 structure", CODEC_VP9, {0x0a, 0x38, 1, 2, 3, 4, 5, 6, 7, 8, 2, 0x04, 1, 0x08, 1, 2, 0x82},
	 17, 0, true, true, true, 0, 0, NONE},
	{"vp9 structure cut in sizes", CODEC_VP9, {0x0a, 0x38, 1, 2, 3, 4, 5, 6, 7}, 9, -EBADMSG, NONE},
	{"vp9 structure of 255 pictures, cut", CODEC_VP9, {0x0a, 0x08, 255, 0x0c, 1}, 5, -EBADMSG, NONE},
	{"vp9 nothing behind", CODEC_VP9, {0x88, 0x11}, 2, -EBADMSG, NONE},

	{"h264 idr slice", CODEC_H264, {0x65, 0x88}, 2, 0, true, false, false, 0, 0, NONE},
	{"h264 idr, later slice", CODEC_H264, {0x65, 0x40}, 2, 0, true, false, false, 0, 0, NONE},
	{"h264 slice", CODEC_H264, {0x41, 0x9a}, 2, 0, false, true, false, 0, 0, NONE},
	{"h264 sps", CODEC_H264, {0x67, 0x42}, 2, 0, true, true, false, 0, 0, NONE},
	{"h264 sei", CODEC_H264, {0x06, 0x05}, 2, 0, false, true, false, 0, 0, NONE},
	{"h264 stap-a sps pps", CODEC_H264, {0x78, 0, 2, 0x67, 0x42, 0, 1, 0x68}, 8, 0,
	 true, true, false, 0, 0, NONE},
	{"h264 stap-a aud idr", CODEC_H264, {0x78, 0, 1, 0x09, 0, 2, 0x65, 0x88}, 8, 0,
	 true, true, false, 0, 0, NONE},
	{"h264 stap-a of slices", CODEC_H264, {0x78, 0, 2, 0x41, 0x40, 0, 2, 0x41, 0x88}, 9, 0,
	 false, false, false, 0, 0, NONE},
	{"h264 stap-a overrun", CODEC_H264, {0x78, 0, 3, 0x67, 0x42}, 5, -EBADMSG, NONE},
	{"h264 stap-a trailing byte", CODEC_H264, {0x78, 0, 1, 0x67, 0}, 5, -EBADMSG, NONE},
	{"h264 stap-a empty unit", CODEC_H264, {0x78, 0, 0}, 3, -EBADMSG, NONE},
	{"h264 stap-a empty", CODEC_H264, {0x78}, 1, -EBADMSG, NONE},
	{"h264 stap-b idr", CODEC_H264, {0x79, 0, 7, 0, 2, 0x65, 0x88}, 7, 0,
	 true, false, false, 0, 0, NONE},
	{"h264 mtap16", CODEC_H264, {0x7a, 0, 7, 0, 2, 1, 0, 9, 0x65, 0x88}, 10, 0,
	 true, false, false, 0, 0, NONE},
	{"h264 mtap24", CODEC_H264, {0x7b, 0, 7, 0, 2, 1, 0, 0, 9, 0x41, 0x88}, 11, 0,
	 false, true, false, 0, 0, NONE},
	{"h264 mtap16 cut", CODEC_H264, {0x7a, 0, 7, 0, 2, 1}, 6, -EBADMSG, NONE},
	{"h264 fu-a idr start", CODEC_H264, {0x7c, 0x85, 0x88}, 3, 0, true, false, false, 0, 0, NONE},
	{"h264 fu-a idr middle", CODEC_H264, {0x7c, 0x05, 0x88}, 3, 0, false, false, false, 0, 0, NONE},
	{"h264 fu-a idr end", CODEC_H264, {0x7c, 0x45, 0x88}, 3, 0, false, false, false, 0, 0, NONE},
	{"h264 fu-a slice start", CODEC_H264, {0x7c, 0x81, 0x9a}, 3, 0, false, true, false, 0, 0, NONE},
	{"h264 fu-b idr start", CODEC_H264, {0x7d, 0x85, 0, 7, 0x88}, 5, 0, true, false, false, 0, 0, NONE},
	{"h264 fu-b cut", CODEC_H264, {0x7d, 0x85, 0}, 3, -EBADMSG, NONE},
	{"h264 fu-a cut", CODEC_H264, {0x7c}, 1, -EBADMSG, NONE},
	{"h264 type 0", CODEC_H264, {0x60, 1}, 2, -EBADMSG, NONE},
	{"h264 type 31", CODEC_H264, {0x7f, 1}, 2, -EBADMSG, NONE},

	{"av1 new sequence", CODEC_AV1, {0x28, 2, 0x08, 0x00, 0x30, 0x11}, 6, 0,
	 true, true, true, 0, 0, NONE},
	{"av1 new sequence, lengths told", CODEC_AV1, {0x08, 2, 0x08, 0x00, 2, 0x30, 0x11}, 7, 0,
	 true, true, true, 0, 0, NONE},
	{"av1 N without sequence header", CODEC_AV1, {0x18, 0x30, 0x11}, 3, 0,
	 false, true, false, 0, 0, NONE},
	{"av1 sequence header without N", CODEC_AV1, {0x20, 2, 0x08, 0x00, 0x30, 0x11}, 6, 0,
	 false, true, false, 0, 0, NONE},
	{"av1 layers", CODEC_AV1, {0x10, 0x34, 0x48, 0x11}, 4, 0, false, true, false, 2, 1, NONE},
	{"av1 continued: no header first", CODEC_AV1, {0x90, 0x34, 0x48, 0x11}, 4, 0,
	 false, false, false, 0, 0, NONE},
	{"av1 continued and new", CODEC_AV1, {0x98, 0x08, 0x00}, 3, -EBADMSG, NONE},
	{"av1 element overrun", CODEC_AV1, {0x00, 3, 0x30, 0x11}, 4, -EBADMSG, NONE},
	{"av1 fewer elements than told", CODEC_AV1, {0x20, 2, 0x30, 0x11}, 4, -EBADMSG, NONE},
	{"av1 endless leb128", CODEC_AV1,
	 {0x00, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80}, 10, -EBADMSG, NONE},
	{"av1 huge leb128", CODEC_AV1, {0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0x30},
	 10, -EBADMSG, NONE},
	{"av1 forbidden bit", CODEC_AV1, {0x10, 0xb0, 0x11}, 3, -EBADMSG, NONE},
	{"av1 header alone", CODEC_AV1, {0x10}, 1, -EBADMSG, NONE},

	{"opus", CODEC_OPUS, {0xf8}, 1, 0, false, true, false, 0, 0, NONE},
	{"telephone event", CODEC_TELEPHONE_EVENT, {1, 0x0a, 0, 160}, 4, 0, false, true, false, 0, 0, NONE},
	{"nothing", CODEC_OPUS, {0}, 0, -EBADMSG, NONE},
	{"no codec", CODEC_NONE, {0}, 1, -EBADMSG, NONE},
};
/* clang-format on */

static void inspect_steps(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		const struct step *s = &steps[i];
		/* On the heap and no longer than told, so that the sanitizer sees an overrun. */
		uint8_t *payload = g_memdup2(s->payload, s->len);
		struct codec_frame f = {.keyidx = 0xee};
		g_test_message("%s", s->what);
		g_assert_cmpint(codec_inspect(&f, s->codec, payload, s->len), ==, s->err);
		if (s->err) {
			g_assert_cmpint(f.keyidx, ==, 0xee);
			g_free(payload);
			continue;
		}
		g_assert_cmpint(f.is_keyframe, ==, s->is_keyframe);
		g_assert_cmpint(f.starts_frame, ==, s->starts_frame);
		g_assert_cmpint(f.is_switch_point, ==, s->is_switch_point);
		g_assert_cmpint(f.temporal, ==, s->temporal);
		g_assert_cmpint(f.spatial, ==, s->spatial);
		g_assert_cmpint(f.has_picture_id ? f.picture_id : -1, ==, s->picture_id);
		g_assert_cmpint(f.has_tl0picidx ? f.tl0picidx : -1, ==, s->tl0picidx);
		g_assert_cmpint(f.has_keyidx ? f.keyidx : -1, ==, s->keyidx);
		g_assert_cmpint(f.is_picture_id_dense, ==,
				s->codec == CODEC_VP8 && s->picture_id >= 0);
		g_free(payload);
	}
}

static void check_rewrite(enum codec_id codec, const uint8_t *in, const uint8_t *want, size_t len)
{
	const struct codec_numbers numbers = {
		.picture_id = 0x7abc, .tl0picidx = 0xcd, .keyidx = 21};
	uint8_t payload[PAYLOAD_MAX];

	memcpy(payload, in, len);
	codec_rewrite(codec, payload, len, &numbers);
	g_assert_true(memcmp(payload, want, len) == 0);
}

static void rewrite_keeps_width_and_all_other_bits(void)
{
	check_rewrite(CODEC_VP8, (uint8_t[]){0x90, 0xf0, 0x92, 0x34, 0x56, 0xbf, 0x51},
		      (uint8_t[]){0x90, 0xf0, 0xfa, 0xbc, 0xcd, 0xb5, 0x51}, 7);
	check_rewrite(CODEC_VP8, (uint8_t[]){0x90, 0x80, 0x11, 0x51},
		      (uint8_t[]){0x90, 0x80, 0x3c, 0x51}, 4);
	check_rewrite(CODEC_VP8, (uint8_t[]){0x90, 0x60, 0x11, 0xe0, 0x51},
		      (uint8_t[]){0x90, 0x60, 0xcd, 0xe0, 0x51}, 5);
	check_rewrite(CODEC_VP8, (uint8_t[]){0x10, 0x51}, (uint8_t[]){0x10, 0x51}, 2);
	check_rewrite(CODEC_VP9, (uint8_t[]){0xe8, 0x80, 0x05, 0x50, 0x77, 0x82},
		      (uint8_t[]){0xe8, 0xfa, 0xbc, 0x50, 0xcd, 0x82}, 6);
	check_rewrite(CODEC_VP9, (uint8_t[]){0x88, 0x11, 0x82}, (uint8_t[]){0x88, 0x3c, 0x82}, 3);
	/* Flexible mode: what stands where TL0PICIDX would is a reference. */
	check_rewrite(CODEC_VP9, (uint8_t[]){0xf8, 0x05, 0x20, 0x02, 0x82},
		      (uint8_t[]){0xf8, 0x3c, 0x20, 0x02, 0x82}, 5);
	check_rewrite(CODEC_H264, (uint8_t[]){0x65, 0x88}, (uint8_t[]){0x65, 0x88}, 2);
	check_rewrite(CODEC_AV1, (uint8_t[]){0x10, 0x30}, (uint8_t[]){0x10, 0x30}, 2);
	check_rewrite(CODEC_OPUS, (uint8_t[]){0xf8, 0xff}, (uint8_t[]){0xf8, 0xff}, 2);
}

static void names_round_trip(void)
{
	for (int i = CODEC_NONE + 1; i < CODEC_COUNT; i++)
		g_assert_cmpint(codec_from_name(codec_name((enum codec_id)i)), ==, i);
	g_assert_cmpint(codec_from_name("vp8"), ==, CODEC_VP8);
	g_assert_cmpint(codec_from_name("OPUS"), ==, CODEC_OPUS);
	g_assert_cmpint(codec_from_name("VP80"), ==, CODEC_NONE);
	g_assert_cmpint(codec_from_name(""), ==, CODEC_NONE);
	g_assert_cmpstr(codec_name(CODEC_NONE), ==, "");
	g_assert_cmpstr(codec_name((enum codec_id)99), ==, "");
	g_assert_true(codec_is_video(CODEC_AV1));
	g_assert_false(codec_is_video(CODEC_TELEPHONE_EVENT));
	g_assert_false(codec_is_video(CODEC_NONE));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/codec/inspect_steps", inspect_steps);
	g_test_add_func("/codec/rewrite_keeps_width_and_all_other_bits",
			rewrite_keeps_width_and_all_other_bits);
	g_test_add_func("/codec/names_round_trip", names_round_trip);
	return g_test_run();
}
