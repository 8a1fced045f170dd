/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Two bytes make one step: time, a packet, feedback of any shape, reports, timeouts. Whatever
 * comes, it holds that
 *  - the target stays between its bounds, and pacing is not above twice of it;
 *  - in flight is what the history can hold;
 *  - after a timeout at the deadline the deadline lies ahead;
 *  - silence stops video, and a probe that is wanted has bytes and a rate.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "media/base/heap.h"
#include "media/rate/bwe.h"
#include "media/rate/history.h"

#define MIN_BPS 30000
#define MAX_BPS 8000000

struct fuzz {
	struct bwe *bwe;
	int64_t now_us;
	uint16_t seq;
};

static void check(const struct fuzz *f)
{
	const struct bwe_state *s = bwe_state(f->bwe);

	assert(s->target_bps >= MIN_BPS && s->target_bps <= MAX_BPS);
	assert(s->pacing_bps <= 2 * s->target_bps);
	assert(s->window_bytes > 0);
	assert(s->in_flight_bytes <= HISTORY_PACKETS * 80000u);
	assert(s->queue_us >= 0 && s->rtt_us >= 0 && s->min_rtt_us >= 0);
	assert(s->loss_permille <= 1000);
	assert(!s->is_silent || s->pacing_bps == 0);
	assert(s->probe.id == 0 || (s->probe.bps > 0 && s->probe.bytes > 0));
}

static void send(struct fuzz *f, uint8_t arg)
{
	struct bwe_packet packet = {
		.transport_seq = f->seq,
		.bytes = (uint16_t)(arg * 257 >> (arg & 7)),
		.class = (enum bwe_class)(arg % 3),
		.probe = arg & 1 ? bwe_state(f->bwe)->probe.id : arg,
	};

	bwe_sent(f->bwe, f->now_us, &packet);
	f->seq++;
}

/* arg: how many, how late, with which loss and jitter. */
static void answer(struct fuzz *f, uint8_t arg, uint8_t shape)
{
	static struct twcc_feedback feedback;

	feedback.count = 1 + arg % 64;
	feedback.base_seq = (uint16_t)(f->seq - feedback.count - (shape & 3) * 20);
	for (size_t i = 0; i < feedback.count; i++) {
		int64_t at = f->now_us - 50000 + (int64_t)i * 1000 * (shape & 15) -
			     (shape & 16 ? (int64_t)(i % 5) * 30000 : 0);
		bool is_lost = (shape & 32) && i % (2 + arg % 7) == 0;
		feedback.arrival_us[i] = is_lost ? TWCC_NOT_RECEIVED
						 : (int64_t)((uint64_t)at % (uint64_t)TWCC_WRAP_US);
	}
	bwe_feedback(f->bwe, f->now_us, &feedback);
}

static void timeout(struct fuzz *f, uint8_t arg)
{
	int64_t deadline_us = bwe_deadline_us(f->bwe);

	if (arg & 1 && deadline_us != DEADLINE_NEVER && deadline_us > f->now_us)
		f->now_us = deadline_us;
	bwe_timeout(f->bwe, f->now_us);
	assert(bwe_deadline_us(f->bwe) > f->now_us);
}

static void step(struct fuzz *f, uint8_t op, uint8_t arg)
{
	struct bwe_demand demand = {arg * 1000u, arg * 3000u, arg * 4000u, arg * 30000u};

	switch (op & 15) {
	case 0:
	case 1:
	case 2:
		send(f, arg);
		break;
	case 3:
		for (int i = 0; i < (arg & 31); i++, f->now_us += 500)
			send(f, (uint8_t)(arg + i));
		break;
	case 4:
	case 5:
	case 6:
		answer(f, arg, op >> 4 | (uint8_t)(arg << 4));
		break;
	case 7:
		f->now_us += (int64_t)arg * 1000;
		break;
	case 8:
		f->now_us += (int64_t)arg * 100000;
		break;
	case 9:
	case 10:
		timeout(f, arg);
		break;
	case 11:
	case 12:
		bwe_report(f->bwe, f->now_us, (int64_t)((uint64_t)arg << (arg & 62)), arg);
		break;
	case 13:
		bwe_demand(f->bwe, f->now_us, &demand);
		break;
	case 14:
		f->seq = (uint16_t)(f->seq + arg * 16);
		break;
	default:
		if (arg > 200)
			bwe_route_changed(f->bwe, f->now_us);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz f = {.now_us = 1000000, .seq = 65000};
	struct bwe_config config = {
		.start_bps = size > 0 ? data[0] * 20000u : 0,
		.min_bps = MIN_BPS,
		.max_bps = MAX_BPS,
		.packet_overhead = 28,
		.is_atm = size & 1,
	};

	assert(bwe_new(&f.bwe, f.now_us, &config) == 0);
	for (size_t i = 1; i + 1 < size; i += 2) {
		step(&f, data[i], data[i + 1]);
		check(&f);
	}
	bwe_free(f.bwe);
	return 0;
}
