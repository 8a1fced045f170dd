/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/table.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

int table_init(struct table *table, size_t expected)
{
	uint32_t size = 16;

	/* At most one node in two buckets, so chains stay short. */
	while (size < expected * 2 && size < (1u << 24))
		size *= 2;
	table->bucket = calloc(size, sizeof(struct table_node *));
	if (!table->bucket)
		return -ENOMEM;
	table->mask = size - 1;
	return 0;
}

void table_close(struct table *table)
{
	free(table->bucket);
	table->bucket = NULL;
	table->mask = 0;
}

void table_put(struct table *table, struct table_node *node, uint32_t hash)
{
	struct table_node **head = &table->bucket[hash & table->mask];

	node->hash = hash;
	node->next = *head;
	*head = node;
}

void table_remove(struct table *table, struct table_node *node)
{
	struct table_node **at = &table->bucket[node->hash & table->mask];

	while (*at && *at != node)
		at = &(*at)->next;
	assert(*at == node);
	*at = node->next;
	node->next = NULL;
}

static struct table_node *skip_to(struct table_node *node, uint32_t hash)
{
	while (node && node->hash != hash)
		node = node->next;
	return node;
}

struct table_node *table_first(const struct table *table, uint32_t hash)
{
	return skip_to(table->bucket[hash & table->mask], hash);
}

struct table_node *table_next(const struct table_node *node)
{
	return skip_to(node->next, node->hash);
}

uint32_t table_hash_text(const char *text)
{
	uint32_t hash = 2166136261u;

	for (; *text; text++)
		hash = (hash ^ (uint8_t)*text) * 16777619u;
	return hash;
}

uint32_t table_hash_id(uint32_t id)
{
	id *= 2654435769u; /* Knuth's multiplicative hash, 2^32 / golden ratio */
	return id ^ (id >> 15);
}
