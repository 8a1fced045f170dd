/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/attempts.h"

#include <glib.h>
#include <string.h>

#include "server/token_text.h"

struct bucket {
	uint8_t hash[TOKEN_HASH_BYTES]; /* of the name: however long it is, and never kept */
	int64_t full_us;		/* when it will be full again */
	GList *link;			/* in `rested` */
};

struct attempts {
	unsigned burst;
	int64_t refill_us;
	GHashTable *by_hash;
	GQueue rested; /* of struct bucket, the one not asked for longest first */
};

static guint hash_of(gconstpointer hash)
{
	guint value;

	memcpy(&value, hash, sizeof(value));
	return value;
}

static gboolean is_equal(gconstpointer a, gconstpointer b)
{
	return memcmp(a, b, TOKEN_HASH_BYTES) == 0;
}

struct attempts *attempts_new(unsigned burst, int64_t refill_us)
{
	struct attempts *a = g_new0(struct attempts, 1);

	a->burst = burst;
	a->refill_us = refill_us;
	a->by_hash = g_hash_table_new_full(hash_of, is_equal, NULL, g_free);
	g_queue_init(&a->rested);
	return a;
}

void attempts_free(struct attempts *a)
{
	if (a == NULL)
		return;
	g_hash_table_destroy(a->by_hash);
	g_queue_clear(&a->rested);
	g_free(a);
}

static struct bucket *bucket_of(struct attempts *a, const char *name)
{
	uint8_t hash[TOKEN_HASH_BYTES];
	struct bucket *b;

	if (token_text_hash(hash, name) < 0)
		return NULL;
	b = g_hash_table_lookup(a->by_hash, hash);
	if (b != NULL) {
		g_queue_unlink(&a->rested, b->link);
		g_queue_push_tail_link(&a->rested, b->link);
		return b;
	}
	if (g_hash_table_size(a->by_hash) == ATTEMPTS_MAX_NAMES) {
		struct bucket *oldest = g_queue_pop_head(&a->rested);

		g_hash_table_remove(a->by_hash, oldest->hash);
	}
	b = g_new0(struct bucket, 1);
	memcpy(b->hash, hash, sizeof(hash));
	g_queue_push_tail(&a->rested, b);
	b->link = a->rested.tail;
	g_hash_table_insert(a->by_hash, b->hash, b);
	return b;
}

bool attempts_take(struct attempts *a, int64_t now_us, const char *name)
{
	struct bucket *b = bucket_of(a, name);

	if (b == NULL)
		return false;
	if (b->full_us < now_us)
		b->full_us = now_us;
	if (b->full_us + a->refill_us > now_us + (int64_t)a->burst * a->refill_us)
		return false;
	b->full_us += a->refill_us;
	return true;
}

void attempts_give_back(struct attempts *a, const char *name)
{
	struct bucket *b = bucket_of(a, name);

	if (b != NULL)
		b->full_us -= a->refill_us;
}

size_t attempts_names(const struct attempts *a)
{
	return g_hash_table_size(a->by_hash);
}
