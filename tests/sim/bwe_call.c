/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/sim/bwe_call.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "media/wire/rtcp.h"
#include "media/wire/twcc.h"

#define TICK_US	    1000
#define SOUND_US    20000
#define SOUND_BYTES 80 /* of UDP payload: 43 kbit/s at IP level */
#define FRAME_US    40000
#define IP_UDP	    28
#define STALE_US    400000
#define TCP_BYTES   1500
#define FLOW_MEDIA  0
#define FLOW_TCP    1
#define VIDEO_QUEUE 4096
#define SLOT_OF(us) ((us) / 1000 / CALL_SLOT_MS)

struct call *call_new(uint32_t bps, int64_t delay_us, int64_t queue_ms, uint32_t start_bps)
{
	struct call *c = g_new0(struct call, 1);
	struct bwe_config config = {
		.start_bps = start_bps,
		.min_bps = 40000,
		.max_bps = 20000000,
		.packet_overhead = IP_UDP,
	};

	c->now_us = 1000000;
	g_assert_cmpint(bwe_new(&c->bwe, c->now_us, &config), ==, 0);
	c->rng = rng_seeded(7);
	c->link.rng = rng_seeded(8);
	c->back.rng = rng_seeded(9);
	c->link.bps = bps;
	c->link.delay_us = delay_us;
	c->link.queue_ms = queue_ms;
	c->link.loss_bad = 1;
	c->back.bps = 10000000;
	c->back.delay_us = delay_us;
	c->back.queue_ms = 1000;
	c->wanted_bps = 4000000;
	c->packet_bytes = bps <= 256000 ? 700 : 1100;
	c->keyframe_us = 10000000;
	c->serves_probes = true;
	c->vbr = 0.1;
	c->next_sound_us = c->now_us;
	c->next_frame_us = c->now_us;
	c->next_keyframe_us = c->now_us;
	c->seq = 65000;
	c->tcp_cwnd = 10;
	c->tcp_ssthresh = 1e9;
	return c;
}

void call_free(struct call *c)
{
	bwe_free(c->bwe);
	arrival_close(&c->arrival);
	g_free(c);
}

static int64_t since_start(const struct call *c)
{
	return c->now_us - 1000000;
}

static struct call_slot *slot(struct call *c)
{
	return &c->slots[SLOT_OF(since_start(c))];
}

static void send_packet(struct call *c, uint32_t payload, enum bwe_class class, uint8_t probe)
{
	struct bwe_packet packet = {
		.transport_seq = c->seq,
		.bytes = (uint16_t)payload,
		.class = class,
		.probe = probe,
	};
	struct bottleneck_packet p = {
		.bytes = payload + IP_UDP,
		.flow = class == BWE_AUDIO ? 2 : FLOW_MEDIA,
		.number = c->seq,
	};

	bwe_sent(c->bwe, c->now_us, &packet);
	(void)bottleneck_send(&c->link, c->now_us, &p);
	c->seq++;
	c->tokens -= payload + IP_UDP;
}

static void queue_frame(struct call *c)
{
	const struct bwe_state *s = bwe_state(c->bwe);
	uint32_t total = s->target_bps < c->wanted_bps ? s->target_bps : c->wanted_bps;
	double sound_bps = 8.0 * (SOUND_BYTES + IP_UDP) * 1e6 / SOUND_US;
	double video_bps = total > sound_bps ? total - sound_bps : 0;
	double bytes = video_bps / 8 * FRAME_US / 1e6;
	struct bwe_demand demand = {
		.sending_bps = total,
		.next_bps = c->wanted_bps > total ? total * 5 / 4 : 0,
		.wanted_bps = c->wanted_bps,
	};

	bwe_demand(c->bwe, c->now_us, &demand);
	bytes *= 1 + c->vbr * (2 * rng_unit(&c->rng) - 1);
	if (c->keyframe_us != 0 && c->now_us >= c->next_keyframe_us) {
		c->next_keyframe_us = c->now_us + c->keyframe_us;
		bytes *= 6; /* 240 ms of the rate */
	}
	uint32_t left = bytes > 0 ? (uint32_t)bytes : 0;
	while (left > 0 && c->video_count < VIDEO_QUEUE) {
		uint32_t size = left < c->packet_bytes ? left : c->packet_bytes;
		unsigned at = (c->video_head + c->video_count++) % VIDEO_QUEUE;
		c->video[at] = size;
		c->video_us[at] = c->now_us;
		left -= size;
	}
}

