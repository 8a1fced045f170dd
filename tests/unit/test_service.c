/* SPDX-License-Identifier: EUPL-1.2 */
/* Websocket clients: joining, media, who is here, what its members are told. */
#include <errno.h>
#include <string.h>

#include "tests/unit/world.h"

/* --- joining ---------------------------------------------------------------------------------- */

static void join_tells_the_whole_state(void)
{
	struct world *w = world_new(1, 10);
	const json_t *joined, *other;

	world_join(w, 1, TOKEN_ANNA);
	joined = world_last(w, 1, "joined");
	g_assert_nonnull(joined);
	g_assert_cmpstr(world_text_of(json_object_get(joined, "self"), "id"), ==, "p1");
	g_assert_cmpstr(world_text_of(json_object_get(joined, "self"), "role"), ==, "clinician");
	g_assert_cmpstr(world_text_of(json_object_get(joined, "consultation"), "title"), ==,
			"Uppföljning");
	g_assert_cmpuint(json_array_size(json_object_get(joined, "participants")), ==, 0);
	world_join(w, 2, TOKEN_ELSA);
	joined = world_last(w, 2, "joined");
	other = json_array_get(json_object_get(joined, "participants"), 0);
	g_assert_cmpstr(world_text_of(other, "id"), ==, "p1");
	g_assert_cmpstr(world_text_of(other, "link"), ==, "connecting");
	other = json_object_get(world_last(w, 1, "participant-joined"), "participant");
	g_assert_cmpstr(world_text_of(other, "name"), ==, "Elsa");
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
		g_assert_cmpstr(world_code(w, 1), ==, steps[i].code);
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
	service_media_done(w->service, w->now_us, world_transport(w), 0);
	world_drain(w);
	g_assert_cmpint(json_integer_value(json_object_get(world_last(w, 1, "answer"), "seq")), ==,
			7);
	world_free(w);
}

static void sources_are_named_and_slots_follow(void)
{
	struct world *w = world_new(1, 10);
	uint32_t anna, elsa, camera;
	const json_t *slots, *slot;

	anna = world_arrive(w, 1, TOKEN_ANNA);
	camera = world_track(w, 1);
	elsa = world_arrive(w, 2, TOKEN_ELSA);
	g_assert_cmpuint(anna, !=, elsa);
	world_forget(w);
	/* Two events of one batch make one message. */
	service_media_event(
		w->service, w->now_us,
		&(struct engine_event){
			.type = ENGINE_SLOT, .transport_id = elsa, .mid = "3", .track_id = camera});
	service_media_event(w->service, w->now_us,
			    &(struct engine_event){.type = ENGINE_SLOT,
						   .transport_id = elsa,
						   .mid = "2",
						   .track_id = camera - 1});
	world_drain(w);
	g_assert_cmpuint(world_count(w, 2, "slots"), ==, 1);
	g_assert_cmpuint(world_count(w, 1, "slots"), ==, 0);
	slots = json_object_get(world_last(w, 2, "slots"), "slots");
	g_assert_cmpuint(json_array_size(slots), ==, 6);
	slot = json_array_get(slots, 0);
	g_assert_cmpstr(world_text_of(slot, "mid"), ==, "2");
	g_assert_cmpstr(world_text_of(slot, "participant"), ==, "p1");
	/* Not named in the offer: by kind. */
	g_assert_cmpstr(world_text_of(slot, "source"), ==, "microphone");
	slot = json_array_get(slots, 1);
	g_assert_cmpstr(world_text_of(slot, "source"), ==, "exam-camera");
	slot = json_array_get(slots, 2);
	g_assert_true(json_is_null(json_object_get(slot, "participant")));
	world_free(w);
}

static void slots_running_short_are_asked_for_once(void)
{
	struct world *w = world_new(1, 10);
	uint32_t anna = world_arrive(w, 1, TOKEN_ANNA);
	struct engine_event shortage = {
		.type = ENGINE_SLOTS_SHORT, .transport_id = anna, .kind = MEDIA_VIDEO, .wanted = 5};
	const json_t *need;

	world_event(w, &shortage);
	need = world_last(w, 1, "need-slots");
	g_assert_cmpint(json_integer_value(json_object_get(need, "video")), ==, 5);
	g_assert_cmpint(json_integer_value(json_object_get(need, "audio")), ==, 3);
	world_offer(w, 1, 2, 5, false);
	g_assert_cmpuint(world_count(w, 1, "need-slots"), ==, 1);
	g_assert_cmpuint(world_media_count(w, MEDIA_TRANSPORT_UPDATE), ==, 1);
	shortage.wanted = 1000;
	world_event(w, &shortage);
	need = world_last(w, 1, "need-slots");
	g_assert_cmpint(json_integer_value(json_object_get(need, "video")), ==, LIMIT_SLOTS);
	world_free(w);
}

