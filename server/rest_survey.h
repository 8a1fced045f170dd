/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * PUT /api/v1/consultations/{id}/survey with the token of a link, once: {"answers": {question:
 * answer}}. Front thread.
 */
#ifndef VIDD_SERVER_REST_SURVEY_H
#define VIDD_SERVER_REST_SURVEY_H

#include <stddef.h>

#include "server/http_message.h"
#include "server/principal.h"
#include "server/rest.h"

/* Questions of a survey; three are asked today. */
#define REST_SURVEY_ANSWERS 16
/* A question or an answer: a word of our pages, never what somebody types, for that would be
 * about health. */
#define REST_SURVEY_WORD_BYTES 32

void rest_survey(struct hub *hub, const struct http_request *request, const char *const *ids,
		 const struct principal *who);

/* 0 and the answers as JSON with sorted members (free() it); or -EINVAL and *fault. Pure. */
int rest_survey_parse(const char *body, size_t len, char **answers, struct rest_fault *fault);

#endif
