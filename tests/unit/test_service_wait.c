/* SPDX-License-Identifier: EUPL-1.2 */
/* What one who waits is told of what is missing and of the time, and what care is told of it. */
#include <string.h>

#include "tests/unit/world.h"

#define S      INT64_C(1000000)
#define CODE_S 600  /* a code is good for so long */
#define HOUR_S 3600 /* in which three are sent */
#define ARRIVED_Z                                                                                  \
	"2026-11-26T09:50:01Z" /* the world begins ten minutes before the planned time             \
				*/

enum {
	BO = 1,
	EVA,
	ERIK,
	MAJA,
	NILS,
	INES,
	WATCH
};

static void watch(struct world *w)
{
	world_open(w, WATCH);
	world_send(w, WATCH, "{\"type\":\"watch\",\"v\":1,\"ticket\":\"%s\"}", WATCH_TICKET);
}

static const char *waiting(const struct world *w, uint64_t client, const char *key)
{
	const json_t *message = world_last(w, client, "waiting");

	g_assert_nonnull(message);
	return world_text_of(message, key);
}

static int64_t waiting_s(const struct world *w, uint64_t client, const char *key)
{
	return json_integer_value(json_object_get(world_last(w, client, "waiting"), key));
}

/* What a list of people says of one; NULL: nothing. */
static const char *said_in(const json_t *message, const char *id, const char *key)
{
	const json_t *people = json_object_get(message, "participants");

	for (size_t i = 0; i < json_array_size(people); i++) {
		const json_t *person = json_array_get(people, i);

		if (strcmp(world_text_of(person, "id"), id) == 0)
			return json_string_value(json_object_get(person, key));
	}
	g_assert_not_reached();
}

static const char *lacks_in(const json_t *message, const char *id)
{
	return said_in(message, id, "lacks");
}

/* Pings on the way, as a page does, so that it is not taken for dead. */
static void pass(struct world *w, uint64_t client, int64_t seconds)
{
	for (int64_t i = 0; i < seconds; i += 10) {
		world_pass(w, MIN(10, seconds - i) * S);
		world_send(w, client, "{\"type\":\"ping\"}");
	}
}

static void wear_out_code(struct world *w)
{
	for (int i = 0; i < 5; i++) {
		pass(w, EVA, 2);
		world_send(w, EVA, "{\"type\":\"code\",\"code\":\"x\"}");
	}
}

static size_t codes_made(const struct world *w)
{
	size_t made = 0;

	for (guint i = 0; i < w->records->len; i++)
		made += g_array_index(w->records, struct world_record, i).record.kind ==
			RECORD_CODE_MADE;
	return made;
}

/* --- how sure one is -------------------------------------------------------------------------- */

/* The patient, who is at the door with her, the queue and the door itself say the same. */
static void what_is_missing_is_told_to_both_sides(void)
{
	static const struct {
		uint64_t client;
		const char *token, *id, *lacks;
	} people[] = {
		{EVA, VISIT_CODE, "p16", "code"},
		{ERIK, VISIT_EID, "p20", "no-e-id"},
		{MAJA, VISIT_MUTE, "p21", "telephone"},
	};
	struct world *w = world_new(1, 10);

	watch(w);
	for (size_t i = 0; i < G_N_ELEMENTS(people); i++)
		world_join(w, people[i].client, people[i].token);
	world_join(w, BO, VISIT_BO);
	world_pass(w, 2 * S);
	for (size_t i = 0; i < G_N_ELEMENTS(people); i++) {
		g_assert_cmpstr(waiting(w, people[i].client, "lacks"), ==, people[i].lacks);
		g_assert_cmpstr(waiting(w, people[i].client, "phone"), ==, "0951-123 45");
		g_assert_cmpstr(lacks_in(world_last(w, BO, "joined"), people[i].id), ==,
				people[i].lacks);
		g_assert_cmpstr(lacks_in(world_last(w, WATCH, "queue"), people[i].id), ==,
				people[i].lacks);
		world_send(w, BO, "{\"type\":\"admit\",\"participant\":\"%s\"}", people[i].id);
		g_assert_cmpstr(world_code(w, BO), ==, "not-allowed");
	}
	world_free(w);
}

