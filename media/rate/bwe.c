/* SPDX-License-Identifier: EUPL-1.2 */
/* Composes the leaves; what each decides stands in its own file. */
#include "media/rate/bwe.h"

#include <errno.h>
#include <stdlib.h>

#include "media/base/heap.h"
#include "media/rate/aimd.h"
#include "media/rate/byterate.h"
#include "media/rate/capacity.h"
#include "media/rate/cells.h"
#include "media/rate/control.h"
#include "media/rate/fate.h"
#include "media/rate/history.h"
#include "media/rate/probe.h"
#include "media/rate/queue.h"
#include "media/rate/rise.h"
#include "media/rate/rtt.h"
#include "media/rate/silence.h"
#include "media/rate/trend.h"

#define CROWDED_US	   100000 /* guess: shorter queues than this are not full */
#define START_BPS	   200000
#define LOOP_EXTRA_US	   60000 /* the time over which the standing queue is taken */
#define WINDOW_SLACK_US	   80000 /* queue that in-flight bytes may make */
#define WINDOW_SOUND_BYTES 400	 /* two sound packets, ATM cells included */
#define WINDOW_FIRST_BYTES 5000
#define RATE_WINDOW_US	   300000
#define RATE_WINDOW_MIN_US 100000
#define SENT_WINDOW_US	   500000
#define CLEAR_US	   20000
#define FLAT_REBASE_US	   3000000
#define FLAT_LONG_US	   10000000 /* a full queue of others is flat for seconds too */
#define FLAT_MIN_US	   10000
#define HIGH_REBASE_US	   15000000
#define MISSING_MAX	   48	 /* in one feedback: longer bursts are gaps (guess) */
#define NEAR_QUEUE_US	   12000 /* what control aims at */
#define HOLE_US		   80000 /* four sound packets: no rate is measured across it */
#define HEAVY_PERMILLE	   270
#define GAP_US		   300000 /* arrivals that far apart: the link was gone, not the feedback */
/* Mostly it is what it was: less takes pictures down, and seconds to come up again. */
#define RESUME_PERCENT	   95
#define PROBE_WAIT_US	   500000
#define START_PROOF_US	   2000000 /* guess: longer than what an old rate would queue up */
#define BLIND_CUT_US	   300000
#define SILENT_PROBE_BYTES 100

struct bwe {
	struct bwe_config config;
	struct bwe_state state;
	struct bwe_demand demand;
	struct history history;
	struct queue queue;
	struct trend trend;
	struct byterate sent;
	struct byterate arrived;
	struct byterate passed; /* the bottleneck: arrived, or lost behind it for all we know */
	struct fate fate;
	struct silence silence;
	struct capacity capacity;
	struct probe probe;
	struct control control;
	struct aimd aimd;
	struct rtt rtt;
	struct rise rise;
	int64_t last_arrival_us;
	int64_t hole_us; /* arrival after which nothing had come for a while */
	int64_t clear_since_us;
	int64_t blind_us; /* when unmatched feedback last lowered the rate */
	bool is_fallback; /* REMB and reports are all there is */
};

/* What one feedback brought. */
struct news {
	unsigned matched;
	unsigned unmatched;
	unsigned missing;
	int64_t newest_sent_us; /* of the packet that arrived last; 0: none did */
	int64_t newest_arrival_us;
	int64_t gap_us; /* longest time between arrivals */
};

