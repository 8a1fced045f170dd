/* SPDX-License-Identifier: EUPL-1.2 */
/* The report of a health room's self-test: whatever comes is refused or read into what reads the
 * same again. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "server/device_test.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *once, *twice;
	const char *why;

	if (device_test_read((const char *)data, size, &once, &why) < 0)
		return 0;
	if (device_test_read(once, strlen(once), &twice, &why) < 0 || strcmp(once, twice) != 0)
		abort();
	free(once);
	free(twice);
	return 0;
}
