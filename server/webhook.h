/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Tells other systems of events by signed POSTs, on a thread of its own. Front thread.
 *
 * Each is told of the events it chose (webhook_event.h). A body has ids and a time, and nothing of
 * a patient.
 */
#ifndef VIDD_SERVER_WEBHOOK_H
#define VIDD_SERVER_WEBHOOK_H

#include "server/mailbox.h"
#include "server/routes.h"
#include "server/webhook_event.h"

struct webhooks;

int webhooks_new(struct webhooks **out, struct mailbox *front);
void webhooks_free(struct webhooks *webhooks);
void webhooks_tick(struct hub *hub);
/* Nothing when nobody is told of that unit's events, or of these. */
void webhooks_post(struct hub *hub, enum webhook_event event, const char *unit_id,
		   const char *consultation_id, const char *participant_id);

/* /api/v1/webhooks: GET lists, POST {"url", "events"} makes one and tells its secret once,
 * DELETE /{id}. */
route_handler webhook_rest_list;
route_handler webhook_rest_create;
route_handler webhook_rest_remove;

#endif
