/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>

#include "server/guard.h"

#define SECOND 1000000

static struct addr address(const char *text)
{
	struct addr a;

	g_assert_cmpint(addr_parse(&a, text, 1234), ==, 0);
	return a;
}

static struct guard *make(size_t max, size_t per_address, uint32_t rate)
{
	const struct guard_config config = {max, per_address, rate};
	struct guard *g = NULL;

	g_assert_cmpint(guard_new(&g, &config), ==, 0);
	return g;
}

static void connections_are_capped_in_all_and_per_address(void)
{
	struct guard *g = make(5, 3, 100);
	struct addr a = address("192.0.2.1"), b = address("192.0.2.2");

	for (int i = 0; i < 3; i++)
		g_assert_cmpint(guard_connect(g, 0, &a), ==, 0);
	g_assert_cmpint(guard_connect(g, 0, &a), ==, -EUSERS);
	g_assert_cmpint(guard_connect(g, 0, &b), ==, 0);
	g_assert_cmpint(guard_connect(g, 0, &b), ==, 0);
	g_assert_cmpint(guard_connect(g, 0, &b), ==, -EMFILE);
	g_assert_cmpuint(guard_connections(g), ==, 5);
	guard_disconnect(g, &a);
	g_assert_cmpint(guard_connect(g, 0, &b), ==, 0);
	guard_free(g);
}

/* It comes with many connections at once, and those it speaks for pay for themselves. */
static void a_trusted_proxy_counts_in_all_only(void)
{
	struct guard *g = make(5, 2, 1);
	struct addr proxy = address("127.0.0.1"), client = address("192.0.2.1");

	for (int i = 0; i < 5; i++)
		g_assert_cmpint(guard_connect_proxy(g, 0, &proxy), ==, 0);
	g_assert_cmpint(guard_connect_proxy(g, 0, &proxy), ==, -EMFILE);
	for (int i = 0; i < GUARD_BURST_S; i++)
		g_assert_cmpint(guard_request(g, 0, &client), ==, 0);
	g_assert_cmpint(guard_request(g, 0, &client), ==, -EAGAIN);
	for (int i = 0; i < 5; i++)
		guard_disconnect(g, &proxy);
	g_assert_cmpuint(guard_connections(g), ==, 0);
	guard_free(g);
}

static void the_port_does_not_make_another_visitor(void)
{
	struct guard *g = make(10, 1, 100);
	struct addr a = address("192.0.2.1");

	g_assert_cmpint(guard_connect(g, 0, &a), ==, 0);
	a.port = 999;
	g_assert_cmpint(guard_connect(g, 0, &a), ==, -EUSERS);
	guard_disconnect(g, &a);
	g_assert_cmpuint(guard_connections(g), ==, 0);
	guard_free(g);
}

/* Whoever has an IPv6 address has 2^64 of them. */
static void an_ipv6_network_is_one_visitor(void)
{
	struct guard *g = make(10, 1, 100);
	struct addr a = address("2001:db8:0:1::1"), b = address("2001:db8:0:1:ffff::2");
	struct addr c = address("2001:db8:0:2::1");

	g_assert_cmpint(guard_connect(g, 0, &a), ==, 0);
	g_assert_cmpint(guard_connect(g, 0, &b), ==, -EUSERS);
	g_assert_cmpint(guard_connect(g, 0, &c), ==, 0);
	guard_free(g);
}

static void a_burst_is_followed_by_the_rate(void)
{
	struct guard *g = make(10, 10, 5);
	struct addr a = address("192.0.2.1");
	int allowed = 0;

	while (guard_request(g, 0, &a) == 0)
		allowed++;
	g_assert_cmpint(allowed, ==, 5 * GUARD_BURST_S);
	g_assert_cmpint(guard_request(g, SECOND / 5 - 1, &a), ==, -EAGAIN);
	g_assert_cmpint(guard_request(g, SECOND / 5, &a), ==, 0);
	allowed = 0;
	for (int64_t t = SECOND; t < 11 * (int64_t)SECOND; t += SECOND / 100)
		allowed += guard_request(g, t, &a) == 0;
	g_assert_cmpint(allowed, >=, 50);
	g_assert_cmpint(allowed, <=, 54);
	/* Time gives back the burst and no more. */
	allowed = 0;
	while (guard_request(g, 3600 * (int64_t)SECOND, &a) == 0)
		allowed++;
	g_assert_cmpint(allowed, ==, 5 * GUARD_BURST_S);
	guard_free(g);
}

static void one_visitors_rate_is_not_anothers(void)
{
	struct guard *g = make(10, 10, 1);
	struct addr a = address("192.0.2.1"), b = address("192.0.2.2");

	while (guard_request(g, 0, &a) == 0)
		;
	g_assert_cmpint(guard_connect(g, 0, &a), ==, -EAGAIN);
	g_assert_cmpint(guard_request(g, 0, &b), ==, 0);
	guard_free(g);
}

static void memory_of_visitors_is_bounded(void)
{
	struct guard *g = make(100, 10, 10);
	struct addr held = address("198.51.100.1"), a = address("10.0.0.0");
	uint32_t accepted = 0;

	g_assert_cmpint(guard_connect(g, 0, &held), ==, 0);
	for (uint32_t i = 0; i < 2 * GUARD_MAX_ADDRESSES; i++) {
		a.ip[1] = (uint8_t)(i >> 16);
		a.ip[2] = (uint8_t)(i >> 8);
		a.ip[3] = (uint8_t)i;
		accepted += guard_request(g, 0, &a) == 0;
	}
	g_assert_cmpuint(accepted, ==, GUARD_MAX_ADDRESSES - 1);
	/* A minute later all of them have their burst again and are forgotten for new ones, but
	 * not the one that is connected. */
	g_assert_cmpint(guard_request(g, 60 * (int64_t)SECOND, &a), ==, 0);
	guard_disconnect(g, &held);
	guard_free(g);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/guard/connections_are_capped_in_all_and_per_address",
			connections_are_capped_in_all_and_per_address);
	g_test_add_func("/guard/the_port_does_not_make_another_visitor",
			the_port_does_not_make_another_visitor);
	g_test_add_func("/guard/an_ipv6_network_is_one_visitor", an_ipv6_network_is_one_visitor);
	g_test_add_func("/guard/a_burst_is_followed_by_the_rate", a_burst_is_followed_by_the_rate);
	g_test_add_func("/guard/one_visitors_rate_is_not_anothers",
			one_visitors_rate_is_not_anothers);
	g_test_add_func("/guard/memory_of_visitors_is_bounded", memory_of_visitors_is_bounded);
	g_test_add_func("/guard/a_trusted_proxy_counts_in_all_only",
			a_trusted_proxy_counts_in_all_only);
	return g_test_run();
}
