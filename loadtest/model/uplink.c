/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/model/uplink.h"

enum {
	UPLINK_WINDOW_US = 500000,
	UPLINK_STANDING_US = 50000, /* a queue like this is too much: guess */
	UPLINK_RISE_US = 8000,	    /* within one report: guess, near GCC's 12.5 ms threshold */
	UPLINK_CUT_EACH_US = 200000,
	UPLINK_SILENT_US = 3000000, /* adaptation.md 2.1.7 */
	UPLINK_START_US = 5000000,
	UPLINK_MIN_BPS = 30000,
	UPLINK_MAX_BPS = 5000000,
};

void browser_uplink_init(struct browser_uplink *uplink, int64_t now_us)
{
	*uplink = (struct browser_uplink){
		.estimate_bps = UPLINK_START_BPS,
		.base_at_us = now_us,
		.began_us = now_us,
		.grown_us = now_us,
		.heard_us = now_us,
		.window_us = now_us,
	};
	for (size_t i = 0; i < UPLINK_BASES; i++)
		uplink->base_us[i] = INT64_MAX;
}

void browser_uplink_sent(struct browser_uplink *uplink, int64_t now_us, uint16_t seq,
			 uint16_t bytes)
{
	uplink->sent[seq % UPLINK_SENT] =
		(struct uplink_sent){.seq = seq, .bytes = bytes, .sent_us = now_us};
}

static int64_t base_delay(struct browser_uplink *uplink, int64_t now_us, int64_t delay_us)
{
	int64_t base;

	if (now_us - uplink->base_at_us >= 1000000) {
		for (size_t i = UPLINK_BASES - 1; i > 0; i--)
			uplink->base_us[i] = uplink->base_us[i - 1];
		uplink->base_us[0] = INT64_MAX;
		uplink->base_at_us = now_us;
	}
	if (delay_us < uplink->base_us[0])
		uplink->base_us[0] = delay_us;
	base = uplink->base_us[0];
	for (size_t i = 1; i < UPLINK_BASES; i++)
		if (uplink->base_us[i] < base)
			base = uplink->base_us[i];
	return base;
}

/* The window of the acked rate and of losses ends. */
static void close_window(struct browser_uplink *uplink, int64_t now_us)
{
	int64_t took = now_us - uplink->window_us;
	double loss = uplink->window_count ? (double)uplink->window_lost / uplink->window_count : 0;

	if (took < UPLINK_WINDOW_US)
		return;
	uplink->acked_bps = (double)uplink->window_bytes * 8e6 / (double)took;
	if (loss > 0.1 && uplink->window_count >= 10)
		uplink->estimate_bps *= 1 - loss / 2;
	uplink->window_us = now_us;
	uplink->window_bytes = 0;
	uplink->window_lost = 0;
	uplink->window_count = 0;
}

/* Per second. Doubling stands for the probes of the first seconds. */
static double growth(const struct browser_uplink *uplink, int64_t now_us)
{
	return uplink->cut_us == 0 && now_us - uplink->began_us < UPLINK_START_US ? 1 : 0.08;
}

static void decide(struct browser_uplink *uplink, int64_t now_us, int64_t rise_us)
{
	bool is_over = uplink->queue_us > UPLINK_STANDING_US || rise_us > UPLINK_RISE_US;
	double grown = (double)(now_us - uplink->grown_us) / 1e6;
	double most;

	uplink->grown_us = now_us;
	if (is_over) {
		double to = 0.85 * uplink->acked_bps;

		if (now_us - uplink->cut_us < UPLINK_CUT_EACH_US || uplink->acked_bps == 0)
			return;
		uplink->cut_us = now_us;
		if (to < uplink->estimate_bps)
			uplink->estimate_bps = to;
		return;
	}
	/* Held until what stands has drained. */
	if (uplink->queue_us > UPLINK_STANDING_US / 2 || now_us - uplink->cut_us < 500000)
		return;
	most = 1.5 * uplink->acked_bps + 10000;
	if (grown > 1)
		grown = 1;
	if (uplink->acked_bps > 0 && uplink->estimate_bps < most)
		uplink->estimate_bps *= 1 + growth(uplink, now_us) * grown;
}

void browser_uplink_feedback(struct browser_uplink *uplink, int64_t now_us,
			     const struct twcc_feedback *feedback)
{
	int64_t first = INT64_MIN;
	int64_t last = INT64_MIN;
	int64_t base = 0;

	for (size_t i = 0; i < feedback->count; i++) {
		uint16_t seq = (uint16_t)(feedback->base_seq + i);
		struct uplink_sent *sent = &uplink->sent[seq % UPLINK_SENT];

		if (sent->sent_us == 0 || sent->seq != seq)
			continue;
		uplink->window_count++;
		if (feedback->arrival_us[i] == TWCC_NOT_RECEIVED) {
			uplink->window_lost++;
			continue;
		}
		last = feedback->arrival_us[i] - sent->sent_us;
		base = base_delay(uplink, now_us, last);
		if (first == INT64_MIN)
			first = last;
		uplink->window_bytes += sent->bytes;
		sent->sent_us = 0;
	}
	uplink->heard_us = now_us;
	close_window(uplink, now_us);
	if (last == INT64_MIN)
		return;
	uplink->queue_us = last - base;
	decide(uplink, now_us, last - first);
}

void browser_uplink_remb(struct browser_uplink *uplink, uint64_t bps)
{
	uplink->remb_bps = (double)bps;
}

uint32_t browser_uplink_bps(struct browser_uplink *uplink, int64_t now_us)
{
	double bps;

	if (now_us - uplink->heard_us > UPLINK_SILENT_US) {
		uplink->estimate_bps *= 0.8;
		uplink->heard_us += 1000000;
	}
	if (uplink->estimate_bps < UPLINK_MIN_BPS)
		uplink->estimate_bps = UPLINK_MIN_BPS;
	if (uplink->estimate_bps > UPLINK_MAX_BPS)
		uplink->estimate_bps = UPLINK_MAX_BPS;
	bps = uplink->estimate_bps;
	if (uplink->remb_bps > 0 && uplink->remb_bps < bps)
		bps = uplink->remb_bps;
	return (uint32_t)bps;
}
