/* SPDX-License-Identifier: EUPL-1.2 */
/* What reading FHIR's JSON needs again and again: texts, extensions, references. Pure; NULL values
 * are legal and have nothing in them. */
#ifndef VIDD_SERVER_FHIR_JSON_H
#define VIDD_SERVER_FHIR_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "server/fhir.h"

struct fhir_json {
	struct fhir_fault *fault;
	const json_t *entries; /* of the Bundle, or NULL */
};

/* Somebody or something that a reference leads to. */
struct fhir_actor {
	const json_t *reference; /* the Reference itself */
	const json_t *contained; /* of the resource it stands in */
	const json_t *resource;	 /* NULL: it is not in the body */
	char type[32];		 /* "Patient", "" when nothing tells */
	char where[FHIR_MEMBER_BYTES];
};

/* Always -EINVAL. */
int fhir_json_fail(const struct fhir_json *f, const char *where, const char *member,
		   const char *why);
/* The member's text, or "". */
const char *fhir_json_text(const json_t *object, const char *name);
/* False when it does not fit or has control characters. */
bool fhir_json_copy(char *out, size_t size, const char *text);
/* The first extension of that url, or NULL. */
const json_t *fhir_json_extension(const json_t *element, const char *url);
/* Fills in all but where. */
void fhir_json_resolve(const struct fhir_json *f, const json_t *contained, const json_t *reference,
		       struct fhir_actor *out);

#endif
