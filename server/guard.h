/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Who may connect and ask how often: caps on connections in all and per address, and a token bucket
 * per address for new connections and requests. An IPv6 /64 counts as one address. Pure: time is an
 * argument. Front thread.
 */
#ifndef VIDD_SERVER_GUARD_H
#define VIDD_SERVER_GUARD_H

#include <stddef.h>
#include <stdint.h>

#include "media/base/addr.h"

/* Addresses remembered; those idle long enough to have their burst again are forgotten first, and
 * when all are busy a stranger is refused. */
#define GUARD_MAX_ADDRESSES 16384
/* A burst of a bucket, in seconds of its rate. */
#define GUARD_BURST_S 10

struct guard;

struct guard_config {
	size_t max_connections;
	size_t max_per_address;
	uint32_t rate_per_s;
};

int guard_new(struct guard **out, const struct guard_config *config);
void guard_free(struct guard *guard);
/* A new connection: 0 and counted, or -EMFILE (in all), -EUSERS (of this address), -EAGAIN (too
 * fast). */
int guard_connect(struct guard *guard, int64_t now_us, const struct addr *from);
/* The same of a proxy that we trust: it speaks for many, so only the number in all counts. */
int guard_connect_proxy(struct guard *guard, int64_t now_us, const struct addr *from);
void guard_disconnect(struct guard *guard, const struct addr *from);
/* A request on a connection: 0, or -EAGAIN (too fast). */
int guard_request(struct guard *guard, int64_t now_us, const struct addr *from);
size_t guard_connections(const struct guard *guard);

#endif
