/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A round of offer/answer before it is applied: checked, and with everything allocated that it
 * needs, so that applying it cannot fail half-way. Used by peer.c alone.
 */
#ifndef VIDD_MEDIA_ROUTE_PLAN_H
#define VIDD_MEDIA_ROUTE_PLAN_H

#include "media/route/track.h"

struct plan {
	struct mline_params *mline[LIMIT_MLINES]; /* room for m-lines that are new */
	struct track *track[LIMIT_MLINES];	  /* made for m-lines that become a (new) track */
	struct sub *sub[LIMIT_MLINES];		  /* made for m-lines that become a (new) slot */
	size_t track_count;
};

/* 0 or -EINVAL: counts beyond the limits, ids missing, text without end. */
int plan_check(const struct transport_params *params);
/* True when the m-line stays the source it was. */
bool plan_keeps_track(const struct track *track, const struct mline_params *mline);
/* True when the m-line can go on with this subscription's numbers. */
bool plan_keeps_sub(const struct sub *sub, const struct mline_params *mline);
/* True when both have the same codecs under the same payload types. */
bool plan_keeps_codecs(const struct mline_params *a, const struct mline_params *b);
/* Gives back what was not taken. */
void plan_close(struct plan *plan);

#endif