static void a_right_code_opens_the_door_and_all_hear_of_it(void)
{
	struct world *w = world_new(1, 10);
	char code[16];
	const json_t *person;

	watch(w);
	world_join(w, BO, VISIT_BO);
	world_join(w, EVA, VISIT_CODE);
	person = json_object_get(world_last(w, BO, "participant-joined"), "participant");
	g_assert_cmpstr(world_text_of(person, "lacks"), ==, "code");
	/* It is told once, not with what was before the code. */
	g_assert_null(world_last(w, BO, "participant-updated"));
	g_strlcpy(code, world_record(w, RECORD_CODE_MADE)->text, sizeof(code));
	world_send(w, EVA, "{\"type\":\"code\",\"code\":\"%s\"}", code);
	world_pass(w, 2 * S);
	g_assert_null(json_object_get(world_last(w, EVA, "waiting"), "lacks"));
	person = json_object_get(world_last(w, BO, "participant-updated"), "participant");
	g_assert_null(json_object_get(person, "lacks"));
	g_assert_null(lacks_in(world_last(w, WATCH, "queue"), "p16"));
	world_free(w);
}

/* Nobody who waits does anything, and yet both sides hear that the code is good no longer. */
static void a_code_that_is_too_old_is_told_by_the_clock(void)
{
	struct world *w = world_new(1, 10);

	world_join(w, BO, VISIT_BO);
	world_join(w, EVA, VISIT_CODE);
	world_forget(w);
	world_pass(w, (CODE_S - 1) * S);
	g_assert_null(world_last(w, EVA, "waiting"));
	world_pass(w, 2 * S);
	g_assert_cmpstr(waiting(w, EVA, "lacks"), ==, "new-code");
	g_assert_cmpint(waiting_s(w, EVA, "new_code_s"), ==, 0);
	g_assert_cmpstr(world_text_of(json_object_get(world_last(w, BO, "participant-updated"),
						      "participant"),
				      "lacks"),
			==, "new-code");
	world_forget(w);
	world_send(w, EVA, "{\"type\":\"new-code\"}");
	g_assert_nonnull(world_last(w, EVA, "code-needed"));
	g_assert_nonnull(world_record(w, RECORD_CODE_MADE));
	g_assert_cmpstr(waiting(w, EVA, "lacks"), ==, "code");
	world_free(w);
}

static void another_code_is_sent_when_asked_for_but_not_at_once(void)
{
	struct world *w = world_new(1, 10);

	world_join(w, EVA, VISIT_CODE);
	g_assert_cmpint(waiting_s(w, EVA, "new_code_s"), ==, 30);
	world_send(w, EVA, "{\"type\":\"new-code\"}");
	g_assert_cmpstr(world_code(w, EVA), ==, "not-allowed");
	g_assert_cmpuint(codes_made(w), ==, 1);
	pass(w, EVA, 31);
	world_send(w, EVA, "{\"type\":\"new-code\"}");
	g_assert_cmpuint(codes_made(w), ==, 2);
	/* Nobody gets a code who is asked for none. */
	world_join(w, ERIK, VISIT_EID);
	world_join(w, MAJA, VISIT_MUTE);
	world_send(w, ERIK, "{\"type\":\"new-code\"}");
	g_assert_cmpstr(world_code(w, ERIK), ==, "not-allowed");
	world_send(w, MAJA, "{\"type\":\"new-code\"}");
	g_assert_cmpstr(world_code(w, MAJA), ==, "not-allowed");
	g_assert_cmpuint(codes_made(w), ==, 2);
	world_free(w);
}

