/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a run of vidd-linkem came to, from its records, as JSON: packets and bytes by outcome, bytes
 * delivered per 200 ms (RFC 8868 3), percentiles of queue delay, and the emulator's own lateness,
 * which makes a run void when its 99.9th percentile is above 2 ms. Pure but for its memory.
 */
#ifndef VIDD_LOADTEST_LINKEM_REPORT_H
#define VIDD_LOADTEST_LINKEM_REPORT_H

#include "loadtest/linkem/record.h"

#define REPORT_BIN_MS  200
#define REPORT_VOID_US 2000
#define REPORT_MAX_BINS                                                                            \
	(24 * 3600 * 1000 / REPORT_BIN_MS) /* a day; later bytes are only summed                   \
					    */
#define REPORT_MAX_PACKETS 100000000

struct report;

struct report *report_new(void);
void report_free(struct report *report);
void report_add(struct report *report, const struct record *record);
/* JSON text, to be freed with free(). has_series: with the bytes per 200 ms. */
char *report_json(struct report *report, bool has_series);

#endif
