/* SPDX-License-Identifier: EUPL-1.2 */
/* People in a call: who connects, who sees whom, what arrives and in which shape. */
#include <glib.h>

#include "tests/sim/world.h"

#define SECOND 1000000

static const struct world_config plain = {.seed = 1, .video_max_encoding = -1};

static void check_sees(const struct client *client, const struct client *other)
{
	/* 10 s less the joining: 50 and 60 packets a second. */
	g_assert_cmpuint(client->slot[0].received, >, 9 * 50);
	g_assert_cmpuint(client->slot[4].received, >, 9 * 60);
	g_assert_cmpfloat(client_missing(&client->slot[0]), ==, 0);
	g_assert_cmpfloat(client_missing(&client->slot[4]), ==, 0);
	g_assert_cmpuint(client->slot[0].last.label.track_id, ==, other->source[0].track_id);
	g_assert_cmpuint(client->slot[4].last.label.track_id, ==, other->source[1].track_id);
	g_assert_cmpuint(client->slot[0].reports, >=, 8);
	g_assert_cmpuint(client->receiver_reports, >=, 8);
	g_assert_cmpuint(client->tcc_arrivals, >, 9 * 100);
	g_assert_cmpuint(client->rejected, ==, 0);
	g_assert_cmpuint(client->slot[4].duplicates, ==, 0);
}

static void two_peers_exchange_media(void)
{
	struct world world;
	const struct engine_event *quality;
	struct client *anna;
	struct client *elsa;

	world_init(&world, &plain);
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
	check_sees(anna, elsa);
	check_sees(elsa, anna);
	/* The first keyframe came while the other was there or was asked for: not missed. */
	g_assert_cmpuint(anna->slot[4].keyframes, >=, 1);
	quality = world_event(&world, ENGINE_QUALITY, 1);
	g_assert_nonnull(quality);
	g_assert_cmpint(quality->rtt_us, >, 39000);
	g_assert_cmpint(quality->rtt_us, <, 42000);
	g_assert_cmpint(quality->loss_up_permille, ==, 0);
	g_assert_cmpint(quality->loss_down_permille, ==, 0);
	g_assert_true(world_event(&world, ENGINE_SPEAKING, 1)->is_speaking);
	g_assert_cmpuint(world.strays, ==, 0);
	world_close(&world);
}

static void media_goes_on_where_our_side_starts_dtls(void)
{
	struct client_config config = {.id = 2,
				       .engine_role = DTLS_CLIENT,
				       .audio_slots = 1,
				       .video_slots = 1,
				       .has_rtx = true};
	struct world world;
	struct client *client;

	world_init(&world, &plain);
	world_add_caller(&world, 1, 10000);
	client = world_add(&world, &config, 10000);
	world_join(&world, client);
	world_run(&world, 5 * SECOND);
	g_assert_cmpuint(client->slot[1].received, >, 4 * 60);
	world_close(&world);
}

/* The peer may finish its handshake before us and send at once: on a link that shuffles, media then
 * overtakes the last flight. It is kept for the keys, not lost (RFC 5764 4.2 lets it come). */
static void media_that_overtakes_the_handshake_is_kept(void)
{
	for (uint64_t seed = 1; seed <= 10; seed++) {
		struct client_config config = {
			.id = 1, .engine_role = DTLS_CLIENT, .has_rtx = true};
		struct client_source *voice;
		struct world world;
		struct client *client;

		world_init(&world, &(struct world_config){.seed = seed, .video_max_encoding = -1});
		client = world_add(&world, &config, 10000);
		voice = client_add_source(client, MEDIA_AUDIO, 10, 1);
		client->up.jitter_us = 150000;
		world_join(&world, client);
		world_run(&world, 2 * SECOND);
		voice->is_on = false;
		world_run(&world, SECOND);
		g_assert_cmpuint(voice->encoding[0].packets, >, 50);
		g_assert_cmpuint(world_stats(&world).rtp_in, ==, voice->encoding[0].packets);
		world_close(&world);
	}
}

