/* SPDX-License-Identifier: EUPL-1.2 */
/* What the server keeps to, whatever a page does: the interpreter's clock, one picture for a yes,
 * what is told at the door, who can be let in at all. */
#include <string.h>

#include "signaling/admission.h"
#include "tests/unit/world.h"

enum {
	ANNA = 1,
	ELSA,
	OMAR,
	KARIN,
	WATCH = 8
};

#define S INT64_C(1000000)

static void watch(struct world *w)
{
	world_open(w, WATCH);
	world_send(w, WATCH, "{\"type\":\"watch\",\"v\":1,\"ticket\":\"%s\"}", WATCH_TICKET);
}

/* What the queue last said of the interpreter; NULL: null. */
static const char *interpreter(struct world *w)
{
	const json_t *queue = world_last(w, WATCH, "queue");

	g_assert_nonnull(json_object_get(queue, "interpreter"));
	return json_string_value(json_object_get(queue, "interpreter"));
}

/* --- the interpreter -------------------------------------------------------------------------- */

/* The patient came ten minutes before the time: late is a quarter of an hour after it. */
static void a_missing_interpreter_is_late_by_the_clock(void)
{
	struct world *w = world_new(1, 10);

	watch(w);
	world_arrive(w, ELSA, VISIT_NILS);
	world_pass(w, 2 * S);
	g_assert_cmpstr(interpreter(w), ==, "missing");
	world_pass(w, (WORLD_PLANNED_S + 880) * S);
	g_assert_cmpstr(interpreter(w), ==, "missing");
	g_assert_null(world_record(w, RECORD_INTERPRETER_LATE));
	world_pass(w, 30 * S);
	g_assert_cmpstr(interpreter(w), ==, "late");
	g_assert_cmpstr(world_record(w, RECORD_INTERPRETER_LATE)->consultation_id, ==, "c5");
	/* Once. */
	world_forget(w);
	world_pass(w, 1800 * S);
	g_assert_null(world_record(w, RECORD_INTERPRETER_LATE));
	world_free(w);
}

static void without_need_there_is_no_clock(void)
{
	struct world *w = world_new(1, 10);

	watch(w);
	world_arrive(w, ELSA, VISIT_ELSA);
	world_pass(w, (WORLD_PLANNED_S + 1800) * S);
	g_assert_null(interpreter(w));
	g_assert_null(world_record(w, RECORD_INTERPRETER_LATE));
	world_free(w);
}

/* --- links ------------------------------------------------------------------------------------ */

static void a_check_before_joining_is_in_the_queue(void)
{
	struct world *w = world_new(1, 10);
	const json_t *people;

	watch(w);
	world_arrive(w, ELSA, VISIT_NILS);
	world_pass(w, 2 * S);
	people = json_object_get(world_last(w, WATCH, "queue"), "participants");
	g_assert_cmpstr(world_text_of(json_array_get(people, 0), "check"), ==, "poor");
	world_free(w);
}

/* --- the door --------------------------------------------------------------------------------- */

static const char *about(const json_t *welcome, const char *key)
{
	return world_text_of(json_object_get(welcome, "consultation"), key);
}

static void what_it_is_about_is_not_told_at_the_door(void)
{
	struct world *w = world_new(1, 10);
	char *resume;

	world_arrive(w, ANNA, VISIT_ANNA);
	g_assert_cmpstr(about(world_last(w, ANNA, "joined"), "title"), ==, "Besök");
	world_send(w, ANNA, "{\"type\":\"set-mode\",\"mode\":\"skin\"}");
	world_arrive(w, ELSA, VISIT_ELSA);
	g_assert_cmpstr(about(world_last(w, ELSA, "joined"), "title"), ==, "");
	g_assert_cmpstr(about(world_last(w, ELSA, "joined"), "mode"), ==, "talk");
	world_send(w, ANNA, "{\"type\":\"set-mode\",\"mode\":\"auscultation\"}");
	g_assert_null(world_last(w, ELSA, "mode"));
	resume = world_resume_of(w, ELSA, "joined");
	world_resume(w, 9, resume);
	g_assert_cmpstr(about(world_last(w, 9, "resumed"), "title"), ==, "");
	world_send(w, ANNA, "{\"type\":\"admit\",\"participant\":\"p12\"}");
	g_assert_cmpstr(world_text_of(world_last(w, 9, "admitted"), "title"), ==, "Besök");
	g_assert_cmpstr(world_text_of(world_last(w, 9, "mode"), "mode"), ==, "auscultation");
	g_free(resume);
	world_free(w);
}

