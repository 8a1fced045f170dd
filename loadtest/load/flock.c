/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/load/flock.h"

#include <assert.h>
#include <errno.h>
#include <netinet/udp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "server/udp.h"

#ifndef UDP_GRO
#define UDP_GRO 104
#endif

enum {
	FLOCK_RX = 64, /* datagrams, or runs of them, read at once */
	FLOCK_EVENTS = 512,
	FLOCK_SOCKET_BYTES = 1024 * 1024,
	FLOCK_RUN_BYTES = 65536,
};

struct flock {
	struct flock_config config;
	struct tally *tally;
	struct rng rng;
	struct cert *cert;
	int epoll;
	struct heap timers;
	struct bot **bot;
	size_t count;
	int64_t turn_us; /* when the next one is due */
	int64_t wall_offset_us;
	struct bot *sending; /* whose batch it is */
	struct bot_batch *batch;
	struct flock_stats stats;
	struct mmsghdr rx[FLOCK_RX];
	struct iovec rx_iov[FLOCK_RX];
	union {
		char bytes[CMSG_SPACE(sizeof(struct timespec)) + CMSG_SPACE(sizeof(int))];
		size_t align;
	} control[FLOCK_RX];
	uint8_t *rx_data;
	size_t rx_bytes; /* of a place in it */
	struct mmsghdr tx[BOT_BATCH];
	struct iovec tx_iov[BOT_BATCH];
};

static int64_t clock_us(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t flock_now_us(void)
{
	return clock_us(CLOCK_MONOTONIC);
}

/* --- sockets ---------------------------------------------------------------------------------- */

static void flush(void *arg, struct bot_batch *batch)
{
	struct flock *flock = arg;
	size_t sent = 0;

	while (sent < batch->count) {
		int n = flock->sending ? sendmmsg(flock->sending->fd, flock->tx + sent,
						  (unsigned)(batch->count - sent), MSG_DONTWAIT)
				       : -1;

		if (n <= 0) {
			/* Gone, or full: as on a network card. */
			flock->tally->counts.socket_full++;
			sent++;
			continue;
		}
		for (int i = 0; i < n; i++)
			flock->stats.bytes_out += batch->len[sent + (size_t)i];
		flock->stats.datagrams_out += (uint64_t)n;
		sent += (size_t)n;
	}
	batch->count = 0;
}

static void send_batch(struct flock *flock)
{
	struct bot_batch *batch = flock->batch;

	for (size_t i = 0; i < batch->count; i++)
		flock->tx_iov[i].iov_len = batch->len[i];
	if (batch->count > 0)
		flush(flock, batch);
}

/* A full batch in the middle of a bot's turn. */
static void flush_full(void *arg, struct bot_batch *batch)
{
	send_batch(arg);
	batch->count = 0;
}

static int open_socket(const struct flock *flock, const struct addr *peer)
{
	struct sockaddr_storage to;
	socklen_t len = udp_sockaddr_from_addr(&to, peer);
	int fd = socket(to.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int on = 1, bytes = FLOCK_SOCKET_BYTES;

	if (fd < 0)
		return -errno;
	/* Smaller than wished is no error: the kernel takes what it allows. */
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) < 0 ||
	    (flock->config.is_gathering &&
	     setsockopt(fd, IPPROTO_UDP, UDP_GRO, &on, sizeof(on)) < 0) ||
	    connect(fd, (struct sockaddr *)&to, len) < 0) {
		int error = errno;

		close(fd);
		return -error;
	}
	return fd;
}

/* --- bots ------------------------------------------------------------------------------------- */

static void init_messages(struct flock *flock)
{
	for (size_t i = 0; i < FLOCK_RX; i++) {
		flock->rx_iov[i] =
			(struct iovec){flock->rx_data + i * flock->rx_bytes, flock->rx_bytes};
		flock->rx[i].msg_hdr = (struct msghdr){.msg_iov = &flock->rx_iov[i],
						       .msg_iovlen = 1,
						       .msg_control = flock->control[i].bytes};
	}
	for (size_t i = 0; i < BOT_BATCH; i++) {
		flock->tx_iov[i].iov_base = flock->batch->data[i];
		flock->tx[i].msg_hdr =
			(struct msghdr){.msg_iov = &flock->tx_iov[i], .msg_iovlen = 1};
	}
}

