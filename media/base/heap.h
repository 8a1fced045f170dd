/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Deadlines: a binary heap of nodes embedded in what they wake. The heap borrows its nodes; an
 * owner removes its node before it dies. One thread.
 */
#ifndef VIDD_MEDIA_BASE_HEAP_H
#define VIDD_MEDIA_BASE_HEAP_H

#include <stddef.h>
#include <stdint.h>

#define DEADLINE_NEVER INT64_MAX

/* Zero state: not in any heap. */
struct heap_node {
	int64_t deadline_us;
	size_t place; /* 1-based; 0: not in a heap */
};

struct heap {
	struct heap_node **nodes;
	size_t count;
	size_t cap;
};

/* Room for cap nodes, allocated once so that moving a deadline never allocates. 0 or -ENOMEM. */
int heap_init(struct heap *heap, size_t cap);
void heap_close(struct heap *heap);
/* Puts, moves, or (with DEADLINE_NEVER) removes the node. 0, or -ENOMEM when cap nodes are in. */
int heap_set(struct heap *heap, struct heap_node *node, int64_t deadline_us);
void heap_remove(struct heap *heap, struct heap_node *node);
/* The node due first, or NULL; it stays in. */
struct heap_node *heap_first(const struct heap *heap);
/* Its deadline, or DEADLINE_NEVER. */
int64_t heap_deadline_us(const struct heap *heap);

#endif
