/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_idempotency.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "store_world.h"

#define SECRET "vk_pEZ99-qEZO5RnYiK2daoL3mreOlkNAfRUxBCJWeSEoI"
#define ANSWER "{\"link\":\"https://vidd.example.se/#jeW5PeCSo_yu-fP3gIPV6g\"}"
#define NOW    1795600000LL

static struct store_idempotency use_of(const char *asker, const char *secret, const char *key,
				       const char *request)
{
	struct store_idempotency i = {.status = 201};

	g_strlcpy(i.asker_id, asker, sizeof(i.asker_id));
	g_assert_cmpint(token_text_hash(i.key_hash, key), ==, 0);
	g_assert_cmpint(token_text_hash(i.request_hash, request), ==, 0);
	g_assert_cmpint(token_seal_key(i.seal_key, secret, key), ==, 0);
	return i;
}

static int find(struct store *store, int64_t now, const char *asker, const char *secret,
		const char *key, const char *request)
{
	struct store_idempotency i = use_of(asker, secret, key, request);
	int r = store_idempotency_find(store, now, &i);

	if (r == 1) {
		g_assert_cmpint(i.status, ==, 201);
		g_assert_cmpuint(i.answer_len, ==, strlen(ANSWER));
		g_assert_cmpstr(i.answer, ==, ANSWER);
	} else {
		g_assert_null(i.answer);
	}
	g_free(i.answer);
	return r;
}

static void keep(struct store *store, int64_t now, const char *key)
{
	char answer[] = ANSWER;
	struct store_idempotency i = use_of("k1", SECRET, key, "body");

	i.answer = answer;
	i.answer_len = strlen(answer);
	g_assert_cmpint(store_idempotency_keep(store, now, &i), ==, 0);
}

static void the_same_request_gets_the_same_answer_for_a_day(void)
{
	struct store_place p = store_place_new();
	struct store *store = store_place_open(&p, 1);

	g_assert_cmpint(find(store, NOW, "k1", SECRET, "a", "body"), ==, 0);
	keep(store, NOW, "a");
	g_assert_cmpint(find(store, NOW, "k1", SECRET, "a", "body"), ==, 1);
	g_assert_cmpint(find(store, NOW, "k1", SECRET, "a", "another"), ==, -EINVAL);
	g_assert_cmpint(find(store, NOW, "k1", SECRET, "b", "body"), ==, 0);
	g_assert_cmpint(find(store, NOW, "k2", SECRET, "a", "body"), ==, 0);
	g_assert_cmpint(find(store, NOW, "k1", "another", "a", "body"), ==, -EBADMSG);
	g_assert_cmpint(find(store, NOW + 86399, "k1", SECRET, "a", "body"), ==, 1);
	g_assert_cmpint(find(store, NOW + 86400, "k1", SECRET, "a", "body"), ==, 0);
	keep(store, NOW + 86400, "b");
	g_assert_cmpint(store_place_ask(&p, "SELECT count(*) FROM idempotency"), ==, 1);
	store_close(store);
	store_place_remove(&p);
}

static void links_in_an_answer_never_reach_the_disk(void)
{
	struct store_place p = store_place_new();
	struct store *store = store_place_open(&p, 2);

	keep(store, NOW, "a");
	store_place_lacks(&p, "jeW5PeCSo_yu-fP3gIPV6g");
	store_close(store);
	store_place_lacks(&p, "jeW5PeCSo_yu-fP3gIPV6g");
	store_place_lacks(&p, SECRET);
	store_place_remove(&p);
}

static void an_answer_that_is_too_large_is_not_kept(void)
{
	struct store_place p = store_place_new();
	struct store *store = store_place_open(&p, 3);
	struct store_idempotency i = use_of("k1", SECRET, "a", "body");

	i.answer_len = STORE_IDEMPOTENCY_BYTES;
	i.answer = g_malloc0(i.answer_len + 1);
	g_assert_cmpint(store_idempotency_keep(store, NOW, &i), ==, 0);
	i.answer_len++;
	g_assert_cmpint(store_idempotency_keep(store, NOW, &i), ==, -E2BIG);
	g_free(i.answer);
	store_close(store);
	store_place_remove(&p);
}

static void what_is_sealed_is_opened_by_the_same_key_alone(void)
{
	uint8_t key[TOKEN_SEAL_KEY_BYTES], other[TOKEN_SEAL_KEY_BYTES];
	uint8_t sealed[TOKEN_SEAL_EXTRA_BYTES + 5];
	struct rng rng = rng_seeded(4);
	char out[6] = "";

	g_assert_cmpint(token_seal_key(key, "secret", "a"), ==, 0);
	g_assert_cmpint(token_seal(&rng, key, "hello", 5, sealed), ==, 0);
	g_assert_null(memmem(sealed, sizeof(sealed), "hello", 5));
	g_assert_cmpint(token_unseal(key, sealed, sizeof(sealed), out), ==, 0);
	g_assert_cmpstr(out, ==, "hello");
	g_assert_cmpint(token_seal_key(other, "secret", "b"), ==, 0);
	g_assert_cmpint(token_unseal(other, sealed, sizeof(sealed), out), ==, -EBADMSG);
	for (size_t i = 0; i < sizeof(sealed); i++) {
		sealed[i] ^= 1;
		g_assert_cmpint(token_unseal(key, sealed, sizeof(sealed), out), ==, -EBADMSG);
		sealed[i] ^= 1;
	}
	g_assert_cmpint(token_unseal(key, sealed, TOKEN_SEAL_EXTRA_BYTES - 1, out), ==, -EBADMSG);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store_idempotency/the_same_request_gets_the_same_answer_for_a_day",
			the_same_request_gets_the_same_answer_for_a_day);
	g_test_add_func("/store_idempotency/links_in_an_answer_never_reach_the_disk",
			links_in_an_answer_never_reach_the_disk);
	g_test_add_func("/store_idempotency/an_answer_that_is_too_large_is_not_kept",
			an_answer_that_is_too_large_is_not_kept);
	g_test_add_func("/store_idempotency/what_is_sealed_is_opened_by_the_same_key_alone",
			what_is_sealed_is_opened_by_the_same_key_alone);
	return g_test_run();
}
