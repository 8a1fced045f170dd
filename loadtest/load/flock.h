/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * All bots with their sockets, timers and one clock: the only file of the load tester that reads
 * and writes datagrams. One thread. Turns come at a fixed pace, so that a server is not woken by
 * our waking up for each of its packets; when a datagram came is the kernel's word
 * (SO_TIMESTAMPNS), so the pace does not count as latency.
 */
#ifndef VIDD_LOADTEST_LOAD_FLOCK_H
#define VIDD_LOADTEST_LOAD_FLOCK_H

#include "loadtest/load/bot.h"

struct flock;

struct flock_config {
	size_t max_bots;
	int64_t turn_us;
	bool is_gathering; /* UDP_GRO: runs of packets come as one, as some network cards do it */
	uint64_t seed;
};

/* How late turns were and how much came. */
struct flock_stats {
	struct histogram lateness;
	uint64_t turns;
	uint64_t datagrams_in;
	uint64_t datagrams_out;
	uint64_t bytes_out;
};

/* 0 or -errno. */
int flock_new(struct flock **out, const struct flock_config *config, struct tally *tally);
void flock_free(struct flock *flock);
/* A bot without a socket yet; NULL: no memory, or max_bots are there. config->cert is set here. */
struct bot *flock_add(struct flock *flock, const struct bot_config *config);
/* Its peer is known: opens its socket and connects. 0 or -errno. */
int flock_connect(struct flock *flock, struct bot *bot, const struct description *description);
/* Says goodbye and frees it. */
void flock_remove(struct flock *flock, struct bot *bot);
/* Waits for the next turn and takes it. */
void flock_turn(struct flock *flock);
/* Monotonic. */
int64_t flock_now_us(void);
size_t flock_count(const struct flock *flock);
struct bot *flock_bot(const struct flock *flock, size_t i);
struct flock_stats *flock_stats(struct flock *flock);

#endif
