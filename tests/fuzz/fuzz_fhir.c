/* SPDX-License-Identifier: EUPL-1.2 */
/* The body of POST /api/v1/fhir/Appointment. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "server/fhir.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct store_consultation *c)
{
	int patients = 0;

	if (c->participant_count == 0 || c->participant_count > LIMIT_PARTICIPANTS ||
	    c->planned_unix_s <= 0 || c->minutes < 0 || c->minutes > FHIR_MAX_MINUTES)
		abort();
	for (size_t i = 0; i < c->participant_count; i++) {
		if (c->participant[i].role >= ROLE_COUNT || c->participant[i].name[0] == '\0')
			abort();
		patients += c->participant[i].role == ROLE_PATIENT;
	}
	if (patients == 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fhir_bookings b = {0};
	struct fhir_fault fault = {"", NULL};

	if (fhir_parse((const char *)data, size, &b, &fault) < 0) {
		if (fault.why == NULL || memchr(fault.member, '\0', sizeof(fault.member)) == NULL)
			abort();
		return 0;
	}
	if (b.count == 0 || b.count > FHIR_MAX_APPOINTMENTS)
		abort();
	for (size_t i = 0; i < b.count; i++)
		check(&b.list[i]);
	free(b.list);
	return 0;
}
