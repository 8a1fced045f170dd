/* SPDX-License-Identifier: EUPL-1.2 */
/* What is said in a visit, and apart from it, reaches nobody else. */
#include <string.h>

#include "tests/unit/world.h"

enum {
	ANNA = 1,
	ELSA,
	KARIN
};

/* Both there, the patient let in. */
static void begin(struct world *w)
{
	world_arrive(w, ANNA, VISIT_ANNA);
	world_arrive(w, ELSA, VISIT_ELSA);
	world_send(w, ANNA, "{\"type\":\"admit\",\"participant\":\"p12\"}");
}

/* What is said in a visit is read by nobody outside of it. */
static void chat_of_a_visit_stays_in_it(void)
{
	struct world *w = world_new(1, 10);

	begin(w);
	world_arrive(w, KARIN, VISIT_KARIN);
	world_send(w, ANNA, "{\"type\":\"chat\",\"id\":\"m1\",\"text\":\"Provsvaret\"}");
	g_assert_nonnull(world_last(w, ELSA, "chat"));
	g_assert_null(world_last(w, KARIN, "chat"));
	world_forget(w);
	world_send(w, ANNA, "{\"type\":\"chat\",\"to\":\"p14\",\"id\":\"m2\",\"text\":\"Strax\"}");
	g_assert_nonnull(world_last(w, KARIN, "chat"));
	g_assert_nonnull(world_last(w, ANNA, "chat"));
	g_assert_null(world_last(w, ELSA, "chat"));
	/* Nobody else chooses whom it writes to. */
	world_send(w, ELSA, "{\"type\":\"chat\",\"to\":\"p14\",\"id\":\"m3\",\"text\":\"Hej\"}");
	g_assert_cmpstr(world_code(w, ELSA), ==, "not-allowed");
	world_send(w, ANNA, "{\"type\":\"chat\",\"to\":\"p12\",\"id\":\"m4\",\"text\":\"Hej\"}");
	g_assert_cmpstr(world_code(w, ANNA), ==, "not-allowed");
	g_assert_cmpuint(world_count(w, KARIN, "chat"), ==, 1);
	world_free(w);
}

static void an_answer_without_a_name_is_for_one_alone(void)
{
	struct world *w = world_new(1, 10);

	world_arrive(w, ANNA, VISIT_ANNA);
	world_arrive(w, ELSA, VISIT_ELSA);
	world_arrive(w, KARIN, VISIT_KARIN);
	world_send(w, ANNA, "{\"type\":\"chat\",\"id\":\"m1\",\"text\":\"Elsa?\"}");
	g_assert_null(world_last(w, ELSA, "chat"));
	g_assert_null(world_last(w, KARIN, "chat"));
	world_free(w);
}

static void who_comes_during_a_private_talk_is_outside_and_told_so(void)
{
	struct world *w = world_new(1, 10);
	char *resume;

	begin(w);
	world_arrive(w, KARIN, VISIT_KARIN);
	resume = world_resume_of(w, ELSA, "joined");
	world_send(w, ANNA, "{\"type\":\"private\",\"participants\":[\"p12\"]}");
	world_send(w, ELSA, "{\"type\":\"signing\",\"signing\":true}");
	world_forget(w);
	world_send(w, ANNA, "{\"type\":\"admit\",\"participant\":\"p14\"}");
	g_assert_true(json_is_true(json_object_get(world_last(w, KARIN, "private"), "outside")));
	g_assert_null(world_last(w, KARIN, "signing"));
	g_assert_null(world_media(w, MEDIA_TRANSPORT_CIRCLE)); /* alone as before */
	g_assert_cmpstr(world_record(w, RECORD_ASIDE)->participant_id, ==, "p14");
	/* Who comes back is told again. */
	world_resume(w, 9, resume);
	g_assert_cmpuint(
		json_array_size(json_object_get(world_last(w, 9, "private"), "participants")), ==,
		2);
	world_send(w, ANNA, "{\"type\":\"private\",\"participants\":[]}");
	g_assert_cmpstr(world_record(w, RECORD_BACK)->participant_id, ==, "p14");
	g_free(resume);
	world_free(w);
}

