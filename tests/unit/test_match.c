/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/route/match.h"

static struct codec_params h264(uint8_t profile, uint8_t constraints, uint8_t mode)
{
	return (struct codec_params){.codec = CODEC_H264,
				     .pt = 100,
				     .clock_hz = 90000,
				     .h264_profile_idc = profile,
				     .h264_constraints = constraints,
				     .h264_packetization_mode = mode};
}

static struct codec_params other(enum codec_id codec, uint32_t clock, uint8_t profile)
{
	return (struct codec_params){
		.codec = codec, .pt = 101, .clock_hz = clock, .profile = profile};
}

static int match_one(struct codec_params source, struct codec_params slot)
{
	struct mline_params mline = {.codec = {slot}, .codec_count = 1};

	return match_codec(&mline, &source);
}

static void codecs_match_by_name_clock_and_profile(void)
{
	g_assert_cmpint(match_one(other(CODEC_VP8, 90000, 0), other(CODEC_VP8, 90000, 0)), ==, 0);
	g_assert_cmpint(match_one(other(CODEC_VP8, 90000, 0), other(CODEC_VP9, 90000, 0)), ==,
			MATCH_NONE);
	g_assert_cmpint(match_one(other(CODEC_VP9, 90000, 0), other(CODEC_VP9, 90000, 2)), ==,
			MATCH_NONE);
	g_assert_cmpint(match_one(other(CODEC_AV1, 90000, 0), other(CODEC_AV1, 90000, 1)), ==,
			MATCH_NONE);
	g_assert_cmpint(match_one(other(CODEC_TELEPHONE_EVENT, 48000, 0),
				  other(CODEC_TELEPHONE_EVENT, 8000, 0)),
			==, MATCH_NONE);
	g_assert_cmpint(match_one(other(CODEC_NONE, 0, 0), other(CODEC_NONE, 0, 0)), ==,
			MATCH_NONE);
}

/* RFC 6184 table 5: constrained baseline goes by several names, and plays everywhere. */
static void h264_matches_by_profile_and_mode(void)
{
	g_assert_cmpint(match_one(h264(0x42, 0xe0, 1), h264(0x42, 0xc0, 1)), ==, 0);
	g_assert_cmpint(match_one(h264(0x42, 0xe0, 1), h264(0x4d, 0x80, 1)), ==, 0);
	g_assert_cmpint(match_one(h264(0x42, 0xe0, 1), h264(0x42, 0xe0, 0)), ==, MATCH_NONE);
	g_assert_cmpint(match_one(h264(0x42, 0xe0, 1), h264(0x64, 0x0c, 1)), ==, 0);
	g_assert_cmpint(match_one(h264(0x64, 0x0c, 1), h264(0x42, 0xe0, 1)), ==, MATCH_NONE);
	g_assert_cmpint(match_one(h264(0x4d, 0x00, 1), h264(0x64, 0x00, 1)), ==, 0);
	g_assert_cmpint(match_one(h264(0x42, 0x00, 1), h264(0x42, 0xe0, 1)), ==, MATCH_NONE);
}

static void an_exact_profile_is_preferred(void)
{
	struct mline_params slot = {
		.codec = {h264(0x64, 0x0c, 1), h264(0x42, 0x00, 1), h264(0x42, 0xe0, 1)},
		.codec_count = 3};
	struct codec_params source = h264(0x42, 0xe0, 1);

	g_assert_cmpint(match_codec(&slot, &source), ==, 2);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/match/codecs-match-by-name-clock-and-profile",
			codecs_match_by_name_clock_and_profile);
	g_test_add_func("/match/h264-matches-by-profile-and-mode",
			h264_matches_by_profile_and_mode);
	g_test_add_func("/match/an-exact-profile-is-preferred", an_exact_profile_is_preferred);
	return g_test_run();
}
