/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The addresses and user names that one transport answers to, kept in step with its ICE: validated
 * paths and live credentials are in the routes, others are not. Embedded in the transport.
 */
#ifndef VIDD_MEDIA_ROUTE_CLAIM_H
#define VIDD_MEDIA_ROUTE_CLAIM_H

#include "media/route/routes.h"
#include "media/wire/ice.h"

/* Zero state plus routes: nothing claimed. */
struct claim {
	struct routes *routes;
	struct route_path paths[LIMIT_ICE_PATHS];
	struct route_ufrag ufrags[2]; /* current, and the one before a restart */
};

/* A path that ICE has just validated. It stays with whoever is connected over it, so that nobody
 * with credentials of their own and a forged source address can draw another participant's packets;
 * else the newest check wins. */
void claim_path(struct claim *claim, const struct ice *ice, struct transport *owner,
		const struct path *path);
/* A user name that nobody has. */
void claim_ufrag(struct claim *claim, const struct ice *ice, struct transport *owner,
		 const char *ufrag);
/* Leaves the routes. */
void claim_close(struct claim *claim);

#endif
