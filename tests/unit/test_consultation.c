/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/consultation.h"

#include <errno.h>
#include <glib.h>
#include <stdio.h>

static void people_are_found_and_capped(void)
{
	struct consultation consultation = {.id = "c"};
	struct participant people[LIMIT_PARTICIPANTS + 1] = {{.id = ""}};

	for (size_t i = 0; i < LIMIT_PARTICIPANTS + 1; i++)
		(void)snprintf(people[i].id, sizeof(people[i].id), "p%zu", i);
	for (size_t i = 0; i < LIMIT_PARTICIPANTS; i++)
		g_assert_cmpint(consultation_add(&consultation, &people[i]), ==, 0);
	g_assert_cmpint(consultation_add(&consultation, &people[LIMIT_PARTICIPANTS]), ==, -ENOSPC);
	g_assert_true(consultation_find(&consultation, "p3") == &people[3]);
	consultation_remove(&consultation, &people[3]);
	g_assert_null(consultation_find(&consultation, "p3"));
	g_assert_true(consultation_find(&consultation, "p4") == &people[4]);
	consultation_remove(&consultation, &people[3]);
	g_assert_cmpuint(consultation.participant_count, ==, LIMIT_PARTICIPANTS - 1);
}

static void link_is_the_best_of_the_connections(void)
{
	static const struct {
		enum leg_state legs[3];
		size_t count;
		bool is_lost;
		enum link_state link;
	} steps[] = {
		{{LEG_HERE}, 0, false, LINK_CONNECTING},
		{{LEG_HERE}, 0, true, LINK_AWAY},
		{{LEG_CONNECTING}, 1, false, LINK_CONNECTING},
		{{LEG_CONNECTING}, 1, true, LINK_CONNECTING},
		{{LEG_HERE}, 1, false, LINK_HERE},
		{{LEG_HERE}, 1, true, LINK_HERE},
		{{LEG_SILENT}, 1, false, LINK_SILENT},
		{{LEG_SILENT, LEG_CONNECTING}, 2, true, LINK_SILENT},
		{{LEG_CONNECTING, LEG_SILENT}, 2, false, LINK_SILENT},
		{{LEG_SILENT, LEG_CONNECTING, LEG_HERE}, 3, true, LINK_HERE},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
		g_assert_cmpuint(consultation_link(steps[i].legs, steps[i].count, steps[i].is_lost),
				 ==, steps[i].link);
}

static void muting_twice_is_no_news(void)
{
	struct participant person = {.id = "p"};

	g_assert_true(consultation_mute(&person, SOURCE_CAMERA, true));
	g_assert_false(consultation_mute(&person, SOURCE_CAMERA, true));
	g_assert_true(consultation_mute(&person, SOURCE_MICROPHONE, true));
	g_assert_true(consultation_mute(&person, SOURCE_CAMERA, false));
	g_assert_cmphex(person.muted, ==, 1U << SOURCE_MICROPHONE);
}

static void a_person_speaks_while_any_track_does(void)
{
	struct participant person = {.id = "p"};

	g_assert_true(consultation_speaking(&person, true));
	g_assert_false(consultation_speaking(&person, true));
	g_assert_false(consultation_speaking(&person, false));
	g_assert_true(consultation_speaking(&person, false));
}

static void quality_falls_at_once_and_rises_slowly(void)
{
	static const struct {
		struct quality_figures figures;
		bool news;
		enum quality level;
	} steps[] = {
		{{-1, -1, -1, 0, 0}, true, QUALITY_GOOD},  /* nothing known is no complaint */
		{{50000, 0, 0, 0, 0}, true, QUALITY_GOOD}, /* a round trip, at last */
		{{299999, 29, 29, 0, 0}, false, QUALITY_GOOD},
		{{300000, 0, 0, 0, 0}, true, QUALITY_FAIR},
		{{50000, 0, 30, 0, 0}, false, QUALITY_FAIR},
		{{50000, 100, 0, 0, 0}, true, QUALITY_POOR},
		{{50000, 0, 0, 0, 0}, false, QUALITY_POOR},
		{{700000, 0, 0, 0, 0}, false, QUALITY_POOR},
		{{50000, 0, 0, 0, 0}, false, QUALITY_POOR},
		{{50000, 0, 0, 0, 0}, true, QUALITY_GOOD},
		{{50000, 0, 0, 250000, 1}, false, QUALITY_GOOD},
		{{50000, 0, 0, 249999, 0}, true, QUALITY_FAIR},
		{{50000, 0, 0, 99999, 0}, true, QUALITY_POOR},
		{{50000, 0, 101, 300499, 40500}, false, QUALITY_POOR},
	};
	struct participant person = {.id = "p"};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		g_assert_cmpint(consultation_quality(&person, &steps[i].figures), ==,
				steps[i].news);
		g_assert_cmpuint(person.level, ==, steps[i].level);
	}
	g_assert_cmpint(person.rtt_ms, ==, 50);
	g_assert_cmpint(person.loss_percent, ==, 10);
	g_assert_cmpint(person.down_kbps, ==, 300);
	g_assert_cmpint(person.up_kbps, ==, 41);
}

