/* SPDX-License-Identifier: EUPL-1.2 */
/* Websocket clients: coming back, being replaced, leaving, limits. */
#include "tests/unit/world.h"

/* --- coming back ------------------------------------------------------------------------------ */

static void a_seat_is_resumed_with_its_media(void)
{
	struct world *w = world_new(1, 10);
	char *token, *next;

	(void)world_arrive(w, 1, TOKEN_ANNA);
	token = world_resume_of(w, 1, "joined");
	world_join(w, 2, TOKEN_ELSA);
	world_send(w, 1, "{\"type\":\"mute\",\"source\":\"camera\",\"muted\":true}");
	service_client_gone(w->service, w->now_us, 1);
	world_drain(w);
	/* Media goes on: the others notice nothing. */
	g_assert_cmpuint(world_count(w, 2, "participant-updated"), ==, 1);
	world_pass(w, SERVICE_SEAT_US - 1);
	world_resume(w, 3, token);
	g_assert_true(json_is_true(json_object_get(world_last(w, 3, "resumed"), "media")));
	g_assert_nonnull(world_last(w, 3, "slots"));
	g_assert_null(world_media(w, MEDIA_TRANSPORT_CLOSE));
	g_assert_cmpuint(world_count(w, 2, "participant-left"), ==, 0);
	next = world_resume_of(w, 3, "resumed");
	g_assert_cmpstr(next, !=, token);
	/* "resumed" may have been lost: the token presented last still works, the newer one too. */
	world_resume(w, 4, token);
	g_assert_nonnull(world_last(w, 4, "resumed"));
	g_assert_cmpstr(world_text_of(world_last(w, 3, "ended"), "reason"), ==, "replaced");
	world_resume(w, 5, next);
	g_assert_cmpstr(world_code(w, 5), ==, "resume-unknown");
	g_free(token);
	g_free(next);
	world_free(w);
}

static void an_unknown_resume_leaves_room_for_a_join(void)
{
	struct world *w = world_new(1, 10);

	world_resume(w, 1, TOKEN_WRONG);
	g_assert_cmpstr(world_code(w, 1), ==, "resume-unknown");
	g_assert_cmpuint(world_closed(w, 1), ==, 0);
	world_send(w, 1, "{\"type\":\"join\",\"v\":1,\"token\":\"" TOKEN_ANNA "\"}");
	g_assert_nonnull(world_last(w, 1, "joined"));
	world_free(w);
}

static void a_seat_is_lost_after_its_time(void)
{
	struct world *w = world_new(1, 10);
	char *token;

	(void)world_arrive(w, 1, TOKEN_ANNA);
	token = world_resume_of(w, 1, "joined");
	world_join(w, 2, TOKEN_ELSA);
	service_client_gone(w->service, w->now_us, 1);
	world_drain(w);
	world_pass(w, SERVICE_SEAT_US);
	g_assert_cmpstr(world_text_of(world_last(w, 2, "participant-left"), "reason"), ==, "lost");
	g_assert_cmpuint(world_media_count(w, MEDIA_TRANSPORT_CLOSE), ==, 1);
	world_resume(w, 3, token);
	g_assert_cmpstr(world_code(w, 3), ==, "resume-unknown");
	g_free(token);
	world_free(w);
}

static void the_same_link_elsewhere_takes_over(void)
{
	struct world *w = world_new(1, 10);
	char *token;

	(void)world_arrive(w, 1, TOKEN_ANNA);
	token = world_resume_of(w, 1, "joined");
	world_join(w, 2, TOKEN_ELSA);
	world_join(w, 3, TOKEN_ANNA);
	g_assert_cmpstr(world_text_of(world_last(w, 1, "ended"), "reason"), ==, "replaced");
	g_assert_cmpuint(world_closed(w, 1), ==, 1000);
	g_assert_nonnull(world_last(w, 3, "joined"));
	g_assert_cmpuint(world_media_count(w, MEDIA_TRANSPORT_CLOSE), ==, 1);
	/* The person stays: nobody left, nobody came. */
	g_assert_cmpuint(world_count(w, 2, "participant-left"), ==, 0);
	g_assert_cmpuint(world_count(w, 2, "participant-joined"), ==, 0);
	g_assert_cmpstr(world_told_link(w, 2), ==, "connecting");
	/* The ousted page's secret is void. */
	world_resume(w, 4, token);
	g_assert_cmpstr(world_code(w, 4), ==, "resume-unknown");
	service_client_gone(w->service, w->now_us, 1);
	world_drain(w);
	world_offer(w, 3, 1, 3, true);
	g_assert_nonnull(world_last(w, 3, "answer"));
	g_free(token);
	world_free(w);
}

/* --- leaving and ending ----------------------------------------------------------------------- */

