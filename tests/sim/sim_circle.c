/* SPDX-License-Identifier: EUPL-1.2 */
/* Circles: whoever is apart hears and sees nothing, to the packet, on whatever link; and the mirror
 * of a link check. */
#include <glib.h>
#include <string.h>

#include "tests/sim/world.h"

#define SECOND	 1000000
#define PEOPLE	 4
#define MOVES	 100
#define DELAY_US 5000

/* Who was where when: one line per move. */
struct circles {
	struct world *world;
	int64_t at_us[MOVES + PEOPLE + 1];
	uint8_t circle[MOVES + PEOPLE + 1][PEOPLE + 1];
	size_t count;
	uint64_t packets;
	uint64_t leaks;
	uint64_t late; /* of the past, from before the two came together */
};

static bool are_together(const uint8_t circle[PEOPLE + 1], uint32_t a, uint32_t b)
{
	return circle[a] == circle[b] && circle[a] != MEDIA_CIRCLE_ALONE;
}

/* The move before which they were apart last, by the time the packet left the engine. */
static void check(struct client *client, struct client_slot *slot,
		  const struct client_packet *packet, void *arg)
{
	struct circles *c = arg;
	uint32_t from = packet->label.track_id / 10, to = client->config.id;
	int64_t left_us = packet->now_us - DELAY_US;
	size_t last = 0;

	if (from == 0)
		return; /* an empty frame the engine made itself: nobody's */
	g_assert_cmpuint(from, !=, to);
	c->packets++;
	for (size_t i = 0; i < c->count && c->at_us[i] <= left_us; i++)
		last = i;
	/* Within the millisecond of a move it may have left just before. */
	if (!are_together(c->circle[last], from, to) &&
	    (last == 0 || c->at_us[last] + 1000 < left_us ||
	     !are_together(c->circle[last - 1], from, to))) {
		c->leaks++;
		return;
	}
	while (last > 0 && are_together(c->circle[last - 1], from, to))
		last--;
	/* Captured, then 5 ms on the way to the engine. */
	if (last > 0 && packet->label.captured_us + DELAY_US + 1000 < c->at_us[last])
		c->late++;
}

static void note(struct circles *c, uint32_t id, uint8_t circle)
{
	if (c->count > 0)
		memcpy(c->circle[c->count], c->circle[c->count - 1], sizeof(c->circle[0]));
	c->circle[c->count][id] = circle;
	c->at_us[c->count++] = c->world->now_us;
}

static void move(struct circles *c, uint32_t id, uint8_t circle)
{
	note(c, id, circle);
	engine_transport_circle(c->world->engine, c->world->now_us, id, circle);
}

static struct client *add(struct circles *c, uint32_t id, bool has_rtx)
{
	struct client_config config = {.id = id,
				       .engine_role = DTLS_SERVER,
				       .audio_slots = PEOPLE - 1,
				       .video_slots = PEOPLE - 1,
				       .has_rtx = has_rtx,
				       .has_red = true,
				       .has_tcc = true,
				       .pt_base = (uint8_t)(96 + id),
				       .ext_base = (uint8_t)id};
	struct client *client = world_add(c->world, &config, DELAY_US);

	client_add_source(client, MEDIA_AUDIO, id * 10, 1);
	client_add_source(client, MEDIA_VIDEO, id * 10 + 1, 1);
	client->down.loss = 0.05; /* so that repeats are asked for all the time */
	client->watch = check;
	client->watch_arg = c;
	world_join(c->world, client);
	return client;
}

static void nobody_outside_gets_a_packet(void)
{
	static const uint8_t circles[] = {MEDIA_CIRCLE_COMMON, MEDIA_CIRCLE_COMMON, 1,
					  MEDIA_CIRCLE_ALONE};
	struct world world;
	struct circles c = {.world = &world};
	struct rng rng;

	world_init(&world, &(struct world_config){.seed = 4711, .video_max_encoding = -1});
	rng = rng_seeded(4711);
	note(&c, 0, 0);
	for (uint32_t id = 1; id <= PEOPLE; id++)
		add(&c, id, id % 2);
	world_run(&world, 3 * SECOND);
	for (size_t i = 0; i < MOVES; i++) {
		move(&c, 1 + rng_below(&rng, PEOPLE), circles[rng_below(&rng, 4)]);
		world_run(&world, 20000 + rng_below(&rng, 600000));
	}
	g_assert_cmpuint(c.leaks, ==, 0);
	g_assert_cmpuint(c.late, ==, 0);
	g_assert_cmpuint(c.packets, >, 5000);
	/* Once all are together again everybody sees everybody. */
	for (uint32_t id = 1; id <= PEOPLE; id++)
		engine_transport_circle(world.engine, world.now_us, id, MEDIA_CIRCLE_COMMON);
	c.count = 0;
	note(&c, 0, 0);
	world_run(&world, 3 * SECOND);
	for (size_t i = 0; i < PEOPLE; i++) {
		for (size_t k = 0; k < world.client[i]->slot_count; k++)
			g_assert_cmpuint(world_shown(&world, world.client[i], k), !=, 0);
	}
	world_close(&world);
}

