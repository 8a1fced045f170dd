/* SPDX-License-Identifier: EUPL-1.2 */
/* Rate traces: whatever is read as one is taken by a link. */
#include <assert.h>
#include <stdlib.h>

#include "fuzz.h"
#include "loadtest/link/trace.h"

/* g_free() is free(). */
static void use(struct link_trace *trace)
{
	struct link_config config = {.rate = *trace};
	struct link *link;
	int rc = link_new(&link, &config, 1);

	assert(rc == 0);
	assert(link_capacity_bits(link, 0, LINK_S_NS) >= 0);
	link_free(link);
	free((void *)trace->steps);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct link_trace trace;

	if (trace_parse_mahimahi(&trace, (const char *)data, size) == 0)
		use(&trace);
	if (trace_parse_csv(&trace, (const char *)data, size) == 0)
		use(&trace);
	return 0;
}
