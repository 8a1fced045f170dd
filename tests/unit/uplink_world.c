/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/unit/uplink_world.h"

#include <glib.h>
#include <stdlib.h>

enum {
	STEP_US = MS,
	OVERHEAD = 28,
	AUDIO_BYTES_PER_MS = 3, /* 24 kbit/s of Opus */
	AUDIO_HEAD = 40,	/* RTP, extensions, tag */
	VIDEO_BYTES = 1100,
	FRAME_US = 66667,
	/* Sound, and libwebrtc's least for video. */
	OWN_LEAST_BPS = 81000,
	TCP_BYTES = 1500,
	AUDIO_SSRC = 1,
	VIDEO_SSRC = 2,
};

struct world *world_new(uint32_t link_bps)
{
	struct world *w = g_new0(struct world, 1);

	w->rng = rng_seeded(7);
	w->now_us = 100 * SECOND;
	w->link_bps = link_bps;
	w->queue_limit_us = SECOND;
	w->delay_us = 25 * MS;
	w->has_send_time = true;
	w->clock_rate = 1;
	w->own_bps = 150000;
	w->max_bps = 2000000;
	w->ptime_ms = 20;
	w->next_audio_us = w->now_us;
	w->next_frame_us = w->now_us;
	w->free_us = w->now_us;
	uplink_init(&w->uplink, w->now_us, OVERHEAD);
	world_watch(w);
	return w;
}

void world_free(struct world *w)
{
	g_free(w);
}

