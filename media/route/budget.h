/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What each stream of one transport may send, from what its link carries: sound first, packed and
 * protected as its losses want (rate/redundancy), as many voices as fit (stream/lastn); then the
 * pictures (rate/share). Tells signaling when a picture is sent in another way (ENGINE_PICTURE).
 *
 * Gathers, asks the leaves and hands out; it computes nothing itself. Embedded in struct peer.
 */
#ifndef VIDD_MEDIA_ROUTE_BUDGET_H
#define VIDD_MEDIA_ROUTE_BUDGET_H

#include "media/route/dispatch.h"

struct budget {
	int64_t shared_us; /* when it was shared out last; 0: not yet */
	int64_t again_us;  /* an upgrade may be due then */
	size_t voices;	   /* heard at most */
	uint32_t speaker;  /* owner of the voice whose turn it is */
	int64_t turn_us;   /* since when */
	bool has_speaker;
};

/* Shares out anew. */
void budget_share(struct budget *budget, int64_t now_us, struct dispatch *dispatch);
/* When it should be shared out again, if nothing changes before. */
int64_t budget_deadline_us(const struct budget *budget);

#endif
