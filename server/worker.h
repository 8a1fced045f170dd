/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One media thread: its sockets, its engine, its deadlines. A room lives on one worker for its
 * whole life. Commands come by mailbox, results and events go to the front's mailbox; the thread
 * never blocks on anything else than its own wait, and on the path of a forwarded packet it neither
 * allocates nor locks nor logs.
 *
 * Everything below is for the front's thread, unless it says otherwise.
 */
#ifndef VIDD_SERVER_WORKER_H
#define VIDD_SERVER_WORKER_H

#include <stddef.h>

#include "media/base/addr.h"
#include "media/wire/cert.h"
#include "server/mailbox.h"
#include "server/metrics.h"
#include "signaling/service.h"

#define WORKER_MAX_SOCKETS SERVICE_MAX_CANDIDATES

struct worker;

struct worker_config {
	size_t index;
	const struct cert *cert; /* borrowed for life, as the next two */
	struct mailbox *front;	 /* of struct front_message */
	struct metrics *metrics;
	uint16_t port;				 /* 0: any free one per socket */
	struct addr address[WORKER_MAX_SOCKETS]; /* to bind */
	size_t address_count;
	size_t max_pkts;
	int max_encoding;
};

/* Binds the sockets and starts the thread. 0 or -errno; on -EADDRINUSE, -EACCES and
 * -EADDRNOTAVAIL *failed is the address it was about. */
int worker_new(struct worker **out, const struct worker_config *config, struct addr *failed);
/* Where the sockets are bound, ports included; at most max. */
size_t worker_addresses(const struct worker *worker, struct addr *out, size_t max);
/* Copies what the command points to. 0, -EAGAIN: the mailbox is full (closing commands have room
 * kept for them), -ENOMEM. */
int worker_post(struct worker *worker, const struct media_command *command);
/* Asks the thread to close all rooms in order (BYE, close_notify) and end. */
void worker_stop(struct worker *worker);
/* Waits for the thread's end, then frees. NULL is legal. */
void worker_free(struct worker *worker);

#endif
