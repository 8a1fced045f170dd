/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/rate/fate.h"

#define LATE_PACKETS 200 /* guess: told and untold are halved above it, two seconds of a call */

void fate_begin(struct fate *f, int64_t seq)
{
	*f = (struct fate){.next = seq, .back = seq};
}

/* The first number after a gap of the link that begins with from; from: there was none. */
static int64_t gap_end(struct history *h, int64_t from)
{
	const struct history_packet *first = history_find(h, from);
	const struct history_packet *packet = first;
	int64_t seq = from;

	while (seq < h->reported && packet != NULL && packet->state != HISTORY_ARRIVED)
		packet = history_find(h, ++seq);
	return packet != NULL && packet->sent_us - first->sent_us > FATE_GAP_US ? seq : from;
}

static void decide(struct fate *f, struct history *h, const struct history_packet *packet)
{
	if (packet->state == HISTORY_SENT) {
		f->untold++;
		return;
	}
	f->told++;
	if (packet->state == HISTORY_MISSING && f->next >= f->back)
		f->back = gap_end(h, f->next);
	if (f->next >= f->back)
		loss_outcome(&f->loss, packet->sent_us, packet->bytes,
			     packet->state != HISTORY_ARRIVED);
}

void fate_settle(struct fate *f, struct history *h, int64_t newest_sent_us)
{
	if (f->next < h->oldest)
		f->next = h->oldest;
	for (; f->next <= h->reported; f->next++) {
		const struct history_packet *packet = history_find(h, f->next);

		if (packet == NULL)
			continue;
		if (packet->state != HISTORY_ARRIVED &&
		    packet->sent_us > newest_sent_us - FATE_REORDER_US)
			return;
		decide(f, h, packet);
	}
	if (f->told + f->untold > LATE_PACKETS) {
		f->told /= 2;
		f->untold /= 2;
	}
}

bool fate_is_blind(const struct fate *f)
{
	return f->untold > f->told;
}
