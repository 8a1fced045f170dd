/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/proxy.h"

#include <errno.h>
#include <glib.h>

static struct addr address(const char *text)
{
	struct addr a;

	g_assert_cmpint(addr_parse(&a, text, 0), ==, 0);
	return a;
}

static void a_list_is_addresses_and_prefixes(void)
{
	static const struct {
		const char *words;
		int result;
		size_t count;
	} steps[] = {
		{"", 0, 0},
		{"127.0.0.1", 0, 1},
		{"10.0.0.0/8, 2001:db8::/32  192.0.2.7", 0, 3},
		{"0.0.0.0/0", 0, 1},
		{"::1/128", 0, 1},
		{"10.0.0.1/8", -EINVAL, 0}, /* which of the two is meant? */
		{"10.0.0.0/33", -EINVAL, 0},
		{"10.0.0.0/", -EINVAL, 0},
		{"10.0.0.0/-1", -EINVAL, 0},
		{"10.0.0.0/8/8", -EINVAL, 0},
		{"proxy.example.se", -EINVAL, 0},
		{"10.0.0.1:80", -EINVAL, 0},
		{"1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 "
		 "1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1",
		 -ENOSPC, 0},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct proxy_list list = {.count = 0};

		g_test_message("%s", steps[i].words);
		g_assert_cmpint(proxy_list_parse(&list, steps[i].words), ==, steps[i].result);
		g_assert_cmpuint(list.count, ==, steps[i].count);
	}
}

static void a_prefix_holds_its_own(void)
{
	static const struct {
		const char *words, *addr;
		bool is_trusted;
	} steps[] = {
		{"", "127.0.0.1", false},
		{"192.0.2.7", "192.0.2.7", true},
		{"192.0.2.7", "192.0.2.6", false},
		{"10.0.0.0/9", "10.127.255.255", true},
		{"10.0.0.0/9", "10.128.0.0", false},
		{"2001:db8::/33", "2001:db8:7fff::1", true},
		{"2001:db8::/33", "2001:db8:8000::1", false},
		{"0.0.0.0/0", "198.51.100.1", true},
		{"0.0.0.0/0", "::1", false},
		{"::/0", "127.0.0.1", false},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct proxy_list list = {.count = 0};
		struct addr a = address(steps[i].addr);

		g_test_message("%s %s", steps[i].words, steps[i].addr);
		g_assert_cmpint(proxy_list_parse(&list, steps[i].words), ==, 0);
		g_assert_cmpint(proxy_trusts(&list, &a), ==, steps[i].is_trusted);
	}
}

#define US "127.0.0.1 10.0.0.0/8"

static void the_client_is_the_last_that_is_no_proxy_of_ours(void)
{
	static const struct {
		const char *words, *peer, *forwarded, *client;
	} steps[] = {
		{US, "127.0.0.1", "198.51.100.7", "198.51.100.7"},
		{US, "127.0.0.1", "198.51.100.7, 10.0.0.3", "198.51.100.7"},
		{US, "127.0.0.1", "198.51.100.7,10.0.0.3 , 10.0.0.4", "198.51.100.7"},
		{US, "127.0.0.1", "", "127.0.0.1"},
		{US, "127.0.0.1", " , ", "127.0.0.1"},
		{US, "127.0.0.1", "10.0.0.9", "10.0.0.9"}, /* a client in our own net */
		{US, "127.0.0.1", "10.0.0.9, 10.0.0.3", "10.0.0.9"},
		{US, "127.0.0.1", "2001:db8::7", "2001:db8::7"},
		{US, "127.0.0.1", "[2001:db8::7]:4711", "2001:db8::7"},
		{US, "127.0.0.1", "[2001:db8::7]", "2001:db8::7"},
		{US, "127.0.0.1", "198.51.100.7:4711", "198.51.100.7"},
		{US, "127.0.0.1", "::ffff:198.51.100.7", "198.51.100.7"},
		/* What a client made up stands to the left. */
		{US, "127.0.0.1", "127.0.0.1, 198.51.100.7", "198.51.100.7"},
		{US, "127.0.0.1", "203.0.113.1, 198.51.100.7, 10.0.0.3", "198.51.100.7"},
		{US, "127.0.0.1", "10.0.0.5, 198.51.100.7", "198.51.100.7"},
		/* What is no address ends it: nothing left of it is believed. */
		{US, "127.0.0.1", "198.51.100.7, unknown", "127.0.0.1"},
		{US, "127.0.0.1", "198.51.100.7, nonsense, 10.0.0.3", "10.0.0.3"},
		{US, "127.0.0.1", "[2001:db8::7", "127.0.0.1"},
		{US, "127.0.0.1", "[2001:db8::7]x", "127.0.0.1"},
		{US, "127.0.0.1", "for=198.51.100.7", "127.0.0.1"},
		/* A stranger says what it wants. */
		{US, "203.0.113.9", "127.0.0.1", "203.0.113.9"},
		{US, "203.0.113.9", "198.51.100.7, 10.0.0.3", "203.0.113.9"},
		{"", "127.0.0.1", "198.51.100.7", "127.0.0.1"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct proxy_list list = {.count = 0};
		struct addr peer = address(steps[i].peer), got;
		char text[ADDR_TEXT_MAX];

		g_test_message("%s from %s", steps[i].forwarded, steps[i].peer);
		g_assert_cmpint(proxy_list_parse(&list, steps[i].words), ==, 0);
		got = proxy_client(&list, &peer, steps[i].forwarded);
		g_assert_cmpstr(addr_format_ip(&got, text), ==, steps[i].client);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/proxy/list", a_list_is_addresses_and_prefixes);
	g_test_add_func("/proxy/prefix", a_prefix_holds_its_own);
	g_test_add_func("/proxy/client", the_client_is_the_last_that_is_no_proxy_of_ours);
	return g_test_run();
}
