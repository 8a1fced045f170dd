/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/admission.h"

#include <glib.h>

#include "media/route/params.h"

static void without_a_waiting_room_nobody_waits(void)
{
	for (enum role role = 0; role < ROLE_COUNT; role++) {
		for (enum admission kept = 0; kept < ADMISSION_COUNT; kept++) {
			g_assert_cmpint(admission_first(false, role, kept), ==, ADMISSION_ADMITTED);
			g_assert_cmpint(admission_first(true, role, kept), ==,
					role == ROLE_CLINICIAN ? ADMISSION_ADMITTED : kept);
		}
	}
}

static void every_order_meets_every_state(void)
{
	static const enum admission after[ADMISSION_ORDER_COUNT] = {
		ADMISSION_ADMITTED, ADMISSION_WAITING, ADMISSION_HELD};

	for (enum admission now = 0; now < ADMISSION_COUNT; now++) {
		for (enum admission_order order = 0; order < ADMISSION_ORDER_COUNT; order++) {
			g_assert_cmpint(admission_after(now, order, ROLE_PATIENT), ==,
					after[order]);
			/* Clinicians are not kept out of their own visit. */
			g_assert_cmpint(admission_after(now, order, ROLE_CLINICIAN), ==,
					order == ADMISSION_ADMIT ? now : ADMISSION_COUNT);
		}
	}
}

static void a_unit_sets_the_least_that_is_wanted(void)
{
	static const bool is_sure[ASSURANCE_COUNT][ASSURANCE_COUNT] = {
		/* reached: none, C, B, A; each: wanted none, C, B, A */
		{true, true, false, false},
		{true, true, false, false},
		{true, true, true, false},
		{true, true, true, true},
	};

	for (enum assurance reached = 0; reached < ASSURANCE_COUNT; reached++)
		for (enum assurance wanted = 0; wanted < ASSURANCE_COUNT; wanted++)
			g_assert_cmpint(admission_is_sure(reached, wanted), ==,
					is_sure[reached][wanted]);
}

/* Whoever is not admitted, or outside a private talk, is alone; nobody else is. */
static void circles_follow_from_where_one_stands(void)
{
	for (enum admission admission = 0; admission < ADMISSION_COUNT; admission++) {
		for (enum apart apart = 0; apart < APART_COUNT; apart++) {
			uint8_t circle = admission_circle(admission, apart);

			g_assert_cmpint(circle == MEDIA_CIRCLE_ALONE, ==,
					admission != ADMISSION_ADMITTED || apart == APART_OUTSIDE);
		}
	}
	g_assert_cmpuint(admission_circle(ADMISSION_ADMITTED, APART_NONE), ==, MEDIA_CIRCLE_COMMON);
	g_assert_cmpuint(admission_circle(ADMISSION_ADMITTED, APART_INSIDE), !=,
			 MEDIA_CIRCLE_COMMON);
}

/* NOLINTNEXTLINE(readability-function-size): asserts nest */
static void who_waits_is_known_to_care_alone(void)
{
	for (enum role viewer = 0; viewer < ROLE_COUNT; viewer++) {
		for (enum admission a = 0; a < ADMISSION_COUNT; a++) {
			for (enum admission b = 0; b < ADMISSION_COUNT; b++) {
				const struct admission_view from = {viewer, a};
				const struct admission_view to = {ROLE_PATIENT, b};
				bool is_care = viewer == ROLE_CLINICIAN || viewer == ROLE_STAFF;

				g_assert_cmpint(admission_sees(&from, &to), ==,
						a == ADMISSION_ADMITTED &&
							(b == ADMISSION_ADMITTED || is_care));
			}
		}
	}
}

/* Observers are seen like anybody else. */
/* NOLINTNEXTLINE(readability-function-size): asserts nest */
static void nobody_is_in_a_visit_unseen(void)
{
	for (enum role viewer = 0; viewer < ROLE_COUNT; viewer++) {
		for (enum role role = 0; role < ROLE_COUNT; role++) {
			const struct admission_view from = {viewer, ADMISSION_ADMITTED};
			const struct admission_view to = {role, ADMISSION_ADMITTED};

			g_assert_true(admission_sees(&from, &to));
		}
	}
}

