/* SPDX-License-Identifier: EUPL-1.2 */
/* The file of --import-organisation. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "server/organisation.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct organisation o = {0};
	struct organisation_fault fault = {"", NULL};
	size_t commissions = 0;

	if (organisation_parse((const char *)data, size, &o, &fault) < 0) {
		if (fault.why == NULL || o.units != NULL ||
		    memchr(fault.member, '\0', sizeof(fault.member)) == NULL)
			abort();
		return 0;
	}
	for (guint i = 0; i < o.staff->len; i++)
		commissions +=
			g_array_index(o.staff, struct organisation_staff, i).commission_count;
	if (commissions != o.commissions->len || o.units->len > ORGANISATION_MAX_UNITS)
		abort();
	for (guint i = 0; i < o.units->len; i++) {
		const struct organisation_unit *u =
			&g_array_index(o.units, struct organisation_unit, i);

		if (u->id[0] == '\0' || u->provider_id[0] == '\0' || u->name[0] == '\0')
			abort();
	}
	organisation_close(&o);
	return 0;
}
