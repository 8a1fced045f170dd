/* SPDX-License-Identifier: EUPL-1.2 */
/* The reading half of twcc.h. */
#include <errno.h>

#include "media/wire/twcc.h"

enum symbol {
	NOT_RECEIVED,
	SMALL_DELTA,
	LARGE_DELTA,
	RESERVED,
};

/* The statuses as the chunks give them: `total` there are, the first TWCC_MAX_PACKETS are kept. */
struct statuses {
	uint8_t symbol[TWCC_MAX_PACKETS];
	size_t total;
	size_t seen;
};

static void give(struct statuses *s, uint32_t symbol, size_t times)
{
	/* The last vector is filled up, and so may the last run be. */
	for (; times > 0 && s->seen < s->total; times--) {
		if (s->seen < TWCC_MAX_PACKETS)
			s->symbol[s->seen] = (uint8_t)symbol;
		s->seen++;
	}
}

/* Draft 3.1.3 and 3.1.4. */
static void take_chunk(struct statuses *s, struct rd *r)
{
	uint32_t chunk = rd_u16(r);

	if (chunk < 0x8000) {
		/* A run of nothing would be no progress. */
		if ((chunk & 0x1fff) == 0)
			r->bad = true;
		give(s, chunk >> 13, chunk & 0x1fff);
	} else if (chunk < 0xc000) {
		for (unsigned i = 0; i < 14; i++)
			give(s, chunk >> (13 - i) & 1, 1);
	} else {
		for (unsigned i = 0; i < 7; i++)
			give(s, chunk >> (12 - 2 * i) & 3, 1);
	}
}

/* The time of each packet that came, from the one before it. */
static void take_deltas(struct twcc_feedback *out, const struct statuses *s, struct rd *r,
			int64_t time_us)
{
	for (size_t i = 0; i < out->count; i++) {
		out->arrival_us[i] = TWCC_NOT_RECEIVED;
		if (s->symbol[i] == NOT_RECEIVED)
			continue;
		if (s->symbol[i] == RESERVED)
			r->bad = true;
		if (s->symbol[i] == SMALL_DELTA)
			time_us += (int64_t)rd_u8(r) * TWCC_TICK_US;
		else
			time_us += (int64_t)(int16_t)rd_u16(r) * TWCC_TICK_US;
		out->arrival_us[i] = time_us;
	}
}

int twcc_parse(struct twcc_feedback *out, const uint8_t *fci, size_t len)
{
	struct twcc_feedback feedback;
	struct statuses statuses = {.seen = 0};
	struct rd r = rd_init(fci, len);

	feedback.base_seq = rd_u16(&r);
	statuses.total = rd_u16(&r);
	int64_t reference_us = (int64_t)rd_u24(&r) * TWCC_REFERENCE_US;
	feedback.feedback_count = rd_u8(&r);
	feedback.count = statuses.total < TWCC_MAX_PACKETS ? statuses.total : TWCC_MAX_PACKETS;
	while (rd_ok(&r) && statuses.seen < statuses.total)
		take_chunk(&statuses, &r);
	take_deltas(&feedback, &statuses, &r, reference_us);
	if (!rd_ok(&r) || statuses.total == 0)
		return -EBADMSG;
	/* Zeros up to a word may follow, nothing more. */
	if (statuses.total == feedback.count && rd_left(&r) > 3)
		return -EBADMSG;
	*out = feedback;
	return 0;
}
