/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the service says must be kept of a visit, or put on record, on its way to where it is kept:
 * in its order, and without loss while the store has no room for more or its disk has none. Front
 * thread.
 */
#ifndef VIDD_SERVER_RECORDS_H
#define VIDD_SERVER_RECORDS_H

#include "server/hub.h"

/* A disk that hangs for minutes while the whole region meets. */
#define RECORDS_MAX_WAITING 10000

/* The record is borrowed for the call. */
void records_take(struct hub *hub, const struct service_record *record);
/* Hands on what the store had no room for, as far as it has now: after its answers, and at times.
 */
void records_tick(struct hub *hub);
/* All of it, at the end; waits for the store thread. */
void records_flush(struct hub *hub);

#endif
