/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Four bytes make one step of a publisher's packets, in whatever times and numbers they come, of
 * time, of another path. Always holds that
 *  - the cap is none, or the least and the sound at least;
 *  - the deadline moves on when it was met, and is there once a packet came;
 *  - loss is a share, a queue is none or unknown or above zero, ptime is one of two;
 *  - silence ends in no cap.
 */
#include <assert.h>

#include "media/base/bytes.h"
#include "media/base/heap.h"
#include "media/rate/uplink.h"
#include "media/rate/uplink_red.h"
#include "tests/fuzz/fuzz.h"

#define MS     1000
#define SECOND (1000 * (int64_t)MS)

enum {
	MAX_STEPS = 4000,
	STEP_BYTES = 4
};

struct model {
	struct uplink uplink;
	struct uplink_red red;
	int64_t now_us;
	bool has_packet; /* since the last route */
	uint16_t seq;
	uint32_t timestamp;
};

/* Whatever the state, changes are ten seconds apart. */
static void look_at_red(struct model *m, uint8_t kind)
{
	struct uplink_red_view view = {
		.uplink = uplink_state(&m->uplink),
		.rtt_us = kind * 4000,
		.opus_bps = kind * 300u,
		.packet_headers = 28,
	};
	bool was_on = m->red.is_on;
	int64_t changed_us = m->red.changed_us;

	uplink_red_update(&m->red, m->now_us, &view);
	assert(m->red.is_on == was_on || changed_us == 0 || m->now_us - changed_us >= 10 * SECOND);
	assert(m->red.usual_loss >= 0 && m->red.usual_loss <= 1);
	assert(m->red.loss >= 0 && m->red.loss <= 1);
}

static void check(const struct model *m)
{
	const struct uplink_state *s = uplink_state(&m->uplink);

	assert(s->cap_bps == 0 || s->cap_bps >= UPLINK_LEAST_BPS);
	assert(s->loss_permille <= 1000);
	assert(s->queue_us >= UPLINK_QUEUE_UNKNOWN);
	assert(s->ptime_ms == 0 || s->ptime_ms == 60);
	assert((uplink_deadline_us(&m->uplink) == DEADLINE_NEVER) == !m->has_packet);
}

static void meet_deadline(struct model *m)
{
	uint32_t cap = uplink_state(&m->uplink)->cap_bps;
	const struct uplink_state *s = uplink_state(&m->uplink);

	if (uplink_deadline_us(&m->uplink) > m->now_us)
		return;
	uplink_timeout(&m->uplink, m->now_us);
	assert(uplink_deadline_us(&m->uplink) > m->now_us);
	/* A lower cap never goes below what sound needs besides. */
	if (s->cap_bps && (cap == 0 || s->cap_bps < cap))
		assert(s->cap_bps >= UPLINK_LEAST_BPS + s->audio_bps);
}

static void packet(struct model *m, uint8_t kind, uint16_t value)
{
	struct uplink_packet p = {
		.arrival_us = m->now_us,
		.bytes = (uint16_t)(20 + value % 1400),
		.is_audio = kind & 1,
		.has_transport_seq = kind & 2,
		.has_send_time = kind & 4,
		.ssrc = kind & 1 ? 1 : 2 + value % 2,
		.clock_hz = kind & 8	? 90000
			    : kind & 16 ? UINT32_MAX
					: 0,
	};

	/* In step with time, or anywhere. */
	m->seq = (uint16_t)(m->seq + (kind & 32 ? value : 1));
	m->timestamp = kind & 64 ? (uint32_t)value << 16 : (uint32_t)(m->now_us * 9 / 100);
	p.transport_seq = m->seq;
	p.timestamp = m->timestamp;
	p.send_time = (kind & 64 ? (uint32_t)value << 8 : (uint32_t)(m->now_us / 4)) & 0xffffff;
	uplink_packet(&m->uplink, &p);
	m->has_packet = true;
}

static void step(struct model *m, struct rd *r)
{
	uint8_t what = rd_u8(r);
	uint8_t kind = rd_u8(r);
	uint16_t value = rd_u16(r);

	if (what < 160) {
		m->now_us += what * 250;
		packet(m, kind, value);
	} else if (what < 200) {
		m->now_us += (int64_t)value * (kind & 1 ? 1000 : 100);
	} else if (what < 250) {
		m->now_us += 100 * MS;
		meet_deadline(m);
		look_at_red(m, kind);
	} else if (what < 254) {
		/* Times of a packet that lie a little back. */
		m->now_us -= m->now_us > SECOND ? value : 0;
		packet(m, kind, value);
		m->now_us += value;
	} else {
		uplink_route_changed(&m->uplink, m->now_us, kind);
		m->has_packet = false;
	}
	check(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct model m;
	struct rd r = rd_init(data, size);

	m = (struct model){.now_us = 100 * SECOND};
	uplink_init(&m.uplink, m.now_us, 28);
	for (int i = 0; i < MAX_STEPS && rd_left(&r) >= STEP_BYTES; i++)
		step(&m, &r);
	/* A minute without a packet. */
	for (int i = 0; i < 60; i++) {
		m.now_us += SECOND;
		meet_deadline(&m);
		check(&m);
	}
	assert(uplink_state(&m.uplink)->cap_bps == 0);
	assert(uplink_state(&m.uplink)->arrival_bps == 0);
	return 0;
}
