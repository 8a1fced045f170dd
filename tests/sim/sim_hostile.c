/* SPDX-License-Identifier: EUPL-1.2 */
/* Strangers do their worst beside a running call: it goes on packet for packet as without them, and
 * nothing they send is kept. */
#include <glib.h>
#include <string.h>

#include "tests/sim/world.h"

#define SECOND 1000000

typedef void (*attack_fn)(struct world *world, struct rng *rng, unsigned round);

struct outcome {
	uint64_t digest[2];
	uint64_t packets_out;
	uint64_t pool_bytes;
	struct engine_stats stats;
};

static struct path stranger(struct rng *rng)
{
	struct path path = {.remote = {.family = ADDR_IPV4}};

	path.remote.port = (uint16_t)(1024 + rng_below(rng, 60000));
	memcpy(path.remote.ip, (uint8_t[]){203, 0, 113, (uint8_t)rng_below(rng, 250)}, 4);
	return path;
}

static void init(struct world *world)
{
	world_init(world, &(struct world_config){.seed = 61, .video_max_encoding = -1});
	for (uint32_t id = 1; id <= 2; id++)
		world_add_caller(world, id, 15000);
}

/* A call of 6 s with 200 rounds of attack in its second half, or none. */
static struct outcome run(attack_fn attack)
{
	struct rng rng = rng_seeded(99);
	struct outcome out;
	struct world world;

	init(&world);
	world_run(&world, 3 * SECOND);
	for (unsigned round = 0; round < 200; round++) {
		if (attack)
			attack(&world, &rng, round);
		world_run(&world, 3 * SECOND / 200);
	}
	out.digest[0] = world.client[0]->digest;
	out.digest[1] = world.client[1]->digest;
	out.stats = world_stats(&world);
	out.pool_bytes = out.stats.pool_bytes;
	out.packets_out = out.stats.packets_out;
	g_assert_cmpuint(world.strays, ==, 0);
	g_assert_cmpuint(world_count_events(&world, ENGINE_TRANSPORT_GONE, 1), ==, 0);
	g_assert_cmpuint(world.client[0]->rejected + world.client[1]->rejected, ==, 0);
	world_close(&world);
	return out;
}

static struct outcome check_no_effect(attack_fn attack)
{
	struct outcome calm = run(NULL);
	struct outcome after = run(attack);

	g_assert_cmpuint(calm.stats.rtp_forwarded, >, 6 * 100);
	g_assert_cmpuint(after.digest[0], ==, calm.digest[0]);
	g_assert_cmpuint(after.digest[1], ==, calm.digest[1]);
	g_assert_cmpuint(after.packets_out, ==, calm.packets_out);
	g_assert_cmpuint(after.pool_bytes, ==, calm.pool_bytes);
	g_assert_cmpuint(after.stats.pool_used, ==, calm.stats.pool_used);
	return after;
}

/* --- the attacks ------------------------------------------------------------------------------ */

static void hello_from_anywhere(struct world *world, struct rng *rng, unsigned round)
{
	struct path path = stranger(rng);
	struct dtls *dtls;
	uint8_t buf[1500];
	size_t len;

	g_assert_cmpint(dtls_new(&dtls, world->now_us, DTLS_CLIENT, world->client_cert,
				 cert_fingerprint(world->cert)),
			==, 0);
	while ((len = dtls_output(dtls, buf, sizeof(buf))) > 0)
		world_inject(world, &path, buf, len);
	dtls_free(dtls);
}

static void media_from_anywhere(struct world *world, struct rng *rng, unsigned round)
{
	const struct client_encoding *encoding = &world->client[0]->source[1].encoding[0];
	const struct client_kept *kept = &encoding->history[(encoding->seq - 1u) % CLIENT_HISTORY];
	uint8_t forged[1400];
	struct path path = stranger(rng);

	/* The very packet, then one further on under the same SSRC. */
	world_inject(world, &path, kept->protected, kept->protected_len);
	memcpy(forged, kept->protected, kept->protected_len);
	forged[3]++;
	world_inject(world, &path, forged, kept->protected_len);
}

static void replay_and_forgery_from_the_address_itself(struct world *world, struct rng *rng,
						       unsigned round)
{
	const struct client_encoding *encoding = &world->client[0]->source[1].encoding[0];
	const struct client_kept *kept =
		&encoding->history[(encoding->seq - 100u) % CLIENT_HISTORY];
	uint8_t forged[1400];

	world_inject(world, &world->client[0]->path, kept->protected, kept->protected_len);
	memcpy(forged, kept->protected, kept->protected_len);
	rng_bytes(rng, forged + 20, 100);
	forged[2] = (uint8_t)((encoding->seq + 1) >> 8);
	forged[3] = (uint8_t)(encoding->seq + 1);
	world_inject(world, &world->client[0]->path, forged, kept->protected_len);
	forged[1] = 200; /* RTCP sender report */
	world_inject(world, &world->client[0]->path, forged, kept->protected_len);
}

/* 50 a round: 10,000 in all, half from strangers and half from the client's own address. */
static void checks_with_a_wrong_password(struct world *world, struct rng *rng, unsigned round)
{
	struct client *client = world->client[round % 2];
	const struct stun_client_check check = {.to = &client->remote,
						.from_ufrag = client->local.ufrag,
						.pwd = "thisIsNotThePasswordAtAll",
						.use_candidate = true,
						.priority = 1};
	StunAgent agent;
	uint8_t buf[512];
	size_t len = stun_client_write(&agent, buf, sizeof(buf), &check);

	for (size_t i = 0; i < 50; i++) {
		struct path path = i % 2 ? client->path : stranger(rng);

		world_inject(world, &path, buf, len);
	}
}