static void who_comes_back_hears_who_signs(void)
{
	struct world *w = world_new(1, 10);
	char *resume;

	begin(w);
	resume = world_resume_of(w, ANNA, "joined");
	world_send(w, ELSA, "{\"type\":\"signing\",\"signing\":true}");
	world_forget(w);
	world_resume(w, 9, resume);
	g_assert_cmpstr(world_text_of(world_last(w, 9, "signing"), "participant"), ==, "p12");
	g_assert_null(world_last(w, 9, "private"));
	g_free(resume);
	world_free(w);
}

static void one_points_and_vouches_only_at_whom_one_sees(void)
{
	struct world *w = world_new(1, 10);

	begin(w);
	world_arrive(w, KARIN, VISIT_KARIN);
	world_forget(w);
	world_send(w, ANNA, "{\"type\":\"pointer\",\"participant\":\"p14\",\"x\":0.5,\"y\":0.5}");
	g_assert_cmpstr(world_code(w, ANNA), ==, "not-allowed");
	g_assert_null(world_last(w, ELSA, "pointer"));
	world_forget(w);
	world_send(w, ANNA, "{\"type\":\"vouch\",\"participant\":\"p14\",\"how\":\"known\"}");
	g_assert_cmpstr(world_code(w, ANNA), ==, "not-allowed");
	world_free(w);
}

/* Leaving and coming again gives no more of them. */
static void codes_are_counted_by_person(void)
{
	struct world *w = world_new(1, 30);
	uint64_t client = 20;
	size_t made = 0;

	for (int i = 0; i < 6; i++, client++) {
		world_join(w, client, VISIT_CODE);
		for (int k = 0; k < 5; k++)
			world_send(w, client, "{\"type\":\"code\",\"code\":\"x\"}");
		world_send(w, client, "{\"type\":\"leave\"}");
	}
	for (guint i = 0; i < w->records->len; i++)
		made += g_array_index(w->records, struct world_record, i).record.kind ==
			RECORD_CODE_MADE;
	g_assert_cmpuint(made, ==, 3);
	world_free(w);
}

/* What is no text of T.140 counts as a bad message; what is too much is left out, and the visit
 * goes on: a page that was pasted must not end it. */
static void text_is_of_t140_and_no_more_than_is_read(void)
{
	struct world *w = world_new(1, 10);
	char *much = g_strnfill(500, 'a');

	begin(w);
	world_forget(w);
	world_send(w, ELSA, "{\"type\":\"text\",\"seq\":0,\"t140\":\"a\\u001b[31m\"}");
	g_assert_cmpstr(world_code(w, ELSA), ==, "bad-message");
	world_send(w, ELSA, "{\"type\":\"text\",\"seq\":0,\"t140\":\"%sb\"}", much);
	g_assert_cmpstr(world_code(w, ELSA), ==, "bad-message");
	g_assert_cmpuint(world_count(w, ANNA, "text"), ==, 0);
	for (int i = 0; i < 9; i++)
		world_send(w, ELSA, "{\"type\":\"text\",\"seq\":%d,\"t140\":\"%s\"}", i, much);
	g_assert_cmpuint(world_count(w, ANNA, "text"), ==, 8);
	g_assert_cmpstr(world_code(w, ELSA), ==, "too-large");
	g_assert_cmpuint(world_closed(w, ELSA), ==, 0);
	world_pass(w, 1000000);
	world_send(w, ELSA, "{\"type\":\"text\",\"seq\":9,\"t140\":\"hej\"}");
	g_assert_cmpuint(world_count(w, ANNA, "text"), ==, 9);
	g_free(much);
	world_free(w);
}

