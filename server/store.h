/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What must outlive the process. This header opens and closes it; what is in it is read and written
 * by area: store_org (organisation, places, devices), store_visit (consultations), store_access
 * (API keys). Nothing above these headers knows which database it is.
 * Blocking: used on the store thread only (server/store_thread), or before it starts. Tokens and
 * keys are stored as SHA-256 hashes only; nothing of a consultation's content is stored.
 */
#ifndef VIDD_SERVER_STORE_H
#define VIDD_SERVER_STORE_H

#include <stdbool.h>

#include "media/base/rng.h"

struct store;

/* Opens or creates the database and brings it to the present schema. 0; -EBUSY locked by another
 * process; -EACCES; -EIO; -EPROTO: written by a newer Vidd. */
int store_open(struct store **out, const char *path, struct rng rng);
/* The same for one short command beside a running Vidd: takes no lock for life. */
int store_open_beside(struct store **out, const char *path, struct rng rng);
/* Only to read, as it is: no migration, nothing is written. -EPROTO: of another version. */
int store_open_reading(struct store **out, const char *path);
void store_close(struct store *store);
/* Writes what is there already, to tell whether the database takes writes. 0, -EBUSY, -EACCES or
 * -EIO. */
int store_probe(struct store *store);

/* Between these what is done is kept by one write to the disk, or not at all: see db_group_begin in
 * store_db.h. */
int store_group_begin(struct store *store);
bool store_group_is_open(struct store *store);
int store_group_finish(struct store *store);

#endif