/* Every length from nothing to more than the buffer's worth, every first byte in turn. */
static void garbage_of_every_size(struct world *world, struct rng *rng, unsigned round)
{
	uint8_t buf[1600];

	for (size_t i = 0; i < 16; i++) {
		size_t len = rng_below(rng, 1600);
		struct path path = i % 2 ? world->client[round % 2]->path : stranger(rng);

		rng_bytes(rng, buf, sizeof(buf));
		buf[0] = (uint8_t)(round + i * 16);
		world_inject(world, &path, buf, len);
	}
}

/* What the client really sent, cut short anywhere. */
static void truncated_packets(struct world *world, struct rng *rng, unsigned round)
{
	const struct client_encoding *encoding = &world->client[0]->source[1].encoding[0];
	const struct client_kept *kept = &encoding->history[(encoding->seq - 1u) % CLIENT_HISTORY];

	for (size_t i = 0; i < 8; i++)
		world_inject(world, &world->client[0]->path, kept->protected,
			     rng_below(rng, kept->protected_len));
	world_inject(world, &world->client[0]->path, world->client[0]->request,
		     rng_below(rng, (uint32_t)world->client[0]->request_len));
}

/* --- the tests -------------------------------------------------------------------------------- */

static void dtls_from_unvalidated_addresses(void)
{
	struct outcome out = check_no_effect(hello_from_anywhere);

	g_assert_cmpuint(out.stats.dropped_unknown, >=, 200);
}

static void rtp_from_elsewhere_with_the_right_ssrc(void)
{
	struct outcome out = check_no_effect(media_from_anywhere);

	g_assert_cmpuint(out.stats.dropped_unknown, ==, 400);
}

static void spoofed_address(void)
{
	struct outcome out = check_no_effect(replay_and_forgery_from_the_address_itself);

	g_assert_cmpuint(out.stats.dropped_replay, ==, 200);
	g_assert_cmpuint(out.stats.dropped_auth, >=, 200);
}

static void ten_thousand_checks_with_bad_integrity(void)
{
	struct outcome out = check_no_effect(checks_with_a_wrong_password);

	g_assert_cmpuint(out.stats.ice_bad_integrity, ==, 10000);
}

static void oversized_and_truncated_everything(void)
{
	check_no_effect(garbage_of_every_size);
	check_no_effect(truncated_packets);
}

/* RTP that comes before the keys is kept, but no more of it than LIMIT_EARLY_PACKETS. */
static void a_flood_before_the_keys_is_bounded(void)
{
	uint8_t rtp[200] = {0x80, 96};
	struct world world;
	struct client *client;
	uint64_t before;

	world_init(&world, &(struct world_config){.seed = 62, .video_max_encoding = -1});
	client = world_add_caller(&world, 1, 15000);
	while (client->checks_ok == 0)
		world_run(&world, 5000);
	client->is_silent = true;
	before = world_stats(&world).pool_used;
	for (unsigned i = 0; i < 1000; i++) {
		rtp[3] = (uint8_t)i;
		world_inject(&world, &client->path, rtp, sizeof(rtp));
	}
	g_assert_cmpuint(world_stats(&world).pool_used - before, ==, LIMIT_EARLY_PACKETS);
	g_assert_cmpuint(world_stats(&world).dropped_unknown, ==, 1000 - LIMIT_EARLY_PACKETS);
	world_close(&world);
}

/* A participant with credentials of its own forges another's source address in its checks. */
static void a_path_stays_with_who_is_connected(void)
{
	const struct stun_client_check check = {.from_ufrag = "x", .use_candidate = true};
	struct stun_client_check own = check;
	struct world world;
	StunAgent agent;
	uint8_t buf[512];
	uint64_t before;
	size_t len;

	init(&world);
	world_add_caller(&world, 3, 15000);
	world_run(&world, 3 * SECOND);
	own.to = &world.client[2]->remote;
	len = stun_client_write(&agent, buf, sizeof(buf), &own);
	world_inject(&world, &world.client[0]->path, buf, len);
	before = world.client[1]->slot[4].received;
	world_run(&world, SECOND);
	/* The victim is heard as before; the forger has only turned its own media away. */
	g_assert_cmpuint(world_stats(&world).dropped_auth, ==, 0);
	g_assert_cmpuint(world.client[1]->slot[4].last.label.track_id, ==, 11);
	g_assert_cmpuint(world.client[1]->slot[4].received, >=, before + 58);
	world_close(&world);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/hostile/dtls-from-unvalidated-addresses",
			dtls_from_unvalidated_addresses);
	g_test_add_func("/hostile/rtp-from-elsewhere-with-the-right-ssrc",
			rtp_from_elsewhere_with_the_right_ssrc);
	g_test_add_func("/hostile/spoofed-address", spoofed_address);
	g_test_add_func("/hostile/ten-thousand-checks-with-bad-integrity",
			ten_thousand_checks_with_bad_integrity);
	g_test_add_func("/hostile/oversized-and-truncated-everything",
			oversized_and_truncated_everything);
	g_test_add_func("/hostile/a-flood-before-the-keys-is-bounded",
			a_flood_before_the_keys_is_bounded);
	g_test_add_func("/hostile/a-path-stays-with-who-is-connected",
			a_path_stays_with_who_is_connected);
	return g_test_run();
}
