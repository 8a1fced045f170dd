/* SPDX-License-Identifier: EUPL-1.2 */
/* What a thin link means for pictures, told to both sides; modes; where a new connection begins. */
#include <string.h>

#include "signaling/deflate.h"
#include "tests/unit/world.h"

/* Anna's camera is in Elsa's slot "3". */
struct pair {
	struct world *w;
	uint32_t anna, elsa, camera;
};

static struct pair pair_new(void)
{
	struct pair pair = {.w = world_new(1, 10)};

	pair.anna = world_arrive(pair.w, 1, TOKEN_ANNA);
	pair.camera = world_track(pair.w, 1);
	pair.elsa = world_arrive(pair.w, 2, TOKEN_ELSA);
	world_event(pair.w, &(struct engine_event){.type = ENGINE_SLOT,
						   .transport_id = pair.elsa,
						   .mid = "3",
						   .track_id = pair.camera});
	world_forget(pair.w);
	return pair;
}

static void picture(const struct pair *pair, enum engine_picture picture)
{
	world_event(pair->w, &(struct engine_event){.type = ENGINE_PICTURE,
						    .transport_id = pair->elsa,
						    .track_id = pair->camera,
						    .mid = "3",
						    .picture = picture});
}

/* The picture of a slot as the client was told last, or NULL. */
static const char *told_picture(const struct world *w, uint64_t client, const char *mid)
{
	const json_t *list = json_object_get(world_last(w, client, "picture"), "pictures");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);

		if (strcmp(world_text_of(one, "mid"), mid) == 0)
			return world_text_of(one, "picture");
	}
	return NULL;
}

static void both_sides_hear_how_a_picture_is_sent(void)
{
	static const char *const names[] = {
		[ENGINE_PICTURE_REDUCED] = "reduced",
		[ENGINE_PICTURE_STILLS] = "stills",
		[ENGINE_PICTURE_NONE] = "none",
	};
	struct pair pair = pair_new();
	const json_t *by;

	for (enum engine_picture how = ENGINE_PICTURE_REDUCED; how <= ENGINE_PICTURE_NONE; how++) {
		picture(&pair, how);
		g_assert_cmpstr(told_picture(pair.w, 2, "3"), ==, names[how]);
		/* The slots of video alone, all of them. */
		g_assert_cmpuint(json_array_size(json_object_get(world_last(pair.w, 2, "picture"),
								 "pictures")),
				 ==, 3);
		by = json_object_get(world_last(pair.w, 1, "seen"), "by");
		g_assert_cmpuint(json_array_size(by), ==, 1);
		by = json_array_get(by, 0);
		g_assert_cmpstr(world_text_of(by, "participant"), ==, "p2");
		g_assert_cmpstr(world_text_of(by, "source"), ==, "exam-camera");
		g_assert_cmpstr(world_text_of(by, "picture"), ==, names[how]);
	}
	picture(&pair, ENGINE_PICTURE_FULL);
	g_assert_cmpstr(told_picture(pair.w, 2, "3"), ==, "full");
	by = json_object_get(world_last(pair.w, 1, "seen"), "by");
	g_assert_cmpuint(json_array_size(by), ==, 0);
	g_assert_cmpuint(world_count(pair.w, 1, "picture"), ==, 0);
	g_assert_cmpuint(world_count(pair.w, 2, "seen"), ==, 0);
	world_free(pair.w);
}

static void whole_pictures_are_not_worth_a_word(void)
{
	struct pair pair = pair_new();

	picture(&pair, ENGINE_PICTURE_FULL);
	g_assert_cmpuint(world_count(pair.w, 2, "picture"), ==, 0);
	g_assert_cmpuint(world_count(pair.w, 1, "seen"), ==, 0);
	picture(&pair, ENGINE_PICTURE_STILLS);
	picture(&pair, ENGINE_PICTURE_STILLS);
	g_assert_cmpuint(world_count(pair.w, 2, "picture"), ==, 1);
	g_assert_cmpuint(world_count(pair.w, 1, "seen"), ==, 1);
	world_free(pair.w);
}

