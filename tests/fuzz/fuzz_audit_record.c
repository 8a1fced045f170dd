/* SPDX-License-Identifier: EUPL-1.2 */
/* A record of the audit trail, as it stands in the database: what is taken is exactly what would
 * be written again. */
#include <errno.h>
#include <glib.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "server/audit_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct audit_record record = {0};
	int r = audit_record_parse(&record, (const char *)data, size);
	char *text;

	if (r < 0) {
		if ((r != -EBADMSG && r != -EPROTO) || record.json != NULL)
			abort();
		return 0;
	}
	text = audit_record_text(&record.event);
	if (strlen(text) != size || memcmp(text, data, size) != 0)
		abort();
	g_free(text);
	audit_record_close(&record);
	return 0;
}