/* Somebody who waits: connected, asked for nothing, told nothing. */
static void who_is_alone_is_there_for_nobody(void)
{
	struct world world;
	struct client *waiting;

	world_init(&world, &(struct world_config){.seed = 5, .video_max_encoding = -1});
	world_add_caller(&world, 1, DELAY_US);
	waiting = world_add_caller(&world, 2, DELAY_US);
	engine_transport_circle(world.engine, world.now_us, 2, MEDIA_CIRCLE_ALONE);
	world_run(&world, 5 * SECOND);
	g_assert_nonnull(world_event(&world, ENGINE_TRANSPORT_CONNECTED, 2));
	for (size_t i = 0; i < waiting->slot_count; i++) {
		g_assert_cmpuint(waiting->slot[i].received, ==, 0);
		g_assert_cmpuint(world.client[0]->slot[i].received, ==, 0);
	}
	/* Admitted: the first picture comes soon. */
	engine_transport_circle(world.engine, world.now_us, 2, MEDIA_CIRCLE_COMMON);
	world_run(&world, SECOND / 2);
	for (size_t i = 0; i < waiting->slot_count; i++) {
		bool is_first = i == 0 || waiting->slot[i].kind != waiting->slot[i - 1].kind;

		if (is_first)
			g_assert_cmpuint(waiting->slot[i].received, >, 5);
	}
	engine_transport_circle(world.engine, world.now_us, 99, MEDIA_CIRCLE_COMMON); /* no error */
	world_close(&world);
}

static void an_update_moves_too(void)
{
	struct world world;
	struct client *client;
	struct transport_params params;
	uint64_t before;

	world_init(&world, &(struct world_config){.seed = 6, .video_max_encoding = -1});
	world_add_caller(&world, 1, DELAY_US);
	client = world_add_caller(&world, 2, DELAY_US);
	world_run(&world, 2 * SECOND);
	client_params(client, WORLD_ROOM, &params);
	params.circle = 3;
	g_assert_cmpint(engine_transport_update(world.engine, world.now_us, &params), ==, 0);
	world_run(&world, SECOND / 10);
	before = client->slot[0].received;
	g_assert_cmpuint(before, >, 0);
	world_run(&world, SECOND);
	g_assert_cmpuint(client->slot[0].received, ==, before);
	world_close(&world);
}

/* One's own sound and pictures come back, over the real path and at its pace. */
static void a_mirror_shows_oneself_at_the_pace_of_the_link(void)
{
	static const struct link_step kbit_500[] = {{0, 500000}};
	const struct link_config thin = {.rate = {kbit_500, 1, 0},
					 .queue_ns = 500 * LINK_MS_NS,
					 .delay_ns = 30 * LINK_MS_NS};
	struct client_config config = {.id = 7,
				       .engine_role = DTLS_SERVER,
				       .audio_slots = 1,
				       .video_slots = 1,
				       .has_rtx = true,
				       .has_tcc = true,
				       .pt_base = 96,
				       .ext_base = 1};
	struct transport_params params;
	const struct engine_event *quality;
	struct link *up = NULL, *down = NULL;
	struct client *client;
	struct world world;

	world_init(&world, &(struct world_config){.seed = 7, .video_max_encoding = -1});
	world_add_caller(&world, 1, DELAY_US); /* a visit in the same room, not to be seen */
	client = world_add(&world, &config, 0);
	client_add_source(client, MEDIA_AUDIO, 70, 1);
	client_add_source(client, MEDIA_VIDEO, 71, 1);
	g_assert_cmpint(link_new(&up, &thin, 1), ==, 0);
	g_assert_cmpint(link_new(&down, &thin, 2), ==, 0);
	client->up.model = up;
	client->down.model = down;
	client_params(client, WORLD_ROOM, &params);
	params.is_mirror = true;
	params.circle = MEDIA_CIRCLE_ALONE;
	world_join(&world, client);
	g_assert_cmpint(engine_transport_update(world.engine, world.now_us, &params), ==, 0);
	world_run(&world, 12 * SECOND);
	for (size_t i = 0; i < client->slot_count; i++) {
		g_assert_cmpuint(client->slot[i].received, >, 100);
		g_assert_cmpuint(client->slot[i].last.label.track_id / 10, ==, 7);
	}
	g_assert_cmpuint(world.client[0]->slot[0].received, ==, 0);
	quality = world_event(&world, ENGINE_QUALITY, 7);
	g_assert_nonnull(quality);
	g_test_message("up %u down %u rtt %d", quality->up_bps, quality->down_bps, quality->rtt_us);
	g_assert_cmpuint(quality->down_bps, >, 250000);
	g_assert_cmpuint(quality->down_bps, <, 600000);
	g_assert_cmpuint(quality->up_bps, >, 200000);
	g_assert_cmpuint(quality->up_bps, <=, 510000);
	world_close(&world);
	link_free(up);
	link_free(down);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/circle/nobody_outside_gets_a_packet", nobody_outside_gets_a_packet);
	g_test_add_func("/circle/who_is_alone_is_there_for_nobody",
			who_is_alone_is_there_for_nobody);
	g_test_add_func("/circle/an_update_moves_too", an_update_moves_too);
	g_test_add_func("/circle/a_mirror_shows_oneself_at_the_pace_of_the_link",
			a_mirror_shows_oneself_at_the_pace_of_the_link);
	return g_test_run();
}
