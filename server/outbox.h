/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Messages to people on their way: from the database (what is due) to the sending thread and back
 * with how it went. Front thread.
 */
#ifndef VIDD_SERVER_OUTBOX_H
#define VIDD_SERVER_OUTBOX_H

#include "server/courier.h"
#include "server/mailbox.h"
#include "server/routes.h"

struct outbox;

struct outbox_stats {
	uint64_t sent, retried, failed; /* messages; failed: given up */
	uint64_t lost;			/* codes that could not be handed over */
	bool is_failing;		/* the last try did not work */
};

/* Takes the courier. 0 or -errno. */
int outbox_new(struct outbox **out, struct courier *courier, struct mailbox *front);
void outbox_free(struct outbox *outbox);

/* Once a second: looks for what is due. */
void outbox_tick(struct hub *hub);
/* Sends a one-time code at once. It is kept nowhere: a restart loses it, and the person asks
 * again. */
void outbox_send_code(struct hub *hub, const char *consultation_id, const char *participant_id,
		      const char *code);
/* POST /api/v1/consultations/{id}/messages {"participant", "kind"} -> 202 {"id", "channel"} */
route_handler outbox_rest_send;

void outbox_stats(const struct outbox *outbox, struct outbox_stats *out);

#endif
