/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>
#include <string.h>

#include "media/base/pkt.h"

static void fresh_packet_is_clean(void)
{
	struct pkt_pool *pool = pkt_pool_new(1, 0);

	for (int i = 0; i < 2; i++) {
		struct pkt *pkt = pkt_get(pool);
		g_assert_nonnull(pkt);
		g_assert_cmpuint(pkt->refs, ==, 1);
		g_assert_cmpuint(pkt->len, ==, 0);
		g_assert_cmpint(pkt->arrival_us, ==, 0);
		g_assert_cmpuint(pkt->path.local, ==, 0);
		g_assert_cmpuint(pkt->path.remote.family, ==, ADDR_NONE);
		g_assert_null(pkt->next);
		/* Leave it dirty for the second round. */
		pkt->len = 7;
		pkt->arrival_us = 7;
		memset(&pkt->path, 7, sizeof(pkt->path));
		pkt->next = pkt;
		memset(pkt->data, 7, pkt->room);
		pkt_unref(pkt);
	}
	pkt_pool_free(pool);
}

static void pool_stops_at_its_cap(void)
{
	enum {
		MAX = 150
	}; /* two slabs and a part */
	struct pkt *pkts[MAX];
	struct pkt_pool *pool = pkt_pool_new(MAX, 0);

	for (size_t i = 0; i < MAX; i++) {
		pkts[i] = pkt_get(pool);
		g_assert_nonnull(pkts[i]);
		g_assert_cmpuint((uintptr_t)pkts[i] % 64, ==, 0);
		memset(pkts[i]->data, (int)i, pkts[i]->room);
	}
	g_assert_null(pkt_get(pool));
	g_assert_cmpuint(pkt_pool_used(pool), ==, MAX);
	/* None of them overlaps another. */
	for (size_t i = 0; i < MAX; i++) {
		g_assert_cmpuint(pkts[i]->data[0], ==, (uint8_t)i);
		g_assert_cmpuint(pkts[i]->data[pkts[i]->room - 1], ==, (uint8_t)i);
	}
	pkt_unref(pkts[0]);
	g_assert_cmpuint(pkt_pool_used(pool), ==, MAX - 1);
	pkts[0] = pkt_get(pool);
	g_assert_nonnull(pkts[0]);
	for (size_t i = 0; i < MAX; i++)
		pkt_unref(pkts[i]);
	pkt_pool_free(pool);
}

static void warm_pool_does_not_grow(void)
{
	struct pkt_pool *pool = pkt_pool_new(1000, 100);
	struct pkt *pkts[100];
	size_t bytes = pkt_pool_bytes(pool);

	g_assert_cmpuint(bytes, >=, 100 * sizeof(struct pkt));
	g_assert_cmpuint(bytes, <, 200 * (sizeof(struct pkt) + PKT_BYTES));
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < 100; i++)
			pkts[i] = pkt_get(pool);
		for (size_t i = 0; i < 100; i++)
			pkt_unref(pkts[i]);
	}
	g_assert_cmpuint(pkt_pool_bytes(pool), ==, bytes);
	g_assert_cmpuint(pkt_pool_used(pool), ==, 0);
	pkt_pool_free(pool);
}

static void last_reference_gives_back(void)
{
	struct pkt_pool *pool = pkt_pool_new(1, 5);
	struct pkt *pkt = pkt_get(pool);

	g_assert_true(pkt_ref(pkt) == pkt);
	g_assert_true(pkt_ref(pkt) == pkt);
	pkt_unref(pkt);
	pkt_unref(pkt);
	g_assert_cmpuint(pkt_pool_used(pool), ==, 1);
	g_assert_null(pkt_get(pool));
	pkt_unref(pkt);
	g_assert_cmpuint(pkt_pool_used(pool), ==, 0);
	g_assert_true(pkt_get(pool) == pkt);
	pkt_unref(pkt);
	pkt_pool_free(pool);
}