void world_watch(struct world *w)
{
	w->watch_from_us = w->now_us;
	w->queue_count = 0;
	w->got_bytes = 0;
	w->least_cap_bps = 0;
	w->highest_seen_us = 0;
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

int64_t world_queue_percentile(struct world *w, unsigned percent)
{
	g_assert_cmpuint(w->queue_count, >, 100);
	g_assert_cmpuint(w->queue_count, <, WORLD_QUEUES);
	qsort(w->queue_us, w->queue_count, sizeof(w->queue_us[0]), by_size);
	return w->queue_us[w->queue_count * percent / 100];
}

uint32_t world_got_bps(const struct world *w)
{
	return (uint32_t)(w->got_bytes * 8 * SECOND / (uint64_t)(w->now_us - w->watch_from_us));
}

double world_target_bps(const struct world *w)
{
	if (w->heard_cap_bps && w->heard_cap_bps < w->own_bps)
		return w->heard_cap_bps;
	return w->own_bps;
}

/* --- the link -------------------------------------------------------------------------------- */

/* Into the queue; false when it is full. */
static bool enter(struct world *w, uint32_t bytes, const struct uplink_packet *packet)
{
	struct on_link *p = &w->ring[w->head % WORLD_RING];
	int64_t from = w->free_us > w->now_us ? w->free_us : w->now_us;

	if (w->stalled_until_us > from)
		from = w->stalled_until_us;
	if (from - w->now_us > w->queue_limit_us + (w->stalled_until_us ? 5 * SECOND : 0))
		return false;
	g_assert_cmpuint(w->head - w->tail, <, WORLD_RING);
	w->free_us = from + (int64_t)((double)bytes * 8e6 / w->link_bps);
	p->out_us = w->free_us;
	p->arrival_us = p->out_us + w->delay_us;
	if (w->jitter_us)
		p->arrival_us += rng_below(&w->rng, (uint32_t)w->jitter_us);
	if (p->arrival_us < w->last_arrival_us)
		p->arrival_us = w->last_arrival_us; /* RFC 8868: jitter does not reorder */
	w->last_arrival_us = p->arrival_us;
	p->bytes = bytes;
	p->is_foreign = packet == NULL;
	p->sent_us = w->now_us;
	if (packet)
		p->packet = *packet;
	w->head++;
	return true;
}

static void arrive(struct world *w, const struct on_link *p)
{
	struct uplink_packet packet = p->packet;

	if (p->is_foreign) {
		w->tcp_flying -= p->bytes;
		w->tcp_left -= p->bytes;
		/* Slow start below 30 kB, then a packet for each window. */
		w->tcp_window += w->tcp_window < 30000 ? p->bytes
						       : 1.0 * p->bytes * p->bytes / w->tcp_window;
		if (w->tcp_left <= 0 && w->tcp_end_us == 0)
			w->tcp_end_us = w->now_us;
		return;
	}
	if (w->queue_count < WORLD_QUEUES)
		w->queue_us[w->queue_count++] = p->out_us - p->sent_us;
	w->got_bytes += p->bytes;
	if (rng_below(&w->rng, 1000) < w->loss_permille)
		return;
	packet.arrival_us = p->arrival_us;
	uplink_packet(&w->uplink, &packet);
}

/* --- the sender ------------------------------------------------------------------------------ */

static void emit(struct world *w, bool is_audio, uint32_t payload, uint32_t timestamp)
{
	double sender_us = (double)w->now_us * w->clock_rate;
	struct uplink_packet packet = {
		.bytes = (uint16_t)payload,
		.is_audio = is_audio,
		.has_transport_seq = true,
		.transport_seq = w->seq++,
		.has_send_time = w->has_send_time,
		.send_time = (uint32_t)((int64_t)(sender_us * 262144 / 1e6) & 0xffffff),
		.ssrc = is_audio ? AUDIO_SSRC : VIDEO_SSRC,
		.timestamp = timestamp,
		.clock_hz = is_audio ? 48000 : 90000,
	};

	(void)enter(w, payload + OVERHEAD, &packet);
}

static void send_media(struct world *w)
{
	double target = world_target_bps(w);
	double audio_bps =
		(AUDIO_BYTES_PER_MS * w->ptime_ms + AUDIO_HEAD + OVERHEAD) * 8e3 / w->ptime_ms;

	if (w->now_us >= w->next_audio_us) {
		emit(w, true, (uint32_t)(AUDIO_BYTES_PER_MS * w->ptime_ms) + AUDIO_HEAD,
		     (uint32_t)((double)w->now_us * w->clock_rate * 0.048));
		w->next_audio_us += (int64_t)(w->ptime_ms * MS);
	}
	if (w->has_no_video)
		return;
	if (w->now_us >= w->next_frame_us) {
		double bytes = (target - audio_bps) * FRAME_US / 8e6;

		w->next_frame_us += FRAME_US;
		/* Drops frames rather than letting them wait, as an encoder does. */
		if (bytes > 0 && w->pacer_bytes < 4 * bytes)
			w->pacer_bytes += bytes * (0.8 + 0.4 * rng_unit(&w->rng));
		w->frame_timestamp = (uint32_t)((double)w->now_us * w->clock_rate * 0.09);
	}
	w->pacer_credit += target * 2.5 * STEP_US / 8e6;
	while (w->pacer_bytes > 0 && w->pacer_credit > 0) {
		double bytes = w->pacer_bytes < VIDEO_BYTES ? w->pacer_bytes : VIDEO_BYTES;

		emit(w, false, (uint32_t)bytes + 1, w->frame_timestamp);
		w->pacer_bytes -= bytes;
		w->pacer_credit -= bytes + OVERHEAD;
	}
	if (w->pacer_credit > 0)
		w->pacer_credit = 0;
}

/* Each 100 ms: 8 % a second upwards and no more than 1.5 of what arrives; when the queue has grown
 * by 30 ms since, down to 0.85 of it. */
static void estimate(struct world *w)
{
	const struct uplink_state *s = uplink_state(&w->uplink);
	double queue = (double)(w->free_us > w->now_us ? w->free_us - w->now_us : 0);
	bool is_overusing = !w->is_deaf && queue > w->queue_before_us + 30 * MS;
	double most = 1.5 * s->arrival_bps + 10000;

	if (is_overusing && w->now_us - w->decreased_us > 200 * MS && s->arrival_bps) {
		if (w->own_bps > 0.85 * s->arrival_bps)
			w->own_bps = 0.85 * s->arrival_bps;
		w->decreased_us = w->now_us;
	} else if (w->now_us - w->decreased_us > 500 * MS && (w->own_bps < most || w->is_deaf)) {
		w->own_bps *= 1.008;
	}
	if (w->own_bps < OWN_LEAST_BPS)
		w->own_bps = OWN_LEAST_BPS;
	if (w->own_bps > w->max_bps)
		w->own_bps = w->max_bps;
	w->queue_before_us += (queue - w->queue_before_us) / 4;
}

static void send_tcp(struct world *w)
{
	if (w->tcp_left <= 0)
		return;
	while (w->tcp_flying < w->tcp_window && w->tcp_flying < w->tcp_left) {
		if (enter(w, TCP_BYTES, NULL)) {
			w->tcp_flying += TCP_BYTES;
			continue;
		}
		if (w->now_us - w->tcp_cut_us > SECOND) { /* RFC 8312 4.5 */
			w->tcp_window *= 0.7;
			w->tcp_cut_us = w->now_us;
		}
		return;
	}
}

/* --- time ------------------------------------------------------------------------------------ */

static void hear_cap(struct world *w)
{
	uint32_t cap = uplink_state(&w->uplink)->cap_bps;

	if (cap != w->cap_on_way_bps && w->cap_at_us == 0) {
		w->cap_on_way_bps = cap;
		w->cap_at_us = w->now_us + w->delay_us;
	}
	if (w->cap_at_us && w->now_us >= w->cap_at_us) {
		w->heard_cap_bps = w->cap_on_way_bps;
		w->cap_at_us = 0;
	}
}

static void see(struct world *w)
{
	const struct uplink_state *s = uplink_state(&w->uplink);

	if (s->cap_bps && (w->least_cap_bps == 0 || s->cap_bps < w->least_cap_bps))
		w->least_cap_bps = s->cap_bps;
	if (s->queue_us > w->highest_seen_us)
		w->highest_seen_us = s->queue_us;
	g_assert_true(s->cap_bps == 0 || s->cap_bps >= UPLINK_LEAST_BPS);
	g_assert_cmpint(uplink_deadline_us(&w->uplink), >, w->now_us);
}

void world_run(struct world *w, int64_t until_us)
{
	for (; w->now_us < until_us; w->now_us += STEP_US) {
		if (w->now_us % (100 * MS) == 0)
			estimate(w);
		if (!w->is_quiet)
			send_media(w);
		else
			w->next_audio_us = w->next_frame_us = w->now_us;
		send_tcp(w);
		while (w->tail != w->head && w->ring[w->tail % WORLD_RING].arrival_us <= w->now_us)
			arrive(w, &w->ring[w->tail++ % WORLD_RING]);
		if (uplink_deadline_us(&w->uplink) <= w->now_us) {
			uplink_timeout(&w->uplink, w->now_us);
			see(w);
		}
		hear_cap(w);
	}
}
