/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/stream/sent.h"

#include <errno.h>
#include <stdlib.h>

#include "media/base/limits.h"
#include "media/base/seq.h"

#define RTT_UNKNOWN_US 100000
#define FIRST_PACKETS  32
/* A viewer asks as often as it can while a picture is of use to it, ten times at most (libwebrtc).
 * Older than that, a second at most but three round trips at least, the picture has moved on. */
#define MANY_RTTS    10
#define FEW_RTTS     3
#define SHORT_AGE_US 500000
#define LONG_AGE_US  1000000

struct sent {
	size_t max; /* the ring grows up to so many places */
	size_t mask;
	size_t count;
	int64_t age_us;
	bool started;
	uint16_t highest;
	uint16_t oldest;	  /* nothing older is kept */
	struct sent_packet *ring; /* by numbers.seq; pkt NULL: free */
};

int sent_new(struct sent **out, size_t capacity)
{
	size_t first = capacity < FIRST_PACKETS ? capacity : FIRST_PACKETS;

	if (capacity == 0 || (capacity & (capacity - 1)) != 0 || capacity > LIMIT_SENT_PACKETS)
		return -EINVAL;
	struct sent *sent = calloc(1, sizeof(*sent));
	if (!sent)
		return -ENOMEM;
	sent->ring = calloc(first, sizeof(sent->ring[0]));
	if (!sent->ring) {
		free(sent);
		return -ENOMEM;
	}
	sent->max = capacity;
	sent->mask = first - 1;
	sent->age_us = sent_age_us(0);
	*out = sent;
	return 0;
}

static void release(struct sent *sent, struct sent_packet *place)
{
	if (!place->pkt)
		return;
	pkt_unref(place->pkt);
	*place = (struct sent_packet){0};
	sent->count--;
}

void sent_free(struct sent *sent)
{
	if (!sent)
		return;
	for (size_t i = 0; i <= sent->mask; i++)
		release(sent, &sent->ring[i]);
	free(sent->ring);
	free(sent);
}

int64_t sent_age_us(int64_t rtt_us)
{
	int64_t rtt = rtt_us > 0 ? rtt_us : RTT_UNKNOWN_US;
	int64_t age_us = MANY_RTTS * rtt;

	if (age_us > LONG_AGE_US)
		age_us = LONG_AGE_US;
	if (age_us < SHORT_AGE_US)
		age_us = SHORT_AGE_US;
	return age_us > FEW_RTTS * rtt ? age_us : FEW_RTTS * rtt;
}

void sent_keep(struct sent *sent, int64_t rtt_us)
{
	sent->age_us = sent_age_us(rtt_us);
}

/* Twice the places; without memory the ring stays as it is. */
static void grow(struct sent *sent)
{
	size_t places = (sent->mask + 1) * 2;
	struct sent_packet *ring = calloc(places, sizeof(*ring));

	if (!ring)
		return;
	for (size_t i = 0; i <= sent->mask; i++)
		if (sent->ring[i].pkt)
			ring[sent->ring[i].numbers.seq & (places - 1)] = sent->ring[i];
	free(sent->ring);
	sent->ring = ring;
	sent->mask = places - 1;
}

/* A place for seq: what is too old goes, and what is not makes the ring grow. */
static struct sent_packet *make_place(struct sent *sent, uint16_t seq, int64_t now_us)
{
	struct sent_packet *place = &sent->ring[seq & sent->mask];

	for (; sent->oldest != sent->highest; sent->oldest++) {
		struct sent_packet *last = &sent->ring[sent->oldest & sent->mask];

		if (last->pkt && last->numbers.seq == sent->oldest) {
			if (now_us - last->sent_us <= sent->age_us)
				break;
			release(sent, last);
		}
	}
	while (place->pkt && place->numbers.seq != seq && sent->mask + 1 < sent->max) {
		size_t before = sent->mask;

		grow(sent);
		place = &sent->ring[seq & sent->mask];
		if (sent->mask == before)
			break;
	}
	return place;
}

void sent_put(struct sent *sent, const struct sent_packet *packet)
{
	uint16_t seq = packet->numbers.seq;
	struct sent_packet *place = make_place(sent, seq, packet->sent_us);

	if (place->pkt && seq_newer(place->numbers.seq, seq))
		return;
	/* Referenced first: it may be the packet that is there already. */
	struct pkt *pkt = pkt_ref(packet->pkt);
	release(sent, place);
	*place = *packet;
	place->pkt = pkt;
	place->resent_us = 0;
	place->resent_count = 0;
	place->is_late = sent->started && seq_newer(sent->highest, seq);
	if (!place->is_late)
		sent->highest = seq;
	if (!sent->started || seq_newer(sent->oldest, seq))
		sent->oldest = seq;
	sent->started = true;
	sent->count++;
}

const struct sent_packet *sent_get(const struct sent *sent, uint16_t seq)
{
	const struct sent_packet *place = &sent->ring[seq & sent->mask];

	return place->pkt && place->numbers.seq == seq ? place : NULL;
}

const struct sent_packet *sent_recent(const struct sent *sent, uint16_t back)
{
	if (!sent->started || back > sent->mask)
		return NULL;
	return sent_get(sent, (uint16_t)(sent->highest - back));
}

const struct sent_packet *sent_resend(struct sent *sent, int64_t now_us, uint16_t seq,
				      int64_t rtt_us)
{
	struct sent_packet *place = &sent->ring[seq & sent->mask];
	int64_t rtt = rtt_us > 0 ? rtt_us : RTT_UNKNOWN_US;

	if (!place->pkt || place->numbers.seq != seq || now_us - place->sent_us > sent->age_us)
		return NULL;
	int64_t last_us = place->resent_count > 0 ? place->resent_us : place->sent_us;
	if ((place->resent_count > 0 || place->is_late) && now_us - last_us < rtt)
		return NULL;
	place->resent_us = now_us;
	if (place->resent_count < UINT8_MAX)
		place->resent_count++;
	return place;
}

void sent_expire(struct sent *sent, int64_t before_us)
{
	for (size_t i = 0; i <= sent->mask && sent->count > 0; i++) {
		if (sent->ring[i].pkt && sent->ring[i].sent_us < before_us)
			release(sent, &sent->ring[i]);
	}
}

size_t sent_count(const struct sent *sent)
{
	return sent->count;
}
