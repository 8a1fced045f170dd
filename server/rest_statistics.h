/* SPDX-License-Identifier: EUPL-1.2 */
/* A unit's months in numbers over REST, as JSON or CSV (docs/operations.md). */
#ifndef VIDD_SERVER_REST_STATISTICS_H
#define VIDD_SERVER_REST_STATISTICS_H

#include <glib.h>

#include "server/rest.h"

/* Months of one report at most: two years. */
#define REST_STATISTICS_MONTHS 24

/* GET /api/v1/statistics?from=2026-09&to=2026-10&unit=&format=json or csv */
void rest_statistics(struct hub *hub, const struct http_request *request, const char *const *ids,
		     const struct principal *who);

/* Months since the year 0, or -EINVAL: "2026-11" it is not. Pure, as the next. */
int rest_statistics_month(const char *text);
/* Rows of server/statistics.h as RFC 4180 has it; g_free() it. What is hidden is empty. */
char *rest_statistics_csv(const GArray *rows);

#endif
