/* SPDX-License-Identifier: EUPL-1.2 */
#include <arpa/inet.h>
#include <glib.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loadtest/floor/floor.h"

#ifndef UDP_GRO
#define UDP_GRO 104
#endif

enum {
	WIRE_BATCH = 32,
	WIRE_ROOM = 2048,
	WIRE_RUN = 65536,
	WIRE_SOCKET = 4 * 1024 * 1024,
	WIRE_FILL = 256, /* packets that a socket certainly holds */
};

struct wire_socket {
	int fd;
	struct sockaddr_in at;
};

static struct wire_socket open_socket(bool is_gathering)
{
	struct wire_socket s = {.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0),
				.at = {.sin_family = AF_INET}};
	int bytes = WIRE_SOCKET, on = 1;
	socklen_t len = sizeof(s.at);

	g_assert_cmpint(s.fd, >=, 0);
	s.at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	/* Less is no error: the kernel takes what it allows. */
	(void)setsockopt(s.fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	(void)setsockopt(s.fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
	if (is_gathering)
		g_assert_cmpint(setsockopt(s.fd, IPPROTO_UDP, UDP_GRO, &on, sizeof(on)), ==, 0);
	g_assert_cmpint(bind(s.fd, (struct sockaddr *)&s.at, sizeof(s.at)), ==, 0);
	g_assert_cmpint(getsockname(s.fd, (struct sockaddr *)&s.at, &len), ==, 0);
	return s;
}

/* --- what is sent ----------------------------------------------------------------------------- */

struct wire_batch {
	struct mmsghdr msg[WIRE_BATCH];
	struct iovec iov[WIRE_BATCH * WIRE_BATCH];
	union {
		char bytes[CMSG_SPACE(sizeof(uint16_t))];
		size_t align;
	} control[WIRE_BATCH];
	size_t count;
	size_t iov_count;
};

/* One send of `run` packets to somebody. */
/* NOLINTNEXTLINE(readability-non-const-parameter): struct iovec takes no const */
static void add(struct wire_batch *b, struct sockaddr_in *to, uint8_t *data, size_t bytes,
		size_t run)
{
	struct msghdr *m = &b->msg[b->count].msg_hdr;

	*m = (struct msghdr){.msg_name = to,
			     .msg_namelen = sizeof(*to),
			     .msg_iov = &b->iov[b->iov_count],
			     .msg_iovlen = run};
	for (size_t i = 0; i < run; i++)
		b->iov[b->iov_count++] = (struct iovec){data, bytes};
	if (run > 1) {
		uint16_t segment = (uint16_t)bytes;
		struct cmsghdr *c;

		m->msg_control = b->control[b->count].bytes;
		m->msg_controllen = sizeof(b->control[0].bytes);
		c = CMSG_FIRSTHDR(m);
		c->cmsg_level = IPPROTO_UDP;
		c->cmsg_type = UDP_SEGMENT;
		c->cmsg_len = CMSG_LEN(sizeof(segment));
		memcpy(CMSG_DATA(c), &segment, sizeof(segment));
	}
	b->count++;
}

static void send_batch(int fd, struct wire_batch *b)
{
	if (b->count > 0)
		g_assert_cmpint(sendmmsg(fd, b->msg, (unsigned)b->count, 0), ==, (int)b->count);
	b->count = 0;
	b->iov_count = 0;
}

static void send_frame(int fd, struct wire_batch *b, const struct floor_send *config,
		       struct wire_socket *viewer, uint8_t *data)
{
	for (size_t v = 0; v < config->viewers; v++) {
		size_t run = config->way == FLOOR_SEGMENTS ? config->frame : 1;

		for (size_t i = 0; i < config->frame; i += run) {
			if (config->way == FLOOR_SENDTO) {
				(void)sendto(fd, data, config->bytes, 0,
					     (struct sockaddr *)&viewer[v].at,
					     sizeof(viewer[v].at));
				continue;
			}
			add(b, &viewer[v].at, data, config->bytes, run);
			if (b->count == WIRE_BATCH)
				send_batch(fd, b);
		}
	}
	send_batch(fd, b); /* a server's turn ends with the frame */
}

/* --- who reads it ----------------------------------------------------------------------------- */

struct wire_reader {
	const struct floor_send *config;
	struct wire_socket *viewer;
	atomic_bool is_over;
	uint64_t bytes;
};

static void *read_all(void *arg)
{
	struct wire_reader *r = arg;
	size_t room = r->config->is_gathering ? WIRE_RUN : WIRE_ROOM;
	uint8_t *data = g_malloc(WIRE_BATCH * room);
	struct iovec iov[WIRE_BATCH];
	struct mmsghdr msg[WIRE_BATCH] = {0};
	bool is_last;

	for (size_t i = 0; i < WIRE_BATCH; i++) {
		iov[i] = (struct iovec){data + i * room, room};
		msg[i].msg_hdr = (struct msghdr){.msg_iov = &iov[i], .msg_iovlen = 1};
	}
	do {
		is_last = r->is_over;
		for (size_t v = 0; v < r->config->viewers; v++) {
			int n;

			while ((n = recvmmsg(r->viewer[v].fd, msg, WIRE_BATCH, MSG_DONTWAIT,
					     NULL)) > 0)
				for (int i = 0; i < n; i++)
					r->bytes += msg[i].msg_len;
		}
	} while (!is_last);
	g_free(data);
	return NULL;
}

static void pin(pthread_t thread, int cpu)
{
	cpu_set_t set;

	if (cpu < 0)
		return;
	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	(void)pthread_setaffinity_np(thread, sizeof(set), &set); /* or anywhere */
}

struct floor_cost floor_send(const struct floor_send *config)
{
	struct wire_socket server = open_socket(false);
	struct wire_socket viewer[FLOOR_MAX_VIEWERS];
	struct wire_batch *batch = g_new0(struct wire_batch, 1);
	struct wire_reader reader = {.config = config, .viewer = viewer};
	uint8_t data[WIRE_ROOM] = {0};
	size_t sent = 0;
	pthread_t thread;
	double before;

	for (size_t v = 0; v < config->viewers; v++)
		viewer[v] = open_socket(config->is_gathering);
	g_assert_cmpint(pthread_create(&thread, NULL, read_all, &reader), ==, 0);
	pin(thread, config->reader_cpu);
	before = floor_cpu_ns();
	for (; sent < config->packets; sent += config->viewers * config->frame)
		send_frame(server.fd, batch, config, viewer, data);
	before = floor_cpu_ns() - before;
	reader.is_over = true;
	(void)pthread_join(thread, NULL); /* it was made above */
	for (size_t v = 0; v < config->viewers; v++)
		close(viewer[v].fd);
	close(server.fd);
	g_free(batch);
	return (struct floor_cost){
		.ns = before / (double)sent,
		.undelivered = 1 - (double)reader.bytes / (double)(sent * config->bytes),
	};
}

/* --- the way in ------------------------------------------------------------------------------- */

static void fill(int fd, struct wire_socket *to, size_t bytes, bool in_runs)
{
	static struct wire_batch batch;
	static uint8_t data[WIRE_ROOM];
	size_t run = in_runs ? 5 : 1;

	for (size_t i = 0; i < WIRE_FILL; i += run) {
		add(&batch, &to->at, data, bytes, run);
		if (batch.count == WIRE_BATCH)
			send_batch(fd, &batch);
	}
	send_batch(fd, &batch);
}

struct floor_cost floor_receive(size_t bytes, size_t packets, bool is_gathering)
{
	struct wire_socket publisher = open_socket(false), server = open_socket(is_gathering);
	size_t room = is_gathering ? WIRE_RUN : WIRE_ROOM;
	uint8_t *data = g_malloc(WIRE_BATCH * room);
	struct iovec iov[WIRE_BATCH];
	struct mmsghdr msg[WIRE_BATCH] = {0};
	uint64_t got = 0;
	double ns = 0;

	for (size_t i = 0; i < WIRE_BATCH; i++) {
		iov[i] = (struct iovec){data + i * room, room};
		msg[i].msg_hdr = (struct msghdr){.msg_iov = &iov[i], .msg_iovlen = 1};
	}
	while (got < packets * bytes) {
		double before;
		int n;

		fill(publisher.fd, &server, bytes, is_gathering);
		before = floor_cpu_ns();
		while ((n = recvmmsg(server.fd, msg, WIRE_BATCH, MSG_DONTWAIT, NULL)) > 0)
			for (int i = 0; i < n; i++)
				got += msg[i].msg_len;
		ns += floor_cpu_ns() - before;
	}
	close(publisher.fd);
	close(server.fd);
	g_free(data);
	return (struct floor_cost){.ns = ns / ((double)got / (double)bytes)};
}