static void drop_stale(struct call *c)
{
	while (c->video_count > 0 && c->video_us[c->video_head] < c->now_us - STALE_US) {
		c->video_head = (c->video_head + 1) % VIDEO_QUEUE;
		c->video_count--;
		c->stale_dropped++;
	}
}

static void watch_probe(struct call *c)
{
	const struct bwe_probe *probe = &bwe_state(c->bwe)->probe;

	if (!c->serves_probes || probe->id == 0) {
		c->probe_left = 0;
		return;
	}
	if (probe->id != c->probe_id) {
		c->probe_id = probe->id;
		c->probe_left = probe->bytes;
		c->probes++;
	}
}

/* Video first, then the bytes of a probe; sound has gone already. */
static void pace(struct call *c)
{
	const struct bwe_state *s = bwe_state(c->bwe);

	watch_probe(c);
	double bps = s->pacing_bps;
	if (c->probe_left > 0 && s->probe.bps > bps)
		bps = s->probe.bps;
	c->tokens += bps / 8 * TICK_US / 1e6;
	double most = bps / 8 * 0.005;
	most = most < 1 ? 1 : most;
	c->tokens = c->tokens > most ? most : c->tokens;
	while (c->tokens > 0 && bps > 0) {
		s = bwe_state(c->bwe);
		if (c->video_count > 0) {
			if (s->in_flight_bytes >= s->window_bytes)
				return;
			uint32_t bytes = c->video[c->video_head];
			c->video_head = (c->video_head + 1) % VIDEO_QUEUE;
			c->video_count--;
			send_packet(c, bytes, BWE_VIDEO, c->probe_left > 0 ? c->probe_id : 0);
			c->probe_left -= c->probe_left < bytes ? c->probe_left : bytes;
		} else if (c->probe_left > 0) {
			uint32_t bytes = c->probe_left < 600 ? c->probe_left + 50 : 600;
			c->probe_bytes += bytes;
			send_packet(c, bytes, BWE_REPAIR, c->probe_id);
			c->probe_left -= c->probe_left < bytes ? c->probe_left : bytes;
		} else {
			return;
		}
		watch_probe(c);
	}
}

/* --- a competing CUBIC flow (RFC 9438), without slow start's exit and recovery in detail --- */

static void tcp_send(struct call *c)
{
	while (c->tcp_in_flight < c->tcp_cwnd) {
		struct bottleneck_packet p = {.bytes = TCP_BYTES, .flow = FLOW_TCP};
		if (!bottleneck_send(&c->link, c->now_us, &p)) {
			if (c->tcp_loss_at_us == 0)
				c->tcp_loss_at_us =
					c->now_us + 2 * c->link.delay_us + c->link.queue_ms * 1000;
			return;
		}
		c->tcp_in_flight++;
	}
}

static void tcp_ack(struct call *c)
{
	c->tcp_in_flight--;
	if (c->tcp_cwnd < c->tcp_ssthresh) {
		c->tcp_cwnd += 1;
		return;
	}
	double t = (double)(c->now_us - c->tcp_epoch_us) / 1e6;
	double k = cbrt(c->tcp_wmax * 0.3 / 0.4);
	double want = 0.4 * (t - k) * (t - k) * (t - k) + c->tcp_wmax;
	if (want > c->tcp_cwnd)
		c->tcp_cwnd += (want - c->tcp_cwnd) / c->tcp_cwnd;
	else
		c->tcp_cwnd += 0.01 / c->tcp_cwnd;
}

static void tcp_tick(struct call *c)
{
	if (!c->has_tcp || (c->tcp_end_us != 0 && since_start(c) >= c->tcp_end_us))
		return;
	if (c->tcp_loss_at_us != 0 && c->now_us >= c->tcp_loss_at_us) {
		c->tcp_wmax = c->tcp_cwnd;
		c->tcp_cwnd = c->tcp_cwnd * 0.7 > 2 ? c->tcp_cwnd * 0.7 : 2;
		c->tcp_ssthresh = c->tcp_cwnd;
		c->tcp_epoch_us = c->now_us;
		c->tcp_loss_at_us = 0;
	}
	tcp_send(c);
}

