/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/model/upload.h"

enum {
	UPLOAD_WINDOW_US = 500000,
	UPLOAD_STANDING_US = 50000, /* a queue like this is too much: guess */
	UPLOAD_RISE_US = 8000,	    /* within one report: guess, near GCC's 12.5 ms threshold */
	UPLOAD_CUT_EACH_US = 200000,
	UPLOAD_SILENT_US = 3000000, /* adaptation.md 2.1.7 */
	UPLOAD_START_US = 5000000,
	UPLOAD_MIN_BPS = 30000,
	UPLOAD_MAX_BPS = 5000000,
};

void upload_init(struct upload *upload, int64_t now_us)
{
	*upload = (struct upload){
		.estimate_bps = UPLOAD_START_BPS,
		.base_at_us = now_us,
		.began_us = now_us,
		.grown_us = now_us,
		.heard_us = now_us,
		.window_us = now_us,
	};
	for (size_t i = 0; i < UPLOAD_BASES; i++)
		upload->base_us[i] = INT64_MAX;
}

void upload_sent(struct upload *upload, int64_t now_us, uint16_t seq, uint16_t bytes)
{
	upload->sent[seq % UPLOAD_SENT] =
		(struct upload_sent){.seq = seq, .bytes = bytes, .sent_us = now_us};
}

static int64_t base_delay(struct upload *upload, int64_t now_us, int64_t delay_us)
{
	int64_t base;

	if (now_us - upload->base_at_us >= 1000000) {
		for (size_t i = UPLOAD_BASES - 1; i > 0; i--)
			upload->base_us[i] = upload->base_us[i - 1];
		upload->base_us[0] = INT64_MAX;
		upload->base_at_us = now_us;
	}
	if (delay_us < upload->base_us[0])
		upload->base_us[0] = delay_us;
	base = upload->base_us[0];
	for (size_t i = 1; i < UPLOAD_BASES; i++)
		if (upload->base_us[i] < base)
			base = upload->base_us[i];
	return base;
}

/* The window of the acked rate and of losses ends. */
static void close_window(struct upload *upload, int64_t now_us)
{
	int64_t took = now_us - upload->window_us;
	double loss = upload->window_count ? (double)upload->window_lost / upload->window_count : 0;

	if (took < UPLOAD_WINDOW_US)
		return;
	upload->acked_bps = (double)upload->window_bytes * 8e6 / (double)took;
	if (loss > 0.1 && upload->window_count >= 10)
		upload->estimate_bps *= 1 - loss / 2;
	upload->window_us = now_us;
	upload->window_bytes = 0;
	upload->window_lost = 0;
	upload->window_count = 0;
}

/* Per second. Doubling stands for the probes of the first seconds. */
static double growth(const struct upload *upload, int64_t now_us)
{
	return upload->cut_us == 0 && now_us - upload->began_us < UPLOAD_START_US ? 1 : 0.08;
}

static void decide(struct upload *upload, int64_t now_us, int64_t rise_us)
{
	bool is_over = upload->queue_us > UPLOAD_STANDING_US || rise_us > UPLOAD_RISE_US;
	double grown = (double)(now_us - upload->grown_us) / 1e6;
	double most;

	upload->grown_us = now_us;
	if (is_over) {
		double to = 0.85 * upload->acked_bps;

		if (now_us - upload->cut_us < UPLOAD_CUT_EACH_US || upload->acked_bps == 0)
			return;
		upload->cut_us = now_us;
		if (to < upload->estimate_bps)
			upload->estimate_bps = to;
		return;
	}
	/* Held until what stands has drained. */
	if (upload->queue_us > UPLOAD_STANDING_US / 2 || now_us - upload->cut_us < 500000)
		return;
	most = 1.5 * upload->acked_bps + 10000;
	if (grown > 1)
		grown = 1;
	if (upload->acked_bps > 0 && upload->estimate_bps < most)
		upload->estimate_bps *= 1 + growth(upload, now_us) * grown;
}

void upload_feedback(struct upload *upload, int64_t now_us, const struct twcc_feedback *feedback)
{
	int64_t first = INT64_MIN;
	int64_t last = INT64_MIN;
	int64_t base = 0;

	for (size_t i = 0; i < feedback->count; i++) {
		uint16_t seq = (uint16_t)(feedback->base_seq + i);
		struct upload_sent *sent = &upload->sent[seq % UPLOAD_SENT];

		if (sent->sent_us == 0 || sent->seq != seq)
			continue;
		upload->window_count++;
		if (feedback->arrival_us[i] == TWCC_NOT_RECEIVED) {
			upload->window_lost++;
			continue;
		}
		last = feedback->arrival_us[i] - sent->sent_us;
		base = base_delay(upload, now_us, last);
		if (first == INT64_MIN)
			first = last;
		upload->window_bytes += sent->bytes;
		sent->sent_us = 0;
	}
	upload->heard_us = now_us;
	close_window(upload, now_us);
	if (last == INT64_MIN)
		return;
	upload->queue_us = last - base;
	decide(upload, now_us, last - first);
}

void upload_remb(struct upload *upload, uint64_t bps)
{
	upload->remb_bps = (double)bps;
}

uint32_t upload_bps(struct upload *upload, int64_t now_us)
{
	double bps;

	if (now_us - upload->heard_us > UPLOAD_SILENT_US) {
		upload->estimate_bps *= 0.8;
		upload->heard_us += 1000000;
	}
	if (upload->estimate_bps < UPLOAD_MIN_BPS)
		upload->estimate_bps = UPLOAD_MIN_BPS;
	if (upload->estimate_bps > UPLOAD_MAX_BPS)
		upload->estimate_bps = UPLOAD_MAX_BPS;
	bps = upload->estimate_bps;
	if (upload->remb_bps > 0 && upload->remb_bps < bps)
		bps = upload->remb_bps;
	return (uint32_t)bps;
}
