/* SPDX-License-Identifier: EUPL-1.2 */
/* More comes than the machine can send on: pictures are left out, and nothing of sound. */
#include <glib.h>

#include "tests/sim/world.h"

#define SECOND 1000000
#define PAIRS  32

struct heard {
	uint64_t sounds, pictures;
};

static struct client_slot *slot_of(struct client *client, enum media_kind kind)
{
	for (size_t i = 0; i < client->slot_count; i++)
		if (client->slot[i].kind == kind && client->slot[i].received > 0)
			return &client->slot[i];
	g_assert_not_reached();
}

static struct heard heard_of(struct client *client)
{
	return (struct heard){slot_of(client, MEDIA_AUDIO)->received,
			      slot_of(client, MEDIA_VIDEO)->received};
}

/* Numbers in a row: what was left out leaves no gap that a viewer would ask for. */
static void check_whole(struct client *client, enum media_kind kind)
{
	const struct client_slot *slot = slot_of(client, kind);

	g_assert_cmpint(slot->highest_seq - slot->first_seq + 1, ==, (int64_t)slot->received);
}

static void sound_goes_on_and_pictures_come_back(void)
{
	struct world world;
	struct client *viewer;
	struct heard before, spared, after;

	world_init(&world, &(struct world_config){.seed = 5, .video_max_encoding = -1});
	world_add_caller(&world, 1, 5000);
	viewer = world_add_caller(&world, 2, 5000);
	world_run(&world, 3 * SECOND);
	engine_spare(world.engine, ENGINE_SPARE_PARTS);
	world_run(&world, SECOND / 10); /* what was on its way */
	before = heard_of(viewer);
	world_run(&world, 2 * SECOND);
	spared = heard_of(viewer);
	g_assert_cmpuint(spared.pictures, ==, before.pictures);
	g_assert_cmpuint(spared.sounds - before.sounds, >=, 99);
	g_assert_cmpuint(world_stats(&world).dropped_spared, >, 100);
	engine_spare(world.engine, 0);
	world_run(&world, SECOND);
	after = heard_of(viewer);
	g_assert_cmpuint(after.pictures - spared.pictures, >=, 40); /* of 60 packets */
	check_whole(viewer, MEDIA_AUDIO);
	check_whole(viewer, MEDIA_VIDEO);
	world_close(&world);
}

/* A part of the slots, and while it stays so the same. */
static void some_lose_all_so_that_others_lose_none(void)
{
	uint64_t before[PAIRS], between[PAIRS];
	unsigned spared = 0;
	struct world world;

	world_init(&world, &(struct world_config){.seed = 6,
						  .max_transports = PAIRS + 1,
						  .video_max_encoding = -1});
	world_add_caller(&world, 1, 5000);
	for (uint32_t i = 0; i < PAIRS; i++) {
		struct client_config config = {.id = 2 + i,
					       .engine_role = DTLS_SERVER,
					       .audio_slots = 1,
					       .video_slots = 1,
					       .has_rtx = true,
					       .has_tcc = true};

		world_join(&world, world_add(&world, &config, 5000));
	}
	world_run(&world, 4 * SECOND);
	engine_spare(world.engine, ENGINE_SPARE_PARTS / 2);
	world_run(&world, SECOND / 10);
	for (size_t i = 0; i < PAIRS; i++)
		before[i] = heard_of(world.client[1 + i]).pictures;
	world_run(&world, SECOND);
	for (size_t i = 0; i < PAIRS; i++)
		between[i] = heard_of(world.client[1 + i]).pictures;
	world_run(&world, SECOND);
	for (size_t i = 0; i < PAIRS; i++) {
		uint64_t last = heard_of(world.client[1 + i]).pictures - between[i];
		bool is_spared = between[i] == before[i];

		spared += is_spared;
		if (is_spared)
			g_assert_cmpuint(last, ==, 0);
		else
			g_assert_cmpuint(last, >=, 58); /* of 60 packets */
	}
	g_assert_cmpuint(spared, >=, PAIRS / 4);
	g_assert_cmpuint(spared, <=, PAIRS * 3 / 4);
	world_close(&world);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/spare/sound_goes_on_and_pictures_come_back",
			sound_goes_on_and_pictures_come_back);
	g_test_add_func("/spare/some_lose_all_so_that_others_lose_none",
			some_lose_all_so_that_others_lose_none);
	return g_test_run();
}
