/* SPDX-License-Identifier: EUPL-1.2 */
/* GET /api/v1/units: the units of whoever asks, with their places and people. Front thread. */
#ifndef VIDD_SERVER_REST_ORG_H
#define VIDD_SERVER_REST_ORG_H

#include "server/http_message.h"
#include "server/principal.h"

struct hub;

void rest_org_units(struct hub *hub, const struct http_request *request, const char *const *ids,
		    const struct principal *who);

#endif
