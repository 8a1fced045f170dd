/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the service says must be kept of a visit, or put on record, on its way to where it is kept.
 * Front thread.
 */
#ifndef VIDD_SERVER_RECORDS_H
#define VIDD_SERVER_RECORDS_H

#include "server/hub.h"

/* The record is borrowed for the call. */
void records_take(struct hub *hub, const struct service_record *record);

#endif
