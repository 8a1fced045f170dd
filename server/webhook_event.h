/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Of what other systems are told, and which of it one of them wants to hear. Pure.
 */
#ifndef VIDD_SERVER_WEBHOOK_EVENT_H
#define VIDD_SERVER_WEBHOOK_EVENT_H

#include <stdbool.h>

#include "signaling/service.h"

enum webhook_event {
	WEBHOOK_WAITING, /* a patient has come */
	WEBHOOK_STARTED,
	WEBHOOK_ENDED,
	WEBHOOK_MESSAGE_FAILED,
	WEBHOOK_EVENT_COUNT,
};

#define WEBHOOK_EVENTS_BYTES 128 /* the words of all of them */

/* "consultation.waiting" */
const char *webhook_event_name(enum webhook_event event);
/* What a record of a visit tells; WEBHOOK_EVENT_COUNT: nothing. */
enum webhook_event webhook_event_of(const struct service_record *record);

/* Names with spaces or commas between them, as "name name" in the order above, each once; "" stays
 * "", which is all, also those that later versions add. 0, or -EINVAL: a word that is none of them,
 * or no word at all; *out is then as it was. */
int webhook_events_parse(const char *words, char out[WEBHOOK_EVENTS_BYTES]);
/* What is told instead of "": every name. */
void webhook_events_format(const char *kept, char out[WEBHOOK_EVENTS_BYTES]);

/* Encrypted, or, where that is allowed, to a program on this machine; without a user name. */
bool webhook_url_is_safe(const char *url, bool may_be_here);

#endif