static void a_bad_offer_changes_nothing(void)
{
	struct world *w = world_new(1, 10);

	world_join(w, 1, TOKEN_ANNA);
	world_send(w, 1, "{\"type\":\"offer\",\"seq\":1,\"sdp\":\"v=0\",\"sources\":[]}");
	g_assert_cmpstr(world_code(w, 1), ==, "bad-sdp");
	g_assert_cmpuint(world_closed(w, 1), ==, 0);
	g_assert_null(world_media(w, MEDIA_TRANSPORT_OPEN));
	/* And the room that was opened for it is closed again. */
	g_assert_cmpuint(world_media_count(w, MEDIA_ROOM_OPEN), ==,
			 world_media_count(w, MEDIA_ROOM_CLOSE));
	world_offer(w, 1, 2, 3, false);
	g_assert_nonnull(world_last(w, 1, "answer"));
	world_free(w);
}

static void only_the_last_of_hasty_offers_is_answered(void)
{
	struct world *w = world_new(1, 10);
	uint32_t transport;

	w->is_media_answering = false;
	world_join(w, 1, TOKEN_ANNA);
	world_offer(w, 1, 1, 3, false);
	transport = world_transport(w);
	world_offer(w, 1, 2, 4, false);
	service_media_done(w->service, w->now_us, transport, 0);
	world_drain(w);
	g_assert_null(world_last(w, 1, "answer"));
	service_media_done(w->service, w->now_us, transport, 0);
	world_drain(w);
	g_assert_cmpuint(world_count(w, 1, "answer"), ==, 1);
	g_assert_cmpint(json_integer_value(json_object_get(world_last(w, 1, "answer"), "seq")), ==,
			2);
	world_free(w);
}

