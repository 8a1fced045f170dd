/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/model/receipts.h"

enum {
	RECEIPTS_LEAST_US = 50000,
	RECEIPTS_MOST_US = 250000,
	RECEIPTS_BYTES = 68, /* libwebrtc's guess of a report with its headers */
	RECEIPTS_SHARE = 20, /* one part in so many of the rate */
};

void receipts_packet(struct receipts *receipts, int64_t now_us, uint16_t seq)
{
	int64_t number;

	if (receipts->newest == 0) {
		receipts->newest = 65536 + seq;
		receipts->next = receipts->newest;
		receipts->due_us = now_us + RECEIPTS_LEAST_US;
	}
	number = receipts->newest + (int16_t)(seq - (uint16_t)receipts->newest);
	if (number > receipts->newest)
		receipts->newest = number;
	/* Late ones are told again with what follows them. */
	if (number < receipts->next && receipts->next - number < RECEIPTS_KEPT / 4)
		receipts->next = number;
	receipts->item[number & (RECEIPTS_KEPT - 1)] =
		(struct receipts_item){.number = number, .arrival_us = now_us};
	if (!receipts->has_news && receipts->due_us < now_us)
		receipts->due_us = now_us;
	receipts->has_news = true;
}

int64_t receipts_deadline_us(const struct receipts *receipts)
{
	return receipts->has_news ? receipts->due_us : INT64_MAX;
}

static int64_t interval(const struct receipts *receipts, uint32_t rate_bps)
{
	int64_t us = RECEIPTS_MOST_US;

	if (receipts->interval_us)
		return receipts->interval_us;
	if (rate_bps)
		us = (int64_t)RECEIPTS_BYTES * 8 * RECEIPTS_SHARE * 1000000 / rate_bps;
	us = us < RECEIPTS_LEAST_US ? RECEIPTS_LEAST_US : us;
	return us > RECEIPTS_MOST_US ? RECEIPTS_MOST_US : us;
}

void receipts_write(struct receipts *receipts, int64_t now_us, uint32_t rate_bps, struct wr *w,
		    uint32_t sender_ssrc)
{
	struct twcc_feedback feedback;
	size_t wrote;

	if (receipts_deadline_us(receipts) > now_us)
		return;
	if (receipts->newest - receipts->next >= RECEIPTS_KEPT)
		receipts->next = receipts->newest - RECEIPTS_KEPT + 1;
	while (receipts->next <= receipts->newest) {
		feedback.feedback_count = receipts->count++;
		feedback.base_seq = (uint16_t)receipts->next;
		feedback.count = 0;
		while (feedback.count < TWCC_MAX_PACKETS &&
		       receipts->next + (int64_t)feedback.count <= receipts->newest) {
			int64_t number = receipts->next + (int64_t)feedback.count;
			const struct receipts_item *item =
				&receipts->item[number & (RECEIPTS_KEPT - 1)];

			feedback.arrival_us[feedback.count++] =
				item->number == number ? item->arrival_us : TWCC_NOT_RECEIVED;
		}
		wrote = twcc_write(w, sender_ssrc, 0, &feedback);
		if (wrote == 0)
			break;
		receipts->next += (int64_t)wrote;
	}
	receipts->has_news = false;
	receipts->due_us = now_us + interval(receipts, rate_bps);
}
