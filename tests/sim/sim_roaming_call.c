/* SPDX-License-Identifier: EUPL-1.2 */
/* A client's address changes, its link falls silent, ends or was never honest. */
#include <glib.h>

#include "tests/sim/world.h"

#define SECOND 1000000

/* The longest time without video that a viewer had. */
struct gaps {
	int64_t last_us;
	int64_t longest_us;
};

static void note_gap(struct client *client, struct client_slot *slot,
		     const struct client_packet *packet, void *arg)
{
	struct gaps *gaps = arg;

	if (slot->kind != MEDIA_VIDEO)
		return;
	if (gaps->last_us && packet->now_us - gaps->last_us > gaps->longest_us)
		gaps->longest_us = packet->now_us - gaps->last_us;
	gaps->last_us = packet->now_us;
}

static void init(struct world *world, uint64_t seed, struct gaps *gaps)
{
	memset(gaps, 0, 2 * sizeof(*gaps));
	world_init(world, &(struct world_config){.seed = seed, .video_max_encoding = -1});
	for (uint32_t id = 1; id <= 2; id++) {
		struct client *client = world_add_caller(world, id, 20000);

		client->watch = note_gap;
		client->watch_arg = &gaps[id - 1];
	}
	world_run(world, 3 * SECOND);
}

static void move(struct client *client, int64_t now_us)
{
	client->path.remote.port++;
	client->is_checked = false;
	client->is_answered = true;
	client->check_us = now_us;
}

static void a_new_address_takes_over(void)
{
	struct gaps gaps[2];
	struct world world;

	init(&world, 31, gaps);
	gaps[0].longest_us = gaps[1].longest_us = 0;
	move(world.client[0], world.now_us);
	world_run(&world, 3 * SECOND);
	/* A round trip until the check is answered, and what was sent to the old address. */
	g_assert_cmpint(gaps[0].longest_us, <, 150000);
	g_assert_cmpint(gaps[1].longest_us, <, 150000);
	g_assert_cmpuint(world_count_events(&world, ENGINE_TRANSPORT_SILENT, 1), ==, 0);
	g_assert_cmpuint(world_count_events(&world, ENGINE_TRANSPORT_CONNECTED, 1), ==, 1);
	world_close(&world);
}

static void ice_restart_to_another_address(void)
{
	struct gaps gaps[2];
	struct world world;
	struct client *client;

	init(&world, 32, gaps);
	client = world.client[0];
	gaps[0].longest_us = gaps[1].longest_us = 0;
	client_restart_ice(client, world.now_us);
	/* The offer is on its way for 200 ms; the old path serves meanwhile. */
	client->check_us = INT64_MAX;
	world_run(&world, SECOND / 5);
	world_update(&world, client);
	move(client, world.now_us);
	world_run(&world, 5 * SECOND);
	g_assert_cmpint(gaps[0].longest_us, <, 150000);
	g_assert_cmpint(gaps[1].longest_us, <, 150000);
	g_assert_cmpuint(client->checks_ok, >=, 3);
	/* Twice more: old user names must leave the table. */
	for (size_t i = 0; i < 2; i++) {
		client_restart_ice(client, world.now_us);
		world_update(&world, client);
		world_run(&world, 3 * SECOND);
	}
	g_assert_cmpint(gaps[0].longest_us, <, 150000);
	g_assert_cmpuint(world_stats(&world).dropped_unknown, ==, 0);
	world_close(&world);
}

static void silence_is_told_and_ends_the_transport(void)
{
	struct gaps gaps[2];
	struct world world;
	int64_t since;

	init(&world, 33, gaps);
	world.client[0]->is_silent = true;
	world_run(&world, 2 * SECOND);
	g_assert_null(world_event(&world, ENGINE_TRANSPORT_SILENT, 1));
	world_run(&world, 2 * SECOND);
	g_assert_nonnull(world_event(&world, ENGINE_TRANSPORT_SILENT, 1));
	world.client[0]->is_silent = false;
	world_run(&world, SECOND);
	g_assert_nonnull(world_event(&world, ENGINE_TRANSPORT_BACK, 1));
	world.client[0]->is_silent = true;
	since = world.now_us;
	world_run(&world, 16 * SECOND);
	g_assert_nonnull(world_event(&world, ENGINE_TRANSPORT_GONE, 1));
	g_assert_cmpint(world_event(&world, ENGINE_TRANSPORT_GONE, 1)->reason, ==,
			ENGINE_GONE_EXPIRED);
	/* RFC 7675 5.1: nothing more goes there; and the other's slots are empty. */
	g_assert_cmpint(gaps[0].last_us, <, since + 16 * SECOND);
	g_assert_cmpuint(world_shown(&world, world.client[1], 4), ==, 0);
	g_assert_cmpuint(world_stats(&world).transports, ==, 1);
	world_close(&world);
}

