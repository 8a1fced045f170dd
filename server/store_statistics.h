/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A unit's month in numbers: visits, outcomes, waits, links, answers, quality. Small numbers are
 * hidden here already (server/statistics), so that no reader of the rows can forget to. Store
 * thread.
 */
#ifndef VIDD_SERVER_STORE_STATISTICS_H
#define VIDD_SERVER_STORE_STATISTICS_H

#include "server/statistics.h"
#include "server/store.h"

struct store_month {
	char text[8]; /* 2026-11 */
	int64_t from_unix_s, to_unix_s;
};

/* Appends struct statistics_row to rows. 0 or -EIO. */
int store_statistics_add(struct store *store, const char *unit_id, const struct store_month *month,
			 GArray *rows);

#endif
