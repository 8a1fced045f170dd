/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/rate/uplink_red.h"

#include "media/rate/redundancy.h"

enum {
	SECOND_US = 1000000,
	LOSS_US = 3 * SECOND_US,
	USUAL_US = 30 * SECOND_US,
	/* Doubling takes one part in so many: always then. 32 kbit/s of Opus: 320 kbit/s. */
	PLENTY_PARTS = 10,
	/* Of the uplink, what doubled sound may take to begin, and to go on. */
	ROOM_PERCENT = 75,
	ROOM_KEEP_PERCENT = 90,
	/* A queue of more than jitter, and how long the cap may take to drain it. */
	LONG_US = 100000,
	OWN_US = 2 * SECOND_US,
	/* Beyond this round trip a resend comes too late for sound. */
	FAR_US = 250000,
	/* How long one must be wanted: the room for it, before and after a change; its absence. */
	PLENTY_AFTER_US = 2 * SECOND_US,
	NEEDLESS_AFTER_US = 20 * SECOND_US,
	PLENTY_AGAIN_US = 15 * SECOND_US,
	/* Each change has the browser apply a description. */
	CHANGE_LEAST_US = 10 * SECOND_US,
	OPUS_BPS = 32000, /* before it was heard: as browsers send it */
	RTP_BYTES = 40,	  /* RTP, its extensions, the tag */
};

/* As of rate/redundancy; where sound is most of the link, only what a picture less is worth: GE 2 %
 * of bursts of two on 64 kbit/s was heard no better with RED (07-survival), 3 % and more were. */
#define LOSS_ON	       0.02
#define LOSS_USUAL     0.01
#define LOSS_KEEP      0.003
#define LOSS_FAR       0.002
#define LOSS_THIN      0.03
#define LOSS_THIN_KEEP 0.015

static double follow(double mean, double value, int64_t dt_us, int64_t over_us)
{
	return dt_us >= over_us ? value : mean + (value - mean) * (double)dt_us / (double)over_us;
}

/* Packets are long for want of room: doubled sound is most of the link. */
static bool is_thin(const struct uplink_red_view *view)
{
	return view->uplink->ptime_ms > 0;
}

static void measure(struct uplink_red *r, int64_t now_us, const struct uplink_red_view *view)
{
	double loss = view->uplink->loss_permille / 1000.0;
	int64_t dt_us = now_us - r->looked_us;

	/* What a queue drops that was filled just now: the cap drains it, if it is the sender's. */
	if (view->uplink->queue_us <= LONG_US)
		r->queue_us = 0;
	else if (r->queue_us == 0)
		r->queue_us = now_us;
	if (r->queue_us != 0 &&
	    (is_thin(view) || (!view->uplink->is_foreign && now_us - r->queue_us < OWN_US)))
		loss = 0;
	/* What dropped before was the room that is given up now. */
	if (is_thin(view) && !r->is_thin)
		r->loss = r->usual_loss = 0;
	r->is_thin = is_thin(view);
	if (r->is_started) {
		r->loss = follow(r->loss, loss, dt_us, LOSS_US);
		r->usual_loss = follow(r->usual_loss, loss, dt_us, USUAL_US);
	}
	r->is_started = true;
	r->looked_us = now_us;
}

/* Both with headers, as the uplink's rates are. */
static uint32_t cost_bps(const struct uplink_red_view *view, uint8_t distance)
{
	struct redundancy_link link = {.overhead_bytes =
					       (uint16_t)(view->packet_headers + RTP_BYTES)};
	struct voice_policy policy = {
		.merge = is_thin(view) ? 3 : 1,
		.red_distance = distance,
	};

	return redundancy_cost_bps(&policy, view->opus_bps ? view->opus_bps : OPUS_BPS, &link);
}

static bool has_plenty(const struct uplink_red_view *view)
{
	const struct uplink_state *s = view->uplink;
	uint32_t more = cost_bps(view, 1) - cost_bps(view, 0);
	uint32_t link = s->capacity_bps ? s->capacity_bps : s->arrival_bps;

	return !is_thin(view) && s->queue_us < LONG_US && link / PLENTY_PARTS >= more;
}

static bool has_room(const struct uplink_red *r, const struct uplink_red_view *view)
{
	uint64_t percent = r->is_on ? ROOM_KEEP_PERCENT : ROOM_PERCENT;
	uint32_t capacity = view->uplink->capacity_bps;

	return capacity == 0 || cost_bps(view, 1) <= capacity * percent / 100;
}

static bool is_lossy(const struct uplink_red *r, const struct uplink_red_view *view)
{
	if (is_thin(view))
		return r->usual_loss >= (r->is_on ? LOSS_THIN_KEEP : LOSS_THIN);
	if (r->is_on)
		return r->loss >= LOSS_KEEP || r->usual_loss >= LOSS_KEEP;
	return r->loss >= LOSS_ON || r->usual_loss >= LOSS_USUAL ||
	       (view->rtt_us > FAR_US && r->usual_loss >= LOSS_FAR);
}

/* For losses, a mean over seconds, at once. */
static int64_t on_after_us(const struct uplink_red *r, const struct uplink_red_view *view)
{
	if (is_lossy(r, view))
		return 0;
	return r->changed_us != 0 ? PLENTY_AGAIN_US : PLENTY_AFTER_US;
}

static int64_t off_after_us(const struct uplink_red *r, const struct uplink_red_view *view)
{
	return has_room(r, view) && r->queue_us == 0 ? NEEDLESS_AFTER_US : 0;
}

bool uplink_red_update(struct uplink_red *r, int64_t now_us, const struct uplink_red_view *view)
{
	int64_t after_us;
	bool should;

	measure(r, now_us, view);
	should = has_room(r, view) && (is_lossy(r, view) || has_plenty(view));
	if (should == r->is_on) {
		r->other_us = 0;
		return r->is_on;
	}
	if (r->other_us == 0)
		r->other_us = now_us;
	after_us = should ? on_after_us(r, view) : off_after_us(r, view);
	if (now_us - r->other_us < after_us ||
	    (r->changed_us != 0 && now_us - r->changed_us < CHANGE_LEAST_US))
		return r->is_on;
	r->is_on = should;
	r->changed_us = now_us;
	r->other_us = 0;
	return r->is_on;
}
