/* SPDX-License-Identifier: EUPL-1.2 */
/* The body of POST /api/v1/consultations. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "server/rest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct store_consultation c;
	char member[REST_MEMBER_BYTES];
	const char *why = NULL;

	if (rest_parse_creation((const char *)data, size, &c, member, &why) < 0) {
		if (why == NULL || memchr(member, '\0', sizeof(member)) == NULL)
			abort();
		return 0;
	}
	if (c.participant_count == 0 || c.participant_count > LIMIT_PARTICIPANTS ||
	    strlen(c.title) > LIMIT_NAME_BYTES)
		abort();
	for (size_t i = 0; i < c.participant_count; i++) {
		if (c.participant[i].role >= ROLE_COUNT ||
		    strlen(c.participant[i].name) > LIMIT_NAME_BYTES)
			abort();
	}
	return 0;
}
