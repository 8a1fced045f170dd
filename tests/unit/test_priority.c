/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/priority.h"

#include <glib.h>

static bool is_sound(enum source source)
{
	return source == SOURCE_MICROPHONE || source == SOURCE_STETHOSCOPE;
}

/* Every combination has a rule, and sound goes before pictures in all of them. */
static void sound_goes_before_every_picture_in_every_mode(void)
{
	unsigned least_sound[MODE_COUNT], most_picture[MODE_COUNT] = {0};
	unsigned all = MODE_COUNT * ROLE_COUNT * SOURCE_COUNT;

	for (unsigned mode = 0; mode < MODE_COUNT; mode++)
		least_sound[mode] = UINT_MAX;
	for (unsigned i = 0; i < all; i++) {
		unsigned mode = i / (ROLE_COUNT * SOURCE_COUNT);
		enum source source = i % SOURCE_COUNT;
		struct priority is = priority_of(mode, i / SOURCE_COUNT % ROLE_COUNT, source);

		if (!is_sound(source)) {
			most_picture[mode] = MAX(most_picture[mode], is.priority);
			continue;
		}
		least_sound[mode] = MIN(least_sound[mode], is.priority);
		g_assert_cmpuint(is.floor_bps, ==, 0);
	}
	for (unsigned mode = 0; mode < MODE_COUNT; mode++)
		g_assert_cmpuint(least_sound[mode], >, most_picture[mode]);
}

static void what_goes_first_follows_the_mode(void)
{
	static const struct {
		enum mode mode;
		enum role role;
		enum source source;
		enum role than_role;
		enum source than_source;
	} steps[] = {
		{MODE_TALK, ROLE_CLINICIAN, SOURCE_CAMERA, ROLE_INTERPRETER, SOURCE_CAMERA},
		{MODE_TALK, ROLE_INTERPRETER, SOURCE_CAMERA, ROLE_PATIENT, SOURCE_CAMERA},
		{MODE_TALK, ROLE_PATIENT, SOURCE_CAMERA, ROLE_RELATIVE, SOURCE_CAMERA},
		{MODE_TALK, ROLE_RELATIVE, SOURCE_CAMERA, ROLE_OBSERVER, SOURCE_CAMERA},
		{MODE_TALK, ROLE_ROOM, SOURCE_EXAM_CAMERA, ROLE_ROOM, SOURCE_CAMERA},
		{MODE_TALK, ROLE_ROOM, SOURCE_EXAM_CAMERA_2, ROLE_ROOM, SOURCE_CAMERA},
		{MODE_TALK, ROLE_PATIENT, SOURCE_MICROPHONE, ROLE_OBSERVER, SOURCE_MICROPHONE},
		{MODE_SIGN, ROLE_INTERPRETER, SOURCE_CAMERA, ROLE_CLINICIAN, SOURCE_CAMERA},
		{MODE_SIGN, ROLE_PATIENT, SOURCE_CAMERA, ROLE_CLINICIAN, SOURCE_CAMERA},
		{MODE_SKIN, ROLE_ROOM, SOURCE_EXAM_CAMERA, ROLE_CLINICIAN, SOURCE_CAMERA},
		{MODE_SKIN, ROLE_ROOM, SOURCE_EXAM_CAMERA_2, ROLE_CLINICIAN, SOURCE_CAMERA},
		{MODE_SKIN, ROLE_PATIENT, SOURCE_CAMERA, ROLE_CLINICIAN, SOURCE_CAMERA},
		{MODE_MOVEMENT, ROLE_PATIENT, SOURCE_CAMERA, ROLE_CLINICIAN, SOURCE_CAMERA},
		{MODE_AUSCULTATION, ROLE_ROOM, SOURCE_STETHOSCOPE, ROLE_CLINICIAN,
		 SOURCE_MICROPHONE},
		{MODE_TALK, ROLE_CLINICIAN, SOURCE_MICROPHONE, ROLE_ROOM, SOURCE_STETHOSCOPE},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct priority more = priority_of(steps[i].mode, steps[i].role, steps[i].source);
		struct priority less =
			priority_of(steps[i].mode, steps[i].than_role, steps[i].than_source);

		if (more.priority <= less.priority)
			g_error("step %zu: %u is not more than %u", i, more.priority,
				less.priority);
	}
}

static void floors_and_what_is_kept_follow_the_mode(void)
{
	static const struct {
		enum mode mode;
		enum role role;
		enum source source;
		uint32_t floor_bps;
		enum media_keep keep;
	} steps[] = {
		{MODE_TALK, ROLE_PATIENT, SOURCE_CAMERA, 60000, MEDIA_KEEP_FRAME_RATE},
		{MODE_TALK, ROLE_OBSERVER, SOURCE_CAMERA, 0, MEDIA_KEEP_FRAME_RATE},
		{MODE_TALK, ROLE_CLINICIAN, SOURCE_SCREEN, 60000, MEDIA_KEEP_RESOLUTION},
		{MODE_SIGN, ROLE_INTERPRETER, SOURCE_CAMERA, 200000, MEDIA_KEEP_FRAME_RATE},
		{MODE_SIGN, ROLE_PATIENT, SOURCE_CAMERA, 150000, MEDIA_KEEP_FRAME_RATE},
		{MODE_SIGN, ROLE_CLINICIAN, SOURCE_CAMERA, 150000, MEDIA_KEEP_FRAME_RATE},
		{MODE_MOVEMENT, ROLE_PATIENT, SOURCE_CAMERA, 200000, MEDIA_KEEP_FRAME_RATE},
		{MODE_MOVEMENT, ROLE_ROOM, SOURCE_EXAM_CAMERA, 200000, MEDIA_KEEP_FRAME_RATE},
		{MODE_MOVEMENT, ROLE_CLINICIAN, SOURCE_CAMERA, 60000, MEDIA_KEEP_FRAME_RATE},
		{MODE_SKIN, ROLE_PATIENT, SOURCE_CAMERA, 200000, MEDIA_KEEP_RESOLUTION},
		{MODE_SKIN, ROLE_ROOM, SOURCE_EXAM_CAMERA, 200000, MEDIA_KEEP_RESOLUTION},
		{MODE_SKIN, ROLE_CLINICIAN, SOURCE_CAMERA, 60000, MEDIA_KEEP_FRAME_RATE},
		{MODE_AUSCULTATION, ROLE_ROOM, SOURCE_CAMERA, 60000, MEDIA_KEEP_FRAME_RATE},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct priority is = priority_of(steps[i].mode, steps[i].role, steps[i].source);

		if (is.floor_bps != steps[i].floor_bps || is.keep != steps[i].keep)
			g_error("step %zu: %u, %d", i, is.floor_bps, is.keep);
	}
	for (enum role role = 0; role < ROLE_COUNT; role++) {
		for (enum source source = 0; source < SOURCE_COUNT; source++)
			g_assert_cmpuint(priority_of(MODE_AUDIO_FIRST, role, source).floor_bps, ==,
					 0);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/priority/sound_goes_before_every_picture_in_every_mode",
			sound_goes_before_every_picture_in_every_mode);
	g_test_add_func("/priority/what_goes_first_follows_the_mode",
			what_goes_first_follows_the_mode);
	g_test_add_func("/priority/floors_and_what_is_kept_follow_the_mode",
			floors_and_what_is_kept_follow_the_mode);
	return g_test_run();
}
