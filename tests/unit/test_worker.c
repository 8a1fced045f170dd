/* SPDX-License-Identifier: EUPL-1.2 */
/* A real worker thread on loopback: commands in, results out, datagrams through, an orderly end. */
#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/clock.h"
#include "server/log.h"
#include "server/message.h"
#include "server/udp.h"
#include "server/worker.h"
#include "tests/support/alloc_count.h"

#define WAIT_MS 5000

struct place {
	struct cert *cert;
	struct mailbox *front;
	struct metrics *metrics;
	struct worker *worker;
	struct addr at;
};

static struct place place_new(void)
{
	struct place p = {0};
	struct worker_config config = {.address_count = 1, .max_pkts = 1024, .max_encoding = 2};
	struct addr failed;

	g_assert_cmpint(cert_new(&p.cert, clock_unix_s()), ==, 0);
	g_assert_cmpint(mailbox_new(&p.front, sizeof(struct front_message), 64), ==, 0);
	g_assert_cmpint(metrics_new(&p.metrics, 1), ==, 0);
	config.cert = p.cert;
	config.front = p.front;
	config.metrics = p.metrics;
	g_assert_cmpint(addr_parse(&config.address[0], "127.0.0.1", 0), ==, 0);
	g_assert_cmpint(worker_new(&p.worker, &config, &failed), ==, 0);
	g_assert_cmpuint(worker_addresses(p.worker, &p.at, 1), ==, 1);
	g_assert_cmpuint(p.at.port, !=, 0);
	return p;
}

static void place_close(struct place *p)
{
	worker_stop(p->worker);
	worker_free(p->worker);
	metrics_free(p->metrics);
	mailbox_free(p->front);
	cert_free(p->cert);
}

static struct front_message next_message(struct place *p)
{
	struct front_message m;

	while (!mailbox_take(p->front, &m)) {
		struct pollfd w = {.fd = mailbox_fd(p->front), .events = POLLIN};

		g_assert_cmpint(poll(&w, 1, WAIT_MS), ==, 1);
		mailbox_clear(p->front);
	}
	return m;
}

static void post(struct place *p, enum media_command_type type, uint32_t room, uint32_t transport)
{
	struct media_command c = {.type = type, .room_id = room, .transport_id = transport};

	g_assert_cmpint(worker_post(p->worker, &c), ==, 0);
}

static int open_transport(struct place *p, uint32_t room, uint32_t transport)
{
	struct transport_params *params = g_new0(struct transport_params, 1);
	struct media_command c = {
		.type = MEDIA_TRANSPORT_OPEN,
		.room_id = room,
		.transport_id = transport,
		.params = params,
	};
	struct front_message m;

	params->room_id = room;
	params->transport_id = transport;
	params->owner = transport;
	params->dtls_role = DTLS_SERVER;
	g_snprintf(params->local.ufrag, sizeof(params->local.ufrag), "ufrag%u", transport);
	g_strlcpy(params->local.pwd, "0123456789012345678901", sizeof(params->local.pwd));
	g_strlcpy(params->remote.ufrag, "peer", sizeof(params->remote.ufrag));
	g_strlcpy(params->remote.pwd, "9876543210987654321098", sizeof(params->remote.pwd));
	g_strlcpy(params->cname, "vidd", sizeof(params->cname));
	g_assert_cmpint(worker_post(p->worker, &c), ==, 0);
	memset(params, 0xff, sizeof(*params)); /* it was copied */
	g_free(params);
	m = next_message(p);
	g_assert_cmpint(m.type, ==, FRONT_MEDIA_DONE);
	g_assert_cmpuint(m.done.transport_id, ==, transport);
	return m.done.result;
}

static struct worker_stats stats(struct place *p)
{
	struct worker_stats s;

	metrics_copy(p->metrics, 0, &s);
	return s;
}

static void commands_are_answered_in_order(void)
{
	struct place p = place_new();

	g_assert_cmpint(open_transport(&p, 1, 10), ==, -ENOENT);
	post(&p, MEDIA_ROOM_OPEN, 1, 0);
	g_assert_cmpint(open_transport(&p, 1, 10), ==, 0);
	g_assert_cmpint(open_transport(&p, 1, 10), ==, -EEXIST);
	g_assert_cmpint(open_transport(&p, 1, 11), ==, 0);
	post(&p, MEDIA_TRANSPORT_CLOSE, 1, 10);
	g_assert_cmpint(open_transport(&p, 1, 10), ==, 0);
	post(&p, MEDIA_ROOM_CLOSE, 1, 0);
	g_assert_cmpint(open_transport(&p, 1, 12), ==, -ENOENT);
	place_close(&p);
}

/* More than one turn takes: all of them, in their order, and none waits for another to come. */
static void many_commands_at_once_are_all_done(void)
{
	struct place p = place_new();

	for (uint32_t room = 1; room <= 900; room++)
		post(&p, MEDIA_ROOM_OPEN, room, 0);
	for (uint32_t room = 1; room <= 900; room++)
		if (room != 700)
			post(&p, MEDIA_ROOM_CLOSE, room, 0);
	g_assert_cmpint(open_transport(&p, 700, 1), ==, 0);
	g_assert_cmpint(open_transport(&p, 699, 2), ==, -ENOENT);
	g_assert_cmpint(open_transport(&p, 900, 3), ==, -ENOENT);
	place_close(&p);
}