/* Packets of sound at a client, whole ones and empty ones. */
struct sound {
	size_t whole;
	size_t empty;
};

static void note_sound(struct client *client, struct client_slot *slot,
		       const struct client_packet *packet, void *arg)
{
	struct sound *sound = arg;

	if (slot->kind != MEDIA_AUDIO)
		return;
	sound->whole += packet->payload_len > 1;
	sound->empty += packet->payload_len == 1;
}

static void who_is_gone_is_sent_next_to_nothing(void)
{
	struct sound sound = {0};
	struct gaps gaps[2];
	struct world world;

	init(&world, 37, gaps);
	world.client[0]->watch = note_sound;
	world.client[0]->watch_arg = &sound;
	world_run(&world, SECOND);
	g_assert_cmpuint(sound.whole, >, 15);
	g_assert_cmpuint(sound.empty, ==, 0);
	world.client[0]->is_silent = true;
	world_run(&world, SECOND);
	sound = (struct sound){0};
	world_run(&world, 2 * SECOND);
	g_assert_cmpuint(sound.whole, ==, 0);
	g_assert_cmpuint(sound.empty, >=, 3);
	g_assert_cmpuint(sound.empty, <=, 5);
	world.client[0]->is_silent = false;
	world_run(&world, SECOND / 2);
	sound = (struct sound){0};
	world_run(&world, SECOND);
	g_assert_cmpuint(sound.whole, >, 15);
	world_close(&world);
}

static void nobody_comes(void)
{
	struct world world;
	struct client *client;

	world_init(&world, &(struct world_config){.seed = 34, .video_max_encoding = -1});
	client = world_add_caller(&world, 1, 20000);
	client->is_silent = true;
	world_run(&world, 29 * SECOND);
	g_assert_null(world_event(&world, ENGINE_TRANSPORT_GONE, 1));
	world_run(&world, 2 * SECOND);
	g_assert_nonnull(world_event(&world, ENGINE_TRANSPORT_GONE, 1));
	g_assert_cmpint(engine_deadline_us(world.engine), ==, INT64_MAX);
	world_close(&world);
}

static void the_peer_hangs_up(void)
{
	struct gaps gaps[2];
	struct world world;
	uint8_t buf[1500];
	size_t len;

	init(&world, 35, gaps);
	dtls_close(world.client[0]->dtls, world.now_us);
	while ((len = dtls_output(world.client[0]->dtls, buf, sizeof(buf))) > 0)
		client_send(world.client[0], world.now_us, buf, len);
	world_run(&world, SECOND);
	g_assert_nonnull(world_event(&world, ENGINE_TRANSPORT_GONE, 1));
	g_assert_cmpint(world_event(&world, ENGINE_TRANSPORT_GONE, 1)->reason, ==,
			ENGINE_GONE_PEER_CLOSED);
	world_close(&world);
}

static void another_certificate_is_refused(void)
{
	static struct transport_params params;
	struct world world;
	struct client *client;

	world_init(&world, &(struct world_config){.seed = 36, .video_max_encoding = -1});
	client = world_add(&world, &(struct client_config){.id = 1, .audio_slots = 1}, 20000);
	client_params(client, WORLD_ROOM, &params);
	params.remote_fingerprint[5] ^= 1;
	g_assert_cmpint(engine_transport_open(world.engine, world.now_us, &params), ==, 0);
	client->check_us = world.now_us;
	world_run(&world, 3 * SECOND);
	g_assert_null(world_event(&world, ENGINE_TRANSPORT_CONNECTED, 1));
	g_assert_nonnull(world_event(&world, ENGINE_TRANSPORT_GONE, 1));
	g_assert_cmpint(world_event(&world, ENGINE_TRANSPORT_GONE, 1)->reason, ==,
			ENGINE_GONE_DTLS_FAILED);
	g_assert_cmpuint(world_stats(&world).dtls_failed, ==, 1);
	world_close(&world);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/roaming/a-new-address-takes-over", a_new_address_takes_over);
	g_test_add_func("/roaming/ice-restart-to-another-address", ice_restart_to_another_address);
	g_test_add_func("/roaming/silence-is-told-and-ends-the-transport",
			silence_is_told_and_ends_the_transport);
	g_test_add_func("/roaming/who-is-gone-is-sent-next-to-nothing",
			who_is_gone_is_sent_next_to_nothing);
	g_test_add_func("/roaming/nobody-comes", nobody_comes);
	g_test_add_func("/roaming/the-peer-hangs-up", the_peer_hangs_up);
	g_test_add_func("/roaming/another-certificate-is-refused", another_certificate_is_refused);
	return g_test_run();
}
