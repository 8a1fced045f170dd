/* SPDX-License-Identifier: EUPL-1.2 */
/* The line of a head that was kept elsewhere: `vidd audit verify --head`. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "server/audit_chain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);
	char line[AUDIT_HEAD_LINE_BYTES];
	struct audit_head head, again;

	if (text != NULL && audit_head_parse(&head, text) == 0) {
		audit_head_format(line, &head);
		if (audit_head_parse(&again, line) != 0 || memcmp(&head, &again, sizeof(head)) != 0)
			abort();
	}
	free(text);
	return 0;
}