static void another_person_in_the_slot_is_another_picture(void)
{
	struct pair pair = pair_new();

	picture(&pair, ENGINE_PICTURE_STILLS);
	world_event(pair.w, &(struct engine_event){
				    .type = ENGINE_SLOT, .transport_id = pair.elsa, .mid = "3"});
	g_assert_cmpstr(told_picture(pair.w, 2, "3"), ==, "full");
	g_assert_cmpuint(json_array_size(json_object_get(world_last(pair.w, 1, "seen"), "by")), ==,
			 0);
	world_free(pair.w);
}

static void who_leaves_sees_nobody_in_stills_any_more(void)
{
	struct pair pair = pair_new();

	picture(&pair, ENGINE_PICTURE_STILLS);
	world_send(pair.w, 2, "{\"type\":\"leave\"}");
	g_assert_cmpuint(world_count(pair.w, 1, "seen"), ==, 2);
	g_assert_cmpuint(json_array_size(json_object_get(world_last(pair.w, 1, "seen"), "by")), ==,
			 0);
	world_free(pair.w);
}

static void a_resumed_page_is_told_everything_once_more(void)
{
	struct world *w = world_new(1, 10);
	struct pair pair = {.w = w};
	char *anna_resume, *elsa_resume;

	pair.anna = world_arrive(w, 1, TOKEN_ANNA);
	pair.camera = world_track(w, 1);
	pair.elsa = world_arrive(w, 2, TOKEN_ELSA);
	anna_resume = world_resume_of(w, 1, "joined");
	elsa_resume = world_resume_of(w, 2, "joined");
	world_event(w, &(struct engine_event){.type = ENGINE_SLOT,
					      .transport_id = pair.elsa,
					      .mid = "3",
					      .track_id = pair.camera});
	world_event(w, &(struct engine_event){.type = ENGINE_WANT,
					      .transport_id = pair.anna,
					      .track_id = pair.camera,
					      .want = {.encodings = 1, .max_bps = 90000}});
	picture(&pair, ENGINE_PICTURE_STILLS);
	world_resume(w, 3, anna_resume);
	g_assert_cmpuint(world_count(w, 3, "send"), ==, 1);
	g_assert_cmpuint(world_count(w, 3, "seen"), ==, 1);
	world_resume(w, 4, elsa_resume);
	g_assert_cmpstr(told_picture(w, 4, "3"), ==, "stills");
	g_free(anna_resume);
	g_free(elsa_resume);
	world_free(w);
}

static char *chromium_sdp(void)
{
	const char *vectors = g_getenv("VIDD_VECTORS");
	char *path = g_build_filename(vectors != NULL ? vectors : "tests/vectors",
				      "offers/chromium-publish.sdp", NULL);
	char *sdp = NULL;

	g_assert_true(g_file_get_contents(path, &sdp, NULL, NULL));
	g_free(path);
	return sdp;
}

/* --- what to send ----------------------------------------------------------------------------- */

static char *chromium_offer(void)
{
	char *sdp = chromium_sdp();
	char *text;
	json_t *offer;

	offer = json_pack("{s:s, s:i, s:s, s:[]}", "type", "offer", "seq", 1, "sdp", sdp,
			  "sources");
	text = json_dumps(offer, 0);
	json_decref(offer);
	g_free(sdp);
	return text;
}

