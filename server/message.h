/* SPDX-License-Identifier: EUPL-1.2 */
/* What travels in mailboxes between the front, the workers, the store and errand threads. Plain
 * values. */
#ifndef VIDD_SERVER_MESSAGE_H
#define VIDD_SERVER_MESSAGE_H

#include "media/route/engine.h"
#include "server/errand.h"
#include "server/store_job.h"
#include "signaling/service.h"

/* Front to worker. */
struct worker_message {
	bool is_stop; /* close everything in order and end the thread */
	struct media_command command;
	struct transport_params *params; /* the message's own copy, on the heap */
};

enum front_message_type {
	FRONT_MEDIA_DONE,
	FRONT_MEDIA_EVENT,
	FRONT_STORE_DONE,
	FRONT_ERRAND_DONE,
};

/* Workers, store and errand threads to front. */
struct front_message {
	enum front_message_type type;
	union {
		struct {
			uint32_t transport_id;
			int result;
		} done;
		struct engine_event event;
		struct store_job *job; /* the front's to free */
		struct errand *errand; /* the front's to free */
	};
};

#endif
