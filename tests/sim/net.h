/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A virtual network: datagrams between an engine and clients arrive when they are due, after a
 * link that loses, delays and reorders by a seeded generator. Time is whatever the caller says.
 */
#ifndef VIDD_TESTS_SIM_NET_H
#define VIDD_TESTS_SIM_NET_H

#include <stdbool.h>

#include "loadtest/link/link.h"
#include "media/base/addr.h"
#include "media/base/rng.h"

/* IPv4 and UDP before the payload. */
#define NET_HEADER_BYTES 28

/* One direction of a client's access. */
struct net_link {
	/* Decides instead of delay_us, jitter_us and loss when set; borrowed. Its t = 0 is the
	 * world's unless link_start() or its config says otherwise. */
	struct link *model;
	int64_t delay_us;
	int64_t jitter_us; /* uniform in [0, jitter), so datagrams overtake each other */
	double loss;	   /* 0..1, each on its own */
	bool is_cut;
};

/* How a datagram travels. path.local: the engine's socket, path.remote: the client's address. */
struct net_way {
	const struct net_link *link; /* borrowed for the call */
	struct path path;
	bool to_engine;
};

struct net_datagram {
	int64_t due_us;
	uint64_t order; /* of sending: ties go first come first served */
	bool to_engine;
	struct path path;
	size_t len;
	uint8_t data[2048];
};

struct net {
	struct rng rng;
	struct net_datagram **queue; /* a binary heap */
	size_t count;
	size_t cap;
	uint64_t sent;
	uint64_t lost;
};

void net_init(struct net *net, uint64_t seed);
void net_close(struct net *net);
void net_send(struct net *net, int64_t now_us, const struct net_way *way, const uint8_t *data,
	      size_t len);
/* INT64_MAX: nothing under way. */
int64_t net_deadline_us(const struct net *net);
/* The next datagram due by now_us, to be freed by the caller with g_free, or NULL. */
struct net_datagram *net_take(struct net *net, int64_t now_us);

#endif
