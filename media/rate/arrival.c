/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/rate/arrival.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "media/base/heap.h"
#include "media/rate/feedback_interval.h"
#include "media/wire/twcc.h"

#define MIN_INTERVAL_US 10000
#define MANY_WAITING	400
/* A packet this far behind what was reported already is not reported again with all after it. */
#define MAX_REWIND 400
/* RFC 3711 3.4 and RFC 7714 9: index and tag that SRTCP adds. */
#define SRTCP_BYTES	20
#define WINDOW_AT_FIRST 128
/* A packet may be this late and count. */
#define YOUNG_US 500000

_Static_assert((ARRIVAL_WINDOW & (ARRIVAL_WINDOW - 1)) == 0, "the window is a ring");

static int64_t *place(struct arrival *a, int64_t seq)
{
	return &a->arrival_us[(uint64_t)seq & (uint64_t)(a->window - 1)];
}

/* Numbers up to the highest keep their times; the rest of the new ring has not come. */
static bool grow(struct arrival *a)
{
	struct arrival old = *a;
	int64_t window = old.window ? 2 * old.window : WINDOW_AT_FIRST;
	int64_t *ring = malloc((size_t)window * sizeof(*ring));

	if (!ring)
		return false;
	for (int64_t i = 0; i < window; i++)
		ring[i] = TWCC_NOT_RECEIVED;
	a->arrival_us = ring;
	a->window = window;
	for (int64_t i = 0; i < old.window; i++)
		*place(a, old.highest_seq - i) = *place(&old, old.highest_seq - i);
	free(old.arrival_us);
	return true;
}

/* Whether a number would take the place of one that may still be asked about. */
static bool is_short(struct arrival *a, int64_t now_us, int64_t seq)
{
	int64_t lost = *place(a, seq);

	return a->next_seq <= seq - a->window ||
	       (lost != TWCC_NOT_RECEIVED && now_us - lost < YOUNG_US);
}

static void advance(struct arrival *a, int64_t now_us, int64_t seq)
{
	int64_t first = a->highest_seq + 1;

	while (a->window < ARRIVAL_WINDOW && is_short(a, now_us, seq) && grow(a))
		;
	/* Farther than the window: what was not reported yet is given up. */
	if (first <= seq - a->window)
		first = seq - a->window + 1;
	for (int64_t i = first; i < seq; i++)
		*place(a, i) = TWCC_NOT_RECEIVED;
	a->highest_seq = seq;
	if (a->next_seq <= seq - a->window)
		a->next_seq = seq - a->window + 1;
}

void arrival_packet(struct arrival *a, int64_t now_us, uint16_t transport_seq)
{
	if (!a->started) {
		int64_t first = seq_unwrap16(&a->unwrap, transport_seq);

		if (!a->window && !grow(a))
			return;
		a->started = true;
		a->next_seq = first;
		a->highest_seq = first;
		a->burst_end = first - 1;
		a->last_sent_us = now_us;
		*place(a, first) = now_us;
		return;
	}
	/* Unwrapped from the highest, so that late packets do not pull the reference back. */
	a->unwrap.last = a->highest_seq;
	int64_t seq = seq_unwrap16(&a->unwrap, transport_seq);
	if (seq > a->highest_seq)
		advance(a, now_us, seq);
	else if (seq <= a->highest_seq - a->window || *place(a, seq) != TWCC_NOT_RECEIVED)
		return; /* too late, or the second time: the first counts */
	*place(a, seq) = now_us;
	if (seq >= a->next_seq || a->next_seq - seq > MAX_REWIND)
		return;
	/* Reported as lost before: reported again in the next round, as libwebrtc does, from here
	 * on. */
	if (a->next_seq > a->burst_end)
		a->burst_end = seq - 1;
	a->next_seq = seq;
}

static int64_t waiting(const struct arrival *a)
{
	return a->started ? a->highest_seq - a->next_seq + 1 : 0;
}

int64_t arrival_deadline_us(const struct arrival *a)
{
	if (waiting(a) == 0)
		return DEADLINE_NEVER;
	if (waiting(a) >= MANY_WAITING)
		return a->last_sent_us + MIN_INTERVAL_US;
	return a->last_sent_us + (a->interval_us ? a->interval_us : FEEDBACK_INTERVAL_US);
}

void arrival_set_interval(struct arrival *a, int64_t interval_us)
{
	if (interval_us < FEEDBACK_INTERVAL_MIN_US)
		interval_us = FEEDBACK_INTERVAL_MIN_US;
	if (interval_us > FEEDBACK_INTERVAL_MAX_US)
		interval_us = FEEDBACK_INTERVAL_MAX_US;
	a->interval_us = interval_us;
}

uint16_t arrival_report_bytes(const struct arrival *a, uint8_t packet_overhead)
{
	if (a->report_bytes == 0)
		return 0;
	return (uint16_t)(a->report_bytes + SRTCP_BYTES + packet_overhead);
}

/* A round has been told: its size into the mean over about four. */
static void note_round(struct arrival *a)
{
	uint32_t bytes = a->round_bytes < UINT16_MAX / 2 ? a->round_bytes : UINT16_MAX / 2;

	a->report_bytes = (uint16_t)(a->report_bytes ? (a->report_bytes * 3 + bytes) / 4 : bytes);
	a->round_bytes = 0;
}

bool arrival_feedback(struct arrival *a, int64_t now_us, uint32_t sender_ssrc, uint32_t media_ssrc,
		      struct wr *w)
{
	struct twcc_feedback feedback;

	if (a->next_seq > a->burst_end || waiting(a) == 0) {
		/* Not in the middle of a round: is a new one due? */
		if (now_us < arrival_deadline_us(a))
			return false;
		a->burst_end = a->highest_seq;
	}
	int64_t count = a->burst_end - a->next_seq + 1;
	feedback.count = count < TWCC_MAX_PACKETS ? (size_t)count : TWCC_MAX_PACKETS;
	feedback.base_seq = (uint16_t)a->next_seq;
	feedback.feedback_count = a->feedback_count;
	for (size_t i = 0; i < feedback.count; i++)
		feedback.arrival_us[i] = *place(a, a->next_seq + (int64_t)i);
	size_t before = wr_len(w);
	size_t written = twcc_write(w, sender_ssrc, media_ssrc, &feedback);
	assert(written <= feedback.count);
	if (written == 0)
		return false;
	a->next_seq += (int64_t)written;
	a->feedback_count++;
	a->last_sent_us = now_us;
	a->round_bytes += (uint32_t)(wr_len(w) - before);
	if (a->next_seq > a->burst_end)
		note_round(a);
	return true;
}

void arrival_close(struct arrival *a)
{
	free(a->arrival_us);
	memset(a, 0, sizeof(*a));
}
