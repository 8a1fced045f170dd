/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * REST for booking systems: /api/v1/consultations, with an API key as bearer. Validation errors
 * name the member. The links of a consultation are told once, in the answer to its creation.
 */
#ifndef VIDD_SERVER_REST_H
#define VIDD_SERVER_REST_H

#include "server/http_message.h"
#include "server/principal.h"
#include "server/store_visit.h"

struct hub;

void rest_create(struct hub *hub, const struct http_request *request, const char *const *ids,
		 const struct principal *who);
void rest_get(struct hub *hub, const struct http_request *request, const char *const *ids,
	      const struct principal *who);
void rest_delete(struct hub *hub, const struct http_request *request, const char *const *ids,
		 const struct principal *who);

#define REST_MEMBER_BYTES 64

/* What a creation's body asks for: 0 and *out; or -EINVAL with the member that is wrong ("" for the
 * body as a whole) and a sentence. Pure. */
int rest_parse_creation(const char *body, size_t len, struct store_consultation *out,
			char member[REST_MEMBER_BYTES], const char **why);

#endif
