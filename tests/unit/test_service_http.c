/* SPDX-License-Identifier: EUPL-1.2 */
/* WHIP and WHEP through the service (RFC 9725, docs/protocol.md 7). */
#include <errno.h>
#include <string.h>

#include "tests/unit/world.h"

#define RESTART                                                                                    \
	"a=ice-ufrag:wxyz\r\na=ice-pwd:xwvutsrqponmlkjihgfedcba\r\n" /* not what world_sdp has */

static const struct world_reply *post(struct world *w, uint64_t request,
				      enum service_http_kind kind, const char *token)
{
	char *sdp = world_sdp(kind == SERVICE_WHIP ? "sendonly" : "recvonly", 0, "abcd");

	service_http_post(w->service, w->now_us, request, kind, token, sdp, NULL);
	world_drain(w);
	g_free(sdp);
	return world_reply(w, request);
}

static const struct world_reply *patch(struct world *w, uint64_t request,
				       const struct world_reply *created, const char *token,
				       const char *if_match, const char *fragment)
{
	service_http_patch(w->service, w->now_us, request, SERVICE_WHIP, created->resource, token,
			   if_match, fragment);
	world_drain(w);
	return world_reply(w, request);
}

/* Replies live in an array that grows: a copy of one that stays. */
static struct world_reply keep(const struct world_reply *reply)
{
	return (struct world_reply){.resource = g_strdup(reply->resource),
				    .etag = g_strdup(reply->etag)};
}

static void kept_free(struct world_reply *kept)
{
	g_free(kept->resource);
	g_free(kept->etag);
}

static void a_whip_publisher_is_the_participant(void)
{
	struct world *w = world_new(1, 10);
	const struct world_reply *reply;
	const struct transport_params *params;
	const json_t *person, *slot;
	uint32_t elsa, camera, whip;

	elsa = world_arrive(w, 1, TOKEN_ELSA);
	reply = post(w, 100, SERVICE_WHIP, TOKEN_ANNA);
	g_assert_cmpint(reply->status, ==, 201);
	g_assert_nonnull(strstr(reply->body, "a=recvonly\r\n"));
	g_assert_cmpuint(strlen(reply->resource), ==, 22);
	g_assert_true(reply->etag[0] == '"');
	whip = world_transport(w);
	params = world_media(w, MEDIA_TRANSPORT_OPEN)->params;
	g_assert_cmpuint(params->mline[0].use, ==, MLINE_TRACK);
	camera = world_track(w, 1);
	person = json_object_get(world_last(w, 1, "participant-joined"), "participant");
	g_assert_cmpstr(world_text_of(person, "name"), ==, "Anna Berg");
	world_event(w, &(struct engine_event){.type = ENGINE_TRANSPORT_CONNECTED,
					      .transport_id = whip});
	g_assert_cmpstr(world_told_link(w, 1), ==, "here");
	world_event(w, &(struct engine_event){.type = ENGINE_SLOT,
					      .transport_id = elsa,
					      .mid = "3",
					      .track_id = camera});
	slot = json_array_get(json_object_get(world_last(w, 1, "slots"), "slots"), 1);
	g_assert_cmpstr(world_text_of(slot, "participant"), ==, "p1");
	g_assert_cmpstr(world_text_of(slot, "source"), ==, "camera");
	world_free(w);
}

