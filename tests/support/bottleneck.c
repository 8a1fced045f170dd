/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/support/bottleneck.h"

#define TICK_US 1000

static uint32_t limit_bytes(const struct bottleneck *b)
{
	if (b->queue_limit_bytes != 0)
		return b->queue_limit_bytes;
	return (uint32_t)((uint64_t)b->limit_bps * (uint64_t)b->queue_ms / 8000);
}

bool bottleneck_send(struct bottleneck *b, int64_t now_us, const struct bottleneck_packet *packet)
{
	if (b->bps > 0)
		b->limit_bps = b->bps;
	bool is_full = b->queued_bytes + packet->bytes > limit_bytes(b) && b->queued > 0;

	if (b->police_bps != 0) {
		if (b->police_tokens < packet->bytes) {
			b->dropped++;
			return false;
		}
		b->police_tokens -= packet->bytes;
	}
	if (is_full || b->queued == BOTTLENECK_QUEUE || (b->bps == 0 && b->drops_in_outage)) {
		b->dropped++;
		return false;
	}
	struct bottleneck_packet *p = &b->queue[(b->head + b->queued) % BOTTLENECK_QUEUE];
	*p = *packet;
	p->sent_us = now_us;
	b->queued++;
	b->queued_bytes += packet->bytes;
	return true;
}

static bool is_lost(struct bottleneck *b)
{
	if (b->is_bad ? rng_unit(&b->rng) < b->bad_to_good : rng_unit(&b->rng) < b->good_to_bad)
		b->is_bad = !b->is_bad;
	return rng_unit(&b->rng) < (b->is_bad ? b->loss_bad : b->loss_good);
}

static void depart(struct bottleneck *b, int64_t now_us)
{
	struct bottleneck_packet p = b->queue[b->head];

	b->head = (b->head + 1) % BOTTLENECK_QUEUE;
	b->queued--;
	b->queued_bytes -= p.bytes;
	p.left_us = now_us;
	p.arrive_us = now_us + b->delay_us;
	if (b->jitter_us > 0)
		p.arrive_us += rng_below(&b->rng, (uint32_t)b->jitter_us);
	if (!b->may_reorder && p.arrive_us < b->last_arrive_us)
		p.arrive_us = b->last_arrive_us;
	if (p.arrive_us > b->last_arrive_us)
		b->last_arrive_us = p.arrive_us;
	if (!is_lost(b) && b->flying < BOTTLENECK_FLIGHT)
		b->flight[b->flying++] = p;
}

void bottleneck_tick(struct bottleneck *b, int64_t now_us)
{
	for (; b->steps != NULL && b->steps->at_us >= 0 && b->steps->at_us <= now_us; b->steps++) {
		b->bps = b->steps->bps;
		if (b->steps->delay_us != 0)
			b->delay_us = b->steps->delay_us;
	}
	b->police_tokens += (double)b->police_bps / 8 * TICK_US / 1e6;
	if (b->police_tokens > 6000)
		b->police_tokens = 6000;
	if (b->bps == 0)
		return;
	b->credit += (double)b->bps / 8 * TICK_US / 1e6;
	while (b->queued > 0 && b->credit >= b->queue[b->head].bytes) {
		b->credit -= b->queue[b->head].bytes;
		depart(b, now_us);
	}
	if (b->queued == 0)
		b->credit = 0;
}

bool bottleneck_receive(struct bottleneck *b, int64_t now_us, struct bottleneck_packet *out)
{
	size_t first = b->flying;

	for (size_t i = 0; i < b->flying; i++) {
		if (b->flight[i].arrive_us <= now_us &&
		    (first == b->flying || b->flight[i].arrive_us < b->flight[first].arrive_us))
			first = i;
		if (!b->may_reorder && first != b->flying)
			break;
	}
	if (first == b->flying)
		return false;
	*out = b->flight[first];
	b->flying--;
	for (size_t i = first; i < b->flying; i++)
		b->flight[i] = b->flight[i + 1];
	return true;
}
