/* SPDX-License-Identifier: EUPL-1.2 */
/* What a run came to, as JSON (docs/loadtest.md documents each key) and as lines for a terminal. */
#ifndef VIDD_LOADTEST_LOAD_SUMMARY_H
#define VIDD_LOADTEST_LOAD_SUMMARY_H

#include <jansson.h>

#include "loadtest/load/run.h"

struct summary {
	const char *driver;
	const struct workload *workload;
	const struct workload_plan *plan;
	const struct run_result *result;
	const struct tally *tally;
	const struct flock_stats *flock;
	uint64_t seed;
	uint64_t failed; /* seats */
	const char *why; /* of the first; "" */
	bool has_server;
};

/* A new reference. */
json_t *summary_json(const struct summary *summary);
/* The same in some lines. */
void summary_print(const json_t *root);

#endif
