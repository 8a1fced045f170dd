/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What PATCH on a WHIP or WHEP resource means (RFC 9725 4.3, RFC 8840 sdpfrag): reads the fragment,
 * weighs If-Match, writes the reply. Pure; the resources themselves are the service's.
 */
#ifndef VIDD_SIGNALING_WHIP_H
#define VIDD_SIGNALING_WHIP_H

#include <stddef.h>

#include "media/base/addr.h"
#include "media/base/rng.h"
#include "media/route/params.h"

#define WHIP_ETAG_BYTES 12 /* characters of an entity tag, without its quotes */
#define WHIP_ETAG_TEXT	(WHIP_ETAG_BYTES + 2)

/* A fresh entity tag, quotes included. */
void whip_etag_new(struct rng *rng, char out[WHIP_ETAG_TEXT + 1]);

enum whip_patch {
	WHIP_PATCH_TRICKLE,  /* 204: we need no candidates */
	WHIP_PATCH_RESTART,  /* new credentials; *remote is set */
	WHIP_PATCH_NO_MATCH, /* 428: no If-Match */
	WHIP_PATCH_MISMATCH, /* 412: of another ICE session */
	WHIP_PATCH_BAD,	     /* 400: not a fragment with credentials */
};

/* if_match: the header or NULL. etag: the resource's own. current: the credentials the peer used
 * last. */
enum whip_patch whip_patch(const char *if_match, const char *etag, const char *sdpfrag,
			   const struct ice_credentials *current, struct ice_credentials *remote);

/* The fragment that answers a restart, to be freed with free(). NULL when memory is gone. */
char *whip_fragment(const struct transport_params *params, const struct addr *candidates,
		    size_t candidate_count);

#endif
