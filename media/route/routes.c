/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/routes.h"

#include <string.h>

int routes_init(struct routes *routes, size_t max_transports)
{
	int err;

	memset(routes, 0, sizeof(*routes));
	/* A transport has one or two paths as a rule, LIMIT_ICE_PATHS at worst. */
	err = table_init(&routes->paths, max_transports * 2);
	if (!err)
		err = table_init(&routes->ufrags, max_transports * 2);
	if (err)
		routes_close(routes);
	return err;
}

void routes_close(struct routes *routes)
{
	table_close(&routes->paths);
	table_close(&routes->ufrags);
}

static uint32_t hash_path(const struct path *path)
{
	return addr_hash(&path->remote) ^ table_hash_id(path->local);
}

struct transport *routes_find_path(const struct routes *routes, const struct path *path)
{
	struct table_node *node = table_first(&routes->paths, hash_path(path));

	for (; node; node = table_next(node)) {
		struct route_path *entry = (struct route_path *)node;

		if (path_equal(&entry->path, path))
			return entry->transport;
	}
	return NULL;
}

struct transport *routes_find_ufrag(const struct routes *routes, const char *ufrag)
{
	struct table_node *node = table_first(&routes->ufrags, table_hash_text(ufrag));

	for (; node; node = table_next(node)) {
		struct route_ufrag *entry = (struct route_ufrag *)node;

		if (strcmp(entry->ufrag, ufrag) == 0)
			return entry->transport;
	}
	return NULL;
}

void routes_put_path(struct routes *routes, struct route_path *entry, struct transport *transport,
		     const struct path *path)
{
	routes_drop_path(routes, entry);
	entry->path = *path;
	entry->transport = transport;
	entry->used = true;
	table_put(&routes->paths, &entry->node, hash_path(path));
}

void routes_put_ufrag(struct routes *routes, struct route_ufrag *entry, struct transport *transport,
		      const char *ufrag)
{
	routes_drop_ufrag(routes, entry);
	strncpy(entry->ufrag, ufrag, LIMIT_ICE_UFRAG_BYTES);
	entry->ufrag[LIMIT_ICE_UFRAG_BYTES] = '\0';
	entry->transport = transport;
	entry->used = true;
	table_put(&routes->ufrags, &entry->node, table_hash_text(entry->ufrag));
}

void routes_drop_path(struct routes *routes, struct route_path *entry)
{
	if (!entry->used)
		return;
	table_remove(&routes->paths, &entry->node);
	entry->used = false;
}

void routes_drop_ufrag(struct routes *routes, struct route_ufrag *entry)
{
	if (!entry->used)
		return;
	table_remove(&routes->ufrags, &entry->node);
	entry->used = false;
}