/* When somebody goes, how it was is kept: of the link, and what the others' pages got. */
static void figures_of_a_stay_are_kept(void)
{
	struct world *w = world_new(1, 10);
	const struct service_record *r;
	uint32_t transport;

	world_arrive(w, ANNA, VISIT_ANNA);
	transport = world_arrive(w, ELSA, VISIT_ELSA);
	world_send(w, ELSA,
		   "{\"type\":\"perceived\",\"participant\":\"p11\",\"width\":1,\"height\":1,"
		   "\"fps\":1,"
		   "\"freeze_ms\":1,\"apart_ms\":1,\"made_up_permille\":1}");
	g_assert_cmpstr(world_code(w, ELSA), ==, "not-admitted");
	world_send(w, ANNA, "{\"type\":\"admit\",\"participant\":\"p12\"}");
	world_event(w, &(struct engine_event){.type = ENGINE_QUALITY,
					      .transport_id = transport,
					      .rtt_us = 50000,
					      .loss_up_permille = 20,
					      .loss_down_permille = -1});
	world_send(w, ANNA,
		   "{\"type\":\"perceived\",\"participant\":\"p12\",\"width\":640,\"height\":480,"
		   "\"fps\":22,\"freeze_ms\":0,\"apart_ms\":null,\"made_up_permille\":5}");
	world_send(w, ANNA,
		   "{\"type\":\"perceived\",\"participant\":\"p11\",\"width\":null,\"height\":null,"
		   "\"fps\":null,\"freeze_ms\":null,\"apart_ms\":null,\"made_up_permille\":null}");
	g_assert_cmpstr(world_code(w, ANNA), ==, "not-allowed");
	world_pass(w, 20000000);
	world_send(w, ELSA, "{\"type\":\"leave\"}");
	r = world_record(w, RECORD_FIGURES);
	g_assert_cmpstr(r->participant_id, ==, "p12");
	g_assert_cmpint(r->role, ==, ROLE_PATIENT);
	g_assert_cmpint(r->figure[FIGURE_SECONDS], ==, 20);
	g_assert_cmpint(r->figure[FIGURE_RTT_MS], ==, 50);
	g_assert_cmpint(r->figure[FIGURE_LOSS_PERMILLE], ==, 20);
	g_assert_cmpint(r->figure[FIGURE_AUDIO_HZ], ==, 48000);
	g_assert_cmpint(r->figure[FIGURE_LOOKS], ==, 1);
	g_assert_cmpint(r->figure[FIGURE_VGA_PERCENT], ==, 100);
	g_assert_cmpint(r->figure[FIGURE_FPS20_PERCENT], ==, 100);
	g_assert_cmpint(r->figure[FIGURE_APART_OK_PERCENT], ==, -1);
	g_assert_cmpint(r->figure[FIGURE_MADE_UP_PERMILLE], ==, 5);
	world_free(w);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/service_talk/chat_of_a_visit_stays_in_it", chat_of_a_visit_stays_in_it);
	g_test_add_func("/service_talk/an_answer_without_a_name_is_for_one_alone",
			an_answer_without_a_name_is_for_one_alone);
	g_test_add_func("/service_talk/who_comes_during_a_private_talk_is_outside_and_told_so",
			who_comes_during_a_private_talk_is_outside_and_told_so);
	g_test_add_func("/service_talk/who_comes_back_hears_who_signs",
			who_comes_back_hears_who_signs);
	g_test_add_func("/service_talk/one_points_and_vouches_only_at_whom_one_sees",
			one_points_and_vouches_only_at_whom_one_sees);
	g_test_add_func("/service_talk/codes_are_counted_by_person", codes_are_counted_by_person);
	g_test_add_func("/service_talk/text_is_of_t140_and_no_more_than_is_read",
			text_is_of_t140_and_no_more_than_is_read);
	g_test_add_func("/service_talk/figures_of_a_stay_are_kept", figures_of_a_stay_are_kept);
	return g_test_run();
}
