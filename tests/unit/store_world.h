/* SPDX-License-Identifier: EUPL-1.2 */
/* A folder of its own for a test's database, and what tests do to the file behind the store. */
#ifndef VIDD_TESTS_STORE_WORLD_H
#define VIDD_TESTS_STORE_WORLD_H

#include <stdint.h>

#include "server/audit_chain.h"
#include "server/audit_record.h"
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

/* A database with an audit trail and the key that signs it. */
struct trail {
	struct store_place place;
	struct store *store;
	struct audit_key *key;
	int next; /* the number in the next event's id */
};

void trail_open(struct trail *trail);
void trail_close(struct trail *trail);
/* Appends the event with an id of its own and that time: errors of store_audit_append. */
int trail_add(struct trail *trail, struct audit_event event, int64_t at_ms);

#endif