static void who_can_be_let_in_at_all(void)
{
	const struct admission_ways none = {0}, phone = {.has_telephone = true},
				    eid = {.has_eid = true};

	g_assert_true(admission_can_reach(ASSURANCE_NONE, none));
	g_assert_true(admission_can_reach(ASSURANCE_C, none));
	g_assert_true(admission_can_reach(ASSURANCE_B, phone));
	g_assert_true(admission_can_reach(ASSURANCE_B, eid));
	g_assert_false(admission_can_reach(ASSURANCE_B, none));
	g_assert_true(admission_can_reach(ASSURANCE_A, eid));
	g_assert_false(admission_can_reach(ASSURANCE_A, phone));
}

/* --- stills ----------------------------------------------------------------------------------- */

static void send_part(struct world *w, int seq, const char *sha256)
{
	world_forget(w);
	world_send(w, ELSA,
		   "{\"type\":\"still\",\"to\":\"p11\",\"id\":\"r1\",\"bytes\":9,\"seq\":%d,"
		   "\"count\":3,\"data\":\"AAAA\",\"sha256\":\"%s\"}",
		   seq, sha256);
}

static void answer_part(struct world *w, int seq)
{
	world_send(w, ANNA, "{\"type\":\"still-ack\",\"id\":\"r1\",\"seq\":%d,\"to\":\"p12\"}",
		   seq);
}

static struct world *asked_for_a_still(void)
{
	struct world *w = world_new(1, 10);

	world_arrive(w, ANNA, VISIT_ANNA);
	world_arrive(w, ELSA, VISIT_ELSA);
	world_send(w, ANNA, "{\"type\":\"admit\",\"participant\":\"p12\"}");
	world_send(w, ANNA,
		   "{\"type\":\"ask\",\"id\":\"r1\",\"act\":\"still\",\"participant\":\"p12\"}");
	world_send(w, ELSA,
		   "{\"type\":\"consent\",\"act\":\"still\",\"id\":\"r1\",\"given\":true,"
		   "\"wording\":\"Ja\"}");
	return w;
}

/* --- pointing --------------------------------------------------------------------------------- */

static void point(struct world *w, size_t client, const char *at, const char *x)
{
	world_forget(w);
	world_send(w, client, "{\"type\":\"pointer\",\"participant\":\"%s\",\"x\":%s,\"y\":%s}", at,
		   x, x);
}

static void answer(struct world *w, const char *id, const char *given)
{
	world_send(w, ELSA,
		   "{\"type\":\"consent\",\"act\":\"pointer\",\"id\":\"%s\",\"given\":%s,"
		   "\"wording\":\"Ja\"}",
		   id, given);
}

static void ask_to_point(struct world *w, const char *id)
{
	world_send(w, ANNA,
		   "{\"type\":\"ask\",\"id\":\"%s\",\"act\":\"pointer\",\"participant\":\"p12\"}",
		   id);
}

static void nobody_is_pointed_at_before_a_yes(void)
{
	struct world *w = asked_for_a_still(); /* and that yes is no yes to this */

	point(w, ANNA, "p12", "0.5");
	g_assert_cmpstr(world_code(w, ANNA), ==, "not-allowed");
	g_assert_null(world_last(w, ELSA, "pointer"));
	ask_to_point(w, "r2");
	point(w, ANNA, "p12", "0.5");
	g_assert_null(world_last(w, ELSA, "pointer"));
	answer(w, "r2", "false");
	point(w, ANNA, "p12", "0.5");
	g_assert_null(world_last(w, ELSA, "pointer"));
	answer(w, "r2", "true");
	point(w, ANNA, "p12", "0.5");
	g_assert_cmpstr(world_text_of(world_last(w, ELSA, "pointer"), "from"), ==, "p11");
	/* Neither one's own picture nor an end asks for one; nobody else may at all. */
	point(w, ANNA, "p11", "0.5");
	g_assert_nonnull(world_last(w, ELSA, "pointer"));
	point(w, ELSA, "p11", "0.5");
	g_assert_cmpstr(world_code(w, ELSA), ==, "not-allowed");
	world_free(w);
}

static void a_no_takes_the_pointer_back(void)
{
	struct world *w = asked_for_a_still();

	ask_to_point(w, "r2");
	answer(w, "r2", "true");
	ask_to_point(w, "r3");
	point(w, ANNA, "p12", "0.5");
	g_assert_nonnull(world_last(w, ELSA, "pointer"));
	world_forget(w);
	answer(w, "r3", "false");
	g_assert_true(json_is_null(json_object_get(world_last(w, ELSA, "pointer"), "x")));
	g_assert_true(json_is_null(json_object_get(world_last(w, ANNA, "pointer"), "x")));
	point(w, ANNA, "p12", "0.5");
	g_assert_cmpstr(world_code(w, ANNA), ==, "not-allowed");
	g_assert_null(world_last(w, ELSA, "pointer"));
	/* What is nowhere already is not told again. */
	world_forget(w);
	answer(w, "r3", "false");
	g_assert_null(world_last(w, ELSA, "pointer"));
	world_free(w);
}