/* Three codes worn out: when there is another is told, and then there is one. */
static void after_three_codes_one_hears_when_there_is_another(void)
{
	struct world *w = world_new(1, 10);
	int64_t rest_s;

	world_join(w, EVA, VISIT_CODE);
	for (int i = 0; i < 3; i++)
		wear_out_code(w);
	g_assert_cmpuint(codes_made(w), ==, 3);
	g_assert_cmpstr(waiting(w, EVA, "lacks"), ==, "new-code");
	rest_s = waiting_s(w, EVA, "new_code_s");
	g_assert_cmpint(rest_s, >, HOUR_S - 60);
	g_assert_cmpint(rest_s, <=, HOUR_S);
	world_send(w, EVA, "{\"type\":\"new-code\"}");
	g_assert_cmpstr(world_code(w, EVA), ==, "not-allowed");
	pass(w, EVA, rest_s);
	world_send(w, EVA, "{\"type\":\"new-code\"}");
	g_assert_cmpuint(codes_made(w), ==, 4);
	g_assert_cmpstr(waiting(w, EVA, "lacks"), ==, "code");
	world_free(w);
}

/* --- the interpreter -------------------------------------------------------------------------- */

/* On time: the clock stands still as long as she is there, and she is told what it is. */
static void an_interpreter_who_waits_is_told_the_clock(void)
{
	struct world *w = world_new(1, 10);

	world_join(w, NILS, VISIT_NILS);
	world_join(w, INES, VISIT_INES);
	g_assert_cmpstr(waiting(w, INES, "planned"), ==, "2026-11-26T10:00:00Z");
	g_assert_cmpstr(waiting(w, INES, "ends"), ==, "2026-11-26T10:30:00Z");
	g_assert_cmpstr(waiting(w, INES, "arrived"), ==, ARRIVED_Z);
	g_assert_cmpint(waiting_s(w, INES, "late_s"), ==, 900);
	g_assert_null(json_object_get(world_last(w, INES, "waiting"), "late"));
	/* Patients are not told of her. */
	g_assert_null(json_object_get(world_last(w, NILS, "waiting"), "arrived"));
	g_assert_null(json_object_get(world_last(w, NILS, "waiting"), "late_s"));
	/* The clock is not told each second: nothing changes, whatever the time. */
	world_forget(w);
	world_pass(w, (WORLD_PLANNED_S + 1800) * S);
	g_assert_cmpuint(world_count(w, INES, "waiting"), ==, 0);
	g_assert_null(world_record(w, RECORD_INTERPRETER_LATE));
	world_free(w);
}

/* She comes when it is on record that nobody had. */
static void an_interpreter_who_was_late_hears_when_it_was_noted(void)
{
	struct world *w = world_new(1, 10);

	world_join(w, NILS, VISIT_NILS);
	pass(w, NILS, WORLD_PLANNED_S + 905);
	g_assert_nonnull(world_record(w, RECORD_INTERPRETER_LATE));
	world_join(w, INES, VISIT_INES);
	g_assert_cmpstr(waiting(w, INES, "late"), ==, "2026-11-26T10:15:00Z");
	g_assert_cmpstr(waiting(w, INES, "arrived"), >, "2026-11-26T10:15:00Z");
	world_free(w);
}

/* Put back, she came when she came. */
static void being_put_back_is_no_new_arrival(void)
{
	struct world *w = world_new(1, 10);

	world_join(w, INES, VISIT_INES);
	world_join(w, BO, VISIT_CECI);
	pass(w, INES, 60);
	world_send(w, BO, "{\"type\":\"admit\",\"participant\":\"p18\"}");
	g_assert_nonnull(world_last(w, INES, "admitted"));
	world_forget(w);
	world_send(w, BO, "{\"type\":\"put-back\",\"participant\":\"p18\"}");
	g_assert_cmpstr(waiting(w, INES, "arrived"), ==, ARRIVED_Z);
	world_free(w);
}

/* --- by e-ID ---------------------------------------------------------------------------------- */

static const struct service_person erik = {
	.consultation_id = "c6", .unit_id = "u1", .participant_id = "p20"};

static const char *told_as(const json_t *message)
{
	const json_t *person = json_object_get(message, "participant");

	return json_string_value(json_object_get(person, "identified_as"));
}

