/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Bookings as HL7 FHIR has them: an Appointment, or a Bundle with some and the resources they refer
 * to, read to consultations. R5 with virtualService; R4 with it as the cross-version extension of
 * hl7.org/fhir/uv/xver-r5.r4. What is not needed is passed over, as FHIR wants it; what is needed
 * and wrong is told by its element. docs/operations.md has the mapping. Pure.
 */
#ifndef VIDD_SERVER_FHIR_H
#define VIDD_SERVER_FHIR_H

#include <stddef.h>

#include "server/store_visit.h"

enum {
	/* A clinician's day in one Bundle. */
	FHIR_MAX_APPOINTMENTS = 20,
	/* Entries of a Bundle: 20 appointments with a handful of people each. */
	FHIR_MAX_ENTRIES = 200,
	FHIR_MEMBER_BYTES = 112,
	/* As over REST: a working day. */
	FHIR_MAX_MINUTES = 600,
};

struct fhir_fault {
	char member[FHIR_MEMBER_BYTES]; /* "entry[0].resource.participant[1].actor"; "": all */
	const char *why;
};

struct fhir_bookings {
	struct store_consultation *list; /* free() it; no units, no waiting rooms yet */
	size_t count;			 /* 1 to FHIR_MAX_APPOINTMENTS */
};

/* 0 and *out; -EINVAL and *fault; -ENOMEM. */
int fhir_parse(const char *text, size_t len, struct fhir_bookings *out, struct fhir_fault *fault);

#endif
