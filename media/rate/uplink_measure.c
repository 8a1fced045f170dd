/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/rate/uplink_measure.h"

#include <string.h>

#define NO_DELAY INT64_MAX

enum {
	RATE_SLOT_US = 50000,
	/* A rate is not told of less time than this. */
	RATE_LEAST_US = 300000,
	AUDIO_RISE_US = 1600000,
	AUDIO_FALL_US = 30 * UPLINK_SECOND_US,
	BASE_MINIMUM_US = 10 * UPLINK_SECOND_US,
	/* Fewer packets in the window say only that a queue is no longer than this. */
	EVIDENCE = 3,
	SEND_TIME_HZ = 1 << 18,
	SEND_TIME_BITS = 24,
	/* A stream whose timestamps are used for times, silent for so long, gives way to another.
	 */
	CLOCK_STALE_US = 3 * UPLINK_SECOND_US,
	/* Without packets for so long, what follows comes in one burst. */
	GAP_US = 400000,
	PARDON_MOST_US = UPLINK_SECOND_US,
};

void uplink_forget_delays(struct uplink *u, int64_t now_us)
{
	for (size_t i = 0; i < UPLINK_BASE_MINIMA; i++)
		u->base_us[i] = NO_DELAY;
	for (size_t i = 0; i < UPLINK_QUEUE_MINIMA; i++) {
		u->least_us[i] = NO_DELAY;
		u->least_count[i] = 0;
	}
	u->base_began_us = now_us;
	u->state.queue_us = UPLINK_QUEUE_UNKNOWN;
}

/* --- what a packet tells --------------------------------------------------------------------- */

/* When it was sent by that clock, in its ticks, unwrapped so that the time since the newest is
 * nearest to the time between their arrivals. */
static int64_t unwrap_ticks(const struct uplink_clock *c, uint32_t value, int64_t arrival_us)
{
	int64_t wrap = (int64_t)1 << c->bits;
	int64_t ahead = ((int64_t)value - (int64_t)c->last) & (wrap - 1);
	int64_t elapsed = (arrival_us - c->arrival_us) / 1000 * c->hz / 1000;
	int64_t turns = elapsed - ahead + wrap / 2;

	turns = turns >= 0 ? turns / wrap : -((wrap - 1 - turns) / wrap);
	return c->ticks + ahead + turns * wrap;
}

static void set_clock(struct uplink *u, const struct uplink_packet *p)
{
	struct uplink_clock *c = &u->clock;

	if (c->is_set)
		uplink_forget_delays(u, p->arrival_us);
	c->is_set = true;
	c->is_send_time = p->has_send_time;
	c->is_audio = p->is_audio;
	c->bits = p->has_send_time ? SEND_TIME_BITS : 32;
	c->hz = p->has_send_time ? SEND_TIME_HZ : p->clock_hz;
	c->ssrc = p->ssrc;
	c->last = p->has_send_time ? p->send_time : p->timestamp;
	c->ticks = c->last;
	c->arrival_us = p->arrival_us;
}

/* Whether the packet's time is of use, by the clock there is or a better one. */
static bool choose_clock(struct uplink *u, const struct uplink_packet *p)
{
	const struct uplink_clock *c = &u->clock;
	bool is_stale = !c->is_set || p->arrival_us - c->arrival_us > CLOCK_STALE_US;

	if (p->has_send_time) {
		if (!c->is_set || !c->is_send_time)
			set_clock(u, p);
		return true;
	}
	if (p->clock_hz == 0)
		return false;
	if (!is_stale && c->is_send_time)
		return false;
	if (is_stale || (p->is_audio && !c->is_audio)) {
		set_clock(u, p);
		return true;
	}
	/* Of a picture in several packets the first tells when it was made. */
	return p->ssrc == c->ssrc && p->clock_hz == c->hz &&
	       (c->is_audio || p->timestamp != c->last);
}

static void take_delay(struct uplink *u, const struct uplink_packet *p)
{
	struct uplink_clock *c = &u->clock;
	uint32_t value = p->has_send_time ? p->send_time : p->timestamp;
	int64_t ticks;
	int64_t delay;

	if (!choose_clock(u, p))
		return;
	ticks = unwrap_ticks(c, value, p->arrival_us);
	/* ticks stay below 2^40 and more than a year of 48 kHz below 2^41: no overflow. */
	delay = p->arrival_us -
		(ticks / c->hz * UPLINK_SECOND_US + ticks % c->hz * UPLINK_SECOND_US / c->hz);
	if (ticks > c->ticks) {
		c->last = value;
		c->ticks = ticks;
		c->arrival_us = p->arrival_us;
	}
	if (delay < u->base_us[0])
		u->base_us[0] = delay;
	if (delay < u->least_us[0])
		u->least_us[0] = delay;
	if (u->least_count[0] < UINT16_MAX)
		u->least_count[0]++;
}

