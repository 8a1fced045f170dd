/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "media/base/addr.h"

static void text_goes_in_and_comes_out_canonical(void)
{
	static const struct {
		const char *in;
		const char *out;
	} steps[] = {
		{"192.0.2.1", "192.0.2.1:5004"},
		{"0.0.0.0", "0.0.0.0:5004"},
		{"255.255.255.255", "255.255.255.255:5004"},
		{"::", "[::]:5004"},
		{"::1", "[::1]:5004"},
		{"1::", "[1::]:5004"},
		{"2001:0DB8:0000:0000:0000:0000:0000:0001", "[2001:db8::1]:5004"},
		{"1:2:3:4:5:6:7:8", "[1:2:3:4:5:6:7:8]:5004"},
		/* RFC 5952 4.2.2: one zero group is written out. */
		{"1::3:4:5:6:7:8", "[1:0:3:4:5:6:7:8]:5004"},
		/* RFC 5952 4.2.3: the longer run, and the first of equals. */
		{"2001:0:0:1:0:0:0:1", "[2001:0:0:1::1]:5004"},
		{"2001:db8:0:0:1:0:0:1", "[2001:db8::1:0:0:1]:5004"},
		{"::ffff:192.0.2.33", "[::ffff:192.0.2.33]:5004"},
		{"1:2:3:4:5:6:192.0.2.33", "[1:2:3:4:5:6:c000:221]:5004"},
		{"fe80::aBcD:0", "[fe80::abcd:0]:5004"},
		{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		 "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:5004"},
	};
	char text[ADDR_TEXT_MAX];
	struct addr a;
	struct addr again;

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		g_assert_cmpint(addr_parse(&a, steps[i].in, 5004), ==, 0);
		g_assert_cmpstr(addr_format(&a, text), ==, steps[i].out);
		g_assert_cmpint(addr_parse(&again, addr_format_ip(&a, text), 5004), ==, 0);
		g_assert_true(addr_equal(&a, &again));
		g_assert_cmpmem(&a, sizeof(a), &again, sizeof(again));
	}
}

static void nonsense_is_refused(void)
{
	static const char *const steps[] = {
		"",
		"1",
		"1.2.3",
		"1.2.3.4.5",
		"1.2.3.256",
		"1.2.3.04",
		"1.2.3.0000",
		"1.2.3.",
		".1.2.3",
		"1..2.3",
		" 1.2.3.4",
		"1.2.3.4 ",
		"1.2.3.4:5",
		"0x1.2.3.4",
		"-1.2.3.4",
		"localhost",
		":",
		":::",
		"1:",
		":1",
		"1::2::3",
		"1:2:3:4:5:6:7",
		"1:2:3:4:5:6:7:8:9",
		"1:2:3:4:5:6:7::8:9",
		"1:2:3:4::5:6:7:8",
		"12345::",
		"g::",
		"::1%eth0",
		"[::1]",
		"::1.2.3.4:5",
		"::1.2.3",
		"1:2:3:4:5:6:7:1.2.3.4",
		"1.2.3.4::",
	};
	struct addr a = {.family = 99};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		g_test_message("%s", steps[i]);
		g_assert_cmpint(addr_parse(&a, steps[i], 1), ==, -EINVAL);
		g_assert_cmpuint(a.family, ==, 99);
	}
}

static struct addr parsed(const char *ip, uint16_t port)
{
	struct addr a;

	g_assert_cmpint(addr_parse(&a, ip, port), ==, 0);
	return a;
}

static void equal_means_family_ip_and_port(void)
{
	struct addr a = parsed("192.0.2.1", 1);
	struct addr same = parsed("192.0.2.1", 1);
	struct addr port = parsed("192.0.2.1", 2);
	struct addr ip = parsed("192.0.2.2", 1);
	struct addr zero4 = parsed("0.0.0.0", 1);
	struct addr zero6 = parsed("::", 1);

	g_assert_true(addr_equal(&a, &same));
	g_assert_cmpuint(addr_hash(&a), ==, addr_hash(&same));
	g_assert_false(addr_equal(&a, &port));
	g_assert_false(addr_equal(&a, &ip));
	g_assert_false(addr_equal(&zero4, &zero6));
	struct path p = {.local = 1, .remote = a};
	struct path q = {.local = 2, .remote = a};
	g_assert_false(path_equal(&p, &q));
	q.local = 1;
	g_assert_true(path_equal(&p, &q));
	q.remote = port;
	g_assert_false(path_equal(&p, &q));
}

/* Behind one NAT the ports differ, in one ward the last byte: both must spread over a table. */
static void hash_spreads_neighbours(void)
{
	enum {
		BUCKETS = 256,
		ADDRS = 4096
	};
	unsigned by_port[BUCKETS] = {0};
	unsigned by_ip[BUCKETS] = {0};

	for (unsigned i = 0; i < ADDRS; i++) {
		struct addr a = parsed("198.51.100.7", (uint16_t)(10000 + i));
		by_port[addr_hash(&a) % BUCKETS]++;
		a = parsed("10.0.0.0", 5000);
		a.ip[2] = (uint8_t)(i >> 8);
		a.ip[3] = (uint8_t)i;
		by_ip[addr_hash(&a) % BUCKETS]++;
	}
	for (size_t i = 0; i < BUCKETS; i++) {
		/* Mean 16, standard deviation 4. */
		g_assert_cmpuint(by_port[i], <, 40);
		g_assert_cmpuint(by_ip[i], <, 40);
	}
}

static void no_address_has_a_text_too(void)
{
	struct addr a = {0};
	char text[ADDR_TEXT_MAX];

	g_assert_cmpstr(addr_format(&a, text), ==, "none:0");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/addr/text_goes_in_and_comes_out_canonical",
			text_goes_in_and_comes_out_canonical);
	g_test_add_func("/addr/nonsense_is_refused", nonsense_is_refused);
	g_test_add_func("/addr/equal_means_family_ip_and_port", equal_means_family_ip_and_port);
	g_test_add_func("/addr/hash_spreads_neighbours", hash_spreads_neighbours);
	g_test_add_func("/addr/no_address_has_a_text_too", no_address_has_a_text_too);
	return g_test_run();
}
