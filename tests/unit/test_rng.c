/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include "media/base/rng.h"

/* The reference code's first numbers from the state 1, 2, 3, 4 (prng.di.unimi.it). */
static void matches_xoshiro256_starstar(void)
{
	static const uint64_t want[] = {
		11520u,
		0u,
		1509978240u,
		1215971899390074240u,
		1216172134540287360u,
		607988272756665600u,
		16172922978634559625u,
		8476171486693032832u,
		10595114339597558777u,
		2904607092377533576u,
	};
	struct rng rng = rng_seeded(0);

	for (uint64_t i = 0; i < 4; i++)
		rng.state[i] = i + 1;
	for (size_t i = 0; i < G_N_ELEMENTS(want); i++)
		g_assert_cmphex(rng_u64(&rng), ==, want[i]);
}

static void is_seeded_by_splitmix64(void)
{
	static const uint64_t want[4] = {0xe220a8397b1dcdafu, 0x6e789e6aa1b965f4u,
					 0x06c45d188009454fu, 0xf88bb8a8724c81ecu};
	struct rng rng = rng_seeded(0);

	g_assert_cmpmem(rng.state, sizeof(rng.state), want, sizeof(want));
}

static void same_seed_same_bytes(void)
{
	uint8_t a[100];
	uint8_t b[100];
	struct rng one = rng_seeded(42);
	struct rng two = rng_seeded(42);
	struct rng other = rng_seeded(43);

	rng_bytes(&one, a, sizeof(a));
	rng_bytes(&two, b, sizeof(b));
	g_assert_cmpmem(a, sizeof(a), b, sizeof(b));
	rng_bytes(&other, b, sizeof(b));
	g_assert_cmpint(memcmp(a, b, sizeof(a)), !=, 0);
}

static void below_is_even_and_in_range(void)
{
	enum {
		SIDES = 6,
		DRAWS = 60000
	};
	unsigned seen[SIDES] = {0};
	struct rng rng = rng_seeded(1);

	for (int i = 0; i < DRAWS; i++) {
		uint32_t v = rng_below(&rng, SIDES);
		g_assert_cmpuint(v, <, SIDES);
		seen[v]++;
	}
	/* Mean 10000, standard deviation 91. */
	for (int i = 0; i < SIDES; i++) {
		g_assert_cmpuint(seen[i], >, 9500);
		g_assert_cmpuint(seen[i], <, 10500);
	}
	g_assert_cmpuint(rng_below(&rng, 1), ==, 0);
}

/* A generator that says what it is told. */
static const uint32_t *scripted_next;

static void fill_scripted(struct rng *rng, void *buf, size_t len)
{
	(void)rng;
	g_assert_cmpuint(len, ==, 4);
	uint32_t le = GUINT32_TO_LE(*scripted_next++);
	memcpy(buf, &le, 4);
}

/* 2^32 mod 0xc0000000 is 0x40000000: without rejection the low quarter comes twice as often. */
static void below_draws_again_instead_of_bias(void)
{
	static const uint32_t script[] = {0, 0x3fffffff, 0x40000000, 0xffffffff};
	struct rng rng = {.fill = fill_scripted};

	scripted_next = script;
	g_assert_cmphex(rng_below(&rng, 0xc0000000), ==, 0x40000000);
	g_assert_true(scripted_next == script + 3);
	g_assert_cmphex(rng_below(&rng, 0xc0000000), ==, 0x3fffffff);
}

static void unit_stays_below_one(void)
{
	struct rng rng = rng_seeded(3);
	double sum = 0;

	for (int i = 0; i < 10000; i++) {
		double v = rng_unit(&rng);
		g_assert_cmpfloat(v, >=, 0);
		g_assert_cmpfloat(v, <, 1);
		sum += v;
	}
	g_assert_cmpfloat(sum, >, 4850);
	g_assert_cmpfloat(sum, <, 5150);
}

static void ice_chars_are_ice_chars(void)
{
	char text[4097];
	bool seen[128] = {false};
	size_t kinds = 0;
	struct rng rng = rng_seeded(4);

	rng_ice_chars(&rng, text, sizeof(text) - 1);
	g_assert_cmpuint(strlen(text), ==, sizeof(text) - 1);
	for (const char *c = text; *c; c++) {
		g_assert_true(g_ascii_isalnum(*c) || *c == '+' || *c == '/');
		kinds += !seen[(uint8_t)*c];
		seen[(uint8_t)*c] = true;
	}
	g_assert_cmpuint(kinds, ==, 64);
	rng_ice_chars(&rng, text, 0);
	g_assert_cmpstr(text, ==, "");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/rng/matches_xoshiro256_starstar", matches_xoshiro256_starstar);
	g_test_add_func("/rng/is_seeded_by_splitmix64", is_seeded_by_splitmix64);
	g_test_add_func("/rng/same_seed_same_bytes", same_seed_same_bytes);
	g_test_add_func("/rng/below_is_even_and_in_range", below_is_even_and_in_range);
	g_test_add_func("/rng/below_draws_again_instead_of_bias",
			below_draws_again_instead_of_bias);
	g_test_add_func("/rng/unit_stays_below_one", unit_stays_below_one);
	g_test_add_func("/rng/ice_chars_are_ice_chars", ice_chars_are_ice_chars);
	return g_test_run();
}