static void turn_slots(struct uplink *u, int64_t now_us)
{
	if (now_us - u->slot_began_us >= (int64_t)UPLINK_RATE_SLOTS * RATE_SLOT_US) {
		memset(u->slot, 0, sizeof(u->slot));
		u->slot_began_us = now_us;
	}
	while (now_us - u->slot_began_us >= RATE_SLOT_US) {
		memmove(&u->slot[1], &u->slot[0], sizeof(u->slot) - sizeof(u->slot[0]));
		memset(&u->slot[0], 0, sizeof(u->slot[0]));
		u->slot_began_us += RATE_SLOT_US;
	}
}

static void count_bytes(struct uplink *u, const struct uplink_packet *p)
{
	struct uplink_slot *slot = &u->slot[0];
	uint32_t bytes = (uint32_t)p->bytes + u->packet_overhead;

	turn_slots(u, p->arrival_us);
	if (slot->bytes == 0) {
		slot->first_us = p->arrival_us;
		slot->first_bytes = bytes;
	}
	slot->bytes += bytes;
	slot->last_us = p->arrival_us;
	if (p->is_audio)
		u->audio_bytes += bytes;
}

static void count_seq(struct uplink *u, uint16_t transport_seq)
{
	int64_t seq;

	if (!u->has_seq) {
		u->has_seq = true;
		u->highest_seq = seq_unwrap16(&u->unwrap, transport_seq);
		u->ticked_seq = u->highest_seq - 1;
	}
	/* From the highest, so that late packets do not pull the reference back. */
	u->unwrap.last = u->highest_seq;
	seq = seq_unwrap16(&u->unwrap, transport_seq);
	if (seq > u->highest_seq)
		u->highest_seq = seq;
	if (u->seq_received < UINT16_MAX)
		u->seq_received++;
}

void uplink_packet(struct uplink *u, const struct uplink_packet *packet)
{
	struct uplink_packet p = *packet;

	if (!u->started) {
		u->started = true;
		u->last_arrival_us = p.arrival_us;
		u->ticked_us = p.arrival_us;
		u->slot_began_us = p.arrival_us;
		u->base_began_us = p.arrival_us;
		u->deadline_us = p.arrival_us + UPLINK_TICK_US;
	}
	/* Time stamps of one socket may be out of order by a little. */
	if (p.arrival_us < u->last_arrival_us)
		p.arrival_us = u->last_arrival_us;
	int64_t gap = p.arrival_us - u->last_arrival_us;
	if (gap > GAP_US)
		u->pardon_us = p.arrival_us + (gap < PARDON_MOST_US ? gap : PARDON_MOST_US);
	u->last_arrival_us = p.arrival_us;
	if (u->deadline_us > p.arrival_us + UPLINK_TICK_US)
		u->deadline_us = p.arrival_us + UPLINK_TICK_US;
	count_bytes(u, &p);
	if (p.has_transport_seq)
		count_seq(u, p.transport_seq);
	take_delay(u, &p);
}

/* --- figures, each tick ---------------------------------------------------------------------- */

/* From the end of the first packet of the window to the end of the last, so that on a full link it
 * is the link's rate whatever the size of packets. */
static uint32_t arrival_rate(const struct uplink *u, int64_t now_us)
{
	const struct uplink_slot *oldest = NULL;
	const struct uplink_slot *newest = NULL;
	uint64_t bytes = 0;
	int64_t time;

	for (size_t i = UPLINK_RATE_SLOTS; i-- > 0;) {
		if (u->slot[i].bytes == 0)
			continue;
		if (!oldest)
			oldest = &u->slot[i];
		newest = &u->slot[i];
		bytes += u->slot[i].bytes;
	}
	if (!oldest)
		return 0;
	time = newest->last_us - oldest->first_us;
	/* Silence since counts too, but for what one packet may take. */
	if (now_us - 2 * RATE_SLOT_US - oldest->first_us > time)
		time = now_us - 2 * RATE_SLOT_US - oldest->first_us;
	if (time < RATE_LEAST_US)
		time = RATE_LEAST_US;
	bytes -= oldest->first_bytes;
	bytes = bytes * 8 * UPLINK_SECOND_US / (uint64_t)time;
	return bytes < UINT32_MAX ? (uint32_t)bytes : UINT32_MAX;
}

