/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/onetime.h"

#include <glib.h>
#include <string.h>

struct table {
	struct onetime onetime;
	struct rng rng;
	char code[ONETIME_DIGITS + 1];
};

static struct table *table_new(void)
{
	struct table *t = g_new0(struct table, 1);

	t->rng = rng_seeded(1);
	return t;
}

static bool make(struct table *t, int64_t now_us, const char *id)
{
	const char *code = onetime_make(&t->onetime, now_us, &t->rng, id);

	g_strlcpy(t->code, code != NULL ? code : "", sizeof(t->code));
	return code != NULL;
}

static void a_code_opens_once(void)
{
	struct table *t = table_new();

	g_assert_false(onetime_has(&t->onetime, 0, "p1"));
	g_assert_true(make(t, 0, "p1"));
	g_assert_cmpuint(strspn(t->code, "0123456789"), ==, ONETIME_DIGITS);
	/* It is that person's alone. */
	g_assert_cmpint(onetime_try(&t->onetime, 1, "p2", t->code), ==, ONETIME_WORN);
	g_assert_cmpint(onetime_try(&t->onetime, 1, "p1", "12"), ==, ONETIME_WRONG);
	g_assert_cmpint(onetime_try(&t->onetime, 1, "p1", t->code), ==, ONETIME_RIGHT);
	g_assert_cmpint(onetime_try(&t->onetime, 1, "p1", t->code), ==, ONETIME_WORN);
	g_free(t);
}

static void a_code_is_worn_by_tries_and_by_time(void)
{
	struct table *t = table_new();

	g_assert_true(make(t, 0, "p1"));
	for (int i = 0; i < ONETIME_TRIES; i++)
		g_assert_cmpint(onetime_try(&t->onetime, 0, "p1", "x"), ==,
				i + 1 < ONETIME_TRIES ? ONETIME_WRONG : ONETIME_WORN);
	g_assert_cmpint(onetime_try(&t->onetime, 0, "p1", t->code), ==, ONETIME_WORN);
	g_assert_true(make(t, 0, "p1"));
	g_assert_true(onetime_has(&t->onetime, ONETIME_GOOD_US - 1, "p1"));
	g_assert_false(onetime_has(&t->onetime, ONETIME_GOOD_US, "p1"));
	g_assert_cmpint(onetime_try(&t->onetime, ONETIME_GOOD_US, "p1", t->code), ==, ONETIME_WORN);
	g_free(t);
}

static void a_telephone_is_not_flooded(void)
{
	struct table *t = table_new();

	for (int i = 0; i < ONETIME_CODES; i++)
		g_assert_true(make(t, i, "p1"));
	g_assert_false(make(t, ONETIME_HOUR_US - 1, "p1"));
	g_assert_true(make(t, ONETIME_HOUR_US, "p1"));
	g_free(t);
}

static void another_is_asked_for_when_one_may_be_lost(void)
{
	struct table *t = table_new();

	g_assert_cmpint(onetime_next_us(&t->onetime, 5, "p1"), <=, 5);
	g_assert_cmpint(onetime_until_us(&t->onetime, 5, "p1"), ==, 0);
	g_assert_true(make(t, 5, "p1"));
	g_assert_cmpint(onetime_next_us(&t->onetime, 5, "p1"), ==, 5 + ONETIME_APART_US);
	g_assert_cmpint(onetime_until_us(&t->onetime, 6, "p1"), ==, 5 + ONETIME_GOOD_US);
	g_assert_cmpint(onetime_until_us(&t->onetime, 5 + ONETIME_GOOD_US, "p1"), ==, 0);
	g_assert_true(make(t, 6, "p1"));
	g_assert_true(make(t, ONETIME_HOUR_US - 10, "p1"));
	/* No more in this hour, in which it is remembered, too. */
	g_assert_cmpint(onetime_next_us(&t->onetime, ONETIME_HOUR_US - 10, "p1"), ==,
			5 + ONETIME_HOUR_US);
	g_assert_cmpint(onetime_until_us(&t->onetime, ONETIME_HOUR_US - 10, "p1"), ==,
			5 + ONETIME_HOUR_US);
	g_assert_cmpint(onetime_next_us(&t->onetime, 5 + ONETIME_HOUR_US, "p1"), ==, 0);
	g_free(t);
}

static void people_are_capped_and_the_first_goes(void)
{
	struct table *t = table_new();
	char id[16];

	for (int i = 0; i <= ONETIME_PEOPLE; i++) {
		g_snprintf(id, sizeof(id), "p%d", i);
		g_assert_true(make(t, i, id));
	}
	g_assert_false(onetime_has(&t->onetime, ONETIME_PEOPLE, "p0"));
	g_assert_true(onetime_has(&t->onetime, ONETIME_PEOPLE, "p1"));
	g_assert_true(onetime_has(&t->onetime, ONETIME_PEOPLE, id));
	g_free(t);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/onetime/a_code_opens_once", a_code_opens_once);
	g_test_add_func("/onetime/a_code_is_worn_by_tries_and_by_time",
			a_code_is_worn_by_tries_and_by_time);
	g_test_add_func("/onetime/a_telephone_is_not_flooded", a_telephone_is_not_flooded);
	g_test_add_func("/onetime/another_is_asked_for_when_one_may_be_lost",
			another_is_asked_for_when_one_may_be_lost);
	g_test_add_func("/onetime/people_are_capped_and_the_first_goes",
			people_are_capped_and_the_first_goes);
	return g_test_run();
}