int flock_new(struct flock **out, const struct flock_config *config, struct tally *tally)
{
	struct flock *flock = calloc(1, sizeof(*flock));
	int result = -ENOMEM;

	if (!flock)
		return -ENOMEM;
	flock->config = *config;
	flock->tally = tally;
	flock->rng = rng_seeded(config->seed);
	flock->epoll = -1;
	flock->rx_bytes = config->is_gathering ? FLOCK_RUN_BYTES : 2048;
	flock->rx_data = malloc(FLOCK_RX * flock->rx_bytes);
	flock->batch = calloc(1, sizeof(*flock->batch));
	flock->bot = calloc(config->max_bots, sizeof(*flock->bot));
	if (!flock->rx_data || !flock->batch || !flock->bot ||
	    heap_init(&flock->timers, config->max_bots) != 0)
		goto out;
	flock->batch->flush = flush_full;
	flock->batch->arg = flock;
	init_messages(flock);
	result = cert_new(&flock->cert, clock_us(CLOCK_REALTIME) / 1000000);
	if (result != 0)
		goto out;
	flock->epoll = epoll_create1(EPOLL_CLOEXEC);
	result = flock->epoll < 0 ? -errno : 0;
out:
	if (result == 0)
		*out = flock;
	else
		flock_free(flock);
	return result;
}

void flock_free(struct flock *flock)
{
	if (!flock)
		return;
	while (flock->bot && flock->count > 0)
		flock_remove(flock, flock->bot[flock->count - 1]);
	if (flock->epoll >= 0)
		close(flock->epoll);
	heap_close(&flock->timers);
	cert_free(flock->cert);
	free(flock->rx_data);
	free(flock->batch);
	free(flock->bot);
	free(flock);
}

struct bot *flock_add(struct flock *flock, const struct bot_config *config)
{
	struct bot_config own = *config;
	struct bot *bot;

	if (flock->count == flock->config.max_bots)
		return NULL;
	bot = malloc(sizeof(*bot));
	if (!bot)
		return NULL;
	own.cert = flock->cert;
	if (bot_init(bot, &own, flock->tally, flock->batch, &flock->rng) != 0) {
		bot_close(bot);
		free(bot);
		return NULL;
	}
	flock->bot[flock->count++] = bot;
	return bot;
}

/* A bot's turn is over: what it wants to send leaves, and its clock is set. */
static void end_turn(struct flock *flock, struct bot *bot)
{
	flock->sending = bot;
	send_batch(flock);
	flock->sending = NULL;
	/* There is room for max_bots timers. */
	(void)heap_set(&flock->timers, &bot->timer, bot_deadline_us(bot));
}

int flock_connect(struct flock *flock, struct bot *bot, const struct description *description)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = bot};
	int result;

	if (bot->fd < 0) {
		bot->fd = open_socket(flock, &description->peer);
		if (bot->fd < 0)
			return bot->fd;
		if (epoll_ctl(flock->epoll, EPOLL_CTL_ADD, bot->fd, &event) < 0)
			return -errno;
	}
	flock->sending = bot;
	result = bot_described(bot, flock_now_us(), description);
	bot_timeout(bot, flock_now_us());
	end_turn(flock, bot);
	return result;
}

void flock_remove(struct flock *flock, struct bot *bot)
{
	size_t i = 0;

	flock->sending = bot;
	subscriber_settle(&bot->subscriber);
	channel_leave(&bot->channel, flock_now_us());
	send_batch(flock);
	flock->sending = NULL;
	heap_remove(&flock->timers, &bot->timer);
	if (bot->fd >= 0)
		close(bot->fd);
	while (flock->bot[i] != bot)
		i++;
	flock->bot[i] = flock->bot[--flock->count];
	bot_close(bot);
	free(bot);
}

