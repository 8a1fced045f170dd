/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "media/base/limits.h"
#include "server/netif.h"
#include "server/udp.h"
#include "server/udp_tx.h"

struct pair {
	struct addr a, b;
	int fd_a, fd_b;
	struct pkt_pool *pool;
	struct udp_rx rx;
	struct udp_tx tx;
};

static struct pair *pair_new(size_t pkts)
{
	struct pair *p = g_new0(struct pair, 1);
	struct addr loopback;

	g_assert_cmpint(addr_parse(&loopback, "127.0.0.1", 0), ==, 0);
	p->fd_a = udp_open(&loopback, &p->a);
	p->fd_b = udp_open(&loopback, &p->b);
	g_assert_cmpint(p->fd_a, >=, 0);
	g_assert_cmpint(p->fd_b, >=, 0);
	g_assert_cmpuint(p->a.port, !=, 0);
	p->pool = pkt_pool_new(pkts, 0);
	udp_tx_init(&p->tx, p->fd_a);
	return p;
}

static void pair_free(struct pair *p)
{
	udp_rx_close(&p->rx);
	udp_tx_clear(&p->tx);
	pkt_pool_free(p->pool); /* asserts that all came back */
	close(p->fd_a);
	close(p->fd_b);
	g_free(p);
}

static struct udp_moment now(void)
{
	return (struct udp_moment){g_get_monotonic_time(), g_get_real_time()};
}

static struct udp_rx_result receive(struct pair *p)
{
	return udp_receive(p->fd_b, 0, now(), &p->rx, p->pool);
}

static void wait_readable(int fd)
{
	struct pollfd w = {.fd = fd, .events = POLLIN};

	g_assert_cmpint(poll(&w, 1, 2000), ==, 1);
}

static void addresses_survive_the_kernels_form(void)
{
	static const char *const texts[] = {"192.0.2.1", "0.0.0.0", "2001:db8::1", "::1"};

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct sockaddr_storage sa;
		struct addr in, out;

		g_assert_cmpint(addr_parse(&in, texts[i], 4711), ==, 0);
		g_assert_cmpuint(udp_sockaddr_from_addr(&sa, &in), >, 0);
		g_assert_cmpint(udp_addr_from_sockaddr(&out, &sa), ==, 0);
		g_assert_true(addr_equal(&in, &out));
	}
	struct sockaddr_storage unix_socket = {.ss_family = AF_UNIX};
	struct addr out;

	g_assert_cmpint(udp_addr_from_sockaddr(&out, &unix_socket), ==, -EAFNOSUPPORT);
}

/* NOLINTNEXTLINE(readability-function-size): asserts nest */
static void a_batch_goes_across_whole(void)
{
	struct pair *p = pair_new(1024);
	int64_t before_us = g_get_monotonic_time();
	struct udp_rx_result got;

	for (int i = 0; i < UDP_TX_BATCH; i++) {
		struct pkt *pkt = pkt_get(p->pool);

		pkt->len = (uint16_t)(i + 1);
		memset(pkt->data, i, pkt->len);
		pkt->path.remote = p->b;
		udp_tx_add(&p->tx, pkt);
	}
	g_assert_cmpuint(udp_tx_send(p->fd_a, &p->tx), ==, 0);
	udp_tx_clear(&p->tx);
	for (int seen = 0; seen < UDP_TX_BATCH;) {
		wait_readable(p->fd_b);
		got = udp_receive(p->fd_b, 3, now(), &p->rx, p->pool);
		g_assert_cmpuint(got.count, >, 0);
		for (size_t k = 0; k < got.count; k++, seen++) {
			struct pkt *pkt = p->rx.pkt[k];

			p->rx.pkt[k] = NULL;
			g_assert_cmpuint(pkt->len, ==, seen + 1);
			g_assert_cmpuint(pkt->data[0], ==, (uint8_t)seen);
			g_assert_cmpuint(pkt->path.local, ==, 3);
			g_assert_true(addr_equal(&pkt->path.remote, &p->a));
			g_assert_cmpint(pkt->arrival_us, >=, before_us - 1000);
			g_assert_cmpint(pkt->arrival_us, <=, g_get_monotonic_time());
			pkt_unref(pkt);
		}
	}
	g_assert_cmpuint(receive(p).count, ==, 0);
	pair_free(p);
}

