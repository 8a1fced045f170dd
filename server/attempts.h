/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How often something may be tried for one name: an address, an account that may not exist. A
 * bucket each, filled slowly. What is forgotten when there are too many names is the one that has
 * rested longest. Time comes from the caller; any one thread.
 */
#ifndef VIDD_SERVER_ATTEMPTS_H
#define VIDD_SERVER_ATTEMPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 100 bytes each: names that strangers make up cost 400 kB at most. */
#define ATTEMPTS_MAX_NAMES 4096

struct attempts;

/* burst: how many at once; then one each refill_us. */
struct attempts *attempts_new(unsigned burst, int64_t refill_us);
/* NULL is legal. */
void attempts_free(struct attempts *attempts);
/* Whether one more may be tried now; it is counted. */
bool attempts_take(struct attempts *attempts, int64_t now_us, const char *name);
/* The attempt just taken was a good one and is not counted. */
void attempts_give_back(struct attempts *attempts, const char *name);
size_t attempts_names(const struct attempts *attempts);

#endif
