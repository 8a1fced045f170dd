/* SPDX-License-Identifier: EUPL-1.2 */
/* How a visit was, in figures, over REST (docs/operations.md). What is of another unit is not
 * there. */
#ifndef VIDD_SERVER_REST_QUALITY_H
#define VIDD_SERVER_REST_QUALITY_H

#include "server/rest.h"

/* GET /api/v1/consultations/{id}/quality */
void rest_quality(struct hub *hub, const struct http_request *request, const char *const *ids,
		  const struct principal *who);

#endif
