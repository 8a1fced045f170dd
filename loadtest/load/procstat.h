/* SPDX-License-Identifier: EUPL-1.2 */
/* What a process used, by /proc. */
#ifndef VIDD_LOADTEST_LOAD_PROCSTAT_H
#define VIDD_LOADTEST_LOAD_PROCSTAT_H

#include <stdint.h>
#include <sys/types.h>

struct procstat {
	int64_t cpu_us;	 /* user and system, of /proc/PID/stat: in ticks of 10 ms */
	int64_t run_us;	 /* of its threads' schedstat, in nanoseconds; -1: not to be had */
	int64_t user_us; /* of cpu_us */
	int64_t rss_bytes;
	int64_t peak_bytes; /* VmHWM; -1: not to be had */
	int64_t switches;   /* voluntary and involuntary, of its threads */
	int64_t threads;
};

/* 0, or -ESRCH: there is no such process, or it is not ours to look at. */
int procstat_read(struct procstat *out, pid_t pid);
/* Reads the text of /proc/PID/stat; for tests. 0 or -EBADMSG. */
int procstat_parse(struct procstat *out, const char *text, long ticks_per_s, long page_bytes);

#endif
