/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/base/heap.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

int heap_init(struct heap *heap, size_t cap)
{
	struct heap_node **nodes = calloc(cap > 0 ? cap : 1, sizeof(struct heap_node *));

	if (!nodes)
		return -ENOMEM;
	*heap = (struct heap){.nodes = nodes, .count = 0, .cap = cap};
	return 0;
}

void heap_close(struct heap *heap)
{
	for (size_t i = 0; i < heap->count; i++)
		heap->nodes[i]->place = 0;
	free((void *)heap->nodes);
	*heap = (struct heap){0};
}

/* Places are 1-based: the parent of k is k / 2, its children 2k and 2k + 1. */
static void put(struct heap *heap, size_t place, struct heap_node *node)
{
	heap->nodes[place - 1] = node;
	node->place = place;
}

/* Finds the node's place from a free one at `place` upwards. */
static size_t sift_up(struct heap *heap, size_t place, const struct heap_node *node)
{
	while (place > 1 && heap->nodes[place / 2 - 1]->deadline_us > node->deadline_us) {
		put(heap, place, heap->nodes[place / 2 - 1]);
		place /= 2;
	}
	return place;
}

/* Finds the node's place from a free one at `place` downwards. */
static size_t sift_down(struct heap *heap, size_t place, const struct heap_node *node)
{
	for (size_t child = 2 * place; child <= heap->count; child = 2 * place) {
		if (child < heap->count &&
		    heap->nodes[child]->deadline_us < heap->nodes[child - 1]->deadline_us)
			child++;
		if (heap->nodes[child - 1]->deadline_us >= node->deadline_us)
			break;
		put(heap, place, heap->nodes[child - 1]);
		place = child;
	}
	return place;
}

static void settle(struct heap *heap, size_t place, struct heap_node *node)
{
	size_t up = sift_up(heap, place, node);

	put(heap, up != place ? up : sift_down(heap, place, node), node);
}

int heap_set(struct heap *heap, struct heap_node *node, int64_t deadline_us)
{
	if (deadline_us == DEADLINE_NEVER) {
		heap_remove(heap, node);
		return 0;
	}
	if (node->place == 0) {
		if (heap->count == heap->cap)
			return -ENOMEM;
		heap->count++;
		node->deadline_us = deadline_us;
		put(heap, sift_up(heap, heap->count, node), node);
		return 0;
	}
	assert(node->place <= heap->count && heap->nodes[node->place - 1] == node);
	node->deadline_us = deadline_us;
	settle(heap, node->place, node);
	return 0;
}

void heap_remove(struct heap *heap, struct heap_node *node)
{
	size_t place = node->place;

	node->deadline_us = DEADLINE_NEVER;
	if (place == 0)
		return;
	assert(place <= heap->count && heap->nodes[place - 1] == node);
	struct heap_node *last = heap->nodes[heap->count - 1];
	heap->count--;
	node->place = 0;
	if (last != node)
		settle(heap, place, last);
}

struct heap_node *heap_first(const struct heap *heap)
{
	return heap->count > 0 ? heap->nodes[0] : NULL;
}

int64_t heap_deadline_us(const struct heap *heap)
{
	return heap->count > 0 ? heap->nodes[0]->deadline_us : DEADLINE_NEVER;
}