static void leaving_is_told_and_final(void)
{
	struct world *w = world_new(1, 10);
	char *token;

	(void)world_arrive(w, 1, TOKEN_ANNA);
	token = world_resume_of(w, 1, "joined");
	world_join(w, 2, TOKEN_ELSA);
	world_send(w, 1, "{\"type\":\"leave\"}");
	g_assert_cmpstr(world_text_of(world_last(w, 1, "ended"), "reason"), ==, "left");
	g_assert_cmpuint(world_closed(w, 1), ==, 1000);
	g_assert_cmpstr(world_text_of(world_last(w, 2, "participant-left"), "reason"), ==, "left");
	world_resume(w, 3, token);
	g_assert_cmpstr(world_code(w, 3), ==, "resume-unknown");
	g_free(token);
	world_free(w);
}

static void an_ended_consultation_ends_for_everybody(void)
{
	struct world *w = world_new(1, 10);
	struct service_stats stats;

	(void)world_arrive(w, 1, TOKEN_ANNA);
	(void)world_arrive(w, 2, TOKEN_ELSA);
	service_consultation_ended(w->service, w->now_us, "c1");
	world_drain(w);
	g_assert_cmpstr(world_text_of(world_last(w, 1, "ended"), "reason"), ==, "ended");
	g_assert_cmpstr(world_text_of(world_last(w, 2, "ended"), "reason"), ==, "ended");
	g_assert_cmpuint(world_count(w, 2, "participant-left"), ==, 0);
	g_assert_cmpuint(world_media_count(w, MEDIA_ROOM_CLOSE), ==, 1);
	service_stats(w->service, &stats);
	g_assert_cmpuint(stats.consultations, ==, 0);
	g_assert_cmpuint(stats.joins, ==, 2);
	world_free(w);
}

static void draining_sends_everybody_away_to_come_back(void)
{
	struct world *w = world_new(1, 10);

	(void)world_arrive(w, 1, TOKEN_ANNA);
	world_open(w, 2);
	service_drain(w->service, w->now_us);
	world_drain(w);
	g_assert_cmpstr(world_text_of(world_last(w, 1, "notice"), "code"), ==, "restarting");
	g_assert_cmpuint(world_closed(w, 1), ==, 1012);
	g_assert_cmpuint(world_closed(w, 2), ==, 1012);
	g_assert_cmpuint(world_media_count(w, MEDIA_ROOM_CLOSE), ==, 1);
	world_join(w, 3, TOKEN_ELSA);
	g_assert_cmpstr(world_code(w, 3), ==, "try-again");
	world_free(w);
}

/* --- limits and silence ----------------------------------------------------------------------- */

static void join_must_come_in_time(void)
{
	struct world *w = world_new(1, 10);

	world_open(w, 1);
	world_pass(w, 9999999);
	g_assert_cmpuint(world_closed(w, 1), ==, 0);
	world_pass(w, 1);
	g_assert_cmpstr(world_code(w, 1), ==, "timeout");
	g_assert_cmpuint(world_closed(w, 1), ==, 1008);
	world_free(w);
}

static void a_silent_store_is_not_waited_for(void)
{
	struct world *w = world_new(1, 10);
	uint64_t lookup;

	w->is_store_answering = false;
	world_join(w, 1, TOKEN_ANNA);
	world_pass(w, 5000000);
	g_assert_cmpstr(world_code(w, 1), ==, "try-again");
	g_assert_cmpuint(world_closed(w, 1), ==, 1013);
	/* Its late answer changes nothing. */
	lookup = g_array_index(w->lookups, uint64_t, 0);
	world_answer_lookup(w, lookup, TOKEN_ANNA);
	world_drain(w);
	g_assert_null(world_last(w, 1, "joined"));
	world_free(w);
}

static void who_goes_while_being_looked_up_leaves_nothing(void)
{
	struct world *w = world_new(1, 10);
	struct service_stats stats;

	w->is_store_answering = false;
	world_join(w, 1, TOKEN_ANNA);
	service_client_gone(w->service, w->now_us, 1);
	world_answer_lookup(w, g_array_index(w->lookups, uint64_t, 0), TOKEN_ANNA);
	world_drain(w);
	service_stats(w->service, &stats);
	g_assert_cmpuint(stats.consultations, ==, 0);
	g_assert_cmpuint(stats.clients, ==, 0);
	world_free(w);
}

static void the_server_is_full_at_its_limit(void)
{
	struct world *w = world_new(1, 2);

	world_join(w, 1, TOKEN_ANNA);
	world_join(w, 2, TOKEN_ELSA);
	world_join(w, 3, TOKEN_OMAR);
	g_assert_cmpstr(world_code(w, 3), ==, "server-full");
	g_assert_cmpuint(world_closed(w, 3), ==, 1013);
	/* Who has a seat may take it again. */
	world_join(w, 4, TOKEN_ANNA);
	g_assert_nonnull(world_last(w, 4, "joined"));
	world_free(w);
}

