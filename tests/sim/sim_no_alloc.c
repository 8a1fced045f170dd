/* SPDX-License-Identifier: EUPL-1.2 */
/* The forwarding path allocates nothing once a call runs: counted over the whole process while the
 * engine is inside engine_input and engine_timeout, RTCP and retransmission included; likewise
 * feedback, pacing, RED and cached runs. */
#include <glib.h>

#include "tests/sim/world.h"
#include "tests/support/alloc_count.h"

#define SECOND 1000000

static uint64_t count_now(void)
{
	return alloc_count;
}

static void forwarding_allocates_nothing(gconstpointer data)
{
	double loss = *(const double *)data;
	struct world world;
	struct engine_stats before;
	struct engine_stats after;
	uint64_t forwarded;

	/* Counting replaces malloc, which the sanitizers have replaced already. */
	if (!alloc_count_works) {
		g_test_skip("the allocator is the sanitizer's");
		return;
	}
	world_init(&world, &(struct world_config){.seed = 71, .video_max_encoding = -1});
	for (uint32_t id = 1; id <= 3; id++) {
		struct client *client = world_add_caller(&world, id, 15000);

		client->up.loss = client->down.loss = loss;
	}
	world_run(&world, 10 * SECOND);
	g_assert_cmpint(world.client[0]->profile, ==, SRTP_LINK_AEAD_AES_128_GCM);
	before = world_stats(&world);
	world.alloc_count = count_now;
	world_run(&world, 20 * SECOND);
	after = world_stats(&world);
	forwarded = after.rtp_forwarded - before.rtp_forwarded;
	g_test_message("%lu forwarded, %lu resent: %lu allocations (STUN and DTLS: %lu)",
		       (unsigned long)forwarded, (unsigned long)(after.rtx_out - before.rtx_out),
		       (unsigned long)world.media_allocs, (unsigned long)world.other_allocs);
	g_assert_cmpuint(forwarded, >=, 10000);
	g_assert_true(loss == 0 || after.rtx_out - before.rtx_out > 100);
	g_assert_cmpuint(world.media_allocs, ==, 0);
	g_assert_cmpuint(after.pool_bytes, ==, before.pool_bytes);
	world_close(&world);
}

static void add_caller_with_red(struct world *world, uint32_t id)
{
	struct client_config config = {
		.id = id,
		.engine_role = DTLS_SERVER,
		.audio_slots = 4,
		.video_slots = 4,
		.has_rtx = true,
		.has_red = true,
		.has_tcc = true,
	};
	struct client *client = world_add(world, &config, 15000);

	client_add_source(client, MEDIA_AUDIO, id * 10, 1)->is_red = true;
	client_add_source(client, MEDIA_VIDEO, id * 10 + 1, 1);
	world_join(world, client);
}

/* The second hears the others in RED over a link that loses, and becomes so thin that pictures wait
 * and stills come; the fourth joins meanwhile and is shown cached runs. */
static void a_thin_link_makes_a_queue_grow(void)
{
	static const struct link_step rates[] = {
		{0, 2000000}, {12000 * LINK_MS_NS, 60000}, {24000 * LINK_MS_NS, 600000}};
	static const struct link_config config = {
		.rate = {.steps = rates, .count = G_N_ELEMENTS(rates)},
		.queue_ns = 400 * LINK_MS_NS,
		.delay_ns = 30 * LINK_MS_NS,
	};
	struct link *thin = NULL;
	struct world world;
	struct engine_stats before;
	struct engine_stats after;
	uint64_t bytes;

	/* Counting replaces malloc, which the sanitizers have replaced already. */
	if (!alloc_count_works) {
		g_test_skip("the allocator is the sanitizer's");
		return;
	}
	world_init(&world, &(struct world_config){.seed = 72, .video_max_encoding = -1});
	for (uint32_t id = 1; id <= 3; id++)
		add_caller_with_red(&world, id);
	g_assert_cmpint(link_new(&thin, &config, 1), ==, 0);
	world.client[1]->down.model = thin;
	world.client[2]->down.loss = 0.08;
	world_run(&world, 10 * SECOND);
	before = world_stats(&world);
	world.alloc_count = count_now;
	world_run(&world, 15 * SECOND);
	world.alloc_count = NULL;
	add_caller_with_red(&world, 4);
	/* Whose first packets make their SSRCs' state, and fill what is kept for repair. */
	world_run(&world, 4 * SECOND);
	bytes = world_stats(&world).pool_bytes;
	world.alloc_count = count_now;
	world_run(&world, 15 * SECOND);
	after = world_stats(&world);
	g_test_message(
		"%lu forwarded, %lu resent, %lu late, %lu replays: %lu allocations (STUN and "
		"DTLS: %lu)",
		(unsigned long)(after.rtp_forwarded - before.rtp_forwarded),
		(unsigned long)(after.rtx_out - before.rtx_out),
		(unsigned long)(after.dropped_late - before.dropped_late),
		(unsigned long)(after.replays - before.replays), (unsigned long)world.media_allocs,
		(unsigned long)world.other_allocs);
	g_assert_cmpuint(after.rtx_out - before.rtx_out, >, 100);
	g_assert_cmpuint(after.replays - before.replays, >=, 3);
	g_assert_cmpuint(after.dropped_late - before.dropped_late, >, 0);
	g_assert_cmpuint(after.pool_bytes, ==, bytes);
	/* The one queue of pictures where more waits than ever did doubles, four times at most. */
	g_assert_cmpuint(world.media_allocs, <=, 4);
	world_close(&world);
	link_free(thin);
}

int main(int argc, char **argv)
{
	static const double none = 0;
	static const double some = 0.05;

	g_test_init(&argc, &argv, NULL);
	g_test_add_data_func("/no-alloc/clean", &none, forwarding_allocates_nothing);
	g_test_add_data_func("/no-alloc/with-repair", &some, forwarding_allocates_nothing);
	g_test_add_func("/no-alloc/thin", a_thin_link_makes_a_queue_grow);
	return g_test_run();
}
