/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/rate/probe.h"

#include "media/base/heap.h"

#define OFFER_US	   400000 /* guess: no useful bytes within so long, no probe */
#define MIN_ARRIVED	   3
#define PASSED_GROWTH	   0.15 /* two sigma of 20 ms of jitter, 25 packets in 100 ms */
#define MIN_ARRIVED_TENTHS 6
#define MIN_CLUSTER_US	   4000 /* sixteen ticks of feedback: less is not measured */
#define MAX_CLUSTER_US	   1000000
#define MIN_SHARE_TENTH	   5 /* half of what was asked must have been sent */

void probe_ask(struct probe *p, int64_t now_us, uint32_t bps, uint32_t bytes)
{
	uint8_t id = p->id == UINT8_MAX ? 1 : (uint8_t)(p->id + 1);

	*p = (struct probe){
		.phase = PROBE_WANTED,
		.id = id,
		.bps = bps,
		.bytes = bytes,
		.deadline_us = now_us + OFFER_US,
	};
}

void probe_cancel(struct probe *p)
{
	p->phase = PROBE_IDLE;
}

static void begin(struct probe *p, int64_t now_us, int64_t seq)
{
	p->first_seq = seq;
	p->last_seq = seq;
	p->first_sent_us = now_us;
	p->last_sent_us = now_us;
	p->deadline_us = now_us + MAX_CLUSTER_US;
}

void probe_sent(struct probe *p, int64_t now_us, int64_t seq, uint32_t bytes, bool is_probe,
		int64_t wait_us)
{
	if (p->phase != PROBE_WANTED)
		return;
	if (p->sent_bytes == 0) {
		if (!is_probe)
			return;
		begin(p, now_us, seq);
	} else {
		p->pending_bytes += bytes;
		p->pending++;
	}
	if (!is_probe)
		return;
	p->between_bytes += p->pending_bytes;
	p->pending_bytes = 0;
	p->sent += p->pending;
	p->pending = 0;
	p->sent_bytes += bytes;
	p->last_seq = seq;
	p->last_sent_us = now_us;
	if (p->sent_bytes >= p->bytes) {
		p->phase = PROBE_FLYING;
		p->deadline_us = now_us + wait_us;
	}
}

void probe_arrived(struct probe *p, int64_t seq, int64_t sent_us, int64_t arrival_us)
{
	if (p->phase == PROBE_IDLE || p->sent_bytes == 0 || seq < p->first_seq)
		return;
	if (p->phase == PROBE_FLYING && seq > p->last_seq)
		return;
	if (p->arrived == 0)
		p->first_owd_us = arrival_us - sent_us;
	double x = (double)(sent_us - p->first_sent_us);
	double y = (double)(arrival_us - sent_us - p->first_owd_us);
	p->sum_x += x;
	p->sum_y += y;
	p->sum_xx += x * x;
	p->sum_xy += x * y;
	p->arrived++;
}

static uint32_t rate(uint32_t bytes, int64_t span_us)
{
	uint64_t bps = (uint64_t)bytes * 8000000 / (uint64_t)(span_us > 0 ? span_us : 1);

	return bps < UINT32_MAX ? (uint32_t)bps : UINT32_MAX;
}

/* Least squares: a quarter of the error that the first and the last arrival alone would have. */
static double growth(const struct probe *p)
{
	double n = p->arrived;
	double spread = n * p->sum_xx - p->sum_x * p->sum_x;
	double slope = spread > 0 ? (n * p->sum_xy - p->sum_x * p->sum_y) / spread : 0;

	return slope > 0 ? slope : 0;
}

static enum probe_verdict conclude(struct probe *p, uint32_t *bps)
{
	int64_t span_us = p->last_sent_us - p->first_sent_us;

	p->phase = PROBE_IDLE;
	if (p->arrived < MIN_ARRIVED || span_us < MIN_CLUSTER_US)
		return PROBE_UNKNOWN;
	double grown = growth(p);
	*bps = (uint32_t)(rate(p->between_bytes, span_us) / (1 + grown));
	/* A link loses a fifth and is well; what loses more cuts off. */
	if (p->arrived * 10 < p->sent * MIN_ARRIVED_TENTHS) {
		*bps = (uint32_t)((uint64_t)*bps * p->arrived / (p->sent + 1));
		return PROBE_FAILED;
	}
	return grown <= PASSED_GROWTH ? PROBE_PASSED : PROBE_FAILED;
}

enum probe_verdict probe_judge(struct probe *p, int64_t now_us, int64_t reported, uint32_t *bps)
{
	if (p->phase == PROBE_WANTED && now_us >= p->deadline_us) {
		if (p->sent_bytes * 10 >= p->bytes * MIN_SHARE_TENTH && p->sent_bytes > 0) {
			p->phase = PROBE_FLYING;
			p->deadline_us = now_us + MAX_CLUSTER_US;
			return PROBE_NONE;
		}
		p->phase = PROBE_IDLE;
		return PROBE_UNKNOWN;
	}
	if (p->phase != PROBE_FLYING)
		return PROBE_NONE;
	if (reported >= p->last_seq)
		return conclude(p, bps);
	if (now_us < p->deadline_us)
		return PROBE_NONE;
	p->phase = PROBE_IDLE;
	return PROBE_UNKNOWN;
}

int64_t probe_deadline_us(const struct probe *p)
{
	return p->phase == PROBE_IDLE ? DEADLINE_NEVER : p->deadline_us;
}
