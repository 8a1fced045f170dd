/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/scenario/post.h"

#include <glib.h>
#include <string.h>

static bool is_before(const struct parcel *a, const struct parcel *b)
{
	return a->due_us != b->due_us ? a->due_us < b->due_us : a->order < b->order;
}

static void swap(struct post *post, size_t a, size_t b)
{
	struct parcel *held = post->queue[a];

	post->queue[a] = post->queue[b];
	post->queue[b] = held;
}

static struct parcel *spare(struct post *post)
{
	struct parcel *parcel = post->spare;

	if (!parcel)
		return g_new(struct parcel, 1);
	post->spare = parcel->next;
	return parcel;
}

void post_send(struct post *post, int64_t due_us, int to, const uint8_t *data, size_t len)
{
	struct parcel *parcel = spare(post);
	size_t at = post->count++;

	g_assert_cmpuint(len, <=, sizeof(parcel->data));
	parcel->due_us = due_us;
	parcel->order = post->sent++;
	parcel->to = to;
	parcel->len = len;
	if (len)
		memcpy(parcel->data, data, len);
	if (post->count > post->cap) {
		post->cap = post->cap ? post->cap * 2 : 256;
		post->queue = g_realloc_n(post->queue, post->cap, sizeof(struct parcel *));
	}
	post->queue[at] = parcel;
	for (; at > 0 && is_before(post->queue[at], post->queue[(at - 1) / 2]); at = (at - 1) / 2)
		swap(post, at, (at - 1) / 2);
}

int64_t post_deadline_us(const struct post *post)
{
	return post->count ? post->queue[0]->due_us : INT64_MAX;
}

struct parcel *post_take(struct post *post, int64_t now_us)
{
	struct parcel *first;
	size_t at = 0;

	if (post_deadline_us(post) > now_us)
		return NULL;
	first = post->queue[0];
	post->queue[0] = post->queue[--post->count];
	for (;;) {
		size_t best = at;

		for (size_t child = at * 2 + 1; child <= at * 2 + 2; child++)
			if (child < post->count && is_before(post->queue[child], post->queue[best]))
				best = child;
		if (best == at)
			return first;
		swap(post, at, best);
		at = best;
	}
}

void post_done(struct post *post, struct parcel *parcel)
{
	parcel->next = post->spare;
	post->spare = parcel;
}

void post_close(struct post *post)
{
	for (size_t i = 0; i < post->count; i++)
		g_free(post->queue[i]);
	g_free(post->queue);
	while (post->spare) {
		struct parcel *next = post->spare->next;

		g_free(post->spare);
		post->spare = next;
	}
	*post = (struct post){0};
}
