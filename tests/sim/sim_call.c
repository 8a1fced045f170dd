/* SPDX-License-Identifier: EUPL-1.2 */
/* Two and three people in a call: who connects, who sees whom, what arrives. */
#include <glib.h>

#include "tests/sim/world.h"

#define SECOND 1000000

static void two_peers_exchange_media(void)
{
	struct world world;
	struct client *anna;
	struct client *elsa;

	world_init(&world, &(struct world_config){.seed = 1, .video_max_encoding = -1});
	anna = world_add_caller(&world, 1, 20000);
	elsa = world_add_caller(&world, 2, 30000);
	world_run(&world, 10 * SECOND);
	g_assert_cmpuint(world_count_events(&world, ENGINE_TRANSPORT_CONNECTED, 1), ==, 1);
	g_assert_cmpuint(world_count_events(&world, ENGINE_TRANSPORT_CONNECTED, 2), ==, 1);
	g_assert_cmpuint(world_count_events(&world, ENGINE_TRACK_LIVE, 1), ==, 2);
	g_assert_cmpuint(world_shown(&world, anna, 0), ==, 20);
	g_assert_cmpuint(world_shown(&world, anna, 4), ==, 21);
	g_assert_cmpuint(world_shown(&world, elsa, 0), ==, 10);
	g_assert_cmpuint(world_shown(&world, elsa, 4), ==, 11);
	for (size_t i = 0; i < 2; i++) {
		const struct client *client = world.client[i];
		const struct client *other = world.client[1 - i];

		/* 10 s less the joining: 50 and 60 packets a second. */
		g_assert_cmpuint(client->slot[0].received, >, 9 * 50);
		g_assert_cmpuint(client->slot[4].received, >, 9 * 60);
		g_assert_cmpfloat(client_missing(&client->slot[0]), ==, 0);
		g_assert_cmpfloat(client_missing(&client->slot[4]), ==, 0);
		g_assert_cmpuint(client->slot[0].last.label.track_id, ==,
				 other->source[0].track_id);
		g_assert_cmpuint(client->slot[4].last.label.track_id, ==,
				 other->source[1].track_id);
		g_assert_cmpuint(client->slot[0].reports, >=, 8);
		g_assert_cmpuint(client->receiver_reports, >=, 8);
		g_assert_cmpuint(client->tcc_arrivals, >, 9 * 100);
		g_assert_cmpuint(client->rejected, ==, 0);
		g_assert_cmpuint(client->slot[4].duplicates, ==, 0);
	}
	g_assert_cmpuint(world.strays, ==, 0);
	world_close(&world);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/call/two-peers-exchange-media", two_peers_exchange_media);
	return g_test_run();
}
