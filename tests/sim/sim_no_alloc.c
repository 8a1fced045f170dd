/* SPDX-License-Identifier: EUPL-1.2 */
/* The forwarding path allocates nothing once a call runs: counted over the whole process while the
 * engine is inside engine_input and engine_timeout, RTCP and retransmission included. */
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

int main(int argc, char **argv)
{
	static const double none = 0;
	static const double some = 0.05;

	g_test_init(&argc, &argv, NULL);
	g_test_add_data_func("/no-alloc/clean", &none, forwarding_allocates_nothing);
	g_test_add_data_func("/no-alloc/with-repair", &some, forwarding_allocates_nothing);
	return g_test_run();
}
