/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * REST of consultations and who is in them, for booking systems (API keys) and staff pages
 * (sessions); docs/operations.md. Validation errors name the member. Links are told once, in the
 * answer to what made them. What is of another unit is not there.
 */
#ifndef VIDD_SERVER_REST_H
#define VIDD_SERVER_REST_H

#include <jansson.h>

#include "server/http_message.h"
#include "server/principal.h"
#include "server/store_visit.h"

struct hub;

/* --- rest_consultation.c ---------------------------------------------------------------------- */

void rest_create(struct hub *hub, const struct http_request *request, const char *const *ids,
		 const struct principal *who);
void rest_list(struct hub *hub, const struct http_request *request, const char *const *ids,
	       const struct principal *who);
void rest_get(struct hub *hub, const struct http_request *request, const char *const *ids,
	      const struct principal *who);
void rest_change(struct hub *hub, const struct http_request *request, const char *const *ids,
		 const struct principal *who);
void rest_delete(struct hub *hub, const struct http_request *request, const char *const *ids,
		 const struct principal *who);
void rest_close(struct hub *hub, const struct http_request *request, const char *const *ids,
		const struct principal *who);

/* --- rest_participant.c ----------------------------------------------------------------------- */

void rest_enter(struct hub *hub, const struct http_request *request, const char *const *ids,
		const struct principal *who);
void rest_add(struct hub *hub, const struct http_request *request, const char *const *ids,
	      const struct principal *who);
void rest_remove(struct hub *hub, const struct http_request *request, const char *const *ids,
		 const struct principal *who);

/* --- rest_parse.c ----------------------------------------------------------------------------- */

#define REST_MEMBER_BYTES 64
/* Minutes of a visit at most: a working day. */
#define REST_MINUTES_MAX 600

/* Where a wrong body is told of. */
struct rest_fault {
	char member[REST_MEMBER_BYTES]; /* "": the body as a whole */
	const char *why;
};

/* What a creation's body asks for: 0 and *out; or -EINVAL and *fault. `has_unit`: whoever asks has
 * one, so that there is a waiting room unless the body says otherwise. Pure, like those below. */
int rest_parse_creation(const char *body, size_t len, bool has_unit, struct store_consultation *out,
			struct rest_fault *fault);
/* Changes *c as the body says; what it does not name stays. */
int rest_parse_change(const char *body, size_t len, struct store_consultation *c,
		      struct rest_fault *fault);
/* Sets outcome and outcome_reason of *c. */
int rest_parse_close(const char *body, size_t len, struct store_consultation *c,
		     struct rest_fault *fault);
int rest_parse_participant(const char *body, size_t len, struct store_participant *out,
			   struct rest_fault *fault);
/* {"reason": null or a text}; *has_reason. */
int rest_parse_enter(const char *body, size_t len, bool *has_reason, struct rest_fault *fault);

/* --- rest_json.c ------------------------------------------------------------------------------ */

/* New references. */
json_t *rest_json_participant(const struct hub *hub, const char *consultation_id,
			      const struct store_participant *p);
json_t *rest_json_consultation(const struct hub *hub, const struct store_consultation *c);
/* Answers with the value (takes it). */
void rest_json_answer(struct hub *hub, uint64_t id, int status, json_t *value,
		      const char *location);
void rest_answer_fault(struct hub *hub, uint64_t id, const struct rest_fault *fault);
/* What the store said, when it was an error; true when it was. */
bool rest_answer_error(struct hub *hub, uint64_t id, int result);

#endif
