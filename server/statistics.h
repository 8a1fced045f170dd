/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Figures about many visits that lead to nobody: counts below STATISTICS_LEAST are not told, nor
 * what they could be worked out from. Pure.
 */
#ifndef VIDD_SERVER_STATISTICS_H
#define VIDD_SERVER_STATISTICS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* docs/operations.md: what is counted of fewer visits or people is left out. */
#define STATISTICS_LEAST 5
/* Shares and tails are of one person each where there are fewer. */
#define STATISTICS_MANY	  20
#define STATISTICS_HIDDEN (-1)

struct statistics_row {
	char month[8];	     /* 2026-11 */
	const char *section; /* static */
	char role[16];	     /* "": of the visit */
	char name[40];
	char answer[40]; /* survey; else "" */
	int64_t value;	 /* STATISTICS_HIDDEN: not told */
};

/* The rows from `first` on are the parts of a whole: hides small ones, and one more where a single
 * hidden one would be what is missing to the whole. */
void statistics_hide_parts(GArray *rows, guint first);
/* How many of a whole have something, where the whole may be told: hidden when they are few, or
 * the others are. */
int64_t statistics_part(int64_t part, int64_t whole);
/* In steps of five percent; hidden below STATISTICS_MANY, and as statistics_part. */
int64_t statistics_percent(int64_t part, int64_t whole);
/* Of int64_t, which it sorts. Hidden below STATISTICS_LEAST. */
int64_t statistics_median(GArray *values);
/* What nine of ten do not exceed; hidden below STATISTICS_MANY. */
int64_t statistics_p90(GArray *values);

#endif