/* --- the far end --- */

static void receive(struct call *c)
{
	struct bottleneck_packet p;

	while (bottleneck_receive(&c->link, c->now_us, &p)) {
		struct call_slot *s = slot(c);
		int64_t queue_us = p.left_us - p.sent_us;
		if (p.flow == FLOW_TCP) {
			s->tcp_bytes += p.bytes;
			struct bottleneck_packet ack = {.bytes = 60, .flow = FLOW_TCP};
			(void)bottleneck_send(&c->back, c->now_us, &ack);
			continue;
		}
		s->arrived_bytes += p.bytes;
		if (p.flow == FLOW_MEDIA && queue_us > STALE_US)
			c->stale_bytes += p.bytes;
		s->queue_us = queue_us > s->queue_us ? queue_us : s->queue_us;
		if (p.flow == 2 && queue_us > s->sound_queue_us)
			s->sound_queue_us = queue_us;
		arrival_packet(&c->arrival, p.arrive_us, (uint16_t)p.number);
	}
	for (;;) {
		unsigned at = c->feedback_next % 512;
		struct wr w = wr_init(c->feedback[at], sizeof(c->feedback[at]));
		if (!arrival_feedback(&c->arrival, c->now_us, 1, 2, &w))
			return;
		c->feedback_len[at] = wr_len(&w);
		struct bottleneck_packet answer = {
			.bytes = (uint32_t)wr_len(&w) + IP_UDP + 14,
			.number = at,
		};
		c->feedback_next++;
		if (rng_unit(&c->rng) >= c->feedback_loss && c->now_us >= c->feedback_dead_until_us)
			(void)bottleneck_send(&c->back, c->now_us, &answer);
	}
}

static void hear(struct call *c)
{
	static struct rtcp_packet packet;
	static struct twcc_feedback feedback;
	struct bottleneck_packet p;

	while (bottleneck_receive(&c->back, c->now_us, &p)) {
		if (p.flow == FLOW_TCP) {
			tcp_ack(c);
			continue;
		}
		struct rtcp_reader reader =
			rtcp_reader_init(c->feedback[p.number], c->feedback_len[p.number]);
		g_assert_cmpint(rtcp_next(&reader, &packet), ==, 1);
		g_assert_cmpint(twcc_parse(&feedback, packet.fci, packet.fci_len), ==, 0);
		if (c->forgets_seq)
			feedback.base_seq = (uint16_t)(feedback.base_seq - 20000);
		bwe_feedback(c->bwe, c->now_us, &feedback);
	}
}

static void note_state(struct call *c)
{
	const struct bwe_state *s = bwe_state(c->bwe);

	slot(c)->target_bps = s->target_bps;
	slot(c)->told_queue_us = s->queue_us;
	slot(c)->is_draining |= s->is_draining;
	slot(c)->is_congested = s->is_congested;
	slot(c)->is_probing |= s->probe.id != 0;
}

void call_run(struct call *c, int64_t until_us)
{
	for (; since_start(c) < until_us; c->now_us += TICK_US) {
		if (c->now_us >= bwe_deadline_us(c->bwe))
			bwe_timeout(c->bwe, c->now_us);
		if (c->now_us >= c->next_sound_us) {
			c->next_sound_us += SOUND_US;
			send_packet(c, SOUND_BYTES, BWE_AUDIO, 0);
		}
		if (c->now_us >= c->next_frame_us) {
			c->next_frame_us += FRAME_US;
			if (!c->is_paused)
				queue_frame(c);
		}
		drop_stale(c);
		pace(c);
		tcp_tick(c);
		bottleneck_tick(&c->link, c->now_us);
		receive(c);
		bottleneck_tick(&c->back, c->now_us);
		hear(c);
		note_state(c);
	}
}

/* --- figures --- */

static int slot_at(double s)
{
	return (int)(s * 1000 / CALL_SLOT_MS + 0.5);
}

