/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/rate/uplink.h"

#include <string.h>

#include "media/base/heap.h"

#define SECOND_US 1000000
#define NO_DELAY  INT64_MAX

enum {
	TICK_US = 100000,
	IDLE_TICK_US = SECOND_US,
	RATE_SLOT_US = 50000,
	/* A rate is not told of less time than this. */
	RATE_LEAST_US = 300000,
	AUDIO_RISE_US = 1600000,
	AUDIO_FALL_US = 30 * SECOND_US,
	BASE_MINIMUM_US = 10 * SECOND_US,
	/* Fewer packets in the window say only that a queue is no longer than this. */
	EVIDENCE = 3,
	SEND_TIME_HZ = 1 << 18,
	SEND_TIME_BITS = 24,
	/* A stream whose timestamps are used for times, silent for so long, gives way to another.
	 */
	CLOCK_STALE_US = 3 * SECOND_US,

	/* Levels of the queue: the cap rises below the first, ends its draining below the second,
	 * stays closer to what arrives above the third. With these a sender that nothing but the
	 * cap holds has a 95th percentile of 99 to 110 ms at 98 % of 128 to 600 kbit/s
	 * (test_uplink.c). */
	RISE_US = 30000,
	LOW_US = 40000,
	TRIM_US = 45000,
	HIGH_US = 100000,
	VERY_HIGH_US = 300000,
	/* What of the arriving rate the cap is then, in percent. */
	TRIM_PERCENT = 92,
	HIGH_PERCENT = 85,
	VERY_HIGH_PERCENT = 60,
	/* The cap rises by so many permille of itself at each tick: 8 % a second, and 3 % within
	 * 10 % of where the link was last seen full, which a fast rise would overshoot. */
	RISE_PERMILLE = 8,
	RISE_NEAR_PERMILLE = 3,
	NEAR_PERCENT = 90,
	LIFT_US = 6 * SECOND_US,
	/* A cap for somebody who sends nothing any more. Guess. */
	SILENT_LIFT_US = 10 * SECOND_US,

	/* Without packets for so long, what follows comes in one burst. */
	GAP_US = 400000,
	PARDON_MOST_US = SECOND_US,

	/* A queue that stands against the cap: for how long (and twice its own length) it may be
	 * ours, and within which range it is no queue at all but the path. Guesses, tried with
	 * TCP's sawtooth in test_uplink.c. */
	ANSWER_US = 2 * SECOND_US,
	FLAT_US = 4 * SECOND_US,
	FLAT_RANGE_US = 30000,
	REBASE_US = 15 * SECOND_US,

	/* The guess of capacity rises by 5 % a second after a hold that doubles when it was wrong.
	 */
	GROW_PERMILLE = 5,
	HOLD_US = 15 * SECOND_US,
	HOLD_MOST_US = 120 * SECOND_US,

	LOSSY_PERMILLE = 20,
	THIN_BPS = 64000,
	NOT_THIN_BPS = 96000,
	THIN_AFTER_US = 3 * SECOND_US,
	NOT_THIN_AFTER_US = 10 * SECOND_US,
	THIN_PTIME_MS = 60,
};

static void forget_delays(struct uplink *u, int64_t now_us)
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

void uplink_init(struct uplink *u, int64_t now_us, uint8_t packet_overhead)
{
	memset(u, 0, sizeof(*u));
	u->packet_overhead = packet_overhead;
	u->deadline_us = DEADLINE_NEVER;
	u->hold_us = HOLD_US;
	forget_delays(u, now_us);
}

void uplink_route_changed(struct uplink *u, int64_t now_us, uint8_t packet_overhead)
{
	uplink_init(u, now_us, packet_overhead);
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
		forget_delays(u, p->arrival_us);
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
	delay = p->arrival_us - (ticks / c->hz * SECOND_US + ticks % c->hz * SECOND_US / c->hz);
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
		u->deadline_us = p.arrival_us + TICK_US;
	}
	/* Time stamps of one socket may be out of order by a little. */
	if (p.arrival_us < u->last_arrival_us)
		p.arrival_us = u->last_arrival_us;
	int64_t gap = p.arrival_us - u->last_arrival_us;
	if (gap > GAP_US)
		u->pardon_us = p.arrival_us + (gap < PARDON_MOST_US ? gap : PARDON_MOST_US);
	u->last_arrival_us = p.arrival_us;
	if (u->deadline_us > p.arrival_us + TICK_US)
		u->deadline_us = p.arrival_us + TICK_US;
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
	bytes = bytes * 8 * SECOND_US / (uint64_t)time;
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
	} else if (now_us - u->last_arrival_us > SECOND_US) {
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
		received < expected ? (uint16_t)((expected - received) * 1000 / expected) : 0;
}

