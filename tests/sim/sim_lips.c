/* SPDX-License-Identifier: EUPL-1.2 */
/* Voice and picture of whoever is in the slots stay together: the viewer's own arithmetic on our
 * sender reports (RFC 3550 6.4.1) puts both within 100 ms, through slot switches. */
#include <glib.h>

#include "tests/sim/world.h"

#define SECOND 1000000

struct lips {
	bool has[2];	     /* by kind: a packet after a report came */
	int64_t error_us[2]; /* playout time by the report, minus when it was captured */
	uint32_t from[2];    /* the publisher, by track / 10 */
	int64_t worst_us;
	unsigned compared;
	unsigned compared_of[10]; /* by publisher */
};

static void compare(struct client *client, struct client_slot *slot,
		    const struct client_packet *packet, void *arg)
{
	struct lips *lips = arg;
	int64_t clock = slot->kind == MEDIA_AUDIO ? 48000 : 90000;
	int64_t shown_us;
	int64_t apart;

	if (!slot->has_report)
		return;
	shown_us = slot->report_us +
		   (int64_t)(int32_t)(packet->timestamp - slot->report_ts) * 1000000 / clock;
	lips->has[slot->kind] = true;
	lips->error_us[slot->kind] = shown_us - packet->label.captured_us;
	lips->from[slot->kind] = packet->label.track_id / 10;
	if (!lips->has[0] || !lips->has[1] || lips->from[0] != lips->from[1])
		return;
	apart = ABS(lips->error_us[0] - lips->error_us[1]);
	lips->worst_us = MAX(lips->worst_us, apart);
	lips->compared++;
	lips->compared_of[lips->from[0]]++;
}

/* Publishers with clocks hours apart; a camera that takes 60 ms longer than the microphone. */
static void voice_and_picture_stay_together(void)
{
	struct client_config config = {.id = 9,
				       .engine_role = DTLS_SERVER,
				       .audio_slots = 1,
				       .video_slots = 1,
				       .has_rtx = true};
	struct lips lips = {.worst_us = 0};
	struct world world;
	struct client *viewer;

	world_init(&world, &(struct world_config){.seed = 51, .video_max_encoding = -1});
	for (uint32_t id = 1; id <= 3; id++) {
		struct client *client = world_add_caller(&world, id, 15000 * id);

		client->config.ntp_offset_us = (int64_t)id * 3600 * SECOND * (id % 2 ? 1 : -1);
		client->source[0].capture_lag_us = 20000;
		client->source[1].capture_lag_us = 80000;
		client->up.jitter_us = 10000;
	}
	viewer = world_add(&world, &config, 30000);
	viewer->down.jitter_us = 10000;
	viewer->watch = compare;
	viewer->watch_arg = &lips;
	world_join(&world, viewer);
	for (uint32_t id = 1; id <= 3; id++) {
		world_run(&world, 8 * SECOND);
		g_test_message("after publisher %u: %u compared, worst %ld us", id, lips.compared,
			       (long)lips.worst_us);
		engine_transport_close(world.engine, world.now_us, id);
	}
	for (uint32_t id = 1; id <= 3; id++)
		g_assert_cmpuint(lips.compared_of[id], >, 5 * 100);
	g_assert_cmpint(lips.worst_us, <=, 100000);
	world_close(&world);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/lips/voice-and-picture-stay-together", voice_and_picture_stay_together);
	return g_test_run();
}
