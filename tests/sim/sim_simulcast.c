/* SPDX-License-Identifier: EUPL-1.2 */
/* Of several encodings a viewer gets one: the largest alive under the cap, changed at keyframes. */
#include <glib.h>

#include "tests/sim/world.h"

#define SECOND 1000000

struct seen {
	unsigned from[LIMIT_ENCODINGS];
	unsigned switches;
	int last;
	uint16_t seq;
	bool started;
};

static void watch(struct client *client, struct client_slot *slot,
		  const struct client_packet *packet, void *arg)
{
	struct seen *seen = arg;

	seen->from[packet->label.encoding]++;
	if (seen->started && packet->label.encoding != seen->last) {
		seen->switches++;
		/* On a lossy link the start itself may be what is missing. */
		if (packet->seq == (uint16_t)(seen->seq + 1))
			g_assert_true(packet->frame.is_keyframe && packet->frame.starts_frame);
	}
	if (seen->started && client->down.loss == 0)
		g_assert_cmpuint(packet->seq, ==, (uint16_t)(seen->seq + 1));
	seen->started = true;
	seen->last = packet->label.encoding;
	seen->seq = packet->seq;
}

static struct client *add_sender(struct world *world)
{
	struct client_config config = {.id = 1,
				       .engine_role = DTLS_SERVER,
				       .has_rtx = true,
				       .has_tcc = true,
				       .stops_naming = true};
	struct client *client = world_add(world, &config, 20000);

	client_add_source(client, MEDIA_VIDEO, 11, 3);
	world_join(world, client);
	return client;
}

static struct client *add_viewer(struct world *world, uint32_t id, struct seen *seen)
{
	struct client_config config = {
		.id = id, .engine_role = DTLS_SERVER, .video_slots = 1, .has_rtx = true};
	struct client *client = world_add(world, &config, 20000);

	client->watch = watch;
	client->watch_arg = seen;
	world_join(world, client);
	return client;
}

static void one_layer_under_the_cap(gconstpointer data)
{
	int cap = *(const int *)data;
	size_t expected = cap < 0 ? LIMIT_ENCODINGS - 1 : (size_t)cap;
	struct seen seen = {0};
	struct world world;

	world_init(&world, &(struct world_config){.seed = 11, .video_max_encoding = cap});
	add_sender(&world);
	add_viewer(&world, 2, &seen);
	world_run(&world, 10 * SECOND);
	g_assert_cmpuint(seen.from[expected], >, 8 * 60);
	for (size_t e = 0; e < LIMIT_ENCODINGS; e++)
		if (e != expected)
			g_assert_cmpuint(seen.from[e], <, 2 * 60);
	g_assert_cmpint(seen.last, ==, (int)expected);
	world_close(&world);
}

/* A sender short of uplink stops its largest encodings and starts them again later. */
static void falls_back_when_an_encoding_ends(void)
{
	struct seen seen = {0};
	struct world world;
	struct client *sender;
	unsigned before;

	world_init(&world, &(struct world_config){.seed = 12, .video_max_encoding = -1});
	sender = add_sender(&world);
	add_viewer(&world, 2, &seen);
	world_run(&world, 5 * SECOND);
	g_assert_cmpint(seen.last, ==, 2);
	sender->source[0].encoding[2].is_off = true;
	world_run(&world, 4 * SECOND);
	g_assert_cmpint(seen.last, ==, 1);
	/* Silence of a second, a tick and a keyframe: the fall takes 3 s at most. */
	g_assert_cmpuint(seen.from[1], >, 60);
	before = seen.from[2];
	sender->source[0].encoding[2].is_off = false;
	/* Room for it must last, and keyframes keep their distance where there is a picture. */
	world_run(&world, 6 * SECOND);
	g_assert_cmpint(seen.last, ==, 2);
	g_assert_cmpuint(seen.from[2], >, before + 2 * 60);
	world_close(&world);
}

/* MID and RID are gone from media after the first report; RTX alone still names its encoding. */
static void repair_finds_its_encoding(void)
{
	struct seen seen = {0};
	struct world world;
	struct client *sender;
	struct client *viewer;

	world_init(&world, &(struct world_config){.seed = 13, .video_max_encoding = 1});
	sender = add_sender(&world);
	viewer = add_viewer(&world, 2, &seen);
	sender->up.loss = 0.05;
	viewer->down.loss = 0.05;
	world_run(&world, 30 * SECOND);
	sender->source[0].is_on = false;
	world_run(&world, 2 * SECOND);
	g_assert_cmpuint(viewer->slot[0].received, >, 25 * 60);
	g_assert_cmpfloat(client_missing(&viewer->slot[0]), <, 0.001);
	g_assert_cmpuint(world_stats(&world).rtx_in, >, 100);
	g_assert_cmpuint(world_stats(&world).dropped_malformed, ==, 0);
	world_close(&world);
}

int main(int argc, char **argv)
{
	static const int caps[] = {0, 1, -1};

	g_test_init(&argc, &argv, NULL);
	g_test_add_data_func("/simulcast/one-layer-under-the-cap/0", &caps[0],
			     one_layer_under_the_cap);
	g_test_add_data_func("/simulcast/one-layer-under-the-cap/1", &caps[1],
			     one_layer_under_the_cap);
	g_test_add_data_func("/simulcast/one-layer-under-the-cap/none", &caps[2],
			     one_layer_under_the_cap);
	g_test_add_func("/simulcast/falls-back-when-an-encoding-ends",
			falls_back_when_an_encoding_ends);
	g_test_add_func("/simulcast/repair-finds-its-encoding", repair_finds_its_encoding);
	return g_test_run();
}
