/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The cost of sending: frames of five packets to some viewers over loopback, as server/udp_tx sends
 * them with segments and without, in turn in the same run, beside sendto for each packet. CPU time
 * of the sending thread; a second thread reads everything. Prints nanoseconds per packet (the
 * median of the rounds) and ratios; judges nothing.
 */
#include <glib.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "server/udp.h"
#include "server/udp_tx.h"

#define ROUNDS	    9
#define PACKETS	    20000 /* of a round, about */
#define FRAME	    5
#define MAX_VIEWERS 100

/* libwebrtc splits a frame into packets that differ by a byte, the larger ones last; and the same
 * as route/egress pads it. */
static const uint16_t frame_lens[2][FRAME] = {
	{1150, 1150, 1150, 1151, 1151},
	{1151, 1151, 1151, 1151, 1151},
};

enum way {
	SENDTO,
	ONE_BY_ONE,
	SEGMENTS,
	PADDED, /* the same of padded packets */
	WAY_COUNT,
};

struct bench {
	int fd;
	int viewer_fd[MAX_VIEWERS];
	struct addr viewer[MAX_VIEWERS];
	size_t viewers;
	struct pkt_pool *pool;
	struct udp_tx tx;
	atomic_bool is_over;
};

static double cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void *read_all(void *arg)
{
	struct bench *b = arg;
	static uint8_t data[64][2048];
	struct iovec iov[64];
	struct mmsghdr msg[64] = {0};

	for (size_t i = 0; i < 64; i++) {
		iov[i] = (struct iovec){data[i], sizeof(data[i])};
		msg[i].msg_hdr.msg_iov = &iov[i];
		msg[i].msg_hdr.msg_iovlen = 1;
	}
	while (!b->is_over) {
		for (size_t v = 0; v < b->viewers; v++)
			while (recvmmsg(b->viewer_fd[v], msg, 64, MSG_DONTWAIT, NULL) == 64)
				;
	}
	return NULL;
}

static void send_batch(struct bench *b, enum way way)
{
	if (way == SENDTO) {
		for (size_t i = 0; i < b->tx.count; i++) {
			struct pkt *pkt = b->tx.pkt[i];
			struct sockaddr_storage to;
			socklen_t len = udp_sockaddr_from_addr(&to, &pkt->path.remote);

			(void)sendto(b->fd, pkt->data, pkt->len, MSG_DONTWAIT,
				     (struct sockaddr *)&to, len);
		}
	} else {
		(void)udp_tx_send(b->fd, &b->tx);
	}
	udp_tx_clear(&b->tx);
}

/* Nanoseconds per packet. */
static double run_round(struct bench *b, enum way way)
{
	size_t sent = 0;
	double before;

	b->tx.is_segmenting = way >= SEGMENTS;
	before = cpu_ns();
	while (sent < PACKETS) {
		for (size_t i = 0; i < FRAME; i++) {
			for (size_t v = 0; v < b->viewers; v++) {
				struct pkt *pkt = pkt_get(b->pool);

				pkt->len = frame_lens[way == PADDED][i];
				pkt->path.remote = b->viewer[v];
				udp_tx_add(&b->tx, pkt);
				sent++;
				if (b->tx.count == UDP_TX_BATCH)
					send_batch(b, way);
			}
		}
		send_batch(b, way); /* a turn of the worker ends with the frame */
	}
	return (cpu_ns() - before) / (double)sent;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static void measure(size_t viewers)
{
	struct bench *b = g_new0(struct bench, 1);
	double cost[WAY_COUNT][ROUNDS];
	struct addr any;
	pthread_t reader;

	(void)addr_parse(&any, "127.0.0.1", 0);
	b->viewers = viewers;
	b->fd = udp_open(&any, &any);
	udp_tx_init(&b->tx, b->fd);
	g_assert_true(b->tx.is_segmenting);
	any.port = 0;
	for (size_t v = 0; v < viewers; v++) {
		struct addr free_port = any;

		b->viewer_fd[v] = udp_open(&free_port, &b->viewer[v]);
		g_assert_cmpint(b->viewer_fd[v], >=, 0);
	}
	b->pool = pkt_pool_new(2 * UDP_TX_BATCH, 0);
	g_assert_cmpint(pthread_create(&reader, NULL, read_all, b), ==, 0);
	for (size_t r = 0; r < ROUNDS; r++) {
		for (enum way way = 0; way < WAY_COUNT; way++)
			cost[way][r] = run_round(b, way);
	}
	b->is_over = true;
	pthread_join(reader, NULL);
	for (enum way way = 0; way < WAY_COUNT; way++)
		qsort(cost[way], ROUNDS, sizeof(double), compare);
	printf("%3zu viewers, ns per packet: sendto %4.0f, sendmmsg %4.0f, segments %4.0f (%.2f of "
	       "sendmmsg), padded segments %4.0f (%.2f)\n",
	       viewers, cost[SENDTO][ROUNDS / 2], cost[ONE_BY_ONE][ROUNDS / 2],
	       cost[SEGMENTS][ROUNDS / 2],
	       cost[SEGMENTS][ROUNDS / 2] / cost[ONE_BY_ONE][ROUNDS / 2], cost[PADDED][ROUNDS / 2],
	       cost[PADDED][ROUNDS / 2] / cost[ONE_BY_ONE][ROUNDS / 2]);
	for (size_t v = 0; v < viewers; v++)
		close(b->viewer_fd[v]);
	close(b->fd);
	pkt_pool_free(b->pool);
	g_free(b);
}

int main(void)
{
	static const size_t viewers[] = {1, 10, 50, 100};

	for (size_t i = 0; i < G_N_ELEMENTS(viewers); i++)
		measure(viewers[i]);
	return 0;
}
