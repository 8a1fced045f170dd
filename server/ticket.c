/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/ticket.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "server/token_text.h"

#define TICKET_BYTES 16

_Static_assert((TICKET_BYTES * 4 + 2) / 3 == TICKET_TEXT, "a ticket is 128 bits of base64url");

struct ticket {
	uint8_t hash[TOKEN_HASH_BYTES]; /* looked up by hash: no comparison tells how far it got */
	int64_t ends_us;
	struct principal who;
};

struct tickets {
	GQueue queue; /* of struct ticket, the oldest first: all live equally long */
};

struct tickets *tickets_new(void)
{
	struct tickets *t = g_new0(struct tickets, 1);

	g_queue_init(&t->queue);
	return t;
}

void tickets_free(struct tickets *t)
{
	if (t == NULL)
		return;
	g_queue_clear_full(&t->queue, g_free);
	g_free(t);
}

static void remove_ended(struct tickets *t, int64_t now_us)
{
	const struct ticket *oldest;

	while ((oldest = g_queue_peek_head(&t->queue)) != NULL && oldest->ends_us <= now_us)
		g_free(g_queue_pop_head(&t->queue));
}

static void limit_staff(struct tickets *t, const char *staff_id)
{
	GList *first = NULL;
	size_t count = 0;

	for (GList *i = t->queue.head; i != NULL; i = i->next) {
		if (strcmp(((struct ticket *)i->data)->who.id, staff_id) != 0)
			continue;
		first = first != NULL ? first : i;
		count++;
	}
	if (count < TICKET_MAX_PER_STAFF)
		return;
	g_free(first->data);
	g_queue_delete_link(&t->queue, first);
}

int ticket_make(struct tickets *t, int64_t now_us, struct rng *rng, const struct principal *who,
		char text[TICKET_TEXT + 1])
{
	struct ticket *ticket;

	remove_ended(t, now_us);
	limit_staff(t, who->id);
	if (g_queue_get_length(&t->queue) == TICKET_MAX)
		return -EAGAIN;
	ticket = g_new0(struct ticket, 1);
	token_text_make(rng, text, "", TICKET_BYTES);
	if (token_text_hash(ticket->hash, text) < 0) {
		g_free(ticket);
		return -EAGAIN;
	}
	ticket->ends_us = now_us + TICKET_US;
	ticket->who = *who;
	g_queue_push_tail(&t->queue, ticket);
	return 0;
}

int ticket_take(struct tickets *t, int64_t now_us, const char *text, struct principal *who)
{
	uint8_t hash[TOKEN_HASH_BYTES];

	remove_ended(t, now_us);
	if (token_text_hash(hash, text) < 0)
		return -ENOENT;
	for (GList *i = t->queue.head; i != NULL; i = i->next) {
		struct ticket *ticket = i->data;

		if (memcmp(ticket->hash, hash, sizeof(hash)) != 0)
			continue;
		*who = ticket->who;
		g_free(ticket);
		g_queue_delete_link(&t->queue, i);
		return 0;
	}
	return -ENOENT;
}

void tickets_revoke(struct tickets *t, const char *staff_id)
{
	for (GList *i = t->queue.head, *next; i != NULL; i = next) {
		next = i->next;
		if (strcmp(((struct ticket *)i->data)->who.id, staff_id) != 0)
			continue;
		g_free(i->data);
		g_queue_delete_link(&t->queue, i);
	}
}

size_t tickets_count(const struct tickets *t)
{
	return g_queue_get_length((GQueue *)&t->queue);
}
