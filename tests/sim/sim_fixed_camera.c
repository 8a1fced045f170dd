/* SPDX-License-Identifier: EUPL-1.2 */
/* A camera that sends one encoding of 1.2 Mbit/s whatever it is asked for, as exam cameras by WHIP
 * do: whoever's link carries it sees all of it soon, and goes on seeing it. */
#include <glib.h>

#include "tests/sim/world.h"

#define SECOND 1000000
#define WIDE_S 20 /* of the world: when the link becomes wide */
#define CAMERA 1
#define VIEWER 2

struct seen {
	int64_t first_us;
	uint32_t pictures[64]; /* begun, by second of the world */
};

static void note(struct client *client, struct client_slot *slot,
		 const struct client_packet *packet, void *arg)
{
	struct seen *seen = arg;

	if (slot->kind != MEDIA_VIDEO || packet->label.part != 0)
		return;
	if (seen->first_us == 0)
		seen->first_us = packet->now_us;
	seen->pictures[packet->now_us / SECOND]++;
}

static void add_camera(struct world *world, uint8_t parts)
{
	struct client_config config = {.id = CAMERA,
				       .engine_role = DTLS_SERVER,
				       .has_rtx = true,
				       .has_tcc = true,
				       .picture_parts = parts};
	struct client *camera = world_add(world, &config, 5000);

	client_add_source(camera, MEDIA_AUDIO, 10, 1);
	client_add_source(camera, MEDIA_VIDEO, 11, 1);
	world_join(world, camera);
}

static struct client *add_viewer(struct world *world, uint32_t id, struct seen *seen)
{
	struct client_config config = {.id = id,
				       .engine_role = DTLS_SERVER,
				       .audio_slots = 1,
				       .video_slots = 1,
				       .has_rtx = true,
				       .has_tcc = true};
	struct client *viewer = world_add(world, &config, 15000);

	viewer->watch = note;
	viewer->watch_arg = seen;
	world_join(world, viewer);
	return viewer;
}

/* Somebody else sees all of it, so that the camera is asked for no less. The link is too thin at
 * first, or nearly so; when it is wide, all of it is there 20 s later and stays. */
static void check(uint64_t seed, int64_t thin_bps)
{
	const struct link_step steps[] = {{0, thin_bps}, {WIDE_S * LINK_S_NS, 10000000}};
	const struct link_config config = {
		.rate = {steps, 2, 0}, .queue_ns = 400 * LINK_MS_NS, .delay_ns = 15 * LINK_MS_NS};
	struct seen other = {0}, seen = {0};
	struct link *link = NULL;
	struct world world;
	int64_t second;

	g_assert_cmpint(link_new(&link, &config, seed), ==, 0);

	world_init(&world, &(struct world_config){.seed = seed, .video_max_encoding = -1});
	add_camera(&world, 5);
	add_viewer(&world, 2, &other);
	world_run(&world, 5 * SECOND);
	add_viewer(&world, 3, &seen)->down.model = link;
	world_run(&world, WIDE_S * SECOND - world.now_us);
	world_run(&world, 20 * SECOND);
	second = world.now_us / SECOND + 1;
	world_run(&world, 11 * SECOND);
	for (int64_t i = second; i < second + 10; i++) {
		g_test_message("%d bit/s, %d s: %u and %u pictures", (int)thin_bps, (int)i,
			       other.pictures[i], seen.pictures[i]);
		g_assert_cmpuint(other.pictures[i], >=, 29);
		g_assert_cmpuint(seen.pictures[i], >=, 29);
	}
	world_close(&world);
	link_free(link);
}

static void a_link_that_carries_it_gets_it(void)
{
	for (uint64_t seed = 1; seed <= 4; seed++)
		for (int64_t thin_bps = 600000; thin_bps <= 2400000; thin_bps += 150000)
			check(seed, thin_bps);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/fixed_camera/a_link_that_carries_it_gets_it",
			a_link_that_carries_it_gets_it);
	return g_test_run();
}
