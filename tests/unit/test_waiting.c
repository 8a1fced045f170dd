/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/route/waiting.h"

static struct waiting_item item_of(struct pkt_pool *pool, uint16_t seq)
{
	struct waiting_item item = {.queued_us = seq};

	item.packet.pkt = pkt_get(pool);
	g_assert_nonnull(item.packet.pkt);
	item.packet.pkt->len = 100;
	item.packet.header.seq = seq;
	return item;
}

static void push(struct waiting *waiting, struct pkt_pool *pool, uint16_t seq, bool fits)
{
	struct waiting_item item = item_of(pool, seq);

	g_assert_true(waiting_push(waiting, &item) == fits);
	pkt_unref(item.packet.pkt);
}

static void gives_back_in_order(void)
{
	struct pkt_pool *pool = pkt_pool_new(8, 8);
	struct waiting waiting = {0};

	g_assert_cmpint(waiting_open(&waiting), ==, 0);
	g_assert_null(waiting_first(&waiting));
	for (uint16_t seq = 1; seq <= 3; seq++)
		push(&waiting, pool, seq, true);
	g_assert_cmpuint(waiting.bytes, ==, 300);
	for (uint16_t seq = 1; seq <= 3; seq++) {
		g_assert_cmpuint(waiting_first(&waiting)->packet.header.seq, ==, seq);
		waiting_pop(&waiting);
	}
	g_assert_cmpuint(waiting.bytes, ==, 0);
	g_assert_cmpuint(pkt_pool_used(pool), ==, 0);
	waiting_close(&waiting);
	pkt_pool_free(pool);
}

static void is_bounded_and_the_oldest_go(void)
{
	struct pkt_pool *pool = pkt_pool_new(LIMIT_WAITING_PACKETS + 1, 8);
	struct waiting waiting = {0};

	g_assert_cmpint(waiting_open(&waiting), ==, 0);
	for (uint16_t seq = 0; seq < 3 * LIMIT_WAITING_PACKETS; seq++)
		push(&waiting, pool, seq, seq < LIMIT_WAITING_PACKETS);
	g_assert_cmpuint(waiting.count, ==, LIMIT_WAITING_PACKETS);
	g_assert_cmpuint(pkt_pool_used(pool), ==, LIMIT_WAITING_PACKETS);
	g_assert_cmpuint(waiting_first(&waiting)->packet.header.seq, ==, 2 * LIMIT_WAITING_PACKETS);
	waiting_close(&waiting);
	g_assert_cmpuint(pkt_pool_used(pool), ==, 0);
	pkt_pool_free(pool);
}

static void holds_nothing_without_room(void)
{
	struct pkt_pool *pool = pkt_pool_new(1, 1);
	struct waiting waiting = {0};

	push(&waiting, pool, 1, false);
	g_assert_cmpuint(waiting.count, ==, 0);
	g_assert_cmpuint(pkt_pool_used(pool), ==, 0);
	waiting_close(&waiting);
	pkt_pool_free(pool);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/waiting/order", gives_back_in_order);
	g_test_add_func("/waiting/bounded", is_bounded_and_the_oldest_go);
	g_test_add_func("/waiting/no-room", holds_nothing_without_room);
	return g_test_run();
}