/* Whatever was said before: who was put back sees no more of the visit than it did. */
static void who_waits_is_not_pointed_at(void)
{
	struct world *w = asked_for_a_still();

	ask_to_point(w, "r2");
	answer(w, "r2", "true");
	world_send(w, ANNA, "{\"type\":\"put-back\",\"participant\":\"p12\"}");
	point(w, ANNA, "p12", "0.5");
	g_assert_cmpstr(world_code(w, ANNA), ==, "not-allowed");
	g_assert_null(world_last(w, ELSA, "pointer"));
	point(w, ANNA, "p12", "null");
	g_assert_null(world_last(w, ELSA, "pointer"));
	world_free(w);
}

static void later_questions_do_not_take_the_pointer(void)
{
	struct world *w = asked_for_a_still();

	ask_to_point(w, "r2");
	answer(w, "r2", "true");
	for (int i = 0; i < 20; i++)
		world_send(w, ANNA,
			   "{\"type\":\"ask\",\"id\":\"s%d\",\"act\":\"screen\","
			   "\"participant\":\"p12\"}",
			   i);
	point(w, ANNA, "p12", "0.5");
	g_assert_nonnull(world_last(w, ELSA, "pointer"));
	world_free(w);
}

/* --- parts ------------------------------------------------------------------------------------ */

static void two_parts_are_under_way(void)
{
	struct world *w = asked_for_a_still();

	send_part(w, 0, "a");
	send_part(w, 1, "a");
	g_assert_nonnull(world_last(w, ANNA, "still"));
	send_part(w, 2, "a");
	g_assert_null(world_last(w, ANNA, "still"));
	g_assert_cmpstr(world_code(w, ELSA), ==, "too-large");
	/* Again is not more. */
	send_part(w, 1, "a");
	g_assert_nonnull(world_last(w, ANNA, "still"));
	answer_part(w, 0);
	g_assert_nonnull(world_last(w, ELSA, "still-ack"));
	send_part(w, 2, "a");
	g_assert_nonnull(world_last(w, ANNA, "still"));
	world_free(w);
}

static void a_yes_is_for_one_picture(void)
{
	struct world *w = asked_for_a_still();

	send_part(w, 0, "a");
	/* Taken anew before it was whole. */
	send_part(w, 1, "b");
	g_assert_cmpstr(world_code(w, ELSA), ==, "not-allowed");
	send_part(w, 0, "b");
	g_assert_nonnull(world_last(w, ANNA, "still"));
	for (int seq = 0; seq < 3; seq++) {
		send_part(w, seq, "b");
		answer_part(w, seq);
	}
	/* Its answer was lost: the last one may come again. */
	send_part(w, 2, "b");
	g_assert_nonnull(world_last(w, ANNA, "still"));
	send_part(w, 0, "c");
	g_assert_null(world_last(w, ANNA, "still"));
	g_assert_cmpstr(world_code(w, ELSA), ==, "not-allowed");
	world_free(w);
}

static void whoever_asked_answers(void)
{
	struct world *w = asked_for_a_still();

	world_send(w, ANNA, "{\"type\":\"still-ack\",\"id\":\"r9\",\"seq\":0,\"to\":\"p12\"}");
	g_assert_cmpstr(world_code(w, ANNA), ==, "not-allowed");
	g_assert_null(world_last(w, ELSA, "still-ack"));
	world_free(w);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/service_rules/a_missing_interpreter_is_late_by_the_clock",
			a_missing_interpreter_is_late_by_the_clock);
	g_test_add_func("/service_rules/without_need_there_is_no_clock",
			without_need_there_is_no_clock);
	g_test_add_func("/service_rules/a_check_before_joining_is_in_the_queue",
			a_check_before_joining_is_in_the_queue);
	g_test_add_func("/service_rules/what_it_is_about_is_not_told_at_the_door",
			what_it_is_about_is_not_told_at_the_door);
	g_test_add_func("/service_rules/who_can_be_let_in_at_all", who_can_be_let_in_at_all);
	g_test_add_func("/service_rules/two_parts_are_under_way", two_parts_are_under_way);
	g_test_add_func("/service_rules/a_yes_is_for_one_picture", a_yes_is_for_one_picture);
	g_test_add_func("/service_rules/whoever_asked_answers", whoever_asked_answers);
	g_test_add_func("/service_rules/nobody_is_pointed_at_before_a_yes",
			nobody_is_pointed_at_before_a_yes);
	g_test_add_func("/service_rules/a_no_takes_the_pointer_back", a_no_takes_the_pointer_back);
	g_test_add_func("/service_rules/who_waits_is_not_pointed_at", who_waits_is_not_pointed_at);
	g_test_add_func("/service_rules/later_questions_do_not_take_the_pointer",
			later_questions_do_not_take_the_pointer);
	return g_test_run();
}
