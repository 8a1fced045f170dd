/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A hash table of nodes embedded in what they find: putting and removing never allocates, so it is
 * safe on the packet path. Buckets are made once for the expected count. The table borrows its
 * nodes; comparing keys is the caller's part. One thread.
 */
#ifndef VIDD_MEDIA_ROUTE_TABLE_H
#define VIDD_MEDIA_ROUTE_TABLE_H

#include <stddef.h>
#include <stdint.h>

/* Zero state: in no table. */
struct table_node {
	struct table_node *next;
	uint32_t hash;
};

struct table {
	struct table_node **bucket;
	uint32_t mask;
};

/* 0 or -ENOMEM. */
int table_init(struct table *table, size_t expected);
/* Zero state is safe to close. Nodes still in are forgotten. */
void table_close(struct table *table);
/* The node must not be in a table. Of equal hashes the latest put is found first. */
void table_put(struct table *table, struct table_node *node, uint32_t hash);
/* The node must be in this table. */
void table_remove(struct table *table, struct table_node *node);
/* Walks the nodes that have this hash: first, then next until NULL. */
struct table_node *table_first(const struct table *table, uint32_t hash);
struct table_node *table_next(const struct table_node *node);

/* FNV-1a, for text keys that we chose ourselves (a stranger cannot aim at a bucket). */
uint32_t table_hash_text(const char *text);
/* Spreads ids that count up. */
uint32_t table_hash_id(uint32_t id);

#endif
