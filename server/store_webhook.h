/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Who is told of events of visits, and what waits to be told: ids and times only, nothing of a
 * patient. Store thread.
 */
#ifndef VIDD_SERVER_STORE_WEBHOOK_H
#define VIDD_SERVER_STORE_WEBHOOK_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/store.h"
#include "signaling/service.h"

#define STORE_WEBHOOK_URL_BYTES	   500
#define STORE_WEBHOOK_SECRET_TEXT  46 /* "whs_" and 256 bits */
#define STORE_WEBHOOK_EVENT_BYTES  31
#define STORE_WEBHOOK_EVENTS_BYTES 127
#define STORE_WEBHOOK_BODY_BYTES   512
/* A booking system, a statistics system, a screen in the corridor: more is a mistake. */
#define STORE_WEBHOOKS_PER_UNIT 8
#define STORE_WEBHOOK_BATCH	16

struct store_webhook {
	char id[SERVICE_ID_BYTES + 1];
	char unit_id[SERVICE_ID_BYTES + 1]; /* "": all */
	char url[STORE_WEBHOOK_URL_BYTES + 1];
	char secret[STORE_WEBHOOK_SECRET_TEXT + 1];
	/* Of what it is told: names with a space between them. "": everything, as are those that
	 * were made before one could choose. */
	char events[STORE_WEBHOOK_EVENTS_BYTES + 1];
	bool is_disabled;
};

/* Fills in id and secret of *w. 0, -ENOENT: there is no such unit, -ENOSPC: it has as many as it
 * may, -EIO. */
int store_webhook_add(struct store *store, struct store_webhook *w);
/* Appends those of a unit ("": of all) to an array of struct store_webhook, without secrets. 0 or
 * -EIO. */
int store_webhook_list(struct store *store, const char *unit_id, GArray *out);
/* One with its secret. 0, -ENOENT, -EIO. */
int store_webhook_find(struct store *store, const char *id, struct store_webhook *out);
/* 0, -ENOENT, -EIO. */
int store_webhook_remove(struct store *store, const char *unit_id, const char *id);

/* Puts a body in line for everybody who is told of this unit's events, and chose this one or none.
 * 0 or -EIO. */
int store_webhook_event(struct store *store, int64_t now_unix_s, const char *unit_id,
			const char *event, const char *body);

struct store_delivery {
	char id[SERVICE_ID_BYTES + 1];
	char url[STORE_WEBHOOK_URL_BYTES + 1];
	char secret[STORE_WEBHOOK_SECRET_TEXT + 1];
	char event[STORE_WEBHOOK_EVENT_BYTES + 1];
	char body[STORE_WEBHOOK_BODY_BYTES + 1];
	int64_t attempts, created_unix_s;
};

/* What is due; each is not due again for some minutes. 0 or -EIO. */
int store_webhook_due(struct store *store, int64_t now_unix_s,
		      struct store_delivery out[STORE_WEBHOOK_BATCH], size_t *count);
/* It was taken, or is tried again as a message is (outbox_backoff_s), for a day. 0 or -EIO. */
int store_webhook_done(struct store *store, int64_t now_unix_s, const struct store_delivery *d,
		       bool is_sent);

#endif
