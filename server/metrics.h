/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Figures of the process for Prometheus. Workers publish a copy of theirs a few times a second, the
 * front renders the last ones; the lock is held for a copy only. Labels hold worker numbers and
 * fixed words, never ids, names or addresses.
 */
#ifndef VIDD_SERVER_METRICS_H
#define VIDD_SERVER_METRICS_H

#include <stddef.h>
#include <stdint.h>

#include "media/route/engine.h"
#include "server/audit.h"
#include "server/histogram.h"
#include "server/outbox.h"
#include "signaling/service.h"

struct metrics;

struct worker_stats {
	struct engine_stats engine;
	uint64_t rx_batches, tx_batches; /* recvmmsg and sendmmsg calls that moved something */
	uint64_t rx_no_buffer;		 /* datagrams dropped because the pool was at its cap */
	uint64_t rx_truncated;		 /* larger than LIMIT_DATAGRAM_BYTES */
	uint64_t tx_dropped;		 /* the socket was full or the network refused */
	uint64_t events_late;		 /* times the front's mailbox was full */
	struct histogram transit;	 /* the kernel's receiving it to after the sending call */
};

/* Counted by the front alone, so without lock. */
struct front_stats {
	uint64_t connections, connections_refused, websockets, requests, rate_limited;
	uint64_t responses[6]; /* by first digit of the status */
	uint64_t websocket_stalled;
	uint64_t mailbox_full; /* commands a worker or the store had no room for */
	struct histogram store;
	uint64_t store_failures;
	uint64_t records_waiting, records_lost;
	struct audit_stats audit; /* copied before rendering, as the next */
	struct outbox_stats outbox;
	uint64_t log_lost;
};

int metrics_new(struct metrics **out, size_t worker_count);
void metrics_free(struct metrics *metrics);
/* Any thread, for its own worker. */
void metrics_publish(struct metrics *metrics, size_t worker, const struct worker_stats *stats);
void metrics_copy(struct metrics *metrics, size_t worker, struct worker_stats *out);
size_t metrics_worker_count(const struct metrics *metrics);

/* Prometheus text format 0.0.4; g_free() it. */
char *metrics_text(struct metrics *metrics, const struct front_stats *front,
		   const struct service_stats *service);

#endif
