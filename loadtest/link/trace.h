/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Rate traces from text: mahimahi's files of packet opportunities and tables of seconds and bit/s.
 * Pure: the caller has read the file. Text is not trusted (tests/fuzz/fuzz_profile.c).
 */
#ifndef VIDD_LOADTEST_LINK_TRACE_H
#define VIDD_LOADTEST_LINK_TRACE_H

#include "loadtest/link/link.h"

enum trace_limits {
	/* An hour in steps of 20 ms. */
	TRACE_MAX_STEPS = 180000,
	/* A mahimahi file's last time: a day. */
	TRACE_MAX_MS = 86400000,
};

/* Both write a trace that link_new() takes, its steps to be freed with g_free(). 0 or -EBADMSG:
 * not such text, or more than the limits. */

/* One number of milliseconds per line, never falling: a chance to send 1500 bytes at that time. The
 * chances of each 20 ms, its end included, become a rate; the trace loops at its last time. */
int trace_parse_mahimahi(struct link_trace *out, const char *text, size_t len);
/* Lines "seconds,bit/s", the first at 0, rising; empty lines, lines that begin with # and one
 * heading are passed over. The last rate holds. */
int trace_parse_csv(struct link_trace *out, const char *text, size_t len);

#endif
