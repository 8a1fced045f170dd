/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/rate/redundancy.h"

#include "media/base/limits.h"
#include "media/rate/cells.h"
#include "media/wire/red.h"

/* Losses that ask for RED, and below which it is a waste (docs/adaptation.md 2; measured against
 * Chrome's concealment of single packets). */
#define LOSS_ON	 0.02
#define LOSS_OFF 0.005
/* What may be left where losses are independent: p^(distance + 1) */
#define LOSS_LEFT  0.0005
#define MAX_SINGLE 3 /* deeper than a buffer of 80 ms waits for */
/* Losses come in spells: what is usual is a mean of so long. Guess: several spells of a radio
 * link, and with 17 packets a second enough to tell 1 % from 2 %. */
#define USUAL_US   30000000
#define LOSS_USUAL 0.01
/* Where nothing but RED can repair, less is worth it: a packet in two hundred is heard. Guess. */
#define LOSS_FAR 0.002
/* A resend is there before a jitter buffer of usual depth runs dry; beyond the second figure hardly
 * ever. Guesses from G.114's 400 ms and what NetEq holds. */
#define RTT_NACK_US	   120000
#define RTT_LAST_CHANCE_US 250000
/* Where headers of 20 ms packets (27 kbit/s) are a quarter, and a sixth, of the link. */
#define THIN_60_MS_BPS 100000
#define THIN_40_MS_BPS 160000
/* Here one older payload in 60 ms packets costs less than 20 ms packets without: taken early. */
#define THIN_RED_BPS 80000
/* Of room before a packet gets shorter again, in percent, and how long anything better must have
 * lasted. */
#define EXIT_PERCENT 125
#define CALM_US	     5000000

uint32_t redundancy_cost_bps(const struct voice_policy *policy, uint32_t opus_bps,
			     const struct redundancy_link *link)
{
	uint64_t merge = policy->merge > 0 ? policy->merge : 1;
	uint64_t distance = policy->red_distance;
	/* 20 ms each: 50 a second. */
	uint64_t payload = (merge * opus_bps + 8 * 50 - 1) / (8 * 50);
	uint64_t bytes = link->overhead_bytes + payload * (1 + distance);

	if (distance > 0)
		bytes += RED_PRIMARY_HEADER_BYTES + RED_OLDER_HEADER_BYTES * distance;
	if (link->is_atm)
		bytes = cells_bytes(bytes);
	return (uint32_t)(bytes * 8 * 50 / merge);
}

struct voice_policy redundancy_policy(const struct redundancy *r)
{
	struct voice_policy policy = r->policy;

	if (policy.merge == 0)
		policy.merge = 1;
	return policy;
}

static uint8_t merge_for(uint64_t bps)
{
	if (bps <= THIN_60_MS_BPS)
		return 3;
	return bps <= THIN_40_MS_BPS ? 2 : 1;
}

/* Longer packets at once, shorter ones when there has been room for them a while. */
static void update_merge(struct redundancy *r, int64_t now_us, const struct redundancy_view *view)
{
	uint64_t bps = view->target_bps ? view->target_bps : UINT32_MAX;
	uint8_t lesser = merge_for(bps * 100 / EXIT_PERCENT);

	if (r->policy.merge == 0 || merge_for(bps) >= r->policy.merge) {
		r->policy.merge = merge_for(bps);
		r->wanted_merge = r->policy.merge;
		return;
	}
	if (lesser >= r->policy.merge) {
		r->wanted_merge = r->policy.merge;
		return;
	}
	/* The clock runs from when there was room for anything less; what there is room for at its
	 * end is taken. */
	if (r->wanted_merge == r->policy.merge)
		r->room_since_us = now_us;
	r->wanted_merge = lesser;
	if (now_us - r->room_since_us >= CALM_US)
		r->policy.merge = lesser;
}

static bool is_quick(const struct redundancy_view *view, int64_t limit_us)
{
	return view->has_nack && view->rtt_us > 0 && view->rtt_us <= limit_us;
}

