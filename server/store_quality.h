/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How visits were for those in them: one row of figures (signaling/figures) for each stay, with the
 * role and never the person. Store thread.
 */
#ifndef VIDD_SERVER_STORE_QUALITY_H
#define VIDD_SERVER_STORE_QUALITY_H

#include "server/store.h"
#include "signaling/service.h"

/* Stays told of one visit: everybody some times. */
#define STORE_QUALITY_MAX 64

struct store_quality {
	enum role role;
	int64_t until_unix_s;
	char *figures; /* JSON, NULL: unused */
};

/* 0; -ENOENT: the visit is not there; -EIO. */
int store_quality_add(struct store *store, int64_t now_unix_s, const struct service_record *record);
/* The stays of a visit, in the order they ended; figures are to be freed with g_free(). 0 or -EIO.
 */
int store_quality_list(struct store *store, const char *consultation_id,
		       struct store_quality out[STORE_QUALITY_MAX], size_t *count);

#endif