static void an_e_id_opens_the_door_and_care_reads_the_name(void)
{
	struct world *w = world_new_with(1, 10, true);
	const struct service_record *record;

	watch(w);
	world_join(w, BO, VISIT_BO);
	world_join(w, ERIK, VISIT_EID);
	g_assert_cmpstr(waiting(w, ERIK, "lacks"), ==, "e-id");
	world_send(w, BO, "{\"type\":\"admit\",\"participant\":\"p20\"}");
	g_assert_cmpstr(world_code(w, BO), ==, "not-allowed");
	service_person_identified(w->service, w->now_us, &erik, "Erik Ek", "loa3");
	world_pass(w, 2 * S);
	g_assert_null(json_object_get(world_last(w, ERIK, "waiting"), "lacks"));
	g_assert_cmpstr(told_as(world_last(w, BO, "participant-updated")), ==, "Erik Ek");
	g_assert_null(lacks_in(world_last(w, WATCH, "queue"), "p20"));
	g_assert_cmpstr(said_in(world_last(w, WATCH, "queue"), "p20", "identified_as"), ==,
			"Erik Ek");
	record = world_record(w, RECORD_IDENTIFIED);
	g_assert_cmpint(record->assurance, ==, ASSURANCE_A);
	g_assert_cmpstr(record->detail, ==, "Erik Ek");
	g_assert_cmpstr(record->text, ==, "loa3");
	world_send(w, BO, "{\"type\":\"admit\",\"participant\":\"p20\"}");
	g_assert_nonnull(world_last(w, ERIK, "admitted"));
	/* It is the name of a visit that goes on: after it nobody is told. */
	world_send(w, BO, "{\"type\":\"end\",\"outcome\":\"solved\",\"reason\":null}");
	world_pass(w, 2 * S);
	g_assert_cmpuint(
		json_array_size(json_object_get(world_last(w, WATCH, "queue"), "participants")), ==,
		0);
	world_free(w);
}

/* Where e-IDs are taken they do for a code, too: nobody is lost for want of a telephone. */
static void an_e_id_stands_for_a_code_that_cannot_be_sent(void)
{
	struct world *w = world_new_with(1, 10, true);

	world_join(w, EVA, VISIT_CODE);
	world_join(w, MAJA, VISIT_MUTE);
	g_assert_cmpstr(waiting(w, EVA, "lacks"), ==, "code");
	g_assert_cmpstr(waiting(w, MAJA, "lacks"), ==, "e-id");
	world_free(w);
}

/* Longer than a seat is kept otherwise, and what the e-ID said is on record without one. */
static void a_seat_is_kept_for_who_shows_an_e_id(void)
{
	struct world *w = world_new_with(1, 10, true);

	world_join(w, ERIK, VISIT_EID);
	service_person_away(w->service, w->now_us, &erik, 600 * S);
	service_client_gone(w->service, w->now_us, ERIK);
	world_pass(w, 500 * S);
	g_assert_true(service_is_present(w->service, "c6", "p20"));
	world_pass(w, 101 * S);
	g_assert_false(service_is_present(w->service, "c6", "p20"));
	service_person_identified(w->service, w->now_us, &erik, "Erik Ek", "");
	world_drain(w);
	g_assert_cmpstr(world_record(w, RECORD_IDENTIFIED)->participant_id, ==, "p20");
	world_free(w);
}

#define ADD(name) g_test_add_func("/service_wait/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(what_is_missing_is_told_to_both_sides);
	ADD(a_right_code_opens_the_door_and_all_hear_of_it);
	ADD(a_code_that_is_too_old_is_told_by_the_clock);
	ADD(another_code_is_sent_when_asked_for_but_not_at_once);
	ADD(after_three_codes_one_hears_when_there_is_another);
	ADD(an_interpreter_who_waits_is_told_the_clock);
	ADD(an_interpreter_who_was_late_hears_when_it_was_noted);
	ADD(being_put_back_is_no_new_arrival);
	ADD(an_e_id_opens_the_door_and_care_reads_the_name);
	ADD(an_e_id_stands_for_a_code_that_cannot_be_sent);
	ADD(a_seat_is_kept_for_who_shows_an_e_id);
	return g_test_run();
}
