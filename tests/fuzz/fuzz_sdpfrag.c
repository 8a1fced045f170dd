/* SPDX-License-Identifier: EUPL-1.2 */
/* The first line as If-Match, the rest as the body of a PATCH. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "signaling/whip.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct ice_credentials current = {.ufrag = "abcd",
						       .pwd = "abcdefghijklmnopqrstuvwx"};
	struct ice_credentials remote;
	char *text = strndup((const char *)data, size);
	char *fragment = strchr(text, '\n');

	if (fragment != NULL) {
		*fragment++ = '\0';
		if (whip_patch(text, "\"tag\"", fragment, &current, &remote) ==
		    WHIP_PATCH_RESTART) {
			assert(strcmp(text, "*") == 0);
			assert(strlen(remote.ufrag) >= 4 && strlen(remote.pwd) >= 22);
		}
	}
	free(text);
	return 0;
}