static void publishers_hear_what_is_used(void)
{
	struct world *w = world_new(1, 10);
	char *offer = chromium_offer();
	const json_t *sources, *one;
	struct engine_event event = {.type = ENGINE_WANT};

	world_join(w, 1, TOKEN_ANNA);
	world_send(w, 1, "%s", offer);
	event.transport_id = world_transport(w);
	event.track_id = world_track(w, 1);
	event.want = (struct engine_want){.encodings = 5, .max_bps = 400000};
	world_event(w, &event);
	sources = json_object_get(world_last(w, 1, "send"), "sources");
	/* The microphone has not been spoken of. */
	g_assert_cmpuint(json_array_size(sources), ==, 1);
	one = json_array_get(sources, 0);
	g_assert_cmpstr(world_text_of(one, "mid"), ==, "1");
	g_assert_true(json_is_true(json_object_get(one, "used")));
	g_assert_cmpuint(json_array_size(json_object_get(one, "rids")), ==, 2);
	g_assert_cmpstr(json_string_value(json_array_get(json_object_get(one, "rids"), 0)), ==,
			"q");
	g_assert_cmpstr(json_string_value(json_array_get(json_object_get(one, "rids"), 1)), ==,
			"f");
	g_assert_cmpint(json_integer_value(json_object_get(one, "max_bps")), ==, 400000);
	g_assert_true(json_is_null(json_object_get(one, "ptime_ms")));
	event.want = (struct engine_want){.encodings = 0};
	world_event(w, &event);
	event.track_id = world_track(w, 0);
	event.want = (struct engine_want){.encodings = 1, .ptime_ms = 60, .is_redundant = true};
	world_event(w, &event);
	sources = json_object_get(world_last(w, 1, "send"), "sources");
	g_assert_cmpuint(json_array_size(sources), ==, 2);
	one = json_array_get(sources, 0);
	g_assert_cmpint(json_integer_value(json_object_get(one, "ptime_ms")), ==, 60);
	g_assert_true(json_is_true(json_object_get(one, "redundancy")));
	g_assert_cmpuint(json_array_size(json_object_get(one, "rids")), ==, 0);
	one = json_array_get(sources, 1);
	g_assert_true(json_is_false(json_object_get(one, "used")));
	g_assert_true(json_is_null(json_object_get(one, "max_bps")));
	/* Of a track that is gone: nothing. */
	world_forget(w);
	event.track_id = 4711;
	world_event(w, &event);
	event.track_id = 0;
	world_event(w, &event);
	g_assert_cmpuint(world_count(w, 1, "send"), ==, 0);
	free(offer);
	world_free(w);
}

/* --- descriptions, packed --------------------------------------------------------------------- */

static void who_packs_its_offer_gets_the_answer_packed(void)
{
	static const char plain[] = "{\"type\":\"offer\",\"seq\":%d,\"fresh\":true,\"sdp\":\"%s\","
				    "\"sources\":[]}";
	static const char packed[] = "{\"type\":\"offer\",\"seq\":%d,\"fresh\":true,"
				     "\"sdp_deflate\":\"%s\",\"sources\":[]}";
	struct world *w = world_new(1, 10);
	char *sdp = chromium_sdp();
	char *escaped = g_strescape(sdp, NULL);
	char *small = deflate_pack(sdp);
	char *answer = NULL;
	const char *whole;

	world_join(w, 1, TOKEN_ANNA);
	g_assert_true(json_is_true(json_object_get(world_last(w, 1, "joined"), "deflate")));
	world_send(w, 1, plain, 1, escaped);
	(void)world_transport(w);
	whole = world_text_of(world_last(w, 1, "answer"), "sdp");
	g_assert_null(json_object_get(world_last(w, 1, "answer"), "sdp_deflate"));
	g_assert_true(g_str_has_prefix(whole, "v=0\r\n"));
	world_send(w, 1, packed, 2, small);
	(void)world_transport(w);
	g_assert_null(json_object_get(world_last(w, 1, "answer"), "sdp"));
	g_assert_cmpint(deflate_unpack(&answer,
				       world_text_of(world_last(w, 1, "answer"), "sdp_deflate"),
				       LIMIT_SDP_BYTES),
			==, 0);
	g_assert_true(g_str_has_prefix(answer, "v=0\r\n"));
	world_send(w, 1, packed, 3, "AAAA");
	g_assert_cmpstr(world_text_of(world_last(w, 1, "error"), "code"), ==, "bad-sdp");
	free(answer);
	free(small);
	g_free(escaped);
	g_free(sdp);
	world_free(w);
}

/* --- modes ------------------------------------------------------------------------------------ */