/* Falls slowly: sound that is lost in the queue, or pauses, will be there again. */
static void measure_audio(struct uplink *u, int64_t now_us)
{
	int64_t time = now_us - u->ticked_us;
	int64_t off;

	if (time < TICK_US / 2)
		return; /* counted with the next */
	off = (int64_t)u->audio_bytes * 8 * SECOND_US / time - u->state.audio_bps;
	if (time > AUDIO_RISE_US)
		time = AUDIO_RISE_US;
	off = off * time / (off > 0 ? AUDIO_RISE_US : AUDIO_FALL_US);
	u->state.audio_bps = (uint32_t)((int64_t)u->state.audio_bps + off);
	u->audio_bytes = 0;
	u->ticked_us = now_us;
}

/* --- the cap --------------------------------------------------------------------------------- */

static uint32_t percent_of(uint32_t bps, unsigned percent)
{
	return (uint32_t)((uint64_t)bps * percent / 100);
}

static uint32_t with_floor(const struct uplink *u, uint32_t bps)
{
	uint32_t floor = UPLINK_FLOOR_BPS + u->state.audio_bps;

	return bps > floor ? bps : floor;
}

static void lower_to(struct uplink *u, uint32_t bps)
{
	bps = with_floor(u, bps);
	if (u->state.cap_bps == 0 || bps < u->state.cap_bps)
		u->state.cap_bps = bps;
}

static void begin_draining(struct uplink *u, int64_t now_us)
{
	u->is_draining = true;
	u->drain_began_us = now_us;
	u->drain_most_us = 0;
	u->flat_us = now_us;
	u->flat_low_us = u->state.queue_us;
	u->flat_high_us = u->state.queue_us;
	u->before_bps = u->state.capacity_bps;
}

/* The queue is gone, or it was none: back to where the link was not full. Above it somebody knows
 * nothing of the link but the sender itself. */
static void end_draining(struct uplink *u)
{
	struct uplink_state *s = &u->state;

	u->is_draining = false;
	s->is_foreign = false;
	if (u->has_grown) {
		bool was_right = s->capacity_bps > u->seen_bps + u->seen_bps / 4;

		u->hold_us = was_right ? HOLD_US : 2 * u->hold_us;
		if (u->hold_us > HOLD_MOST_US)
			u->hold_us = HOLD_MOST_US;
		u->has_grown = false;
	}
	u->seen_bps = s->capacity_bps;
	if (s->capacity_bps == 0)
		s->cap_bps = 0;
	else if (s->cap_bps && s->cap_bps < percent_of(s->capacity_bps, HIGH_PERCENT))
		s->cap_bps = with_floor(u, percent_of(s->capacity_bps, HIGH_PERCENT));
}

/* What stands does so whatever is sent: it is the path's delay from now on. */
static void rebase(struct uplink *u)
{
	unsigned count;
	int64_t least = least_delay(u, &count);

	if (count == 0)
		return;
	for (size_t i = 0; i < UPLINK_BASE_MINIMA; i++)
		u->base_us[i] = NO_DELAY;
	u->base_us[0] = least;
	u->state.queue_us = 0;
	end_draining(u);
}

/* Whether the queue falls as one does that the sender itself has filled. */
static void watch_answer(struct uplink *u, int64_t now_us)
{
	struct uplink_state *s = &u->state;
	int64_t queue = s->queue_us;

	if (queue > u->drain_most_us)
		u->drain_most_us = queue;
	if (queue < u->flat_low_us)
		u->flat_low_us = queue;
	if (queue > u->flat_high_us)
		u->flat_high_us = queue;
	if (u->flat_high_us - u->flat_low_us > FLAT_RANGE_US) {
		u->flat_us = now_us;
		u->flat_low_us = queue;
		u->flat_high_us = queue;
	}
	if (!s->is_foreign && queue > HIGH_US && queue > u->drain_most_us * 7 / 10 &&
	    now_us - u->drain_began_us > ANSWER_US + 2 * u->drain_most_us) {
		s->is_foreign = true;
		/* What was taken for the link's rate meanwhile was a share of it. */
		if (u->before_bps == 0 || u->before_bps > s->capacity_bps)
			s->capacity_bps = u->before_bps;
	}
	if (now_us - u->flat_us >= FLAT_US || now_us - u->drain_began_us >= REBASE_US)
		rebase(u);
}

static void raise_cap(struct uplink *u, int64_t now_us)
{
	struct uplink_state *s = &u->state;
	bool is_near = s->capacity_bps && s->cap_bps > percent_of(s->capacity_bps, NEAR_PERCENT);
	uint64_t step = (uint64_t)s->cap_bps * (is_near ? RISE_NEAR_PERMILLE : RISE_PERMILLE);
	uint64_t cap = s->cap_bps + (step + 999) / 1000;

	if (now_us - u->low_since_us >= LIFT_US || cap > UINT32_MAX)
		cap = 0;
	s->cap_bps = (uint32_t)cap;
}