/* What a subscriber with other numbers and without RED got. */
static void check_renumbered(struct client *client, struct client_slot *slot,
			     const struct client_packet *packet, void *arg)
{
	uint8_t base = client->config.pt_base;
	uint8_t level;
	bool is_voice;

	if (slot->kind == MEDIA_AUDIO) {
		/* Whatever the publisher sends: without loss nobody needs RED. */
		g_assert_cmpuint(packet->pt, ==, base);
		g_assert_true(rtp_ext_audio_level(&packet->exts, &level, &is_voice));
		g_assert_cmpuint(level, ==, 20);
		g_assert_true(is_voice);
	} else if (!packet->is_rtx) {
		g_assert_cmpuint(packet->pt, ==, base + 2);
	}
	g_assert_cmpuint(packet->exts.value[RTP_EXT_ABS_SEND_TIME].len, ==, 3);
	(*(unsigned *)arg)++;
}

static void numbers_are_the_subscribers(gconstpointer data)
{
	struct client_config config = {.id = 2,
				       .engine_role = DTLS_SERVER,
				       .audio_slots = 1,
				       .video_slots = 1,
				       .has_rtx = true,
				       .has_red = *(const bool *)data,
				       .pt_base = 111,
				       .ext_base = 7};
	unsigned checked = 0;
	struct world world;
	struct client *sender;
	struct client *client;

	world_init(&world, &plain);
	sender = world_add(
		&world, &(struct client_config){.id = 1, .has_rtx = true, .has_red = true}, 10000);
	client_add_source(sender, MEDIA_AUDIO, 10, 1)->is_red = true;
	client_add_source(sender, MEDIA_VIDEO, 11, 1);
	client = world_add(&world, &config, 10000);
	client->watch = check_renumbered;
	client->watch_arg = &checked;
	world_join(&world, sender);
	world_join(&world, client);
	world_run(&world, 5 * SECOND);
	g_assert_cmpuint(checked, >, 4 * 110);
	world_close(&world);
}

static void same_seed_gives_the_same_packets(void)
{
	uint64_t digest[2];

	for (size_t round = 0; round < 2; round++) {
		struct world world;
		struct client *client;

		world_init(&world, &(struct world_config){.seed = 7, .video_max_encoding = -1});
		for (uint32_t id = 1; id <= 3; id++) {
			client = world_add_caller(&world, id, 10000 * id);
			client->up.loss = client->down.loss = 0.03;
			client->up.jitter_us = client->down.jitter_us = 8000;
		}
		world_run(&world, 8 * SECOND);
		digest[round] = world.client[0]->digest ^ (world.client[1]->digest * 3) ^
				(world.client[2]->digest * 5);
		g_assert_cmpuint(world.client[0]->slot[4].received, >, 300);
		world_close(&world);
	}
	g_assert_cmpuint(digest[0], ==, digest[1]);
}

static void leaving_says_goodbye_and_empties_slots(void)
{
	struct world world;
	struct client *anna;
	struct client *elsa;

	world_init(&world, &plain);
	anna = world_add_caller(&world, 1, 10000);
	elsa = world_add_caller(&world, 2, 10000);
	world_run(&world, 3 * SECOND);
	engine_transport_close(world.engine, world.now_us, 2);
	world_run(&world, SECOND);
	g_assert_true(elsa->was_closed);
	g_assert_true(elsa->slot[0].said_bye);
	g_assert_true(elsa->slot[4].said_bye);
	g_assert_cmpuint(world_shown(&world, anna, 0), ==, 0);
	g_assert_cmpuint(world_shown(&world, anna, 4), ==, 0);
	g_assert_cmpuint(world_stats(&world).transports, ==, 1);
	g_assert_cmpuint(world_stats(&world).tracks, ==, 2);
	engine_room_close(world.engine, world.now_us, WORLD_ROOM);
	g_assert_cmpuint(world_stats(&world).transports, ==, 0);
	g_assert_cmpuint(world_stats(&world).tracks, ==, 0);
	g_assert_cmpuint(world_stats(&world).rooms, ==, 0);
	world_close(&world);
}

