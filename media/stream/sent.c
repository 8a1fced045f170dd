/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/stream/sent.h"

#include <errno.h>
#include <stdlib.h>

#include "media/base/limits.h"
#include "media/base/seq.h"

#define RTT_UNKNOWN_US 100000
#define MIN_AGE_US     1000000 /* older than max(this, 3 RTT): the picture has moved on */
#define AGE_RTTS       3

struct sent {
	size_t mask;
	size_t count;
	bool started;
	uint16_t highest;
	struct sent_packet ring[]; /* by numbers.seq; pkt NULL: free */
};

int sent_new(struct sent **out, size_t capacity)
{
	if (capacity == 0 || (capacity & (capacity - 1)) != 0 || capacity > LIMIT_SENT_PACKETS)
		return -EINVAL;
	struct sent *sent = calloc(1, sizeof(*sent) + capacity * sizeof(sent->ring[0]));
	if (!sent)
		return -ENOMEM;
	sent->mask = capacity - 1;
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
	free(sent);
}

void sent_put(struct sent *sent, const struct sent_packet *packet)
{
	uint16_t seq = packet->numbers.seq;
	struct sent_packet *place = &sent->ring[seq & sent->mask];

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
	int64_t max_age = AGE_RTTS * rtt > MIN_AGE_US ? AGE_RTTS * rtt : MIN_AGE_US;

	if (!place->pkt || place->numbers.seq != seq || now_us - place->sent_us > max_age)
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