static void the_end_closes_what_is_open(void)
{
	struct place p = place_new();

	for (uint32_t room = 1; room <= 5; room++) {
		post(&p, MEDIA_ROOM_OPEN, room, 0);
		g_assert_cmpint(open_transport(&p, room, room * 10), ==, 0);
	}
	worker_stop(p.worker);
	worker_free(p.worker);
	p.worker = NULL;
	g_assert_cmpuint(stats(&p).engine.rooms, ==, 0);
	g_assert_cmpuint(stats(&p).engine.transports, ==, 0);
	metrics_free(p.metrics);
	mailbox_free(p.front);
	cert_free(p.cert);
}

/* Sends count datagrams that lead nowhere and waits until the worker has taken all of them. */
static void flood(struct place *p, int fd, uint64_t count)
{
	static const uint8_t junk[100] = {0x80, 96}; /* RTP by its first byte */
	uint64_t before = stats(p).engine.packets_in;
	struct sockaddr_storage to;
	socklen_t len = udp_sockaddr_from_addr(&to, &p->at);
	int64_t end_us = clock_now_us() + (int64_t)WAIT_MS * 1000;

	for (uint64_t i = 0; i < count; i++) {
		g_assert_cmpint(sendto(fd, junk, sizeof(junk), 0, (struct sockaddr *)&to, len), ==,
				sizeof(junk));
		if (i % 100 == 99)
			(void)poll(NULL, 0, 1); /* the socket's buffer holds some hundreds */
	}
	while (stats(p).engine.packets_in - before < count) {
		g_assert_cmpint(clock_now_us(), <, end_us);
		(void)poll(NULL, 0, 20);
	}
}

static void strangers_datagrams_cost_no_allocation(void)
{
	struct place p = place_new();
	struct addr loopback, bound;
	uint64_t before;
	int fd;

	g_assert_cmpint(addr_parse(&loopback, "127.0.0.1", 0), ==, 0);
	fd = udp_open(&loopback, &bound);
	g_assert_cmpint(fd, >=, 0);
	flood(&p, fd, 500); /* the pool warms up */
	before = alloc_count;
	flood(&p, fd, 2000);
	if (alloc_count_works)
		g_assert_cmpuint(alloc_count - before, ==, 0);
	g_assert_cmpuint(stats(&p).engine.dropped_unknown + stats(&p).engine.dropped_malformed, ==,
			 2500);
	g_assert_cmpuint(stats(&p).rx_no_buffer, ==, 0);
	g_assert_cmpuint(stats(&p).rx_batches, <=, 2500);
	close(fd);
	place_close(&p);
}

/* A mailbox of 64 and nobody empties it: what finds no room is dropped with an error line, and the
 * thread goes on and ends in order. */
static void a_front_that_does_not_read_stops_no_worker(void)
{
	struct place p = place_new();

	post(&p, MEDIA_ROOM_OPEN, 1, 0);
	for (uint32_t i = 0; i < 200; i++) {
		struct transport_params *params = g_new0(struct transport_params, 1);
		struct media_command c = {.type = MEDIA_TRANSPORT_UPDATE, .params = params};

		params->transport_id = i + 1;
		g_assert_cmpint(worker_post(p.worker, &c), ==, 0);
		g_free(params);
	}
	place_close(&p);
}

static void a_taken_port_is_told(void)
{
	struct place p = place_new();
	struct worker_config config = {.address_count = 1, .max_pkts = 1024, .max_encoding = 2};
	struct worker *second = NULL;
	struct addr failed = {0};

	config.cert = p.cert;
	config.front = p.front;
	config.metrics = p.metrics;
	config.port = p.at.port;
	g_assert_cmpint(addr_parse(&config.address[0], "127.0.0.1", 0), ==, 0);
	g_assert_cmpint(worker_new(&second, &config, &failed), ==, -EADDRINUSE);
	g_assert_null(second);
	g_assert_true(addr_equal(&failed, &p.at));
	place_close(&p);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	log_set_level(LOG_LEVEL_ERROR);
	g_test_add_func("/worker/commands_are_answered_in_order", commands_are_answered_in_order);
	g_test_add_func("/worker/many_commands_at_once_are_all_done",
			many_commands_at_once_are_all_done);
	g_test_add_func("/worker/the_end_closes_what_is_open", the_end_closes_what_is_open);
	g_test_add_func("/worker/strangers_datagrams_cost_no_allocation",
			strangers_datagrams_cost_no_allocation);
	g_test_add_func("/worker/a_front_that_does_not_read_stops_no_worker",
			a_front_that_does_not_read_stops_no_worker);
	g_test_add_func("/worker/a_taken_port_is_told", a_taken_port_is_told);
	return g_test_run();
}