static void what_is_short_moves_to_a_small_buffer(void)
{
	struct pkt_pool *pool = pkt_pool_new(2, 1);
	struct pkt *whole = pkt_get(pool);
	struct pkt *fits, *small;

	whole->len = PKT_BYTES / 4 * 3;
	g_assert_true(pkt_fit(whole) == whole);
	whole->len = PKT_SMALL_BYTES;
	whole->arrival_us = 7;
	whole->path.local = 3;
	memset(whole->data, 0x5a, whole->len);
	small = pkt_fit(whole);
	g_assert_true(small != whole);
	g_assert_cmpuint(small->room, ==, PKT_SMALL_BYTES);
	g_assert_cmpuint(small->len, ==, PKT_SMALL_BYTES);
	g_assert_cmpint(small->arrival_us, ==, 7);
	g_assert_cmpuint(small->path.local, ==, 3);
	g_assert_cmpuint(small->data[PKT_SMALL_BYTES - 1], ==, 0x5a);
	g_assert_true(pkt_fit(small) == small);
	g_assert_cmpuint(pkt_pool_used(pool), ==, 1);
	/* Whole ones are not used up by small ones, and each comes back to its own. */
	whole = pkt_get(pool);
	fits = pkt_fit(pkt_get(pool));
	g_assert_cmpuint(fits->room, ==, PKT_SMALL_BYTES);
	g_assert_true(pkt_fit(whole) == whole); /* two small ones are out: it stays */
	pkt_unref(fits);
	pkt_unref(small);
	pkt_unref(whole);
	whole = pkt_get(pool);
	g_assert_cmpuint(whole->room, ==, PKT_BYTES);
	pkt_unref(whole);
	pkt_pool_free(pool);
}

static void each_length_has_the_least_room_that_takes_it(void)
{
	struct pkt_pool *pool = pkt_pool_new(64, 1);
	uint16_t before = 0;
	size_t sizes = 0;

	for (uint16_t len = 0; len <= PKT_BYTES; len++) {
		struct pkt *pkt = pkt_get(pool);

		pkt->len = len;
		memset(pkt->data, 0x5a, len);
		pkt = pkt_fit(pkt);
		g_assert_cmpuint(pkt->room, >=, len);
		g_assert_true(pkt->room == before || len == before + 1 || len == 0);
		sizes += pkt->room != before;
		before = pkt->room;
		g_assert_true(len == 0 || pkt->data[len - 1] == 0x5a);
		pkt_unref(pkt);
	}
	g_assert_cmpuint(sizes, ==, PKT_SIZES);
	pkt_pool_free(pool);
}

static void nothing_is_legal_to_give_back(void)
{
	pkt_unref(NULL);
	pkt_pool_free(NULL);
	struct pkt_pool *none = pkt_pool_new(0, 10);
	g_assert_null(pkt_get(none));
	pkt_pool_free(none);
}

/* Runs in a process of its own that must die of an assertion. */
static void free_with_a_packet_out(void)
{
	struct pkt_pool *pool = pkt_pool_new(2, 0);

	g_assert_nonnull(pkt_get(pool));
	pkt_pool_free(pool);
}

static void unref_twice(void)
{
	struct pkt *pkt = pkt_get(pkt_pool_new(2, 0));

	pkt_unref(pkt);
	pkt_unref(pkt);
}

/* Whoever writes the count of a packet it gave back makes it come out twice. */
static void give_back_behind_the_pools_back(void)
{
	struct pkt_pool *pool = pkt_pool_new(2, 0);
	struct pkt *pkt = pkt_get(pool);
	struct pkt *other = pkt_get(pool);

	pkt_unref(pkt);
	pkt->refs = 1;
	pkt_unref(pkt);
	(void)other;
	pkt_pool_free(pool);
}

static void wrong_ownership_dies(gconstpointer name)
{
	g_test_trap_subprocess(name, 0, 0);
	g_test_trap_assert_failed();
	g_test_trap_assert_stderr("*ssertion*");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/pkt/fresh_packet_is_clean", fresh_packet_is_clean);
	g_test_add_func("/pkt/pool_stops_at_its_cap", pool_stops_at_its_cap);
	g_test_add_func("/pkt/warm_pool_does_not_grow", warm_pool_does_not_grow);
	g_test_add_func("/pkt/last_reference_gives_back", last_reference_gives_back);
	g_test_add_func("/pkt/short_moves_to_a_small_buffer",
			what_is_short_moves_to_a_small_buffer);
	g_test_add_func("/pkt/each-length-has-the-least-room-that-takes-it",
			each_length_has_the_least_room_that_takes_it);
	g_test_add_func("/pkt/nothing_is_legal_to_give_back", nothing_is_legal_to_give_back);
	g_test_add_data_func("/pkt/free_with_a_packet_out_dies",
			     "/pkt/subprocess/free_with_a_packet_out", wrong_ownership_dies);
	g_test_add_data_func("/pkt/unref_twice_dies", "/pkt/subprocess/unref_twice",
			     wrong_ownership_dies);
	g_test_add_data_func("/pkt/give_back_behind_the_pools_back_dies",
			     "/pkt/subprocess/give_back_behind_the_pools_back",
			     wrong_ownership_dies);
	g_test_add_func("/pkt/subprocess/free_with_a_packet_out", free_with_a_packet_out);
	g_test_add_func("/pkt/subprocess/unref_twice", unref_twice);
	g_test_add_func("/pkt/subprocess/give_back_behind_the_pools_back",
			give_back_behind_the_pools_back);
	return g_test_run();
}