static void sendrecv_is_one_way_each(void)
{
	static const struct {
		enum service_http_kind kind;
		unsigned use;
		const char *direction;
	} steps[] = {
		{SERVICE_WHIP, MLINE_TRACK, "a=recvonly\r\n"},
		{SERVICE_WHEP, MLINE_SLOT, "a=sendonly\r\n"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct world *w = world_new(1, 10);
		char *sdp = world_sdp("sendrecv", 0, "abcd");

		service_http_post(w->service, w->now_us, 1, steps[i].kind, TOKEN_ANNA, sdp, NULL);
		world_drain(w);
		g_assert_cmpuint(world_media(w, MEDIA_TRANSPORT_OPEN)->params->mline[0].use, ==,
				 steps[i].use);
		g_assert_nonnull(strstr(world_reply(w, 1)->body, steps[i].direction));
		g_free(sdp);
		world_free(w);
	}
}

static void a_person_may_have_a_page_and_whip_and_whep(void)
{
	struct world *w = world_new(1, 10);
	struct world_reply whip, whep;
	uint32_t owner;

	(void)world_arrive(w, 1, TOKEN_ANNA);
	owner = world_media(w, MEDIA_TRANSPORT_OPEN)->params->owner;
	world_join(w, 2, TOKEN_ELSA);
	whip = keep(post(w, 100, SERVICE_WHIP, TOKEN_ANNA));
	g_assert_cmpuint(world_media(w, MEDIA_TRANSPORT_OPEN)->params->owner, ==, owner);
	whep = keep(post(w, 101, SERVICE_WHEP, TOKEN_ANNA));
	g_assert_cmpuint(world_media(w, MEDIA_TRANSPORT_OPEN)->params->owner, ==, owner);
	g_assert_cmpuint(world_count(w, 2, "participant-joined"), ==, 0);
	/* The page leaves, the camera stays. */
	world_send(w, 1, "{\"type\":\"leave\"}");
	g_assert_cmpuint(world_count(w, 2, "participant-left"), ==, 0);
	service_http_delete(w->service, w->now_us, 102, SERVICE_WHIP, whip.resource, TOKEN_ANNA);
	world_drain(w);
	g_assert_cmpint(world_reply(w, 102)->status, ==, 200);
	g_assert_cmpuint(world_count(w, 2, "participant-left"), ==, 0);
	service_http_delete(w->service, w->now_us, 103, SERVICE_WHEP, whep.resource, TOKEN_ANNA);
	world_drain(w);
	g_assert_cmpstr(world_text_of(world_last(w, 2, "participant-left"), "reason"), ==, "left");
	kept_free(&whip);
	kept_free(&whep);
	world_free(w);
}

static void whep_shows_one_participant_when_asked(void)
{
	struct world *w = world_new(1, 10);
	char *sdp = world_sdp("recvonly", 0, "abcd");
	uint32_t owner;

	(void)world_arrive(w, 1, TOKEN_ANNA);
	owner = world_media(w, MEDIA_TRANSPORT_OPEN)->params->owner;
	service_http_post(w->service, w->now_us, 1, SERVICE_WHEP, TOKEN_ELSA, sdp, "p1");
	world_drain(w);
	g_assert_cmpint(world_reply(w, 1)->status, ==, 201);
	g_assert_cmpuint(world_media(w, MEDIA_TRANSPORT_OPEN)->params->only_owner, ==, owner);
	g_assert_false(world_media(w, MEDIA_TRANSPORT_OPEN)->params->is_signalled);
	service_http_post(w->service, w->now_us, 2, SERVICE_WHEP, TOKEN_ELSA, sdp, "p3");
	world_drain(w);
	g_assert_cmpint(world_reply(w, 2)->status, ==, 404);
	g_assert_cmpstr(world_reply(w, 2)->problem, ==, "participant-unknown");
	g_free(sdp);
	world_free(w);
}

static void joined_asks_for_as_many_slots_as_there_are_tracks(void)
{
	struct world *w = world_new(1, 10);
	const json_t *slots;

	for (uint64_t request = 1; request <= 5; request++)
		g_assert_cmpint(post(w, request, SERVICE_WHIP, TOKEN_ANNA)->status, ==, 201);
	world_join(w, 1, TOKEN_ELSA);
	slots = json_object_get(world_last(w, 1, "joined"), "slots");
	g_assert_cmpint(json_integer_value(json_object_get(slots, "video")), ==, 5);
	/* One's own are not shown to oneself. */
	world_join(w, 2, TOKEN_ANNA);
	slots = json_object_get(world_last(w, 2, "joined"), "slots");
	g_assert_cmpint(json_integer_value(json_object_get(slots, "video")), ==, 3);
	/* The sixth connection is one too many beside a page. */
	world_offer(w, 2, 1, 3, false);
	g_assert_nonnull(world_last(w, 2, "answer"));
	g_assert_cmpint(post(w, 6, SERVICE_WHIP, TOKEN_ANNA)->status, ==, 503);
	g_assert_cmpstr(world_reply(w, 6)->problem, ==, "server-full");
	world_free(w);
}

/* --- resources -------------------------------------------------------------------------------- */

static void patch_trickles_and_restarts(void)
{
	struct world *w = world_new(1, 10);
	struct world_reply created = keep(post(w, 1, SERVICE_WHIP, TOKEN_ANNA));
	const struct world_reply *reply;
	const struct transport_params *params;
	char *before = g_strdup(world_media(w, MEDIA_TRANSPORT_OPEN)->params->local.ufrag);

	reply = patch(w, 2, &created, TOKEN_ANNA, created.etag, "a=end-of-candidates\r\n");
	g_assert_cmpint(reply->status, ==, 204);
	g_assert_null(reply->body);
	reply = patch(w, 3, &created, TOKEN_ANNA, NULL, "a=end-of-candidates\r\n");
	g_assert_cmpint(reply->status, ==, 428);
	g_assert_cmpstr(reply->problem, ==, "precondition-required");
	reply = patch(w, 4, &created, TOKEN_ANNA, "\"other\"", "a=end-of-candidates\r\n");
	g_assert_cmpint(reply->status, ==, 412);
	g_assert_null(world_media(w, MEDIA_TRANSPORT_UPDATE));
	reply = patch(w, 5, &created, TOKEN_ANNA, "*", RESTART);
	g_assert_cmpint(reply->status, ==, 200);
	g_assert_cmpstr(reply->etag, !=, created.etag);
	params = world_media(w, MEDIA_TRANSPORT_UPDATE)->params;
	g_assert_cmpstr(params->remote.ufrag, ==, "wxyz");
	g_assert_cmpstr(params->local.ufrag, !=, before);
	g_assert_nonnull(strstr(reply->body, params->local.ufrag));
	g_assert_nonnull(strstr(reply->body, "a=candidate:1 1 udp 2122317823 192.0.2.1 10000"));
	/* The tag of before is of another session now. */
	reply = patch(w, 6, &created, TOKEN_ANNA, created.etag, "a=end-of-candidates\r\n");
	g_assert_cmpint(reply->status, ==, 412);
	reply = patch(w, 7, &created, TOKEN_ANNA, "*", "a=mid:0\r\n");
	g_assert_cmpint(reply->status, ==, 400);
	g_assert_cmpstr(reply->problem, ==, "bad-fragment");
	kept_free(&created);
	g_free(before);
	world_free(w);
}

static void a_resource_is_its_owners(void)
{
	static const struct {
		const char *token;
		int status;
		const char *problem;
	} steps[] = {
		{NULL, 401, "token-missing"},
		{"", 401, "token-missing"},
		{"short", 401, "token-unknown"},
		{TOKEN_WRONG, 401, "token-unknown"},
		{TOKEN_ELSA, 403, "not-yours"},
		{TOKEN_NILS, 403, "not-yours"},
		{TOKEN_ENDED, 410, "consultation-ended"},
	};
	struct world *w = world_new(1, 10);
	struct world_reply created = keep(post(w, 1, SERVICE_WHIP, TOKEN_ANNA));

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		uint64_t request = 10 + 2 * i;
		const struct world_reply *reply =
			patch(w, request, &created, steps[i].token, "*", RESTART);

		g_assert_cmpint(reply->status, ==, steps[i].status);
		g_assert_cmpstr(reply->problem, ==, steps[i].problem);
		service_http_delete(w->service, w->now_us, request + 1, SERVICE_WHIP,
				    created.resource, steps[i].token);
		world_drain(w);
		reply = world_reply(w, request + 1);
		g_assert_cmpint(reply->status, ==, steps[i].status);
	}
	g_assert_null(world_media(w, MEDIA_TRANSPORT_UPDATE));
	g_assert_null(world_media(w, MEDIA_TRANSPORT_CLOSE));
	kept_free(&created);
	world_free(w);
}