static void decide_cap(struct uplink *u, int64_t now_us)
{
	struct uplink_state *s = &u->state;

	if (s->queue_us == UPLINK_QUEUE_UNKNOWN) {
		u->is_draining = false;
		s->is_foreign = false;
		u->low_since_us = 0;
		if (now_us - u->last_arrival_us > SILENT_LIFT_US)
			s->cap_bps = 0;
		return;
	}
	if (s->queue_us >= LOW_US)
		u->low_since_us = 0;
	else if (u->low_since_us == 0)
		u->low_since_us = now_us;
	if (now_us < u->pardon_us)
		return;
	if (s->queue_us > HIGH_US) {
		if (!u->is_draining)
			begin_draining(u, now_us);
		if (s->arrival_bps)
			lower_to(u, percent_of(s->arrival_bps, s->queue_us > VERY_HIGH_US
								       ? VERY_HIGH_PERCENT
								       : HIGH_PERCENT));
	} else if (s->queue_us > TRIM_US && s->cap_bps && s->arrival_bps) {
		lower_to(u, percent_of(s->arrival_bps, TRIM_PERCENT));
	}
	if (u->is_draining && s->queue_us < LOW_US)
		end_draining(u);
	else if (u->is_draining)
		watch_answer(u, now_us);
	else if (s->cap_bps && s->queue_us < RISE_US)
		raise_cap(u, now_us);
}

/* --- the capacity ---------------------------------------------------------------------------- */

static void guess_capacity(struct uplink *u, int64_t now_us)
{
	struct uplink_state *s = &u->state;
	int64_t off = (int64_t)s->arrival_bps - (int64_t)s->capacity_bps;
	/* Without a cap it may be jitter. */
	bool is_full = s->queue_us > (s->cap_bps ? TRIM_US : HIGH_US) && !s->is_foreign &&
		       now_us >= u->pardon_us;

	if (s->arrival_bps == 0)
		return;
	if (is_full) {
		if (s->capacity_bps == 0)
			s->capacity_bps = s->arrival_bps;
		else
			s->capacity_bps = (uint32_t)((int64_t)s->capacity_bps + off / 4);
		u->seen_us = now_us;
	} else if (s->capacity_bps && off > 0) {
		s->capacity_bps = (uint32_t)((int64_t)s->capacity_bps + off / 8);
	} else if (s->capacity_bps && u->low_since_us && now_us - u->low_since_us > u->hold_us &&
		   now_us - u->seen_us > u->hold_us && s->capacity_bps < UINT32_MAX / 2) {
		s->capacity_bps += s->capacity_bps / 1000 * GROW_PERMILLE;
		u->has_grown = true;
	}
}

static void choose_ptime(struct uplink *u, int64_t now_us)
{
	struct uplink_state *s = &u->state;
	bool is_thin = s->ptime_ms == THIN_PTIME_MS;
	/* The guess grows by itself; only what came proves that the link is not thin. */
	bool should = is_thin ? s->arrival_bps > NOT_THIN_BPS
			      : s->capacity_bps > 0 && s->capacity_bps < THIN_BPS;
	int64_t after = is_thin ? NOT_THIN_AFTER_US : THIN_AFTER_US;

	if (!should) {
		u->ptime_us = 0;
		return;
	}
	if (u->ptime_us == 0)
		u->ptime_us = now_us;
	if (now_us - u->ptime_us < after)
		return;
	s->ptime_ms = is_thin ? 0 : THIN_PTIME_MS;
	u->ptime_us = 0;
}

void uplink_timeout(struct uplink *u, int64_t now_us)
{
	struct uplink_state *s = &u->state;

	if (now_us < u->deadline_us)
		return;
	turn_slots(u, now_us);
	s->arrival_bps = arrival_rate(u, now_us);
	measure_audio(u, now_us);
	measure_queue(u, now_us);
	measure_loss(u);
	decide_cap(u, now_us);
	guess_capacity(u, now_us);
	choose_ptime(u, now_us);
	turn_base(u, now_us);
	s->is_unstable =
		s->cap_bps > 0 || s->queue_us > TRIM_US || s->loss_permille > LOSSY_PERMILLE;
	u->deadline_us =
		now_us + (now_us - u->last_arrival_us < SECOND_US ? TICK_US : IDLE_TICK_US);
}

int64_t uplink_deadline_us(const struct uplink *u)
{
	return u->deadline_us;
}
