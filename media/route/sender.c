/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/sender.h"

#include "media/base/heap.h"

enum {
	/* Sound of one voice at 60 ms with headers (docs/adaptation.md 2: 25 kbit/s) and reports.
	 */
	SENDER_MIN_BPS = 30000,
	/* Three simulcast encodings of four people. Guess with margin. */
	SENDER_MAX_BPS = 20000000,
	OVERHEAD_IPV4 = 28,
	OVERHEAD_IPV6 = 48,
	/* A move of the target worth sharing out again: 1/32, 3 %. */
	STALE_PART = 32,
};

/* Takes over what the estimator says now. */
static void follow(struct sender *sender, int64_t now_us)
{
	const struct bwe_state *state = sender_state(sender);
	uint32_t target = sender_target_bps(sender);
	uint32_t pacing = state ? state->pacing_bps : target;
	uint32_t moved =
		target > sender->told_bps ? target - sender->told_bps : sender->told_bps - target;

	if (state && state->probe.id != 0 && state->probe.id != sender->probe_id) {
		sender->probe_id = state->probe.id;
		sender->probe_bps = state->probe.bps;
		sender->probe_left = state->probe.bytes;
	}
	if (state && state->probe.id == 0)
		sender->probe_left = 0;
	if (sender->probe_left > 0 && sender->probe_bps > pacing)
		pacing = sender->probe_bps;
	if (pacing != sender->pacer.rate_bps)
		pacer_set_rate(&sender->pacer, now_us, pacing);
	if (moved > sender->told_bps / STALE_PART)
		sender->is_stale = true;
}

int sender_start(struct sender *sender, int64_t now_us, const struct sender_link *link)
{
	struct bwe_config config = {
		.start_bps = link->start_bps,
		.min_bps = SENDER_MIN_BPS,
		.max_bps = SENDER_MAX_BPS,
		.packet_overhead = link->is_ipv6 ? OVERHEAD_IPV6 : OVERHEAD_IPV4,
	};
	int err = 0;

	sender->packet_overhead = config.packet_overhead;
	if (!sender->bwe && link->has_feedback) {
		err = bwe_new(&sender->bwe, now_us, &config);
		sender->start_bps = sender_target_bps(sender);
	}
	if (!err)
		follow(sender, now_us);
	return err;
}

void sender_close(struct sender *sender)
{
	bwe_free(sender->bwe);
	sender->bwe = NULL;
}

/* --- what leaves ----------------------------------------------------------------------------- */

void sender_sent(struct sender *sender, int64_t now_us, enum bwe_class class, size_t len)
{
	struct bwe_packet packet = {
		.transport_seq = sender->next_seq++,
		.bytes = (uint16_t)len,
		.class = class,
	};

	if (sender->probe_left > 0 && class != BWE_AUDIO) {
		packet.probe = sender->probe_id;
		sender->probe_left -= len < sender->probe_left ? (uint32_t)len : sender->probe_left;
	}
	pacer_sent(&sender->pacer, now_us, len + sender->packet_overhead);
	if (!sender->bwe)
		return;
	bwe_sent(sender->bwe, now_us, &packet);
	if (packet.probe && sender->probe_left == 0)
		follow(sender, now_us);
}

void sender_resent(struct sender *sender, int64_t now_us, uint16_t number, size_t len)
{
	pacer_sent(&sender->pacer, now_us, len + sender->packet_overhead);
	if (sender->bwe)
		bwe_resent(sender->bwe, now_us, number);
}

bool sender_is_open(const struct sender *sender, int64_t now_us, size_t len)
{
	const struct bwe_state *state = sender_state(sender);
	size_t bytes = len + sender->packet_overhead;

	if (state && state->in_flight_bytes > 0 &&
	    state->in_flight_bytes + bytes > state->window_bytes)
		return false;
	return pacer_is_open(&sender->pacer, now_us, bytes);
}

int64_t sender_opens_us(const struct sender *sender, int64_t now_us, size_t len)
{
	const struct bwe_state *state = sender_state(sender);
	size_t bytes = len + sender->packet_overhead;

	if (state && state->in_flight_bytes > 0 &&
	    state->in_flight_bytes + bytes > state->window_bytes)
		return DEADLINE_NEVER;
	return pacer_opens_us(&sender->pacer, bytes);
}