static void connections_that_never_join_are_capped(void)
{
	struct world *w = world_new(1, 2);
	struct service_stats stats;

	for (uint64_t client = 1; client <= 200; client++)
		world_open(w, client);
	service_stats(w->service, &stats);
	g_assert_cmpuint(stats.clients, ==, 2 * 2 + 64);
	g_assert_cmpuint(world_closed(w, 68), ==, 0);
	g_assert_cmpuint(world_closed(w, 69), ==, 1013);
	world_free(w);
}

static void questions_to_the_store_are_capped(void)
{
	struct world *w = world_new(1, 2000);

	w->is_store_answering = false;
	for (uint64_t client = 1; client <= 1025; client++)
		world_join(w, client, TOKEN_ANNA);
	g_assert_cmpuint(w->lookups->len, ==, 1024);
	g_assert_null(world_last(w, 1024, "error"));
	g_assert_cmpstr(world_code(w, 1025), ==, "try-again");
	service_http_delete(w->service, w->now_us, 1, SERVICE_WHIP, "x", TOKEN_ANNA);
	world_drain(w);
	g_assert_cmpint(world_reply(w, 1)->status, ==, 503);
	world_free(w);
}

static void too_many_or_too_bad_messages_close(void)
{
	struct world *w = world_new(1, 10);

	world_join(w, 1, TOKEN_ANNA);
	for (int i = 0; i < 99; i++)
		world_send(w, 1, "{\"type\":\"ping\"}");
	g_assert_cmpuint(world_count(w, 1, "pong"), ==, 99);
	world_send(w, 1, "{\"type\":\"ping\"}");
	g_assert_cmpstr(world_code(w, 1), ==, "too-many-messages");
	g_assert_cmpuint(world_closed(w, 1), ==, 1008);
	world_open(w, 2);
	for (int i = 0; i < 9; i++)
		world_send(w, 2, "{\"type\":\"slots\",\"slots\":[]}");
	g_assert_cmpuint(world_closed(w, 2), ==, 0);
	world_send(w, 2, "?");
	g_assert_cmpstr(world_code(w, 2), ==, "bad-message");
	g_assert_cmpuint(world_closed(w, 2), ==, 1008);
	world_free(w);
}

static void nothing_is_done_before_joining(void)
{
	struct world *w = world_new(1, 10);

	world_open(w, 1);
	world_offer(w, 1, 1, 3, false);
	g_assert_cmpstr(world_code(w, 1), ==, "not-joined");
	g_assert_cmpstr(world_text_of(world_last(w, 1, "error"), "of"), ==, "offer");
	g_assert_null(world_media(w, MEDIA_ROOM_OPEN));
	world_send(w, 1, "{\"type\":\"ping\"}");
	g_assert_nonnull(world_last(w, 1, "pong"));
	world_send(w, 1, "{\"type\":\"leave\"}");
	g_assert_cmpuint(world_closed(w, 1), ==, 1000);
	world_free(w);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/service_seat/a_seat_is_resumed_with_its_media",
			a_seat_is_resumed_with_its_media);
	g_test_add_func("/service_seat/an_unknown_resume_leaves_room_for_a_join",
			an_unknown_resume_leaves_room_for_a_join);
	g_test_add_func("/service_seat/a_seat_is_lost_after_its_time",
			a_seat_is_lost_after_its_time);
	g_test_add_func("/service_seat/the_same_link_elsewhere_takes_over",
			the_same_link_elsewhere_takes_over);
	g_test_add_func("/service_seat/leaving_is_told_and_final", leaving_is_told_and_final);
	g_test_add_func("/service_seat/an_ended_consultation_ends_for_everybody",
			an_ended_consultation_ends_for_everybody);
	g_test_add_func("/service_seat/draining_sends_everybody_away_to_come_back",
			draining_sends_everybody_away_to_come_back);
	g_test_add_func("/service_seat/join_must_come_in_time", join_must_come_in_time);
	g_test_add_func("/service_seat/a_silent_store_is_not_waited_for",
			a_silent_store_is_not_waited_for);
	g_test_add_func("/service_seat/who_goes_while_being_looked_up_leaves_nothing",
			who_goes_while_being_looked_up_leaves_nothing);
	g_test_add_func("/service_seat/the_server_is_full_at_its_limit",
			the_server_is_full_at_its_limit);
	g_test_add_func("/service_seat/connections_that_never_join_are_capped",
			connections_that_never_join_are_capped);
	g_test_add_func("/service_seat/questions_to_the_store_are_capped",
			questions_to_the_store_are_capped);
	g_test_add_func("/service_seat/too_many_or_too_bad_messages_close",
			too_many_or_too_bad_messages_close);
	g_test_add_func("/service_seat/nothing_is_done_before_joining",
			nothing_is_done_before_joining);
	return g_test_run();
}