static void a_deleted_resource_is_gone(void)
{
	struct world *w = world_new(1, 10);
	struct world_reply created = keep(post(w, 1, SERVICE_WHIP, TOKEN_ANNA));

	/* Of the other kind it is none. */
	service_http_delete(w->service, w->now_us, 2, SERVICE_WHEP, created.resource, TOKEN_ANNA);
	world_drain(w);
	g_assert_cmpint(world_reply(w, 2)->status, ==, 404);
	service_http_delete(w->service, w->now_us, 3, SERVICE_WHIP, created.resource, TOKEN_ANNA);
	world_drain(w);
	g_assert_cmpint(world_reply(w, 3)->status, ==, 200);
	g_assert_cmpuint(world_media_count(w, MEDIA_TRANSPORT_CLOSE), ==, 1);
	g_assert_cmpuint(world_media_count(w, MEDIA_ROOM_CLOSE), ==, 1);
	service_http_delete(w->service, w->now_us, 4, SERVICE_WHIP, created.resource, TOKEN_ANNA);
	world_drain(w);
	g_assert_cmpint(world_reply(w, 4)->status, ==, 404);
	kept_free(&created);
	world_free(w);
}

static void a_publisher_that_vanishes_is_told_lost(void)
{
	static const struct {
		enum engine_gone_reason reason;
		const char *told;
	} steps[] = {
		{ENGINE_GONE_EXPIRED, "lost"},
		{ENGINE_GONE_PEER_CLOSED, "left"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct world *w = world_new(1, 10);

		world_join(w, 1, TOKEN_ELSA);
		(void)post(w, 1, SERVICE_WHIP, TOKEN_ANNA);
		world_event(w, &(struct engine_event){.type = ENGINE_TRANSPORT_GONE,
						      .transport_id = world_transport(w),
						      .reason = steps[i].reason});
		g_assert_cmpstr(world_text_of(world_last(w, 1, "participant-left"), "reason"), ==,
				steps[i].told);
		world_free(w);
	}
}

/* --- what goes wrong -------------------------------------------------------------------------- */

static void refused_posts_leave_nothing(void)
{
	struct world *w = world_new(1, 10);
	struct service_stats stats;

	world_join(w, 1, TOKEN_ELSA);
	service_http_post(w->service, w->now_us, 1, SERVICE_WHIP, TOKEN_ANNA, "v=0", NULL);
	world_drain(w);
	g_assert_cmpint(world_reply(w, 1)->status, ==, 400);
	g_assert_cmpstr(world_reply(w, 1)->problem, ==, "bad-sdp");
	w->media_result = -ENOSPC;
	g_assert_cmpint(post(w, 2, SERVICE_WHIP, TOKEN_ANNA)->status, ==, 503);
	g_assert_cmpstr(world_reply(w, 2)->problem, ==, "server-full");
	g_assert_cmpstr(post(w, 3, SERVICE_WHIP, TOKEN_ENDED)->problem, ==, "consultation-ended");
	/* The last of them was there for a moment: who was told of it is told that it left. */
	g_assert_cmpuint(world_count(w, 1, "participant-joined"), ==,
			 world_count(w, 1, "participant-left"));
	g_assert_cmpuint(world_media_count(w, MEDIA_ROOM_OPEN), ==,
			 world_media_count(w, MEDIA_ROOM_CLOSE));
	service_stats(w->service, &stats);
	g_assert_cmpuint(stats.consultations, ==, 1);
	world_free(w);
}

static void every_request_is_answered_once_whatever_happens(void)
{
	struct world *w = world_new(1, 10);

	/* The worker is mute. */
	w->is_media_answering = false;
	g_assert_null(post(w, 1, SERVICE_WHIP, TOKEN_ANNA));
	world_pass(w, 5000000);
	g_assert_cmpstr(world_reply(w, 1)->problem, ==, "try-again");
	/* The store is mute. */
	w->is_store_answering = false;
	g_assert_null(post(w, 2, SERVICE_WHIP, TOKEN_ANNA));
	world_pass(w, 5000000);
	g_assert_cmpstr(world_reply(w, 2)->problem, ==, "try-again");
	/* The consultation ends meanwhile. */
	w->is_store_answering = true;
	g_assert_null(post(w, 3, SERVICE_WHIP, TOKEN_ANNA));
	service_consultation_ended(w->service, w->now_us, "c1");
	world_drain(w);
	g_assert_cmpstr(world_reply(w, 3)->problem, ==, "consultation-ended");
	/* The server goes down meanwhile, and after. */
	g_assert_null(post(w, 4, SERVICE_WHIP, TOKEN_ANNA));
	service_drain(w->service, w->now_us);
	world_drain(w);
	g_assert_cmpstr(world_reply(w, 4)->problem, ==, "try-again");
	g_assert_cmpint(post(w, 5, SERVICE_WHIP, TOKEN_ANNA)->status, ==, 503);
	world_free(w);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/service_http/a_whip_publisher_is_the_participant",
			a_whip_publisher_is_the_participant);
	g_test_add_func("/service_http/sendrecv_is_one_way_each", sendrecv_is_one_way_each);
	g_test_add_func("/service_http/a_person_may_have_a_page_and_whip_and_whep",
			a_person_may_have_a_page_and_whip_and_whep);
	g_test_add_func("/service_http/whep_shows_one_participant_when_asked",
			whep_shows_one_participant_when_asked);
	g_test_add_func("/service_http/joined_asks_for_as_many_slots_as_there_are_tracks",
			joined_asks_for_as_many_slots_as_there_are_tracks);
	g_test_add_func("/service_http/patch_trickles_and_restarts", patch_trickles_and_restarts);
	g_test_add_func("/service_http/a_resource_is_its_owners", a_resource_is_its_owners);
	g_test_add_func("/service_http/a_deleted_resource_is_gone", a_deleted_resource_is_gone);
	g_test_add_func("/service_http/a_publisher_that_vanishes_is_told_lost",
			a_publisher_that_vanishes_is_told_lost);
	g_test_add_func("/service_http/refused_posts_leave_nothing", refused_posts_leave_nothing);
	g_test_add_func("/service_http/every_request_is_answered_once_whatever_happens",
			every_request_is_answered_once_whatever_happens);
	return g_test_run();
}
