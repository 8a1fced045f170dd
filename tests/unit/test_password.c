/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>
#include <string.h>

#include "server/password.h"
#include "server/random.h"

static void a_password_opens_and_no_other_does(void)
{
	struct rng rng = random_system();
	char hash[PASSWORD_HASH_BYTES], again[PASSWORD_HASH_BYTES];

	g_assert_cmpint(password_hash(hash, "norrsken över fjället", &rng), ==, 0);
	g_assert_true(g_str_has_prefix(hash, "$argon2id$v=19$m=47104,t=1,p=1$"));
	g_assert_true(password_verify(hash, "norrsken över fjället"));
	g_assert_false(password_verify(hash, "norrsken över fjället "));
	g_assert_false(password_verify(hash, ""));
	/* The same password twice is not seen to be the same. */
	g_assert_cmpint(password_hash(again, "norrsken över fjället", &rng), ==, 0);
	g_assert_cmpstr(hash, !=, again);
}

static void nobody_waits_as_long_as_somebody(void)
{
	struct rng rng = random_system();
	char hash[PASSWORD_HASH_BYTES];
	int64_t somebody_us, nobody_us;

	g_assert_cmpint(password_hash(hash, "norrsken över fjället", &rng), ==, 0);
	somebody_us = g_get_monotonic_time();
	g_assert_false(password_verify(hash, "wrong"));
	somebody_us = g_get_monotonic_time() - somebody_us;
	nobody_us = g_get_monotonic_time();
	g_assert_false(password_verify("", "wrong"));
	nobody_us = g_get_monotonic_time() - nobody_us;
	g_test_message("somebody %d us, nobody %d us", (int)somebody_us, (int)nobody_us);
	/* Microseconds when nothing is hashed; tens of milliseconds when it is. */
	g_assert_cmpint(nobody_us * 4, >, somebody_us);
}

static void a_broken_hash_opens_for_nobody(void)
{
	static const char *const broken[] = {"x", "$argon2id$", "$argon2id$v=19$m=47104,t=1,p=1$$"};

	for (size_t i = 0; i < G_N_ELEMENTS(broken); i++)
		g_assert_false(password_verify(broken[i], "x"));
}

static void a_weak_password_is_refused(void)
{
	/* Of the longest characters there are. */
	char *large = g_malloc0(4 * PASSWORD_MAX_CHARS + 5);

	for (int i = 0; i < PASSWORD_MAX_CHARS + 1; i++)
		g_unichar_to_utf8(i % 2 == 0 ? 0x1f332 : 0x1f98c, large + (size_t)i * 4);
	g_assert_nonnull(password_fault(large, "anna"));
	large[4 * PASSWORD_MAX_CHARS] = '\0';
	g_assert_null(password_fault(large, "anna"));
	g_assert_cmpuint(strlen(large), <=, PASSWORD_MAX_BYTES);
	g_free(large);
	g_assert_nonnull(password_fault("", "anna"));
	g_assert_nonnull(password_fault("elva tecken", "anna"));
	g_assert_null(password_fault("tolv tecken!", "anna"));
	g_assert_null(password_fault("åäöåäöåäöåäö", "anna"));
	g_assert_nonnull(password_fault("aaaaaaaaaaaaaaa", "bo"));
	g_assert_nonnull(password_fault("ANNA är min favorit", "anna"));
	g_assert_nonnull(password_fault("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "bo"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/password/a_password_opens_and_no_other_does",
			a_password_opens_and_no_other_does);
	g_test_add_func("/password/nobody_waits_as_long_as_somebody",
			nobody_waits_as_long_as_somebody);
	g_test_add_func("/password/a_broken_hash_opens_for_nobody", a_broken_hash_opens_for_nobody);
	g_test_add_func("/password/a_weak_password_is_refused", a_weak_password_is_refused);
	return g_test_run();
}
