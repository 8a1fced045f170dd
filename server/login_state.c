/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/login_state.h"

#include <errno.h>
#include <glib.h>
#include <openssl/crypto.h>
#include <stdbool.h>
#include <string.h>

#include "server/token_text.h"

#define RANDOM_BYTES 32

_Static_assert((RANDOM_BYTES * 4 + 2) / 3 == LOGIN_STATE_TEXT, "256 bits of base64url");

struct entry {
	struct login_state login;
	int64_t ends_us;
};

struct login_states {
	GHashTable *by_state; /* text in the entry -> struct entry */
	GQueue queue;	      /* the oldest first: all live equally long */
};

static void entry_free(gpointer data)
{
	explicit_bzero(data, sizeof(struct entry));
	g_free(data);
}

struct login_states *login_states_new(void)
{
	struct login_states *s = g_new0(struct login_states, 1);

	s->by_state = g_hash_table_new(g_str_hash, g_str_equal);
	g_queue_init(&s->queue);
	return s;
}

void login_states_free(struct login_states *s)
{
	if (s == NULL)
		return;
	g_hash_table_destroy(s->by_state);
	g_queue_clear_full(&s->queue, entry_free);
	g_free(s);
}

static void forget(struct login_states *s, struct entry *entry)
{
	g_hash_table_remove(s->by_state, entry->login.state);
	g_queue_remove(&s->queue, entry);
	entry_free(entry);
}

static void forget_ended(struct login_states *s, int64_t now_us)
{
	struct entry *oldest;

	while ((oldest = g_queue_peek_head(&s->queue)) != NULL && oldest->ends_us <= now_us)
		forget(s, oldest);
}

void login_state_begin(struct login_states *s, int64_t now_us, struct rng *rng,
		       const struct service_person *person, struct login_state *out)
{
	struct entry *entry = g_new0(struct entry, 1);

	forget_ended(s, now_us);
	if (g_queue_get_length(&s->queue) == LOGIN_STATE_MAX)
		forget(s, g_queue_peek_head(&s->queue));
	token_text_make(rng, entry->login.state, "", RANDOM_BYTES);
	token_text_make(rng, entry->login.nonce, "", RANDOM_BYTES);
	token_text_make(rng, entry->login.verifier, "", RANDOM_BYTES);
	token_text_make(rng, entry->login.cookie, "", RANDOM_BYTES);
	if (person != NULL)
		entry->login.person = *person;
	entry->ends_us = now_us + LOGIN_STATE_US;
	g_queue_push_tail(&s->queue, entry);
	g_hash_table_insert(s->by_state, entry->login.state, entry);
	*out = entry->login;
}

int login_state_take(struct login_states *s, int64_t now_us, const char *state, const char *cookie,
		     struct login_state *out)
{
	struct entry *entry;
	bool is_own;

	forget_ended(s, now_us);
	entry = g_hash_table_lookup(s->by_state, state);
	if (entry == NULL)
		return -ENOENT;
	is_own = strlen(cookie) == LOGIN_STATE_TEXT &&
		 CRYPTO_memcmp(cookie, entry->login.cookie, LOGIN_STATE_TEXT) == 0;
	if (is_own)
		*out = entry->login;
	forget(s, entry);
	return is_own ? 0 : -ENOENT;
}

size_t login_states_count(const struct login_states *s)
{
	return g_queue_get_length((GQueue *)&s->queue);
}
