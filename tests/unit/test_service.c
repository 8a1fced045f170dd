/* SPDX-License-Identifier: EUPL-1.2 */
/* Websocket clients: joining, media, who is here, coming back, leaving. */
#include <string.h>

#include "tests/unit/world.h"

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static const char *code_of(const struct world *w, uint64_t client)
{
	const json_t *error = world_last(w, client, "error");

	return error != NULL ? text_of(error, "code") : NULL;
}

/* The transport that the last answered offer opened. */
static uint32_t last_transport(const struct world *w)
{
	const struct world_media *open = world_media(w, MEDIA_TRANSPORT_OPEN);

	g_assert_nonnull(open);
	return open->transport_id;
}

/* Joins, offers and connects; the transport's id. */
static uint32_t arrive(struct world *w, uint64_t client, const char *token)
{
	uint32_t transport;

	world_join(w, client, token);
	world_offer(w, client, 1, 3, false);
	transport = last_transport(w);
	world_event(w, &(struct engine_event){.type = ENGINE_TRANSPORT_CONNECTED,
					      .transport_id = transport});
	return transport;
}

static uint32_t track_of(const struct world *w, size_t mline)
{
	return world_media(w, MEDIA_TRANSPORT_OPEN)->params->mline[mline].track_id;
}

/* --- joining ---------------------------------------------------------------------------------- */

static void join_tells_the_whole_state(void)
{
	struct world *w = world_new(1, 10);
	const json_t *joined, *other;

	world_join(w, 1, TOKEN_ANNA);
	joined = world_last(w, 1, "joined");
	g_assert_nonnull(joined);
	g_assert_cmpstr(text_of(json_object_get(joined, "self"), "id"), ==, "p1");
	g_assert_cmpstr(text_of(json_object_get(joined, "self"), "role"), ==, "clinician");
	g_assert_cmpstr(text_of(json_object_get(joined, "consultation"), "title"), ==,
			"Uppföljning");
	g_assert_cmpuint(json_array_size(json_object_get(joined, "participants")), ==, 0);
	world_join(w, 2, TOKEN_ELSA);
	joined = world_last(w, 2, "joined");
	other = json_array_get(json_object_get(joined, "participants"), 0);
	g_assert_cmpstr(text_of(other, "id"), ==, "p1");
	g_assert_cmpstr(text_of(other, "link"), ==, "connecting");
	other = json_object_get(world_last(w, 1, "participant-joined"), "participant");
	g_assert_cmpstr(text_of(other, "name"), ==, "Elsa");
	g_assert_cmpuint(world_count(w, 1, "participant-joined"), ==, 1);
	g_assert_cmpuint(world_count(w, 2, "participant-joined"), ==, 0);
	world_free(w);
}

static void consultations_do_not_see_each_other(void)
{
	struct world *w = world_new(1, 10);

	world_join(w, 1, TOKEN_ANNA);
	world_join(w, 2, TOKEN_NILS);
	g_assert_null(world_last(w, 1, "participant-joined"));
	world_free(w);
}

static void refused_joins_say_why_and_close(void)
{
	static const struct {
		const char *message, *code;
		uint16_t close;
	} steps[] = {
		{"{\"type\":\"join\",\"v\":1,\"token\":\"" TOKEN_WRONG "\"}", "token-unknown",
		 1008},
		{"{\"type\":\"join\",\"v\":1,\"token\":\"short\"}", "token-unknown", 1008},
		{"{\"type\":\"join\",\"v\":1,\"token\":\"" TOKEN_ENDED "\"}", "consultation-ended",
		 1008},
		{"{\"type\":\"join\",\"v\":2,\"token\":\"" TOKEN_ANNA "\"}", "version", 1008},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct world *w = world_new(1, 10);

		world_open(w, 1);
		world_send(w, 1, "%s", steps[i].message);
		g_assert_cmpstr(code_of(w, 1), ==, steps[i].code);
		g_assert_true(json_is_true(json_object_get(world_last(w, 1, "error"), "fatal")));
		g_assert_cmpuint(world_closed(w, 1), ==, steps[i].close);
		world_free(w);
	}
}

/* --- media ------------------------------------------------------------------------------------ */

static void answer_waits_for_the_worker(void)
{
	struct world *w = world_new(1, 10);

	w->is_media_answering = false;
	world_join(w, 1, TOKEN_ANNA);
	world_offer(w, 1, 7, 3, false);
	g_assert_cmpuint(world_media_count(w, MEDIA_ROOM_OPEN), ==, 1);
	g_assert_null(world_last(w, 1, "answer"));
	service_media_done(w->service, w->now_us, last_transport(w), 0);
	world_drain(w);
	g_assert_cmpint(json_integer_value(json_object_get(world_last(w, 1, "answer"), "seq")), ==,
			7);
	world_free(w);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/service/join_tells_the_whole_state", join_tells_the_whole_state);
	g_test_add_func("/service/consultations_do_not_see_each_other",
			consultations_do_not_see_each_other);
	g_test_add_func("/service/refused_joins_say_why_and_close",
			refused_joins_say_why_and_close);
	g_test_add_func("/service/answer_waits_for_the_worker", answer_waits_for_the_worker);
	(void)arrive;
	(void)track_of;
	return g_test_run();
}
