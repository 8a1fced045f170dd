/* SPDX-License-Identifier: EUPL-1.2 */
/* Who comes late sees a picture after one round trip; requests for it are few. */
#include <glib.h>

#include "tests/sim/world.h"

#define SECOND 1000000

struct first {
	int64_t us;
	bool is_keyframe;
};

static void note_first(struct client *client, struct client_slot *slot,
		       const struct client_packet *packet, void *arg)
{
	struct first *first = arg;

	if (slot->kind != MEDIA_VIDEO || first->us)
		return;
	first->us = packet->now_us;
	first->is_keyframe = packet->frame.is_keyframe && packet->frame.starts_frame;
}

static struct client *add_viewer(struct world *world, uint32_t id, struct first *first)
{
	struct client_config config = {.id = id,
				       .engine_role = DTLS_SERVER,
				       .audio_slots = 1,
				       .video_slots = 1,
				       .has_rtx = true};
	struct client *client = world_add(world, &config, 15000);

	client->watch = note_first;
	client->watch_arg = first;
	world_join(world, client);
	return client;
}

static int64_t connected_us(const struct world *world, uint32_t id)
{
	for (size_t i = 0; i < world->event_count; i++)
		if (world->event[i].type == ENGINE_TRANSPORT_CONNECTED &&
		    world->event[i].transport_id == id)
			return world->event_us[i];
	g_assert_not_reached();
}

static void keyframe_comes_within_a_round_trip(void)
{
	struct first first = {0};
	struct world world;
	struct client *sender;
	uint32_t before;

	world_init(&world, &(struct world_config){.seed = 21, .video_max_encoding = -1});
	sender = world_add_caller(&world, 1, 20000);
	world_run(&world, 5 * SECOND);
	before = sender->source[1].encoding[0].requests;
	add_viewer(&world, 2, &first);
	world_run(&world, 2 * SECOND);
	g_assert_true(first.is_keyframe);
	/* The publisher's round trip, its next frame, our way to the viewer. */
	g_assert_cmpint(first.us - connected_us(&world, 2), <=, 40000 + 33334 + 15000 + 2000);
	g_assert_cmpuint(sender->source[1].encoding[0].requests - before, ==, 1);
	world_close(&world);
}

static void requests_of_many_are_one(void)
{
	struct first first[6] = {{0}};
	struct world world;
	struct client *sender;
	uint32_t before;

	world_init(&world, &(struct world_config){.seed = 22, .video_max_encoding = -1});
	sender = world_add_caller(&world, 1, 20000);
	world_run(&world, 3 * SECOND);
	before = sender->source[1].encoding[0].requests;
	for (uint32_t i = 0; i < 6; i++)
		add_viewer(&world, 2 + i, &first[i]);
	world_run(&world, 2 * SECOND);
	for (uint32_t i = 0; i < 6; i++)
		g_assert_true(first[i].is_keyframe);
	g_assert_cmpuint(sender->source[1].encoding[0].requests - before, <=, 2);
	world_close(&world);
}

/* A viewer in trouble asks twenty times in a second: the publisher hears a few. */
static void a_flood_of_requests_is_thinned(void)
{
	struct first first = {0};
	struct world world;
	struct client *sender;
	struct client *viewer;
	uint32_t before;

	world_init(&world, &(struct world_config){.seed = 23, .video_max_encoding = -1});
	sender = world_add_caller(&world, 1, 20000);
	viewer = add_viewer(&world, 2, &first);
	world_run(&world, 3 * SECOND);
	before = sender->source[1].encoding[0].requests;
	for (size_t i = 0; i < 20; i++) {
		client_ask_keyframe(viewer, world.now_us, &viewer->slot[1]);
		world_run(&world, SECOND / 20);
	}
	world_run(&world, SECOND);
	g_assert_cmpuint(sender->source[1].encoding[0].requests - before, >=, 1);
	g_assert_cmpuint(sender->source[1].encoding[0].requests - before, <=, 4);
	world_close(&world);
}

static void a_lost_request_is_repeated(void)
{
	struct first first = {0};
	struct world world;
	struct client *sender;

	world_init(&world, &(struct world_config){.seed = 24, .video_max_encoding = -1});
	sender = world_add_caller(&world, 1, 20000);
	world_run(&world, 3 * SECOND);
	sender->down.is_cut = true;
	add_viewer(&world, 2, &first);
	world_run(&world, SECOND);
	g_assert_cmpint(first.us, ==, 0);
	sender->down.is_cut = false;
	world_run(&world, SECOND / 2);
	g_assert_true(first.is_keyframe);
	world_close(&world);
}

/* Packets overtake each other: a keyframe begins with any of its packets. Each viewer waits for one
 * keyframe at most, whatever comes first. */
static void jitter_costs_no_second_keyframe(void)
{
	unsigned total = 0;

	for (uint64_t seed = 1; seed <= 20; seed++) {
		struct first first = {0};
		struct world world;
		struct client *sender;
		uint32_t before;

		world_init(&world, &(struct world_config){.seed = seed, .video_max_encoding = -1});
		sender = world_add_caller(&world, 1, 20000);
		sender->up.jitter_us = 12000;
		world_run(&world, 4 * SECOND);
		before = sender->source[1].encoding[0].keyframes;
		add_viewer(&world, 2, &first);
		world_run(&world, 2 * SECOND);
		g_assert_true(first.us > 0);
		g_test_message("seed %d: %u keyframes, %d ms", (int)seed,
			       sender->source[1].encoding[0].keyframes - before,
			       (int)(first.us - connected_us(&world, 2)) / 1000);
		total += sender->source[1].encoding[0].keyframes - before;
		g_assert_cmpint(first.us - connected_us(&world, 2), <=, 200000);
		world_close(&world);
	}
	g_assert_cmpuint(total, ==, 20);
}

/* Who comes while the last keyframe is fresh gets that one. */
static void a_fresh_keyframe_serves_everybody(void)
{
	struct first first[4] = {{0}};
	struct world world;
	struct client *sender;
	uint32_t before;

	world_init(&world, &(struct world_config){.seed = 26, .video_max_encoding = -1});
	sender = world_add_caller(&world, 1, 20000);
	world_run(&world, 4 * SECOND);
	before = sender->source[1].encoding[0].keyframes;
	for (uint32_t i = 0; i < 4; i++) {
		add_viewer(&world, 2 + i, &first[i]);
		world_run(&world, SECOND / 10);
	}
	world_run(&world, 2 * SECOND);
	for (uint32_t i = 0; i < 4; i++) {
		g_assert_true(first[i].is_keyframe);
		g_assert_cmpint(first[i].us - connected_us(&world, 2 + i), <=, 120000);
	}
	g_assert_cmpuint(sender->source[1].encoding[0].keyframes - before, ==, 1);
	world_close(&world);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/late-joiner/keyframe-comes-within-a-round-trip",
			keyframe_comes_within_a_round_trip);
	g_test_add_func("/late-joiner/requests-of-many-are-one", requests_of_many_are_one);
	g_test_add_func("/late-joiner/jitter-costs-no-second-keyframe",
			jitter_costs_no_second_keyframe);
	g_test_add_func("/late-joiner/a-fresh-keyframe-serves-everybody",
			a_fresh_keyframe_serves_everybody);
	g_test_add_func("/late-joiner/a-flood-of-requests-is-thinned",
			a_flood_of_requests_is_thinned);
	g_test_add_func("/late-joiner/a-lost-request-is-repeated", a_lost_request_is_repeated);
	return g_test_run();
}