static int64_t base_delay(const struct uplink *u)
{
	int64_t base = NO_DELAY;

	for (size_t i = 0; i < UPLINK_BASE_MINIMA; i++)
		if (u->base_us[i] < base)
			base = u->base_us[i];
	return base;
}

static int64_t least_delay(const struct uplink *u, unsigned *count)
{
	int64_t least = NO_DELAY;

	*count = 0;
	for (size_t i = 0; i < UPLINK_QUEUE_MINIMA; i++) {
		*count += u->least_count[i];
		if (u->least_us[i] < least)
			least = u->least_us[i];
	}
	return least;
}

static void measure_queue(struct uplink *u, int64_t now_us)
{
	struct uplink_state *s = &u->state;
	unsigned count;
	int64_t least = least_delay(u, &count);

	if (count > 0) {
		int64_t base = base_delay(u);
		/* After a long silence the base may be forgotten already. */
		int64_t queue = least > base ? least - base : 0;

		if (count >= EVIDENCE || queue < s->queue_us)
			s->queue_us = queue;
	} else if (now_us - u->last_arrival_us > UPLINK_SECOND_US) {
		s->queue_us = UPLINK_QUEUE_UNKNOWN;
	}
	memmove(&u->least_us[1], &u->least_us[0], sizeof(u->least_us) - sizeof(u->least_us[0]));
	memmove(&u->least_count[1], &u->least_count[0],
		sizeof(u->least_count) - sizeof(u->least_count[0]));
	u->least_us[0] = NO_DELAY;
	u->least_count[0] = 0;
}

/* After the queue was measured: what ends now has been looked at. */
static void turn_base(struct uplink *u, int64_t now_us)
{
	for (size_t i = 0; i < UPLINK_BASE_MINIMA && now_us - u->base_began_us >= BASE_MINIMUM_US;
	     i++) {
		memmove(&u->base_us[1], &u->base_us[0], sizeof(u->base_us) - sizeof(u->base_us[0]));
		u->base_us[0] = NO_DELAY;
		u->base_began_us += BASE_MINIMUM_US;
	}
	if (now_us - u->base_began_us >= BASE_MINIMUM_US)
		u->base_began_us = now_us;
}

static void measure_loss(struct uplink *u)
{
	int64_t fresh = u->has_seq ? u->highest_seq - u->ticked_seq : 0;
	unsigned expected = 0;
	unsigned received = 0;

	memmove(&u->loss_expected[1], &u->loss_expected[0],
		sizeof(u->loss_expected) - sizeof(u->loss_expected[0]));
	memmove(&u->loss_received[1], &u->loss_received[0],
		sizeof(u->loss_received) - sizeof(u->loss_received[0]));
	u->loss_expected[0] = (uint16_t)(fresh < UINT16_MAX ? fresh : UINT16_MAX);
	u->loss_received[0] = u->seq_received;
	u->ticked_seq = u->highest_seq;
	u->seq_received = 0;
	for (size_t i = 0; i < UPLINK_LOSS_SLOTS; i++) {
		expected += u->loss_expected[i];
		received += u->loss_received[i];
	}
	u->state.loss_permille =
		(uint16_t)(received < expected ? (expected - received) * 1000 / expected : 0);
}

/* Falls slowly: sound that is lost in the queue, or pauses, will be there again. */
static void measure_audio(struct uplink *u, int64_t now_us)
{
	int64_t time = now_us - u->ticked_us;
	int64_t off;

	if (time < UPLINK_TICK_US / 2)
		return; /* counted with the next */
	off = (int64_t)u->audio_bytes * 8 * UPLINK_SECOND_US / time - u->state.audio_bps;
	if (time > AUDIO_RISE_US)
		time = AUDIO_RISE_US;
	off = off * time / (off > 0 ? AUDIO_RISE_US : AUDIO_FALL_US);
	u->state.audio_bps = (uint32_t)((int64_t)u->state.audio_bps + off);
	u->audio_bytes = 0;
	u->ticked_us = now_us;
}

void uplink_measure(struct uplink *u, int64_t now_us)
{
	turn_slots(u, now_us);
	u->state.arrival_bps = arrival_rate(u, now_us);
	measure_audio(u, now_us);
	measure_queue(u, now_us);
	turn_base(u, now_us);
	measure_loss(u);
}

void uplink_rebase(struct uplink *u)
{
	unsigned count;
	int64_t least = least_delay(u, &count);

	if (count == 0)
		return;
	for (size_t i = 0; i < UPLINK_BASE_MINIMA; i++)
		u->base_us[i] = NO_DELAY;
	u->base_us[0] = least;
	u->state.queue_us = 0;
}
