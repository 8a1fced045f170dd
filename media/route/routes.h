/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Whom a datagram is for: transports by validated path and by the ICE user names they answer to.
 * The entries are embedded in the transports; finding, putting and removing never allocate.
 */
#ifndef VIDD_MEDIA_ROUTE_ROUTES_H
#define VIDD_MEDIA_ROUTE_ROUTES_H

#include <stdbool.h>

#include "media/base/addr.h"
#include "media/base/limits.h"
#include "media/route/table.h"

struct transport;

/* Zero state: not in the table. The node comes first: it is what the table hands back. */
struct route_path {
	struct table_node node;
	struct path path;
	struct transport *transport;
	bool used;
};

struct route_ufrag {
	struct table_node node;
	char ufrag[LIMIT_ICE_UFRAG_BYTES + 1];
	struct transport *transport;
	bool used;
};

struct routes {
	struct table paths;
	struct table ufrags;
};

int routes_init(struct routes *routes, size_t max_transports);
void routes_close(struct routes *routes);

struct transport *routes_find_path(const struct routes *routes, const struct path *path);
struct transport *routes_find_ufrag(const struct routes *routes, const char *ufrag);
void routes_put_path(struct routes *routes, struct route_path *entry, struct transport *transport,
		     const struct path *path);
void routes_put_ufrag(struct routes *routes, struct route_ufrag *entry, struct transport *transport,
		      const char *ufrag);
/* Unused entries are legal. */
void routes_drop_path(struct routes *routes, struct route_path *entry);
void routes_drop_ufrag(struct routes *routes, struct route_ufrag *entry);

#endif
