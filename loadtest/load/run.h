/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One run: people join and leave as planned, a window is measured, a second at a time is kept for
 * the plots. One thread; returns when it is over or was interrupted.
 */
#ifndef VIDD_LOADTEST_LOAD_RUN_H
#define VIDD_LOADTEST_LOAD_RUN_H

#include <signal.h>
#include <sys/types.h>

#include "loadtest/load/driver.h"
#include "loadtest/load/procstat.h"

#define RUN_DRAIN_US 400000 /* after the window: what is under way, and repairs of it */

/* How things stand at one moment; counters count from the beginning. */
struct run_mark {
	int64_t at_us;
	struct tally_counts counts;
	struct procstat server; /* zero without --server-pid */
	int64_t own_cpu_us;
	size_t connections;
	uint64_t datagrams_in;
	uint64_t datagrams_out;
	uint64_t bytes_out;
};

struct run_second {
	struct run_mark mark;
	struct histogram latency; /* of video and sound in this second */
	bool is_measured;
};

struct run_result {
	struct run_mark idle;  /* before anybody came */
	struct run_mark begin; /* of the window */
	struct run_mark end;
	struct run_second *second;
	size_t second_count;
	size_t joined;
	size_t seats_at_end;
	bool is_interrupted;
};

struct run_config {
	struct driver *driver;
	const struct workload *workload;
	const struct workload_plan *plan;
	struct flock *flock;
	struct tally *tally;
	pid_t server_pid; /* 0: not known */
	const volatile sig_atomic_t *is_interrupted;
	/* Each second. */
	void (*progress)(const struct run_result *result, const char *phase, double left_s);
};

/* 0, -ENOMEM, or -ESRCH: there is no server process of that number. */
int run(struct run_result *out, const struct run_config *config);
void run_result_close(struct run_result *result);

#endif