static void a_worker_that_fails_or_is_mute_ends_the_connection(void)
{
	static const struct {
		bool is_answering;
		int result;
		const char *code;
	} steps[] = {
		{true, -ENOSPC, "server-full"},
		{true, -ENOMEM, "try-again"},
		{false, 0, "try-again"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct world *w = world_new(1, 10);

		w->is_media_answering = steps[i].is_answering;
		w->media_result = steps[i].result;
		world_join(w, 1, TOKEN_ANNA);
		world_offer(w, 1, 1, 3, false);
		world_pass(w, 5000000);
		g_assert_cmpstr(world_code(w, 1), ==, steps[i].code);
		g_assert_cmpuint(world_closed(w, 1), ==, 1013);
		g_assert_null(world_last(w, 1, "answer"));
		g_assert_cmpuint(world_media_count(w, MEDIA_TRANSPORT_CLOSE), ==, 1);
		world_free(w);
	}
}

static void rooms_go_to_the_least_loaded_worker_and_close_when_empty(void)
{
	struct world *w = world_new(2, 10);
	size_t first;

	(void)world_arrive(w, 1, TOKEN_ANNA);
	first = world_media(w, MEDIA_ROOM_OPEN)->worker;
	(void)world_arrive(w, 2, TOKEN_ELSA);
	g_assert_cmpuint(world_media_count(w, MEDIA_ROOM_OPEN), ==, 1);
	g_assert_cmpuint(world_media(w, MEDIA_TRANSPORT_OPEN)->worker, ==, first);
	(void)world_arrive(w, 3, TOKEN_NILS);
	g_assert_cmpuint(world_media(w, MEDIA_ROOM_OPEN)->worker, !=, first);
	world_send(w, 1, "{\"type\":\"leave\"}");
	g_assert_null(world_media(w, MEDIA_ROOM_CLOSE));
	world_send(w, 2, "{\"type\":\"leave\"}");
	g_assert_cmpuint(world_media_count(w, MEDIA_ROOM_CLOSE), ==, 1);
	g_assert_cmpuint(world_media(w, MEDIA_ROOM_CLOSE)->worker, ==, first);
	world_free(w);
}

/* --- who is here ------------------------------------------------------------------------------ */

static void the_others_see_how_one_is_reached(void)
{
	struct world *w = world_new(1, 10);
	uint32_t anna = world_arrive(w, 1, TOKEN_ANNA);

	world_join(w, 2, TOKEN_ELSA);
	world_event(w,
		    &(struct engine_event){.type = ENGINE_TRANSPORT_SILENT, .transport_id = anna});
	g_assert_cmpstr(world_told_link(w, 2), ==, "silent");
	world_event(w, &(struct engine_event){.type = ENGINE_TRANSPORT_BACK, .transport_id = anna});
	g_assert_cmpstr(world_told_link(w, 2), ==, "here");
	world_event(w, &(struct engine_event){.type = ENGINE_TRANSPORT_GONE,
					      .transport_id = anna,
					      .reason = ENGINE_GONE_EXPIRED});
	g_assert_cmpstr(world_told_link(w, 2), ==, "away");
	g_assert_cmpstr(world_text_of(world_last(w, 1, "media-lost"), "reason"), ==, "expired");
	/* The engine has closed it already. */
	g_assert_null(world_media(w, MEDIA_TRANSPORT_CLOSE));
	world_offer(w, 1, 2, 3, true);
	g_assert_cmpstr(world_told_link(w, 2), ==, "connecting");
	world_event(w, &(struct engine_event){.type = ENGINE_TRANSPORT_CONNECTED,
					      .transport_id = world_transport(w)});
	g_assert_cmpstr(world_told_link(w, 2), ==, "here");
	world_free(w);
}

static void mute_is_told_to_the_others_once(void)
{
	struct world *w = world_new(1, 10);
	const json_t *muted;

	world_join(w, 1, TOKEN_ANNA);
	world_join(w, 2, TOKEN_ELSA);
	world_send(w, 1, "{\"type\":\"mute\",\"source\":\"camera\",\"muted\":true}");
	world_send(w, 1, "{\"type\":\"mute\",\"source\":\"camera\",\"muted\":true}");
	g_assert_cmpuint(world_count(w, 2, "participant-updated"), ==, 1);
	g_assert_cmpuint(world_count(w, 1, "participant-updated"), ==, 0);
	muted = json_object_get(
		json_object_get(world_last(w, 2, "participant-updated"), "participant"), "muted");
	g_assert_cmpstr(json_string_value(json_array_get(muted, 0)), ==, "camera");
	world_free(w);
}

static void speaking_is_told_and_ends_with_the_track(void)
{
	struct world *w = world_new(1, 10);
	uint32_t anna = world_arrive(w, 1, TOKEN_ANNA);
	struct engine_event event = {.type = ENGINE_SPEAKING,
				     .transport_id = anna,
				     .track_id = world_track(w, 0),
				     .is_speaking = true};

	world_join(w, 2, TOKEN_ELSA);
	world_event(w, &event);
	world_event(w, &event);
	g_assert_cmpuint(world_count(w, 2, "speaking"), ==, 1);
	g_assert_true(json_is_true(json_object_get(world_last(w, 2, "speaking"), "speaking")));
	world_send(w, 1, "{\"type\":\"leave\"}");
	g_assert_true(json_is_false(json_object_get(world_last(w, 2, "speaking"), "speaking")));
	world_free(w);
}

static void quality_is_told_when_it_changes_and_every_two_seconds_at_most(void)
{
	struct world *w = world_new(1, 10);
	uint32_t anna = world_arrive(w, 1, TOKEN_ANNA);
	struct engine_event event = {.type = ENGINE_QUALITY,
				     .transport_id = anna,
				     .rtt_us = 50000,
				     .loss_up_permille = 0,
				     .loss_down_permille = 0};
	const json_t *person;

	world_join(w, 2, TOKEN_ELSA);
	world_pass(w, 3000000);
	world_event(w, &event);
	g_assert_cmpuint(world_count(w, 2, "quality"), ==, 1);
	world_event(w, &event);
	g_assert_cmpuint(world_count(w, 2, "quality"), ==, 1);
	event.loss_up_permille = 120;
	world_event(w, &event);
	g_assert_cmpuint(world_count(w, 2, "quality"), ==, 1);
	world_pass(w, 2000000);
	g_assert_cmpuint(world_count(w, 2, "quality"), ==, 2);
	g_assert_cmpuint(world_count(w, 1, "quality"), ==, 2);
	person = json_array_get(json_object_get(world_last(w, 2, "quality"), "participants"), 0);
	g_assert_cmpstr(world_text_of(person, "id"), ==, "p1");
	g_assert_cmpstr(world_text_of(person, "level"), ==, "poor");
	g_assert_cmpint(json_integer_value(json_object_get(person, "loss_percent")), ==, 12);
	/* A newcomer gets what is known. */
	world_join(w, 3, TOKEN_OMAR);
	g_assert_cmpuint(world_count(w, 3, "quality"), ==, 1);
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
	g_test_add_func("/service/sources_are_named_and_slots_follow",
			sources_are_named_and_slots_follow);
	g_test_add_func("/service/slots_running_short_are_asked_for_once",
			slots_running_short_are_asked_for_once);
	g_test_add_func("/service/a_bad_offer_changes_nothing", a_bad_offer_changes_nothing);
	g_test_add_func("/service/only_the_last_of_hasty_offers_is_answered",
			only_the_last_of_hasty_offers_is_answered);
	g_test_add_func("/service/a_worker_that_fails_or_is_mute_ends_the_connection",
			a_worker_that_fails_or_is_mute_ends_the_connection);
	g_test_add_func("/service/rooms_go_to_the_least_loaded_worker_and_close_when_empty",
			rooms_go_to_the_least_loaded_worker_and_close_when_empty);
	g_test_add_func("/service/the_others_see_how_one_is_reached",
			the_others_see_how_one_is_reached);
	g_test_add_func("/service/mute_is_told_to_the_others_once",
			mute_is_told_to_the_others_once);
	g_test_add_func("/service/speaking_is_told_and_ends_with_the_track",
			speaking_is_told_and_ends_with_the_track);
	g_test_add_func("/service/quality_is_told_when_it_changes_and_every_two_seconds_at_most",
			quality_is_told_when_it_changes_and_every_two_seconds_at_most);
	return g_test_run();
}