static void hang_up(struct world *world, struct client *client)
{
	uint8_t buf[1500];
	size_t len;

	dtls_close(client->dtls, world->now_us);
	while ((len = dtls_output(client->dtls, buf, sizeof(buf))) > 0)
		client_send(client, world->now_us, buf, len);
}

/* Of whom signaling tells: the handshake's machinery goes when media has come and nobody will ask
 * for our last flight again, so a close_notify is none of its business, and media goes on both
 * ways. */
static void who_is_signalled_needs_no_dtls_in_the_call(const void *role)
{
	struct client_config config = {.id = 1,
				       .engine_role = *(const enum dtls_role *)role,
				       .audio_slots = 4,
				       .video_slots = 4,
				       .has_rtx = true,
				       .has_tcc = true,
				       .is_signalled = true};
	struct client *anna, *elsa;
	struct world world;
	uint64_t heard;

	world_init(&world, &plain);
	elsa = world_add_caller(&world, 2, 30000);
	anna = world_add(&world, &config, 20000);
	client_add_source(anna, MEDIA_AUDIO, 10, 1);
	client_add_source(anna, MEDIA_VIDEO, 11, 1);
	world_join(&world, anna);
	world_run(&world, 4 * SECOND);
	hang_up(&world, anna);
	heard = elsa->slot[0].received;
	world_run(&world, 6 * SECOND);
	g_assert_null(world_event(&world, ENGINE_TRANSPORT_GONE, 1));
	g_assert_cmpuint(elsa->slot[0].received - heard, >, 5 * 50);
	check_sees(anna, elsa);
	world_close(&world);
}

static void who_is_signalled_keeps_dtls_at_first(void)
{
	struct client_config config = {.id = 1, .is_signalled = true, .engine_role = DTLS_SERVER};
	struct client *anna;
	struct world world;

	world_init(&world, &plain);
	anna = world_add(&world, &config, 20000);
	world_join(&world, anna);
	world_run(&world, SECOND);
	g_assert_nonnull(world_event(&world, ENGINE_TRANSPORT_CONNECTED, 1));
	hang_up(&world, anna);
	world_run(&world, SECOND);
	g_assert_nonnull(world_event(&world, ENGINE_TRANSPORT_GONE, 1));
	world_close(&world);
}

int main(int argc, char **argv)
{
	static const bool yes = true;
	static const bool no = false;
	static const enum dtls_role server = DTLS_SERVER;
	static const enum dtls_role client = DTLS_CLIENT;

	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/call/two-peers-exchange-media", two_peers_exchange_media);
	g_test_add_func("/call/media-goes-on-where-our-side-starts-dtls",
			media_goes_on_where_our_side_starts_dtls);
	g_test_add_data_func("/call/who-is-signalled-needs-no-dtls-in-the-call/server", &server,
			     who_is_signalled_needs_no_dtls_in_the_call);
	g_test_add_data_func("/call/who-is-signalled-needs-no-dtls-in-the-call/client", &client,
			     who_is_signalled_needs_no_dtls_in_the_call);
	g_test_add_func("/call/who-is-signalled-keeps-dtls-at-first",
			who_is_signalled_keeps_dtls_at_first);
	g_test_add_func("/call/media-that-overtakes-the-handshake-is-kept",
			media_that_overtakes_the_handshake_is_kept);
	g_test_add_data_func("/call/numbers-are-the-subscribers/red", &yes,
			     numbers_are_the_subscribers);
	g_test_add_data_func("/call/numbers-are-the-subscribers/no-red", &no,
			     numbers_are_the_subscribers);
	g_test_add_func("/call/same-seed-gives-the-same-packets", same_seed_gives_the_same_packets);
	g_test_add_func("/call/leaving-says-goodbye-and-empties-slots",
			leaving_says_goodbye_and_empties_slots);
	return g_test_run();
}