uint32_t call_bps(const struct call *c, double from_s, double to_s)
{
	uint64_t bytes = 0;

	for (int i = slot_at(from_s); i < slot_at(to_s); i++)
		bytes += c->slots[i].arrived_bytes;
	return (uint32_t)((double)bytes * 8 / (to_s - from_s));
}

uint32_t call_tcp_bps(const struct call *c, double from_s, double to_s)
{
	uint64_t bytes = 0;

	for (int i = slot_at(from_s); i < slot_at(to_s); i++)
		bytes += c->slots[i].tcp_bytes;
	return (uint32_t)((double)bytes * 8 / (to_s - from_s));
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static double quantile95_ms(const struct call *c, double from_s, double to_s, bool is_sound)
{
	int n = slot_at(to_s) - slot_at(from_s);
	int64_t *sorted = g_new(int64_t, n);

	for (int i = 0; i < n; i++) {
		const struct call_slot *at = &c->slots[slot_at(from_s) + i];
		sorted[i] = is_sound ? at->sound_queue_us : at->queue_us;
	}
	qsort(sorted, (size_t)n, sizeof(*sorted), by_value);
	int which = n * 95 / 100;
	double ms = (double)sorted[which] / 1000;
	g_free(sorted);
	return ms;
}

double call_sound_queue95_ms(const struct call *c, double from_s, double to_s)
{
	return quantile95_ms(c, from_s, to_s, true);
}

double call_queue95_ms(const struct call *c, double from_s, double to_s)
{
	return quantile95_ms(c, from_s, to_s, false);
}

double call_queue_max_ms(const struct call *c, double from_s, double to_s)
{
	int64_t most = 0;

	for (int i = slot_at(from_s); i < slot_at(to_s); i++)
		most = c->slots[i].queue_us > most ? c->slots[i].queue_us : most;
	return (double)most / 1000;
}

uint32_t call_target_min(const struct call *c, double from_s, double to_s)
{
	uint32_t least = UINT32_MAX;

	for (int i = slot_at(from_s); i < slot_at(to_s); i++)
		least = c->slots[i].target_bps < least ? c->slots[i].target_bps : least;
	return least;
}

double call_recovery_s(const struct call *c, double from_s, uint32_t bps)
{
	int end = slot_at((double)since_start(c) / 1e6);
	int held = 0;

	for (int i = slot_at(from_s); i < end; i++) {
		double at_s = (double)i * CALL_SLOT_MS / 1000;
		double start_s = at_s - 2 > 0 ? at_s - 2 : 0;
		bool is_good = at_s > start_s && call_bps(c, start_s, at_s) >= bps &&
			       c->slots[i].queue_us < 100000;
		held = is_good ? held + 1 : 0;
		if (held >= 3000 / CALL_SLOT_MS)
			return at_s - from_s - 3 + 0.1;
	}
	return -1;
}

double call_queue_below_s(const struct call *c, double from_s, double ms)
{
	int end = slot_at((double)since_start(c) / 1e6);
	int held = 0;

	/* The queue is seen by what leaves it: wait for the first packet behind the change. */
	for (int i = slot_at(from_s) + 2; i < end; i++) {
		held = (double)c->slots[i].queue_us / 1000 < ms ? held + 1 : 0;
		if (held >= 5)
			return (double)(i - 4) * CALL_SLOT_MS / 1000 - from_s;
	}
	return -1;
}

void call_trace(const struct call *c, const char *name)
{
	const char *step = g_getenv("VIDD_BWE_TRACE");

	if (step == NULL)
		return;
	double by = g_ascii_strtod(step, NULL) > 0 ? g_ascii_strtod(step, NULL) : 1;
	for (int i = 0; (i + 1) * by <= (double)since_start(c) / 1e6; i++) {
		double s = i * by;
		const struct call_slot *at = &c->slots[slot_at(s)];
		g_test_message(
			"%s %6.1f s: %5u kbit/s target %5u queue95 %4.0f told %4.0f ms tcp %5u "
			"%s%s%s",
			name, s, call_bps(c, s, s + by) / 1000, at->target_bps / 1000,
			call_queue95_ms(c, s, s + by), (double)at->told_queue_us / 1000,
			call_tcp_bps(c, s, s + by) / 1000, at->is_draining ? "drain " : "",
			at->is_congested ? "cut " : "", at->is_probing ? "probe" : "");
	}
}