static void the_worker_hears_whose_picture_goes_first(void)
{
	struct world *w = world_new(1, 10);
	const struct mline_params *mline;

	(void)world_arrive(w, 1, TOKEN_ANNA);
	mline = world_media(w, MEDIA_TRANSPORT_OPEN)->params->mline;
	g_assert_cmpuint(mline[0].priority, ==, 1000);
	g_assert_cmpuint(mline[0].floor_bps, ==, 0);
	g_assert_cmpuint(mline[1].priority, ==, 480);
	g_assert_cmpuint(mline[1].floor_bps, ==, 60000);
	g_assert_cmpint(mline[1].keep, ==, MEDIA_KEEP_RESOLUTION);
	g_assert_cmpuint(mline[2].priority, ==, 0);
	world_free(w);
}

static void a_mode_is_told_to_all_and_ranks_anew(void)
{
	struct pair pair = pair_new();
	const struct world_media *update;
	const json_t *joined;

	world_send(pair.w, 1, "{\"type\":\"set-mode\",\"mode\":\"skin\"}");
	for (uint64_t client = 1; client <= 2; client++) {
		g_assert_cmpstr(world_text_of(world_last(pair.w, client, "mode"), "mode"), ==,
				"skin");
		g_assert_cmpstr(world_text_of(world_last(pair.w, client, "mode"), "participant"),
				==, "p1");
		/* No offer, no answer. */
		g_assert_cmpuint(world_count(pair.w, client, "answer"), ==, 0);
	}
	/* Both have an examination camera here. */
	g_assert_cmpuint(world_media_count(pair.w, MEDIA_TRANSPORT_UPDATE), ==, 2);
	update = world_media(pair.w, MEDIA_TRANSPORT_UPDATE);
	g_assert_cmpuint(update->transport_id, ==, pair.elsa);
	g_assert_cmpuint(update->params->mline[1].priority, ==, 650);
	g_assert_cmpuint(update->params->mline[1].floor_bps, ==, 200000);
	/* The same again changes nothing for the worker. */
	world_send(pair.w, 1, "{\"type\":\"set-mode\",\"mode\":\"skin\"}");
	g_assert_cmpuint(world_media_count(pair.w, MEDIA_TRANSPORT_UPDATE), ==, 2);
	world_join(pair.w, 3, TOKEN_OMAR);
	joined = world_last(pair.w, 3, "joined");
	g_assert_cmpstr(world_text_of(json_object_get(joined, "consultation"), "mode"), ==, "skin");
	world_free(pair.w);
}

static void an_answer_under_way_survives_a_change_of_mode(void)
{
	struct world *w = world_new(1, 10);
	uint32_t transport;

	w->is_media_answering = false;
	world_join(w, 1, TOKEN_ANNA);
	world_offer(w, 1, 7, 3, false);
	transport = world_transport(w);
	world_send(w, 1, "{\"type\":\"set-mode\",\"mode\":\"skin\"}");
	service_media_done(w->service, w->now_us, transport, 0);
	world_drain(w);
	g_assert_null(world_last(w, 1, "answer"));
	service_media_done(w->service, w->now_us, transport, 0);
	world_drain(w);
	g_assert_cmpint(json_integer_value(json_object_get(world_last(w, 1, "answer"), "seq")), ==,
			7);
	world_free(w);
}

static void others_than_clinicians_may_not_set_it(void)
{
	struct pair pair = pair_new();

	world_send(pair.w, 2, "{\"type\":\"set-mode\",\"mode\":\"sign\"}");
	g_assert_cmpstr(world_code(pair.w, 2), ==, "not-allowed");
	g_assert_cmpuint(world_closed(pair.w, 2), ==, 0);
	g_assert_cmpuint(world_count(pair.w, 1, "mode"), ==, 0);
	g_assert_cmpuint(world_media_count(pair.w, MEDIA_TRANSPORT_UPDATE), ==, 0);
	world_free(pair.w);
}

/* --- where a new connection begins ------------------------------------------------------------ */

static void figures(struct world *w, uint32_t transport, uint32_t down_bps, uint32_t up_bps)
{
	world_event(w, &(struct engine_event){.type = ENGINE_QUALITY,
					      .transport_id = transport,
					      .rtt_us = 50000,
					      .down_bps = down_bps,
					      .up_bps = up_bps});
}

static const struct transport_params *opened(const struct world *w)
{
	return world_media(w, MEDIA_TRANSPORT_OPEN)->params;
}

