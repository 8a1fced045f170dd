/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>

#include "media/base/heap.h"
#include "media/base/rng.h"

static void gives_the_earliest_first(void)
{
	static const int64_t deadlines[] = {50, 10, 40, 10, 30, INT64_MIN, 20};
	static const int64_t sorted[] = {INT64_MIN, 10, 10, 20, 30, 40, 50};
	struct heap_node nodes[G_N_ELEMENTS(deadlines)] = {{0}};
	struct heap heap;

	g_assert_cmpint(heap_init(&heap, G_N_ELEMENTS(nodes)), ==, 0);
	g_assert_cmpint(heap_deadline_us(&heap), ==, DEADLINE_NEVER);
	g_assert_null(heap_first(&heap));
	for (size_t i = 0; i < G_N_ELEMENTS(nodes); i++)
		g_assert_cmpint(heap_set(&heap, &nodes[i], deadlines[i]), ==, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(nodes); i++) {
		g_assert_cmpint(heap_deadline_us(&heap), ==, sorted[i]);
		g_assert_cmpint(heap_first(&heap)->deadline_us, ==, sorted[i]);
		heap_remove(&heap, heap_first(&heap));
	}
	g_assert_null(heap_first(&heap));
	heap_close(&heap);
}

static void never_removes(void)
{
	struct heap_node a = {0};
	struct heap_node b = {0};
	struct heap heap;

	g_assert_cmpint(heap_init(&heap, 2), ==, 0);
	g_assert_cmpint(heap_set(&heap, &a, DEADLINE_NEVER), ==, 0);
	g_assert_null(heap_first(&heap));
	g_assert_cmpint(heap_set(&heap, &a, 1), ==, 0);
	g_assert_cmpint(heap_set(&heap, &b, 2), ==, 0);
	g_assert_cmpint(heap_set(&heap, &a, DEADLINE_NEVER), ==, 0);
	g_assert_true(heap_first(&heap) == &b);
	g_assert_cmpuint(a.place, ==, 0);
	heap_remove(&heap, &a);
	g_assert_true(heap_first(&heap) == &b);
	heap_close(&heap);
	g_assert_cmpuint(b.place, ==, 0);
}

static void full_heap_takes_no_more_but_moves(void)
{
	struct heap_node nodes[3] = {{0}};
	struct heap heap;

	g_assert_cmpint(heap_init(&heap, 2), ==, 0);
	struct heap_node **memory = heap.nodes;
	g_assert_cmpint(heap_set(&heap, &nodes[0], 1), ==, 0);
	g_assert_cmpint(heap_set(&heap, &nodes[1], 2), ==, 0);
	g_assert_cmpint(heap_set(&heap, &nodes[2], 0), ==, -ENOMEM);
	g_assert_cmpuint(nodes[2].place, ==, 0);
	g_assert_cmpint(heap_set(&heap, &nodes[0], 9), ==, 0);
	g_assert_true(heap_first(&heap) == &nodes[1]);
	g_assert_true(heap.nodes == memory);
	heap_close(&heap);
}

static void zero_state_closes(void)
{
	struct heap heap = {0};

	g_assert_null(heap_first(&heap));
	g_assert_cmpint(heap_deadline_us(&heap), ==, DEADLINE_NEVER);
	heap_close(&heap);
	g_assert_cmpint(heap_init(&heap, 0), ==, 0);
	struct heap_node node = {0};
	g_assert_cmpint(heap_set(&heap, &node, 1), ==, -ENOMEM);
	heap_close(&heap);
}

static void assert_ordered(const struct heap *heap)
{
	for (size_t i = 0; i < heap->count; i++) {
		g_assert_cmpuint(heap->nodes[i]->place, ==, i + 1);
		if (i > 0)
			g_assert_cmpint(heap->nodes[(i + 1) / 2 - 1]->deadline_us, <=,
					heap->nodes[i]->deadline_us);
	}
}

/* Against a model that looks through all of them. */
static void random_moves_keep_the_order(void)
{
	enum {
		NODES = 61,
		MOVES = 20000
	};
	struct rng rng = rng_seeded(7);
	struct heap_node nodes[NODES] = {{0}};
	struct heap heap;

	g_assert_cmpint(heap_init(&heap, NODES), ==, 0);
	for (int i = 0; i < MOVES; i++) {
		struct heap_node *node = &nodes[rng_below(&rng, NODES)];
		size_t in = 0;
		int64_t first = DEADLINE_NEVER;

		if (rng_below(&rng, 4) == 0)
			heap_remove(&heap, node);
		else
			g_assert_cmpint(heap_set(&heap, node, rng_below(&rng, 100)), ==, 0);
		assert_ordered(&heap);
		for (size_t j = 0; j < NODES; j++) {
			if (nodes[j].place == 0)
				continue;
			in++;
			first = MIN(first, nodes[j].deadline_us);
		}
		g_assert_cmpuint(heap.count, ==, in);
		g_assert_cmpint(heap_deadline_us(&heap), ==, first);
	}
	heap_close(&heap);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/heap/gives_the_earliest_first", gives_the_earliest_first);
	g_test_add_func("/heap/never_removes", never_removes);
	g_test_add_func("/heap/full_heap_takes_no_more_but_moves",
			full_heap_takes_no_more_but_moves);
	g_test_add_func("/heap/zero_state_closes", zero_state_closes);
	g_test_add_func("/heap/random_moves_keep_the_order", random_moves_keep_the_order);
	return g_test_run();
}
