/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "loadtest/load/viewing.h"

struct rig {
	struct viewing viewing;
	struct tally_counts counts;
	int64_t now_us;
};

static void packet(struct rig *rig, uint32_t frame, uint32_t needs, uint16_t part, uint16_t parts)
{
	const struct stamp stamp = {.publisher = 1,
				    .kind = MEDIA_VIDEO,
				    .frame = frame,
				    .needs = needs,
				    .part = part,
				    .parts = parts,
				    .height = 360};

	viewing_packet(&rig->viewing, rig->now_us, &stamp, &rig->counts);
}

/* n frames 33 ms apart, each needing the one before; the first is a keyframe when it is 1. */
static void stream(struct rig *rig, uint32_t first, uint32_t n)
{
	for (uint32_t i = first; i < first + n; i++, rig->now_us += 33333)
		packet(rig, i, i == 1 ? 1 : i - 1, 0, 1);
}

static void a_frame_waits_for_its_parts_and_what_it_needs(void)
{
	struct rig rig = {.now_us = 1000000};

	packet(&rig, 1, 1, 0, 2);
	g_assert_cmpuint(rig.counts.frames_shown, ==, 0);
	packet(&rig, 2, 1, 0, 1);
	packet(&rig, 3, 2, 0, 1);
	g_assert_cmpuint(rig.counts.frames_shown, ==, 0);
	packet(&rig, 1, 1, 1, 2);
	g_assert_cmpuint(rig.counts.frames_shown, ==, 3);
}

static void what_a_lost_frame_carried_is_not_shown(void)
{
	struct rig rig = {.now_us = 1000000};

	stream(&rig, 1, 10);
	stream(&rig, 12, 5); /* 11 never came */
	g_assert_cmpuint(rig.counts.frames_shown, ==, 10);
	packet(&rig, 17, 17, 0, 1);
	g_assert_cmpuint(rig.counts.frames_shown, ==, 11);
}

static void layers_may_be_left_out(void)
{
	struct rig rig = {.now_us = 1000000};

	packet(&rig, 1, 1, 0, 1);
	packet(&rig, 3, 1, 0, 1);
	packet(&rig, 5, 1, 0, 1);
	packet(&rig, 9, 5, 0, 1);
	g_assert_cmpuint(rig.counts.frames_shown, ==, 4);
}

static void a_gap_is_a_freeze_when_it_is_long(void)
{
	struct rig rig = {.now_us = 1000000};

	stream(&rig, 1, 60);
	rig.now_us += 60000; /* 93 ms in all */
	stream(&rig, 61, 30);
	g_assert_cmpuint(rig.counts.freezes, ==, 0);
	rig.now_us += 300000;
	stream(&rig, 91, 30);
	g_assert_cmpuint(rig.counts.freezes, ==, 1);
	g_assert_cmpuint(rig.counts.freeze_us, >, 290000);
	g_assert_cmpuint(rig.counts.freeze_us, <, 310000);
}

static void keyframes_are_asked_for_as_libwebrtc_does(void)
{
	struct rig rig = {.now_us = 1000000};

	g_assert_false(viewing_wants_keyframe(&rig.viewing, rig.now_us));
	packet(&rig, 5, 4, 0, 1);
	g_assert_false(viewing_wants_keyframe(&rig.viewing, rig.now_us + 199000));
	g_assert_true(viewing_wants_keyframe(&rig.viewing, rig.now_us + 201000));
	g_assert_false(viewing_wants_keyframe(&rig.viewing, rig.now_us + 202000));
	packet(&rig, 6, 6, 0, 1);
	g_assert_false(viewing_wants_keyframe(&rig.viewing, rig.now_us + 2990000));
	g_assert_true(viewing_wants_keyframe(&rig.viewing, rig.now_us + 3010000));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/load/viewing/a-frame-waits-for-its-parts-and-what-it-needs",
			a_frame_waits_for_its_parts_and_what_it_needs);
	g_test_add_func("/load/viewing/what-a-lost-frame-carried-is-not-shown",
			what_a_lost_frame_carried_is_not_shown);
	g_test_add_func("/load/viewing/layers-may-be-left-out", layers_may_be_left_out);
	g_test_add_func("/load/viewing/a-gap-is-a-freeze-when-it-is-long",
			a_gap_is_a_freeze_when_it_is_long);
	g_test_add_func("/load/viewing/keyframes-are-asked-for-as-libwebrtc-does",
			keyframes_are_asked_for_as_libwebrtc_does);
	return g_test_run();
}