static void send_raw(const struct pair *p, size_t len)
{
	struct sockaddr_storage to;
	socklen_t to_len = udp_sockaddr_from_addr(&to, &p->b);
	char *data = g_malloc0(len);

	g_assert_cmpint(sendto(p->fd_a, data, len, 0, (struct sockaddr *)&to, to_len), ==, len);
	g_free(data);
}

/* The kernel begins to stamp some time after the first socket that asks for it. */
static void wait_for_stamps(struct pair *p)
{
	int64_t end_us = g_get_monotonic_time() + 5 * G_USEC_PER_SEC;

	do {
		g_assert_cmpint(g_get_monotonic_time(), <, end_us);
		send_raw(p, 10);
		g_usleep(2000); /* the wait that the stamp has to show */
		wait_readable(p->fd_b);
	} while (receive(p).waited_us < 1000);
}

/* What is taken together came at different times, and those count. */
static void when_each_came_is_known(void)
{
	struct pair *p = pair_new(64);
	struct udp_rx_result got;
	int64_t before_us;

	wait_for_stamps(p);
	before_us = g_get_monotonic_time();
	send_raw(p, 10);
	g_usleep(30000); /* they are to come so far apart: real time is what is measured */
	send_raw(p, 10);
	wait_readable(p->fd_b);
	got = receive(p);
	g_assert_cmpuint(got.count, ==, 2);
	g_assert_cmpint(got.waited_us, >=, 29000);
	g_assert_cmpint(p->rx.pkt[0]->arrival_us, >=, before_us - 1000);
	g_assert_cmpint(p->rx.pkt[1]->arrival_us, >=, p->rx.pkt[0]->arrival_us + 29000);
	g_assert_cmpint(p->rx.pkt[1]->arrival_us, <=, g_get_monotonic_time());
	pair_free(p);
}

/* By a clock that was set meanwhile nobody can tell. */
static void a_clock_that_was_set_says_nothing(void)
{
	struct pair *p = pair_new(64);
	struct udp_moment set = now();

	send_raw(p, 10);
	wait_readable(p->fd_b);
	set.unix_us += G_GINT64_CONSTANT(3600000000);
	g_assert_cmpuint(udp_receive(p->fd_b, 0, set, &p->rx, p->pool).count, ==, 1);
	g_assert_cmpint(p->rx.pkt[0]->arrival_us, ==, set.now_us);
	pair_free(p);
}

/* A datagram larger than a buffer must not reach the parsers cut, nor hold up those around it. */
static void what_is_too_large_is_dropped(void)
{
	struct pair *p = pair_new(64);
	struct udp_rx_result got;

	send_raw(p, 10);
	send_raw(p, LIMIT_DATAGRAM_BYTES + 1);
	send_raw(p, LIMIT_DATAGRAM_BYTES);
	wait_readable(p->fd_b);
	got = receive(p);
	g_assert_cmpuint(got.count, ==, 2);
	g_assert_cmpuint(got.truncated, ==, 1);
	g_assert_cmpuint(p->rx.pkt[0]->len, ==, 10);
	g_assert_cmpuint(p->rx.pkt[1]->len, ==, LIMIT_DATAGRAM_BYTES);
	pair_free(p);
}

