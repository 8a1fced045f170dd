/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/rate/history.h"

#include <stdlib.h>

#define FIRST_PACKETS 64

_Static_assert((HISTORY_PACKETS & (HISTORY_PACKETS - 1)) == 0, "the history is a ring");

static struct history_packet *place(struct history *h, int64_t seq)
{
	return &h->packets[(uint64_t)seq & (h->places - 1)];
}

static void leave_flight(struct history *h, int64_t seq)
{
	const struct history_packet *packet = place(h, seq);

	if (seq > h->reported && packet->state != HISTORY_NONE)
		h->in_flight_bytes -= packet->bytes;
}

static void forget_oldest(struct history *h)
{
	leave_flight(h, h->oldest);
	h->oldest++;
}

void history_close(struct history *h)
{
	free(h->packets);
	*h = (struct history){0};
}

/* Twice the places, for what is kept now; without memory the ring stays as it is. */
static void grow(struct history *h)
{
	struct history old = *h;
	uint32_t places = h->places == 0 ? FIRST_PACKETS : 2 * h->places;
	struct history_packet *packets = calloc(places, sizeof(*packets));

	if (packets == NULL)
		return;
	h->places = places;
	h->packets = packets;
	for (int64_t i = h->oldest; i < h->next; i++)
		*place(h, i) = *place(&old, i);
	free(old.packets);
}

void history_clear(struct history *h)
{
	h->oldest = h->next;
	h->reported = h->next - 1;
	h->in_flight_bytes = 0;
}

int64_t history_unwrap(const struct history *h, uint16_t seq)
{
	struct seq_unwrap unwrap = h->unwrap;

	unwrap.last = h->next - 1;
	return seq_unwrap16(&unwrap, seq);
}

int64_t history_sent(struct history *h, uint16_t seq, const struct history_packet *packet)
{
	int64_t number;

	if (!h->is_started) {
		h->is_started = true;
		number = seq_unwrap16(&h->unwrap, seq);
		h->next = number;
		history_clear(h);
	}
	number = history_unwrap(h, seq);
	if (number >= h->next + HISTORY_PACKETS) {
		h->next = number;
		history_clear(h);
	}
	/* A number twice, or backwards: no transport of ours does that. It is not kept. */
	if (number < h->next)
		return number;
	for (; h->next <= number; h->next++) {
		if (h->next - h->oldest >= h->places && h->places < HISTORY_PACKETS)
			grow(h);
		if (h->places == 0)
			return number;
		if (h->next - h->oldest >= h->places)
			forget_oldest(h);
		place(h, h->next)->state = HISTORY_NONE;
	}
	*place(h, number) = *packet;
	place(h, number)->state = HISTORY_SENT;
	h->in_flight_bytes += packet->bytes;
	return number;
}

struct history_packet *history_find(struct history *h, int64_t seq)
{
	if (seq < h->oldest || seq >= h->next)
		return NULL;
	struct history_packet *packet = place(h, seq);
	return packet->state == HISTORY_NONE ? NULL : packet;
}

int64_t history_waiting_us(struct history *h, int64_t now_us)
{
	const struct history_packet *packet =
		history_find(h, h->reported + 1 > h->oldest ? h->reported + 1 : h->oldest);

	return packet == NULL ? 0 : now_us - packet->sent_us;
}

int64_t history_untold_us(struct history *h, int64_t base)
{
	const struct history_packet *first = history_find(h, h->reported + 1);
	const struct history_packet *next = history_find(h, base);

	if (first == NULL || next == NULL || base <= h->reported + 1)
		return 0;
	return next->sent_us - first->sent_us;
}

void history_report(struct history *h, int64_t seq)
{
	if (seq >= h->next)
		seq = h->next - 1;
	int64_t from = h->reported + 1 > h->oldest ? h->reported + 1 : h->oldest;
	for (int64_t i = from; i <= seq; i++)
		leave_flight(h, i);
	if (seq > h->reported)
		h->reported = seq;
}

void history_expire(struct history *h, int64_t now_us)
{
	while (h->oldest < h->next) {
		const struct history_packet *packet = place(h, h->oldest);
		if (packet->state != HISTORY_NONE && packet->sent_us > now_us - HISTORY_US)
			return;
		forget_oldest(h);
	}
}