/* --- a turn ----------------------------------------------------------------------------------- */

/* When the kernel got it, on our clock, and how it was gathered. */
static int64_t read_control(const struct flock *flock, struct msghdr *m, size_t *segment)
{
	int64_t at = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		struct timespec t;
		int bytes;

		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
			memcpy(&t, CMSG_DATA(c), sizeof(t));
			at = (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000 - flock->wall_offset_us;
		} else if (c->cmsg_level == IPPROTO_UDP && c->cmsg_type == UDP_GRO) {
			memcpy(&bytes, CMSG_DATA(c), sizeof(bytes));
			*segment = (size_t)bytes;
		}
	}
	return at ? at : flock_now_us();
}

static void take(struct flock *flock, struct bot *bot, struct mmsghdr *m)
{
	uint8_t *data = m->msg_hdr.msg_iov->iov_base;
	size_t segment = m->msg_len;
	int64_t at = read_control(flock, &m->msg_hdr, &segment);

	for (size_t done = 0; done < m->msg_len; done += segment) {
		size_t len = m->msg_len - done < segment ? m->msg_len - done : segment;

		flock->stats.datagrams_in++;
		bot_input(bot, at, data + done, len);
	}
}

static void receive(struct flock *flock, struct bot *bot)
{
	int n;

	flock->sending = bot;
	do {
		for (size_t i = 0; i < FLOCK_RX; i++)
			flock->rx[i].msg_hdr.msg_controllen = sizeof(flock->control[i].bytes);
		n = recvmmsg(bot->fd, flock->rx, FLOCK_RX, MSG_DONTWAIT, NULL);
		for (int i = 0; i < n; i++)
			take(flock, bot, &flock->rx[i]);
	} while (n == FLOCK_RX);
	end_turn(flock, bot);
}

static void receive_all(struct flock *flock)
{
	struct epoll_event events[FLOCK_EVENTS];
	int n;

	do {
		n = epoll_wait(flock->epoll, events, FLOCK_EVENTS, 0);
		for (int i = 0; i < n; i++)
			receive(flock, events[i].data.ptr);
	} while (n == FLOCK_EVENTS);
}

static void time_out(struct flock *flock)
{
	int64_t now = flock_now_us();
	struct heap_node *node;

	while ((node = heap_first(&flock->timers)) != NULL && node->deadline_us <= now) {
		struct bot *bot = (struct bot *)node; /* its first member */

		flock->sending = bot;
		bot_timeout(bot, flock_now_us());
		end_turn(flock, bot);
	}
}

static void wait_for_turn(struct flock *flock)
{
	int64_t now = flock_now_us();
	struct timespec until = {.tv_sec = flock->turn_us / 1000000,
				 .tv_nsec = flock->turn_us % 1000000 * 1000};

	if (flock->turn_us == 0)
		flock->turn_us = now;
	if (flock->turn_us > now)
		(void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL); /* or early */
	now = flock_now_us();
	if (flock->tally->is_measuring)
		histogram_add(&flock->stats.lateness, now - flock->turn_us);
	flock->stats.turns++;
	flock->turn_us += flock->config.turn_us;
	if (flock->turn_us < now)
		flock->turn_us = now; /* what was missed is not made up for */
}

void flock_turn(struct flock *flock)
{
	wait_for_turn(flock);
	flock->wall_offset_us = clock_us(CLOCK_REALTIME) - flock_now_us();
	receive_all(flock);
	time_out(flock);
}

size_t flock_count(const struct flock *flock)
{
	return flock->count;
}

struct bot *flock_bot(const struct flock *flock, size_t i)
{
	assert(i < flock->count);
	return flock->bot[i];
}

struct flock_stats *flock_stats(struct flock *flock)
{
	return &flock->stats;
}
