/* SPDX-License-Identifier: EUPL-1.2 */
/* A folder of its own for a test's database, and what tests do to the file behind the store. */
#ifndef VIDD_TESTS_STORE_WORLD_H
#define VIDD_TESTS_STORE_WORLD_H

#include <stdint.h>

#include "server/store.h"

struct store_place {
	char *dir;
	char *path; /* of the database */
};

struct store_place store_place_new(void);
/* With everything in it. */
void store_place_remove(struct store_place *place);
/* Opens the database there; aborts the test when that fails. */
struct store *store_place_open(const struct store_place *place, uint64_t seed);

/* Runs SQL on the file, beside any store. */
void store_place_sql(const struct store_place *place, const char *text);
/* The first column of the first row, as a number. */
int64_t store_place_ask(const struct store_place *place, const char *text);
/* Fails when a file of the folder holds the text. */
void store_place_lacks(const struct store_place *place, const char *secret);

#endif
