/* SPDX-License-Identifier: EUPL-1.2 */
/* Any text as a packed description. What can be unpacked is within the cap, and packs again. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "signaling/deflate.h"
#include "tests/fuzz/fuzz.h"

#define MAX_BYTES 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *packed = malloc(size + 1);
	char *text = NULL, *again = NULL, *repacked;

	assert(packed != NULL);
	if (size > 0)
		memcpy(packed, data, size);
	packed[size] = '\0';
	if (deflate_unpack(&text, packed, MAX_BYTES) == 0) {
		assert(strlen(text) <= MAX_BYTES);
		repacked = deflate_pack(text);
		assert(repacked != NULL && deflate_unpack(&again, repacked, MAX_BYTES) == 0);
		assert(strcmp(text, again) == 0);
		free(repacked);
	}
	free(again);
	free(text);
	free(packed);
	return 0;
}