static int64_t max64(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t min64(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t loop_us(const struct bwe *b)
{
	return rtt_reach_us(&b->rtt) + LOOP_EXTRA_US;
}

/* Near what the link gives, faster than the target is a queue in the network. */
static bool is_near_limit(const struct bwe *b)
{
	const struct control *c = &b->control;

	return b->queue.standing_us > NEAR_QUEUE_US ||
	       (c->ceiling_bps > 0 && c->target_bps > 0.8 * c->ceiling_bps &&
		c->target_bps < 1.1 * c->ceiling_bps);
}

static uint32_t pacing_bps(const struct bwe *b)
{
	uint32_t target = b->state.target_bps;

	if (b->silence.is_silent)
		return 0;
	if (b->control.phase == CONTROL_DRAIN || is_near_limit(b))
		return target;
	return target < UINT32_MAX / 2 ? target + target / 10 : target;
}

/* What passes now, or has passed as a probe: who uses little may use more at any time. */
static uint32_t known_bps(const struct bwe *b)
{
	uint32_t proven = b->control.proven_us != 0 ? (uint32_t)b->control.evidence_bps : 0;

	return proven > b->state.acked_bps ? proven : b->state.acked_bps;
}

/* What may be in flight: it stops by itself when the link does. */
static uint32_t window_bytes(const struct bwe *b)
{
	int64_t reach_us = rtt_reach_us(&b->rtt) + WINDOW_SLACK_US;

	if (b->is_fallback)
		return UINT32_MAX; /* nothing tells what is in flight */
	if (b->control.phase == CONTROL_COMPETE)
		reach_us += b->queue.standing_us;
	uint64_t window = (uint64_t)b->state.target_bps * (uint64_t)reach_us / 8000000;
	/* Nothing has come back yet: one small keyframe, not what the start rate would pour into a
	 * line that may be slower; then that and a quarter more than what passes. */
	uint64_t first = WINDOW_FIRST_BYTES;
	if (b->rtt.srtt_us != 0)
		first += (uint64_t)known_bps(b) * 5 / 4 * (uint64_t)reach_us / 8000000;
	if (b->control.phase == CONTROL_START && window > first)
		window = first;
	if (window < WINDOW_SOUND_BYTES)
		window = WINDOW_SOUND_BYTES;
	if (b->probe.phase != PROBE_IDLE)
		window += b->probe.bytes;
	return window < UINT32_MAX ? (uint32_t)window : UINT32_MAX;
}

/* What a full queue took is over when the queue is: only what was lost besides says how sound is to
 * be protected. */
static void tell_loss(struct bwe *b, int64_t now_us)
{
	unsigned windows;

	if (b->queue.standing_us > CROWDED_US || b->control.phase == CONTROL_DRAIN)
		loss_crowded(&b->fate.loss, now_us);
	windows = loss_uncrowded(&b->fate.loss, now_us);
	if (windows < 2)
		return;
	b->state.loss_permille = loss_permille(&b->fate.loss, windows);
	b->state.loss_burst_tenths = loss_burst_tenths(&b->fate.loss, windows);
}

static void publish(struct bwe *b)
{
	struct bwe_state *s = &b->state;

	s->target_bps = control_target_bps(&b->control);
	s->steady_bps = control_steady_bps(&b->control);
	s->is_silent = b->silence.is_silent;
	s->is_draining = b->control.phase == CONTROL_DRAIN;
	s->is_congested = b->control.is_decreasing;
	s->queue_us = b->queue.standing_us;
	s->pacing_bps = pacing_bps(b);
	s->window_bytes = window_bytes(b);
	s->in_flight_bytes = b->is_fallback ? 0 : b->history.in_flight_bytes;
	s->rtt_us = b->rtt.srtt_us;
	s->min_rtt_us = b->rtt.srtt_us == 0 ? 0 : rtt_min_us(&b->rtt);
	s->probe = (struct bwe_probe){0, 0, 0};
	if (b->probe.phase == PROBE_WANTED && !s->is_draining)
		s->probe = (struct bwe_probe){b->probe.id, b->probe.bps, b->probe.bytes};
}

int bwe_new(struct bwe **out, int64_t now_us, const struct bwe_config *config)
{
	struct bwe *b = calloc(1, sizeof(*b));

	if (b == NULL)
		return -ENOMEM;
	b->config = *config;
	if (b->config.start_bps == 0)
		b->config.start_bps = START_BPS;
	control_init(&b->control, now_us, b->config.start_bps, config->min_bps, config->max_bps);
	rtt_init(&b->rtt);
	b->last_arrival_us = TWCC_WRAP_US; /* arrival times stay above zero */
	b->clear_since_us = now_us;
	publish(b);
	*out = b;
	return 0;
}

void bwe_free(struct bwe *b)
{
	if (b != NULL)
		history_close(&b->history);
	free(b);
}

const struct bwe_state *bwe_state(const struct bwe *b)
{
	return &b->state;
}

void bwe_sent(struct bwe *b, int64_t now_us, const struct bwe_packet *packet)
{
	uint64_t bytes = (uint64_t)packet->bytes + b->config.packet_overhead;
	struct history_packet kept = {
		.sent_us = now_us,
		.bytes = (uint32_t)(b->config.is_atm ? cells_bytes(bytes) : bytes),
		.class = (uint8_t)packet->class,
		.probe = packet->probe,
	};
	bool is_probe = packet->probe != 0 && packet->probe == b->probe.id;
	bool is_first = !b->history.is_started;
	int64_t seq = history_sent(&b->history, packet->transport_seq, &kept);

	if (is_first)
		fate_begin(&b->fate, seq);
	byterate_add(&b->sent, now_us, kept.bytes);
	/* Peers without this feedback are not silent. */
	if (b->rtt.feedback_us != 0)
		silence_sent(&b->silence, now_us);
	probe_sent(&b->probe, now_us, seq, kept.bytes, is_probe,
		   rtt_min_us(&b->rtt) + b->rtt.interval_us + PROBE_WAIT_US);
	if (b->probe.phase != PROBE_WANTED)
		b->state.probe.id = 0;
	b->state.in_flight_bytes = b->history.in_flight_bytes;
}

void bwe_resent(struct bwe *b, int64_t now_us, uint16_t transport_seq)
{
	struct history_packet *packet =
		history_find(&b->history, history_unwrap(&b->history, transport_seq));

	if (packet == NULL)
		return;
	packet->is_resent = true;
	byterate_add(&b->sent, now_us, packet->bytes);
}

/* --- feedback --- */

/* Feedback's 24-bit times, nearest to the last arrival. */
static int64_t unwrap_arrival(const struct bwe *b, int64_t arrival_us)
{
	int64_t laps = (b->last_arrival_us - arrival_us + TWCC_WRAP_US / 2) / TWCC_WRAP_US;

	return arrival_us + laps * TWCC_WRAP_US;
}

static void take_arrival(struct bwe *b, int64_t seq, struct history_packet *packet,
			 int64_t arrival_us, struct news *news)
{
	if (packet->state == HISTORY_ARRIVED || packet->state == HISTORY_REPAIRED)
		return;
	if (packet->is_resent) {
		packet->state = HISTORY_REPAIRED;
		byterate_add(&b->arrived, arrival_us, packet->bytes);
		byterate_add(&b->passed, arrival_us, packet->bytes);
		return;
	}
	bool was_missing = packet->state == HISTORY_MISSING;
	packet->state = HISTORY_ARRIVED;
	if (arrival_us > b->last_arrival_us) {
		if (b->rtt.feedback_us != 0)
			news->gap_us = max64(news->gap_us, arrival_us - b->last_arrival_us);
		if (arrival_us - b->last_arrival_us > HOLE_US)
			b->hole_us = arrival_us;
		b->last_arrival_us = arrival_us;
	}
	byterate_add(&b->arrived, arrival_us, packet->bytes);
	if (!was_missing)
		byterate_add(&b->passed, arrival_us, packet->bytes);
	queue_packet(&b->queue, packet->sent_us, arrival_us);
	trend_packet(&b->trend, packet->sent_us, arrival_us);
	probe_arrived(&b->probe, seq, packet->sent_us, arrival_us);
	if (news->newest_sent_us == 0 || arrival_us >= news->newest_arrival_us) {
		news->newest_arrival_us = arrival_us;
		news->newest_sent_us = packet->sent_us;
	}
}

static void miss(struct bwe *b, struct history_packet *packet, struct news *news)
{
	packet->state = HISTORY_MISSING;
	news->missing++;
	/* What an outage took has not passed anything. */
	if (news->missing <= MISSING_MAX)
		byterate_add(&b->passed, b->last_arrival_us, packet->bytes);
}

static struct news take_packets(struct bwe *b, const struct twcc_feedback *feedback)
{
	struct news news = {0};
	int64_t base = history_unwrap(&b->history, feedback->base_seq);

	for (size_t i = 0; i < feedback->count; i++) {
		int64_t seq = base + (int64_t)i;
		struct history_packet *packet = history_find(&b->history, seq);
		if (packet == NULL) {
			news.unmatched++;
			continue;
		}
		news.matched++;
		if (feedback->arrival_us[i] != TWCC_NOT_RECEIVED)
			take_arrival(b, seq, packet, unwrap_arrival(b, feedback->arrival_us[i]),
				     &news);
		else if (packet->state == HISTORY_SENT)
			miss(b, packet, &news);
	}
	/* Nothing is known of that time: it is no gap of the link. */
	news.gap_us = max64(0, news.gap_us - history_untold_us(&b->history, base));
	if (news.matched > 0)
		history_report(&b->history, base + (int64_t)feedback->count - 1);
	return news;
}

/* A steady stretch above the base while nothing else says so is another path, or a queue that is
 * not ours to empty. */
static void rebase(struct bwe *b, int64_t now_us)
{
	bool is_steady = b->control.phase == CONTROL_STEADY || b->control.phase == CONTROL_START;
	int64_t needed_us = is_steady ? FLAT_REBASE_US : FLAT_LONG_US;
	bool is_flat = queue_flat_us(&b->queue) >= needed_us && b->queue.flat_low_us > FLAT_MIN_US;
	bool is_high = b->queue.newest_us - b->queue.clear_us >= HIGH_REBASE_US &&
		       b->queue.standing_us > 60000 && b->control.phase != CONTROL_COMPETE;
	/* The queue that we hold ourselves. */
	bool is_ours = is_steady &&
		       b->state.target_bps * 0.85 < byterate_bps(&b->sent, now_us, SENT_WINDOW_US);

	if (!(is_flat && !is_ours) && !is_high && !b->control.wants_rebase)
		return;
	queue_rebase(&b->queue);
	control_rebased(&b->control, now_us);
}

static void run_control(struct bwe *b, int64_t now_us)
{
	int64_t busy =
		b->queue.busy_since_us == 0 ? 0 : b->queue.newest_us - b->queue.busy_since_us;
	int64_t window =
		busy == 0 ? RATE_WINDOW_US : max64(RATE_WINDOW_MIN_US, min64(busy, RATE_WINDOW_US));
	struct control_in in = {
		.now_us = now_us,
		.acked_bps = byterate_bps(&b->arrived, b->queue.newest_us, window),
		.passed_bps = byterate_bps(&b->passed, b->queue.newest_us, window),
		.sent_bps = byterate_bps(&b->sent, now_us, SENT_WINDOW_US),
		.queue_us = b->queue.standing_us,
		.busy_us = busy,
		.trend_permille = trend_permille(&b->trend),
		.loop_us = loop_us(b),
		.loss_excess_permille = loss_excess_permille(&b->fate.loss),
		.flat_us = queue_flat_us(&b->queue),
		.is_base_falling = b->queue.base_falls >= 3,
		.is_heavy_loss = loss_permille(&b->fate.loss, 4) > HEAVY_PERMILLE,
		.is_tail_lost = loss_is_tail(&b->fate.loss, b->queue.standing_us, b->queue.max_us),
		.is_holed = (b->queue.newest_us - b->hole_us) < RATE_WINDOW_US,
		.is_blind = fate_is_blind(&b->fate),
	};

	in.verdict = loss_judge(&b->fate.loss, b->queue.standing_us, b->queue.max_us);
	if (busy > RATE_WINDOW_MIN_US)
		capacity_saturated(&b->capacity, now_us, in.passed_bps);
	if (in.queue_us >= CLEAR_US || control_is_refreshing(&b->control))
		b->clear_since_us = now_us;
	struct rise_in rise = {
		.now_us = now_us,
		.busy_us = control_is_refreshing(&b->control) ? max64(busy, 1) : busy,
		.loop_us = in.loop_us,
		.is_used = in.sent_bps >= 0.95 * b->control.ceiling_bps,
	};
	if (rise_watch(&b->rise, &rise))
		capacity_risen(&b->capacity);
	control_update(&b->control, &in);
	tell_loss(b, now_us);
	queue_hold_base(&b->queue,
			b->control.phase == CONTROL_DRAIN || b->control.phase == CONTROL_COMPETE);
	b->state.acked_bps = byterate_bps(&b->arrived, b->queue.newest_us, SENT_WINDOW_US);
}

/* Feedback of packets long forgotten: the way is so full that nothing can be known. */
static void go_blind(struct bwe *b, int64_t now_us)
{
	if (now_us - b->blind_us < BLIND_CUT_US)
		return;
	b->blind_us = now_us;
	control_resume(&b->control, now_us, 85);
	b->control.is_decreasing = true;
}

static void judge_probe(struct bwe *b, int64_t now_us)
{
	uint32_t target = b->state.target_bps;
	uint32_t bps = 0;

	switch (probe_judge(&b->probe, now_us, b->history.reported, &bps)) {
	case PROBE_NONE:
		break;
	case PROBE_PASSED:
		capacity_passed(&b->capacity, now_us);
		rise_confirmed(&b->rise);
		control_proven(&b->control, now_us, bps);
		break;
	case PROBE_FAILED:
		/* Less than asked, but clearly more than we have: a step, not a failure. */
		if (bps - bps / 10 > target + target / 10)
			b->capacity.not_before_us = now_us;
		else
			capacity_failed(&b->capacity, now_us);
		control_proven(&b->control, now_us, bps - bps / 10);
		break;
	case PROBE_UNKNOWN:
		capacity_unknown(&b->capacity, now_us);
		/* Nobody had bytes to show it with: the next step shows it. */
		if (b->probe.sent_bytes < b->probe.bytes / 2)
			control_trust(&b->control, now_us,
				      capacity_trusted_bps(&b->capacity, b->demand.next_bps,
							   b->demand.room_bps));
		break;
	}
}

static void plan_probe(struct bwe *b, int64_t now_us)
{
	enum control_phase phase = b->control.phase;
	struct capacity_in in = {
		.now_us = now_us,
		.target_bps = control_target_bps(&b->control),
		.next_bps = b->demand.next_bps,
		.room_bps = b->demand.room_bps,
		.wanted_bps = b->demand.wanted_bps,
		.sent_bps = byterate_bps(&b->sent, now_us, SENT_WINDOW_US),
		.clear_us = now_us - b->clear_since_us,
		.rtt_us = rtt_min_us(&b->rtt),
		.loop_us = loop_us(b),
	};

	if (b->probe.phase != PROBE_IDLE || b->silence.is_silent || b->rtt.srtt_us == 0 ||
	    phase == CONTROL_DRAIN || phase == CONTROL_COMPETE || b->queue.standing_us >= CLEAR_US)
		return;
	if (in.target_bps >= b->config.max_bps)
		return;
	/* A start above the usual is first to prove itself, or to do no harm where little is sent.
	 */
	if (phase == CONTROL_START && in.target_bps > START_BPS * 5 / 4 &&
	    b->state.acked_bps < in.target_bps / 5 * 3 &&
	    (in.sent_bps > in.target_bps / 5 * 4 ||
	     (in.target_bps <= b->config.start_bps && in.clear_us < START_PROOF_US)))
		return;
	struct capacity_probe wanted = capacity_want(&b->capacity, &in);
	if (wanted.bps != 0)
		probe_ask(&b->probe, now_us, wanted.bps, wanted.bytes);
}

static void end_silence(struct bwe *b, int64_t now_us, const struct news *news)
{
	/* The packets tell whether the link was gone, or only the feedback. */
	control_resume(&b->control, now_us, news->gap_us > GAP_US ? RESUME_PERCENT : 100);
	b->clear_since_us = now_us;
}

void bwe_feedback(struct bwe *b, int64_t now_us, const struct twcc_feedback *feedback)
{
	if (!b->history.is_started || feedback->count == 0)
		return;
	history_expire(&b->history, now_us);
	struct news news = take_packets(b, feedback);
	if (news.unmatched > news.matched && (news.matched == 0 || b->rtt.feedback_us != 0))
		go_blind(b, now_us);
	if (news.matched == 0) {
		publish(b);
		return;
	}
	bool is_back = silence_feedback(&b->silence);
	if (is_back && news.newest_sent_us != 0)
		end_silence(b, now_us, &news);
	b->is_fallback = false;
	queue_update(&b->queue);
	/* What came before an outage and was told of after it has no round trip to tell. */
	if (news.newest_sent_us != 0 && !is_back)
		rtt_sample(&b->rtt, now_us, now_us - news.newest_sent_us, b->queue.standing_us);
	rtt_feedback(&b->rtt, now_us);
	silence_set(&b->silence, b->rtt.srtt_us, b->rtt.interval_us);
	if (news.newest_sent_us != 0)
		fate_settle(&b->fate, &b->history, news.newest_sent_us);
	run_control(b, now_us);
	control_doubt_start(&b->control, now_us, b->rtt.srtt_us, b->state.acked_bps);
	rebase(b, now_us);
	judge_probe(b, now_us);
	plan_probe(b, now_us);
	publish(b);
}

/* --- without transport-wide feedback --- */

static void fall_back(struct bwe *b, int64_t now_us, uint64_t bps)
{
	b->is_fallback = true;
	control_restart(&b->control, now_us, bps < UINT32_MAX ? (uint32_t)bps : UINT32_MAX);
	publish(b);
}

void bwe_report(struct bwe *b, int64_t now_us, int64_t rtt_us, uint8_t fraction_lost)
{
	if (b->rtt.feedback_us != 0)
		return; /* reports mix the legs and come late: feedback knows better */
	if (rtt_us > 0)
		rtt_reported(&b->rtt, now_us, rtt_us);
	uint64_t sent = byterate_bps(&b->sent, now_us, BYTERATE_MAX_US);
	fall_back(b, now_us,
		  aimd_report(&b->aimd, now_us, b->state.target_bps, fraction_lost, sent));
}

/* --- the rest --- */

void bwe_demand(struct bwe *b, int64_t now_us, const struct bwe_demand *demand)
{
	(void)now_us;
	b->demand = *demand;
	publish(b);
}

void bwe_route_changed(struct bwe *b, int64_t now_us)
{
	uint32_t start = (uint32_t)min64(b->config.start_bps, b->state.target_bps);

	history_clear(&b->history);
	fate_begin(&b->fate, b->history.next);
	b->queue = (struct queue){0};
	b->trend = (struct trend){0};
	b->arrived = (struct byterate){0};
	b->passed = (struct byterate){0};
	b->silence = (struct silence){0};
	b->capacity = (struct capacity){0};
	rtt_init(&b->rtt);
	b->rise = (struct rise){0};
	probe_cancel(&b->probe);
	control_restart(&b->control, now_us, start);
	b->clear_since_us = now_us;
	publish(b);
}

void bwe_heard(struct bwe *b, int64_t now_us)
{
	silence_heard(&b->silence, now_us);
}

/* How long what is sent now will wait before the link. What others fill is not ours to wait for. */
static int64_t backlog_us(struct bwe *b, int64_t now_us)
{
	int64_t age_us = history_waiting_us(&b->history, now_us) - rtt_reach_us(&b->rtt);
	return b->control.phase == CONTROL_COMPETE ? 0 : max64(b->queue.standing_us, age_us);
}

bool bwe_takes_sound(struct bwe *b, int64_t now_us)
{
	return silence_takes_sound(&b->silence, now_us, backlog_us(b, now_us));
}

bool bwe_may_ask(const struct bwe *b, int64_t now_us)
{
	return silence_may_ask(&b->silence, now_us);
}

void bwe_timeout(struct bwe *b, int64_t now_us)
{
	history_expire(&b->history, now_us);
	if (silence_timeout(&b->silence, now_us))
		probe_cancel(&b->probe);
	judge_probe(b, now_us);
	publish(b);
	if (silence_may_probe(&b->silence, now_us)) {
		/* Sound goes on by itself; when there is none, one small packet asks. */
		b->silence.last_sent_us = now_us;
		b->probe.id = b->probe.id % UINT8_MAX + 1;
		b->state.probe =
			(struct bwe_probe){b->probe.id, b->config.min_bps, SILENT_PROBE_BYTES};
	}
}

int64_t bwe_deadline_us(const struct bwe *b)
{
	return min64(silence_deadline_us(&b->silence), probe_deadline_us(&b->probe));
}