/* How many older payloads the losses ask for, whatever they cost. */
static uint8_t distance_for(const struct redundancy *r, const struct redundancy_view *view)
{
	bool is_thin = view->target_bps > 0 && view->target_bps < THIN_RED_BPS;

	double loss = view->loss > r->usual_loss ? view->loss : r->usual_loss;
	bool is_far = view->rtt_us > RTT_LAST_CHANCE_US && r->usual_loss >= LOSS_FAR;
	uint8_t distance = 1;

	if (loss < LOSS_OFF)
		return is_far ? 1 : 0;
	if (view->loss < LOSS_ON && r->usual_loss < LOSS_USUAL) {
		uint8_t least = is_thin || is_far ? 1 : 0;
		return r->policy.red_distance > least ? r->policy.red_distance : least;
	}
	/* A resend comes in time only where the receiver waits for it, which it does not below 5 %
	 * (NetEq: 20 ms of delay for each percent), so RED is not left out for it. */
	double left = loss * loss;
	while (distance < MAX_SINGLE && left > LOSS_LEFT) {
		left *= loss;
		distance++;
	}
	if (view->mean_burst >= 2 && distance < 2)
		distance = 2;
	while (distance < VOICEOUT_MAX_DISTANCE && view->mean_burst >= 2 &&
	       view->mean_burst > distance)
		distance++;
	return distance;
}

static void update_usual(struct redundancy *r, int64_t now_us, const struct redundancy_view *view)
{
	int64_t dt_us = now_us - r->usual_us;

	if (!r->is_usual_known || dt_us > USUAL_US)
		r->usual_loss = view->loss;
	else
		r->usual_loss += (view->loss - r->usual_loss) * (double)dt_us / USUAL_US;
	r->is_usual_known = true;
	r->usual_us = now_us;
}

static uint8_t affordable(const struct redundancy *r, const struct redundancy_view *view,
			  uint8_t distance)
{
	struct voice_policy policy = {.merge = r->policy.merge};
	struct voice_policy short_packets = {.merge = 1};
	uint32_t plain = redundancy_cost_bps(&policy, view->opus_bps, &view->link);
	uint32_t reserved = redundancy_cost_bps(&short_packets, view->opus_bps, &view->link);

	for (; distance > 0; distance--) {
		policy.red_distance = distance;
		uint32_t cost = redundancy_cost_bps(&policy, view->opus_bps, &view->link);
		/* Deeper ones leave most of it to the pictures. */
		uint32_t spare = distance > 1 ? view->spare_bps / 4 : view->spare_bps;
		/* What 20 ms packets would take is the voice's anyhow. */
		if (cost - plain <= spare || cost <= reserved)
			break;
	}
	return distance;
}

static void update_distance(struct redundancy *r, int64_t now_us,
			    const struct redundancy_view *view)
{
	uint8_t wanted = distance_for(r, view);

	if (!view->has_red || view->is_silent) {
		r->policy.red_distance = 0;
		r->wanted_distance = 0;
		return;
	}
	if (wanted >= r->policy.red_distance) {
		r->policy.red_distance = wanted;
		r->wanted_distance = wanted;
	} else {
		if (r->wanted_distance == r->policy.red_distance)
			r->calm_since_us = now_us;
		r->wanted_distance = wanted;
		if (now_us - r->calm_since_us >= CALM_US)
			r->policy.red_distance = wanted;
	}
	wanted = affordable(r, view, r->policy.red_distance);
	if (wanted < r->policy.red_distance) {
		r->policy.red_distance = wanted;
		r->wanted_distance = wanted;
	}
}

bool redundancy_update(struct redundancy *r, int64_t now_us, const struct redundancy_view *view)
{
	struct redundancy before = *r;

	update_usual(r, now_us, view);
	update_merge(r, now_us, view);
	update_distance(r, now_us, view);
	r->uses_nack =
		is_quick(view, r->policy.red_distance > 0 ? RTT_NACK_US : RTT_LAST_CHANCE_US);
	return before.policy.merge != r->policy.merge ||
	       before.policy.red_distance != r->policy.red_distance ||
	       before.uses_nack != r->uses_nack;
}