static void clinicians_alone_set_the_mode(void)
{
	struct consultation consultation = {.id = "c"};

	g_assert_cmpuint(consultation.mode, ==, MODE_TALK);
	for (enum role role = 0; role < ROLE_COUNT; role++) {
		struct participant person = {.id = "p", .role = role};
		bool may = role == ROLE_CLINICIAN;

		consultation.mode = MODE_TALK;
		g_assert_cmpint(consultation_set_mode(&consultation, &person, MODE_SIGN), ==, may);
		g_assert_cmpuint(consultation.mode, ==, may ? MODE_SIGN : MODE_TALK);
	}
}

static void lost_quality_comes_back_at_once(void)
{
	static const struct quality_figures fine = {.rtt_us = 50000, .down_bps = 1000000};
	struct participant person = {.id = "p"};

	/* Who never had figures has not lost them. */
	g_assert_false(consultation_quality_lost(&person));
	person = (struct participant){.id = "p"};
	(void)consultation_quality(&person, &fine);
	g_assert_true(consultation_quality_lost(&person));
	g_assert_false(consultation_quality_lost(&person));
	g_assert_cmpint(person.rtt_ms, ==, -1);
	g_assert_cmpint(person.down_kbps, ==, -1);
	g_assert_true(consultation_quality(&person, &fine));
	g_assert_cmpuint(person.level, ==, QUALITY_GOOD);
}

static void slots_leave_room_for_more(void)
{
	static const size_t wanted[][2] = {{0, 3}, {1, 3}, {3, 3}, {4, 4}, {7, 7}, {20, 7}};

	for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++)
		g_assert_cmpuint(consultation_slots(wanted[i][0]), ==, wanted[i][1]);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/consultation/people_are_found_and_capped", people_are_found_and_capped);
	g_test_add_func("/consultation/link_is_the_best_of_the_connections",
			link_is_the_best_of_the_connections);
	g_test_add_func("/consultation/muting_twice_is_no_news", muting_twice_is_no_news);
	g_test_add_func("/consultation/a_person_speaks_while_any_track_does",
			a_person_speaks_while_any_track_does);
	g_test_add_func("/consultation/quality_falls_at_once_and_rises_slowly",
			quality_falls_at_once_and_rises_slowly);
	g_test_add_func("/consultation/clinicians_alone_set_the_mode",
			clinicians_alone_set_the_mode);
	g_test_add_func("/consultation/lost_quality_comes_back_at_once",
			lost_quality_comes_back_at_once);
	g_test_add_func("/consultation/slots_leave_room_for_more", slots_leave_room_for_more);
	return g_test_run();
}
