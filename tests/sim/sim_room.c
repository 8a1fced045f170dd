/* SPDX-License-Identifier: EUPL-1.2 */
/* Eight people on poor links: everybody sees everybody, and what they used comes back. */
#include <glib.h>

#include "tests/sim/world.h"

#define SECOND 1000000
#define PEOPLE 8

static struct client *add(struct world *world, uint32_t id)
{
	struct client_config config = {.id = id,
				       .engine_role = DTLS_SERVER,
				       .audio_slots = PEOPLE - 1,
				       .video_slots = PEOPLE - 1,
				       .has_rtx = id % 2,
				       .has_tcc = true,
				       .stops_naming = true,
				       .pt_base = (uint8_t)(96 + id),
				       .ext_base = (uint8_t)id};
	struct client *client = world_add(world, &config, 5000 * id);

	client_add_source(client, MEDIA_AUDIO, id * 10, 1);
	client_add_source(client, MEDIA_VIDEO, id * 10 + 1, 1);
	client->up.loss = client->down.loss = 0.02;
	client->up.jitter_us = client->down.jitter_us = 4000;
	world_join(world, client);
	return client;
}

/* Each slot shows somebody else, nobody twice, and hardly anything is missing. */
static void check_sees_all(const struct client *client)
{
	unsigned seen = 0;

	for (size_t i = 0; i < client->slot_count; i++) {
		const struct client_slot *slot = &client->slot[i];
		uint32_t from = slot->last.label.track_id / 10;

		g_assert_cmpuint(from, !=, client->config.id);
		if (slot->kind == MEDIA_VIDEO) {
			seen |= 1u << from;
			g_assert_cmpuint(slot->received, >, 20 * 60);
			g_assert_cmpfloat(client_missing(slot), <, 0.003);
		} else {
			g_assert_cmpuint(slot->received, >, 20 * 45);
		}
	}
	g_assert_cmpuint(seen, ==, 0x1fe & ~(1u << client->config.id));
}

static void eight_people_see_each_other(void)
{
	struct world world;

	world_init(&world, &(struct world_config){.seed = 81, .video_max_encoding = -1});
	for (uint32_t id = 1; id <= PEOPLE; id++) {
		add(&world, id);
		world_run(&world, SECOND / 5);
	}
	world_run(&world, 25 * SECOND);
	for (size_t i = 0; i < PEOPLE; i++)
		world.client[i]->source[1].is_on = false;
	world_run(&world, 2 * SECOND);
	for (size_t i = 0; i < PEOPLE; i++)
		check_sees_all(world.client[i]);
	g_assert_cmpuint(world_stats(&world).dropped_no_buffer, ==, 0);
	g_assert_cmpuint(world_stats(&world).dropped_malformed, ==, 0);
	for (uint32_t id = 1; id <= PEOPLE; id++) {
		engine_transport_close(world.engine, world.now_us, id);
		world_run(&world, SECOND / 5);
	}
	g_assert_cmpuint(world_stats(&world).tracks, ==, 0);
	g_assert_cmpuint(world_stats(&world).pool_used, ==, 0);
	g_assert_cmpint(engine_deadline_us(world.engine), ==, INT64_MAX);
	world_close(&world);
}

/* What is kept for repetition goes when the sender pauses: two seconds later nothing is held. */
static void a_pause_gives_the_buffers_back(void)
{
	struct world world;

	world_init(&world, &(struct world_config){.seed = 82, .video_max_encoding = -1});
	for (uint32_t id = 1; id <= 2; id++)
		world_add_caller(&world, id, 10000);
	world_run(&world, 5 * SECOND);
	g_assert_cmpuint(world_stats(&world).pool_used, >, 100);
	for (size_t i = 0; i < 2; i++)
		world.client[i]->source[0].is_on = world.client[i]->source[1].is_on = false;
	world_run(&world, 4 * SECOND);
	g_assert_cmpuint(world_stats(&world).pool_used, ==, 0);
	world_close(&world);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/room/eight-people-see-each-other", eight_people_see_each_other);
	g_test_add_func("/room/a-pause-gives-the-buffers-back", a_pause_gives_the_buffers_back);
	return g_test_run();
}