/* Without buffers the socket is emptied and counted, so that the loop does not spin. */
static void without_buffers_datagrams_are_counted_and_dropped(void)
{
	struct pair *p = pair_new(1);
	struct pkt *only = pkt_get(p->pool);
	struct udp_rx_result got;

	for (int i = 0; i < 5; i++)
		send_raw(p, 100);
	wait_readable(p->fd_b);
	got = receive(p);
	g_assert_cmpuint(got.count, ==, 0);
	g_assert_cmpuint(got.no_buffer, ==, 5);
	pkt_unref(only);
	got = receive(p);
	g_assert_cmpuint(got.count + got.no_buffer, ==, 0);
	pair_free(p);
}

/* One destination that cannot be reached costs its own packet alone. */
static void a_refused_packet_does_not_stop_the_batch(void)
{
	struct pair *p = pair_new(8);
	struct addr nowhere;

	g_assert_cmpint(addr_parse(&nowhere, "255.255.255.255", 9), ==, 0); /* EACCES */
	for (int i = 0; i < 3; i++) {
		struct pkt *pkt = pkt_get(p->pool);

		pkt->len = 20;
		pkt->path.remote = i == 1 ? nowhere : p->b;
		udp_tx_add(&p->tx, pkt);
	}
	g_assert_cmpuint(udp_tx_send(p->fd_a, &p->tx), ==, 1);
	udp_tx_clear(&p->tx);
	wait_readable(p->fd_b);
	g_assert_cmpuint(receive(p).count, ==, 2);
	pair_free(p);
}

/* --- runs of one length ------------------------------------------------------------------------
 */

static void add(struct pair *p, const struct addr *to, size_t len, uint8_t mark)
{
	struct pkt *pkt = pkt_get(p->pool);

	pkt->len = (uint16_t)len;
	memset(pkt->data, mark, len);
	pkt->path.remote = *to;
	udp_tx_add(&p->tx, pkt);
}

/* Reads one datagram of this length that is full of this mark. */
static void expect(int fd, size_t len, uint8_t mark)
{
	uint8_t data[LIMIT_DATAGRAM_BYTES];

	wait_readable(fd);
	g_assert_cmpint(recv(fd, data, sizeof(data), 0), ==, len);
	for (size_t i = 0; i < len; i++)
		g_assert_cmpuint(data[i], ==, mark);
}

static void expect_nothing(int fd)
{
	uint8_t byte;

	g_assert_cmpint(recv(fd, &byte, 1, MSG_DONTWAIT), ==, -1);
}

/* Frames of two viewers, packet by packet as the engine puts them out. */
static void send_frames(bool is_segmenting)
{
	static const size_t lens[] = {1150, 1150, 1151, 1151, 700, 1200, 60, 60, 60, 61};
	struct pair *p = pair_new(64);

	p->tx.is_segmenting = p->tx.is_segmenting && is_segmenting;
	g_assert_true(p->tx.is_segmenting == is_segmenting); /* Linux 4.18 knows it */
	for (size_t i = 0; i < G_N_ELEMENTS(lens); i++) {
		add(p, &p->b, lens[i], (uint8_t)i);
		add(p, &p->a, lens[i], (uint8_t)(100 + i));
	}
	g_assert_cmpuint(udp_tx_send(p->fd_a, &p->tx), ==, 0);
	udp_tx_clear(&p->tx);
	for (size_t i = 0; i < G_N_ELEMENTS(lens); i++) {
		expect(p->fd_b, lens[i], (uint8_t)i);
		expect(p->fd_a, lens[i], (uint8_t)(100 + i));
	}
	expect_nothing(p->fd_b);
	expect_nothing(p->fd_a);
	/* And once more with what the first round left behind. */
	add(p, &p->b, 10, 7);
	g_assert_cmpuint(udp_tx_send(p->fd_a, &p->tx), ==, 0);
	expect(p->fd_b, 10, 7);
	pair_free(p);
}

static void each_destination_gets_its_packets_in_order(void)
{
	send_frames(true);
}

static void a_kernel_without_segments_gets_them_one_by_one(void)
{
	send_frames(false);
}