static void answer_says(const struct world *w, uint64_t client, const char *text)
{
	const char *sdp = world_text_of(world_last(w, client, "answer"), "sdp");

	if (strstr(sdp, text) == NULL)
		g_error("no %s in %s", text, sdp);
}

static void a_new_connection_begins_where_the_last_one_ended(void)
{
	struct world *w = world_new(1, 10);
	uint32_t anna = world_arrive(w, 1, TOKEN_ANNA);

	g_assert_cmpuint(opened(w)->start_bps, ==, 0);
	answer_says(w, 1, "x-google-start-bitrate=100\r\n");
	figures(w, anna, 1000000, 300000);
	world_offer(w, 1, 2, 3, true);
	g_assert_cmpuint(opened(w)->start_bps, ==, 700000);
	answer_says(w, 1, "x-google-start-bitrate=210\r\n");
	/* Further rounds do not begin again, whatever was measured meanwhile. */
	figures(w, world_transport(w), 100000, 50000);
	world_offer(w, 1, 3, 4, false);
	g_assert_cmpuint(world_media(w, MEDIA_TRANSPORT_UPDATE)->params->start_bps, ==, 700000);
	answer_says(w, 1, "x-google-start-bitrate=210\r\n");
	world_free(w);
}

static void beginnings_are_capped_and_forgotten(void)
{
	struct world *w = world_new(1, 10);
	uint32_t anna = world_arrive(w, 1, TOKEN_ANNA);

	/* Its figures come only while it is connected. */
	figures(w, anna, 100000000, 10000000);
	world_send(w, 1, "{\"type\":\"leave\"}");
	world_join(w, 2, TOKEN_ANNA);
	world_offer(w, 2, 1, 3, false);
	g_assert_cmpuint(opened(w)->start_bps, ==, 2000000);
	answer_says(w, 2, "x-google-start-bitrate=600\r\n");
	/* Others begin with nothing. */
	world_join(w, 3, TOKEN_ELSA);
	world_offer(w, 3, 1, 3, false);
	g_assert_cmpuint(opened(w)->start_bps, ==, 0);
	world_send(w, 2, "{\"type\":\"leave\"}");
	world_pass(w, INT64_C(601000000));
	world_join(w, 4, TOKEN_ANNA);
	world_offer(w, 4, 1, 3, false);
	g_assert_cmpuint(opened(w)->start_bps, ==, 0);
	world_free(w);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/view/both_sides_hear_how_a_picture_is_sent",
			both_sides_hear_how_a_picture_is_sent);
	g_test_add_func("/view/whole_pictures_are_not_worth_a_word",
			whole_pictures_are_not_worth_a_word);
	g_test_add_func("/view/another_person_in_the_slot_is_another_picture",
			another_person_in_the_slot_is_another_picture);
	g_test_add_func("/view/who_leaves_sees_nobody_in_stills_any_more",
			who_leaves_sees_nobody_in_stills_any_more);
	g_test_add_func("/view/a_resumed_page_is_told_everything_once_more",
			a_resumed_page_is_told_everything_once_more);
	g_test_add_func("/view/publishers_hear_what_is_used", publishers_hear_what_is_used);
	g_test_add_func("/view/who_packs_its_offer_gets_the_answer_packed",
			who_packs_its_offer_gets_the_answer_packed);
	g_test_add_func("/view/the_worker_hears_whose_picture_goes_first",
			the_worker_hears_whose_picture_goes_first);
	g_test_add_func("/view/a_mode_is_told_to_all_and_ranks_anew",
			a_mode_is_told_to_all_and_ranks_anew);
	g_test_add_func("/view/an_answer_under_way_survives_a_change_of_mode",
			an_answer_under_way_survives_a_change_of_mode);
	g_test_add_func("/view/others_than_clinicians_may_not_set_it",
			others_than_clinicians_may_not_set_it);
	g_test_add_func("/view/a_new_connection_begins_where_the_last_one_ended",
			a_new_connection_begins_where_the_last_one_ended);
	g_test_add_func("/view/beginnings_are_capped_and_forgotten",
			beginnings_are_capped_and_forgotten);
	return g_test_run();
}