uint32_t sender_probe_left(const struct sender *sender)
{
	return sender->probe_left;
}

void sender_end_probe(struct sender *sender, int64_t now_us)
{
	sender->probe_left = 0;
	follow(sender, now_us);
}

/* --- what is heard --------------------------------------------------------------------------- */

void sender_feedback(struct sender *sender, int64_t now_us, const struct twcc_feedback *feedback)
{
	if (!sender->bwe)
		return;
	bwe_feedback(sender->bwe, now_us, feedback);
	follow(sender, now_us);
}

void sender_heard(struct sender *sender, int64_t now_us)
{
	if (sender->bwe)
		bwe_heard(sender->bwe, now_us);
}

bool sender_takes_sound(const struct sender *sender, int64_t now_us)
{
	return !sender->bwe || bwe_takes_sound(sender->bwe, now_us);
}

bool sender_may_ask(const struct sender *sender, int64_t now_us)
{
	return sender->bwe && bwe_may_ask(sender->bwe, now_us);
}

static void set_blind(struct sender *sender, int64_t now_us, uint64_t bps)
{
	if (bps > SENDER_BLIND_BPS)
		bps = SENDER_BLIND_BPS;
	sender->blind_bps = bps < SENDER_MIN_BPS ? SENDER_MIN_BPS : (uint32_t)bps;
	follow(sender, now_us);
}

void sender_remb(struct sender *sender, int64_t now_us, uint64_t bps)
{
	/* With feedback of our own we know better: the peer's estimate lags behind it. */
	if (!sender->bwe)
		set_blind(sender, now_us,
			  aimd_remb(&sender->aimd, now_us, sender_target_bps(sender), bps));
}

void sender_report(struct sender *sender, int64_t now_us, int64_t rtt_us, uint8_t fraction_lost)
{
	uint32_t target = sender_target_bps(sender);

	if (!sender->bwe) {
		set_blind(sender, now_us,
			  aimd_report(&sender->aimd, now_us, target, fraction_lost, target));
		return;
	}
	bwe_report(sender->bwe, now_us, rtt_us, fraction_lost);
	follow(sender, now_us);
}

void sender_demand(struct sender *sender, int64_t now_us, const struct bwe_demand *demand)
{
	if (!sender->bwe)
		return;
	bwe_demand(sender->bwe, now_us, demand);
	follow(sender, now_us);
}

void sender_route_changed(struct sender *sender, int64_t now_us, bool is_ipv6)
{
	sender->packet_overhead = is_ipv6 ? OVERHEAD_IPV6 : OVERHEAD_IPV4;
	if (!sender->bwe)
		return;
	bwe_route_changed(sender->bwe, now_us);
	follow(sender, now_us);
}

/* --- what is known --------------------------------------------------------------------------- */

const struct bwe_state *sender_state(const struct sender *sender)
{
	return sender->bwe ? bwe_state(sender->bwe) : NULL;
}

uint32_t sender_target_bps(const struct sender *sender)
{
	if (sender->bwe)
		return bwe_state(sender->bwe)->steady_bps;
	return sender->blind_bps ? sender->blind_bps : SENDER_BLIND_BPS;
}

uint32_t sender_known_bps(const struct sender *sender)
{
	uint32_t target = sender_target_bps(sender);

	return sender->bwe && target != sender->start_bps ? target : 0;
}

bool sender_take_stale(struct sender *sender)
{
	bool is_stale = sender->is_stale;

	sender->is_stale = false;
	if (is_stale)
		sender->told_bps = sender_target_bps(sender);
	return is_stale;
}

void sender_timeout(struct sender *sender, int64_t now_us)
{
	if (!sender->bwe || bwe_deadline_us(sender->bwe) > now_us)
		return;
	bwe_timeout(sender->bwe, now_us);
	follow(sender, now_us);
}

int64_t sender_deadline_us(const struct sender *sender)
{
	return sender->bwe ? bwe_deadline_us(sender->bwe) : DEADLINE_NEVER;
}
