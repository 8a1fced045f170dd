/* SPDX-License-Identifier: EUPL-1.2 */
/* Loss on both hops is mended: by RTX where it was negotiated, by plain repetition where not. */
#include <glib.h>

#include "tests/sim/world.h"

#define SECOND 1000000

static struct client *add(struct world *world, uint32_t id, bool has_rtx)
{
	struct client_config config = {.id = id,
				       .engine_role = DTLS_SERVER,
				       .audio_slots = 1,
				       .video_slots = 1,
				       .has_rtx = has_rtx};
	struct client *client = world_add(world, &config, 25000);

	client_add_source(client, MEDIA_AUDIO, id * 10, 1);
	client_add_source(client, MEDIA_VIDEO, id * 10 + 1, 1);
	return client;
}

/* 5 % loss in each direction of each access, 25 ms each way (50 ms round trip per hop). */
static void five_percent_is_repaired(gconstpointer data)
{
	bool has_rtx = *(const bool *)data;
	struct world world;
	struct client *sender;
	struct client *viewer;

	world_init(&world, &(struct world_config){.seed = 42, .video_max_encoding = -1});
	sender = add(&world, 1, has_rtx);
	viewer = add(&world, 2, has_rtx);
	sender->up.loss = sender->down.loss = 0.05;
	viewer->up.loss = viewer->down.loss = 0.05;
	world_join(&world, sender);
	world_join(&world, viewer);
	world_run(&world, 60 * SECOND);
	/* Let the last gaps close before counting. */
	sender->source[1].is_on = false;
	world_run(&world, 2 * SECOND);
	g_test_message(
		"%s: %lu packets, %.4f %% never came, %lu by RTX, %u NACKs up, %lu down",
		has_rtx ? "rtx" : "plain", (unsigned long)viewer->slot[1].received,
		client_missing(&viewer->slot[1]) * 100, (unsigned long)viewer->slot[1].recovered,
		sender->source[1].encoding[0].nacks, (unsigned long)world_stats(&world).nacks_in);
	g_assert_cmpuint(viewer->slot[1].received, >, 55 * 60);
	g_assert_cmpfloat(client_missing(&viewer->slot[1]), <, 0.001);
	/* Without repair nearly 10 % would be missing: it was done, and by the way negotiated. */
	g_assert_cmpuint(sender->source[1].encoding[0].nacks, >, 100);
	g_assert_cmpuint(world_stats(&world).nacks_in, >, 100);
	if (has_rtx) {
		g_assert_cmpuint(viewer->slot[1].recovered, >, 100);
		g_assert_cmpuint(world_stats(&world).rtx_in, >, 100);
	} else {
		g_assert_cmpuint(viewer->slot[1].recovered, ==, 0);
		g_assert_cmpuint(world_stats(&world).rtx_in, ==, 0);
		g_assert_cmpuint(world_stats(&world).rtx_out, >, 100);
	}
	/* A repetition under the same number must be the same bytes, or unprotecting fails. */
	g_assert_cmpuint(viewer->rejected, <, viewer->slot[1].received / 50);
	world_close(&world);
}

/* Audio is not repaired (nothing negotiates it) and so is not delayed either. */
static void audio_keeps_its_holes(void)
{
	struct world world;
	struct client *sender;
	struct client *viewer;

	world_init(&world, &(struct world_config){.seed = 5, .video_max_encoding = -1});
	sender = add(&world, 1, true);
	viewer = add(&world, 2, true);
	sender->up.loss = 0.05;
	world_join(&world, sender);
	world_join(&world, viewer);
	world_run(&world, 20 * SECOND);
	g_assert_cmpfloat(client_missing(&viewer->slot[0]), >, 0.02);
	g_assert_cmpfloat(client_missing(&viewer->slot[0]), <, 0.09);
	world_close(&world);
}

/* RFC 4588 5.1: loss is what the path did, before repair. */
static void quality_tells_loss_before_repair(void)
{
	const struct engine_event *quality;
	struct world world;
	struct client *sender;
	struct client *viewer;
	int64_t up = 0;
	int64_t down = 0;
	size_t count = 0;

	world_init(&world, &(struct world_config){.seed = 6, .video_max_encoding = -1});
	sender = add(&world, 1, true);
	viewer = add(&world, 2, true);
	sender->up.loss = 0.05;
	viewer->down.loss = 0.10;
	world_join(&world, sender);
	world_join(&world, viewer);
	world_run(&world, 40 * SECOND);
	for (size_t i = 0; i < world.event_count; i++) {
		quality = &world.event[i];
		if (quality->type != ENGINE_QUALITY)
			continue;
		if (quality->transport_id == 1 && quality->loss_up_permille >= 0)
			up += quality->loss_up_permille;
		if (quality->transport_id == 2 && quality->loss_down_permille >= 0)
			down += quality->loss_down_permille;
		count += quality->transport_id == 1;
	}
	g_assert_cmpuint(count, >=, 18);
	g_assert_cmpint(up / (int64_t)count, >, 35);
	g_assert_cmpint(up / (int64_t)count, <, 65);
	g_assert_cmpint(down / (int64_t)count, >, 75);
	g_assert_cmpint(down / (int64_t)count, <, 125);
	world_close(&world);
}

int main(int argc, char **argv)
{
	static const bool yes = true;
	static const bool no = false;

	g_test_init(&argc, &argv, NULL);
	g_test_add_data_func("/repair/five-percent-is-repaired/rtx", &yes,
			     five_percent_is_repaired);
	g_test_add_data_func("/repair/five-percent-is-repaired/plain", &no,
			     five_percent_is_repaired);
	g_test_add_func("/repair/audio-keeps-its-holes", audio_keeps_its_holes);
	g_test_add_func("/repair/quality-tells-loss-before-repair",
			quality_tells_loss_before_repair);
	return g_test_run();
}
