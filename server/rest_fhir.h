/* SPDX-License-Identifier: EUPL-1.2 */
/* POST /api/v1/fhir/Appointment: books what server/fhir reads, all or nothing. Front thread. */
#ifndef VIDD_SERVER_REST_FHIR_H
#define VIDD_SERVER_REST_FHIR_H

#include "server/http_message.h"
#include "server/principal.h"

struct hub;

void rest_fhir_book(struct hub *hub, const struct http_request *request, const char *const *ids,
		    const struct principal *who);

#endif
