/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/claim.h"

#include <string.h>

#include "media/route/transport.h"

static bool may_claim(const struct claim *claim, const struct transport *owner,
		      const struct path *path)
{
	const struct transport *other = routes_find_path(claim->routes, path);
	const struct path *selected;

	if (!other || other == owner)
		return true;
	selected = ice_selected(&other->ice);
	return !(other->ice.state == ICE_CONNECTED && selected && path_equal(selected, path));
}

static bool is_live(const struct ice *ice, const char *ufrag)
{
	return strcmp(ufrag, ice->local[0].ufrag) == 0 ||
	       (ice->has_previous && strcmp(ufrag, ice->local[1].ufrag) == 0);
}

/* What ICE has forgotten leaves the routes. */
static void drop_stale(struct claim *claim, const struct ice *ice)
{
	for (size_t i = 0; i < LIMIT_ICE_PATHS; i++)
		if (claim->paths[i].used && !ice_is_validated(ice, &claim->paths[i].path))
			routes_drop_path(claim->routes, &claim->paths[i]);
	for (size_t i = 0; i < 2; i++)
		if (claim->ufrags[i].used && !is_live(ice, claim->ufrags[i].ufrag))
			routes_drop_ufrag(claim->routes, &claim->ufrags[i]);
}

void claim_path(struct claim *claim, const struct ice *ice, struct transport *owner,
		const struct path *path)
{
	struct route_path *entry = NULL;

	drop_stale(claim, ice);
	if (routes_find_path(claim->routes, path) == owner || !may_claim(claim, owner, path))
		return;
	for (size_t i = 0; i < LIMIT_ICE_PATHS; i++) {
		struct route_path *at = &claim->paths[i];

		/* An entry of ours that another transport stood before comes to the front. */
		if (at->used && path_equal(&at->path, path)) {
			entry = at;
			break;
		}
		if (!at->used && !entry)
			entry = at;
	}
	/* ICE keeps no more paths than there are entries, and the stale ones have left. */
	if (entry)
		routes_put_path(claim->routes, entry, owner, path);
}

void claim_ufrag(struct claim *claim, const struct ice *ice, struct transport *owner,
		 const char *ufrag)
{
	drop_stale(claim, ice);
	routes_put_ufrag(claim->routes,
			 claim->ufrags[0].used ? &claim->ufrags[1] : &claim->ufrags[0], owner,
			 ufrag);
}

void claim_close(struct claim *claim)
{
	for (size_t i = 0; i < LIMIT_ICE_PATHS; i++)
		routes_drop_path(claim->routes, &claim->paths[i]);
	for (size_t i = 0; i < 2; i++)
		routes_drop_ufrag(claim->routes, &claim->ufrags[i]);
}