static void a_visit_goes_its_way(void)
{
	/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): a table */
	static const struct {
		enum visit_state now;
		struct visit_facts facts;
		enum visit_state next;
	} steps[] = {
		{VISIT_PLANNED, {0, 0, 0, false, true}, VISIT_PLANNED},
		{VISIT_PLANNED, {1, 0, 0, false, true}, VISIT_OPEN},
		{VISIT_OPEN, {0, 0, 0, false, true}, VISIT_PLANNED},
		{VISIT_OPEN, {2, 1, 0, true, true}, VISIT_OPEN},
		{VISIT_OPEN, {2, 2, 1, true, true}, VISIT_IN_PROGRESS},
		{VISIT_PLANNED, {2, 2, 1, true, true}, VISIT_IN_PROGRESS},
		{VISIT_OPEN, {3, 2, 0, true, true}, VISIT_OPEN}, /* clinicians alone */
		{VISIT_OPEN, {2, 2, 2, false, true}, VISIT_OPEN},
		{VISIT_OPEN, {2, 2, 2, false, false}, VISIT_IN_PROGRESS},
		{VISIT_OPEN, {1, 1, 0, true, false}, VISIT_OPEN},
		{VISIT_IN_PROGRESS, {0, 0, 0, false, true}, VISIT_IN_PROGRESS},
		{VISIT_IN_PROGRESS, {2, 2, 1, true, true}, VISIT_IN_PROGRESS},
		{VISIT_ENDED, {0, 0, 0, false, true}, VISIT_ENDED},
		{VISIT_ENDED, {2, 2, 1, true, true}, VISIT_ENDED},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
		g_assert_cmpstr(visit_state_name(visit_next(steps[i].now, &steps[i].facts)), ==,
				visit_state_name(steps[i].next));
}

/* What anybody may say at any time, so that the page can live; nothing else from who waits but what
 * leads in. */
static void who_waits_says_only_what_leads_in(void)
{
	static const enum message_type allowed[] = {
		MESSAGE_JOIN,	  MESSAGE_RESUME,  MESSAGE_OFFER,     MESSAGE_MUTE,
		MESSAGE_PING,	  MESSAGE_LEAVE,   MESSAGE_CODE,      MESSAGE_TELL_WISH,
		MESSAGE_SAY_CHAT, MESSAGE_CHECKED, MESSAGE_WANT_CODE,
	};

	for (enum message_type type = 0; type < MESSAGE_JOINED; type++) {
		bool is_allowed = false;

		for (size_t i = 0; i < G_N_ELEMENTS(allowed); i++)
			is_allowed |= allowed[i] == type;
		g_assert_cmpint(permission_of(type, ROLE_PATIENT, ADMISSION_WAITING) ==
					PERMISSION_YES,
				==, is_allowed);
		g_assert_cmpint(permission_of(type, ROLE_PATIENT, ADMISSION_HELD), ==,
				permission_of(type, ROLE_PATIENT, ADMISSION_WAITING));
	}
	g_assert_cmpint(permission_of(MESSAGE_TYPE_TEXT, ROLE_PATIENT, ADMISSION_WAITING), ==,
			PERMISSION_NOT_ADMITTED);
	g_assert_cmpint(permission_of(MESSAGE_ADMIT, ROLE_PATIENT, ADMISSION_WAITING), ==,
			PERMISSION_NO);
}

static void only_clinicians_order(void)
{
	static const enum message_type orders[] = {
		MESSAGE_PUT_BACK, MESSAGE_HOLD,	 MESSAGE_REMOVE, MESSAGE_TALK_APART,
		MESSAGE_VOUCH,	  MESSAGE_ASK,	 MESSAGE_END,	 MESSAGE_HAND_OVER,
		MESSAGE_SET_MODE, MESSAGE_POINT,
	};

	for (size_t i = 0; i < G_N_ELEMENTS(orders); i++) {
		for (enum role role = 0; role < ROLE_COUNT; role++)
			g_assert_cmpint(permission_of(orders[i], role, ADMISSION_ADMITTED), ==,
					role == ROLE_CLINICIAN ? PERMISSION_YES : PERMISSION_NO);
	}
	for (enum message_type type = 0; type < MESSAGE_JOINED; type++)
		g_assert_cmpint(permission_of(type, ROLE_OBSERVER, ADMISSION_ADMITTED) ==
					PERMISSION_YES,
				==,
				type == MESSAGE_JOIN || type == MESSAGE_RESUME ||
					type == MESSAGE_OFFER || type == MESSAGE_MUTE ||
					type == MESSAGE_PING || type == MESSAGE_LEAVE ||
					type == MESSAGE_CHECKED || type == MESSAGE_PERCEIVED);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/admission/without_a_waiting_room_nobody_waits",
			without_a_waiting_room_nobody_waits);
	g_test_add_func("/admission/every_order_meets_every_state", every_order_meets_every_state);
	g_test_add_func("/admission/a_unit_sets_the_least_that_is_wanted",
			a_unit_sets_the_least_that_is_wanted);
	g_test_add_func("/admission/circles_follow_from_where_one_stands",
			circles_follow_from_where_one_stands);
	g_test_add_func("/admission/who_waits_is_known_to_care_alone",
			who_waits_is_known_to_care_alone);
	g_test_add_func("/admission/nobody_is_in_a_visit_unseen", nobody_is_in_a_visit_unseen);
	g_test_add_func("/admission/a_visit_goes_its_way", a_visit_goes_its_way);
	g_test_add_func("/admission/who_waits_says_only_what_leads_in",
			who_waits_says_only_what_leads_in);
	g_test_add_func("/admission/only_clinicians_order", only_clinicians_order);
	return g_test_run();
}
