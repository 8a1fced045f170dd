/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Where the front's parts meet: carries what the service puts out to websockets, HTTP requests, the
 * store and the workers, and their answers back to the service. Composes and routes only. Front
 * thread; the struct is visible because routes read its parts.
 */
#ifndef VIDD_SERVER_HUB_H
#define VIDD_SERVER_HUB_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/config.h"
#include "server/guard.h"
#include "server/http_message.h"
#include "server/mailbox.h"
#include "server/metrics.h"
#include "server/retention.h"
#include "server/store_thread.h"
#include "server/web.h"
#include "server/worker.h"
#include "signaling/service.h"

struct http_exchanges; /* server/http */
struct ws_clients;     /* server/ws */
struct login;
struct audit;
struct idempotency;
struct outbox;
struct webhooks;

struct hub {
	/* Borrowed: main made them and outlives the hub. */
	const struct config *config;
	struct service *service;
	struct worker **worker;
	size_t worker_count;
	struct store_thread *store;
	struct login *login;	   /* server/login */
	struct audit *audit;	   /* server/audit */
	struct outbox *outbox;	   /* server/outbox */
	struct webhooks *webhooks; /* server/webhook */
	struct retention retention;
	struct {
		GQueue waiting;	  /* of records' jobs that the store had no room for, or refused */
		uint64_t count;	  /* of all */
		int64_t again_us; /* one was refused: when the next is tried; 0: all are */
		uint64_t lost;
	} records;		 /* server/records */
	struct mailbox *mailbox; /* of struct front_message, to us */
	struct metrics *metrics;
	const struct web *web;
	struct guard *guard;
	const char *public_url;
	/* Set by the front. */
	struct http_exchanges *http;
	struct idempotency *idempotency; /* http's */
	struct ws_clients *ws;
	struct front_stats stats;
	uint64_t next_id; /* of clients and requests */
	bool is_draining;
	bool is_store_broken; /* a job failed for want of a working database, no probe passed since
			       */
	bool is_probing;      /* one is on its way */
};

/* Carries out what the service wants; after every call on it. */
void hub_drain(struct hub *hub);
/* What workers and the store have sent. */
void hub_read_mailbox(struct hub *hub);
void hub_timeout(struct hub *hub);
/* Once a second: what is tried again or due. */
void hub_tick(struct hub *hub);

/* Hands a job to the store thread (takes it). False, and the job is freed, when it is overloaded.
 */
bool hub_post_store(struct hub *hub, struct store_job *job);
/* Answers request id; takes what the reply owns, also when the client is gone. */
void hub_answer(struct hub *hub, uint64_t id, struct http_reply *reply);
void hub_answer_problem(struct hub *hub, uint64_t id, int status, const char *code,
			const char *detail);

#endif