/* More than one IP packet, or 64 segments, can hold. */
static void a_long_run_is_cut(void)
{
	struct pair *p = pair_new(1024);

	for (size_t i = 0; i < 150; i++)
		add(p, &p->b, 1200, (uint8_t)i);
	for (size_t i = 0; i < 150; i++)
		add(p, &p->b, 20, (uint8_t)i);
	g_assert_cmpuint(udp_tx_send(p->fd_a, &p->tx), ==, 0);
	for (size_t i = 0; i < 300; i++)
		expect(p->fd_b, i < 150 ? 1200 : 20, (uint8_t)(i % 150));
	expect_nothing(p->fd_b);
	pair_free(p);
}

static void a_run_that_cannot_go_does_not_stop_the_others(void)
{
	struct pair *p = pair_new(64);
	struct addr nowhere;

	g_assert_cmpint(addr_parse(&nowhere, "255.255.255.255", 9), ==, 0); /* EACCES */
	for (uint8_t i = 0; i < 4; i++) {
		add(p, &nowhere, 100, i);
		add(p, &p->b, 100, i);
	}
	g_assert_cmpuint(udp_tx_send(p->fd_a, &p->tx), ==, 4);
	for (uint8_t i = 0; i < 4; i++)
		expect(p->fd_b, 100, i);
	g_assert_true(p->tx.is_segmenting);
	pair_free(p);
}

static void a_taken_port_is_told(void)
{
	struct pair *p = pair_new(1);
	struct addr bound, foreign;

	g_assert_cmpint(udp_open(&p->a, &bound), ==, -EADDRINUSE);
	g_assert_cmpint(addr_parse(&foreign, "198.51.100.77", 0), ==, 0);
	g_assert_cmpint(udp_open(&foreign, &bound), ==, -EADDRNOTAVAIL);
	pair_free(p);
}

static void the_machine_has_addresses_fit_for_others(void)
{
	struct addr list[8];
	int n = netif_addresses(list, G_N_ELEMENTS(list));

	g_assert_cmpint(n, >=, 1);
	for (int i = 0; i < n; i++) {
		g_assert_cmpuint(list[i].port, ==, 0);
		g_assert_false(list[i].family == ADDR_IPV6 && list[i].ip[0] == 0xfe &&
			       list[i].ip[1] == 0x80);
		for (int k = 0; k < i; k++)
			g_assert_false(addr_equal(&list[i], &list[k]));
	}
	g_assert_cmpint(netif_addresses(list, 1), ==, 1);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/udp/when_each_came_is_known", when_each_came_is_known);
	g_test_add_func("/udp/a_clock_that_was_set_says_nothing",
			a_clock_that_was_set_says_nothing);
	g_test_add_func("/udp/addresses_survive_the_kernels_form",
			addresses_survive_the_kernels_form);
	g_test_add_func("/udp/a_batch_goes_across_whole", a_batch_goes_across_whole);
	g_test_add_func("/udp/each_destination_gets_its_packets_in_order",
			each_destination_gets_its_packets_in_order);
	g_test_add_func("/udp/a_kernel_without_segments_gets_them_one_by_one",
			a_kernel_without_segments_gets_them_one_by_one);
	g_test_add_func("/udp/a_long_run_is_cut", a_long_run_is_cut);
	g_test_add_func("/udp/a_run_that_cannot_go_does_not_stop_the_others",
			a_run_that_cannot_go_does_not_stop_the_others);
	g_test_add_func("/udp/what_is_too_large_is_dropped", what_is_too_large_is_dropped);
	g_test_add_func("/udp/without_buffers_datagrams_are_counted_and_dropped",
			without_buffers_datagrams_are_counted_and_dropped);
	g_test_add_func("/udp/a_refused_packet_does_not_stop_the_batch",
			a_refused_packet_does_not_stop_the_batch);
	g_test_add_func("/udp/a_taken_port_is_told", a_taken_port_is_told);
	g_test_add_func("/udp/the_machine_has_addresses_fit_for_others",
			the_machine_has_addresses_fit_for_others);
	return g_test_run();
}
