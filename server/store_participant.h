/* SPDX-License-Identifier: EUPL-1.2 */
/* Participants for store_visit.c, within its transactions. Store thread. */
#ifndef VIDD_SERVER_STORE_PARTICIPANT_H
#define VIDD_SERVER_STORE_PARTICIPANT_H

#include "server/store_visit.h"

/* Makes id and token of the i-th of *c and writes it. 0 or -EIO. */
int store_participant_insert(struct store *store, struct store_consultation *c, size_t i);
/* Reads those who were not removed into *c. 0 or -EIO. */
int store_participants_read(struct store *store, struct store_consultation *c);

#endif
