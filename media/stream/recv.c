/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/stream/recv.h"

#include "media/base/seq.h"

/* RFC 3550 A.1: farther off than this, two packets in a row mean that the sender started anew. */
#define MAX_DROPOUT  3000
#define MAX_MISORDER 100
#define LOST_MAX     0x7fffff /* 24 bits signed */
#define LOST_MIN     (-0x800000)

static void start(struct recv_stats *s, uint16_t seq)
{
	s->started = true;
	s->has_bad_seq = false;
	s->first_seq = seq;
	s->highest_seq = seq;
	s->received = 0;
	s->prior_expected = 0;
	s->prior_received = 0;
	s->jitter = 0;
}

/* False: this number is out of the row and does not count (yet). */
static bool accept_seq(struct recv_stats *s, uint16_t seq)
{
	int diff = seq_diff(seq, (uint16_t)s->highest_seq);

	if (diff > MAX_DROPOUT || diff < -MAX_MISORDER) {
		if (!s->has_bad_seq || seq != s->bad_seq) {
			s->has_bad_seq = true;
			s->bad_seq = (uint16_t)(seq + 1);
			return false;
		}
		start(s, seq);
		return true;
	}
	s->has_bad_seq = false;
	if (diff > 0)
		s->highest_seq += diff;
	return true;
}

static int64_t clock_ticks(int64_t us, uint32_t clock_hz)
{
	return us / 1000000 * clock_hz + us % 1000000 * clock_hz / 1000000;
}

static void update_jitter(struct recv_stats *s, int64_t now_us, uint32_t timestamp, bool is_first)
{
	uint32_t transit = (uint32_t)clock_ticks(now_us, s->clock_hz) - timestamp;
	int32_t d = (int32_t)(transit - s->transit);

	s->transit = transit;
	if (!is_first)
		s->jitter += ((d < 0 ? -(double)d : (double)d) - s->jitter) / 16;
}

void recv_packet(struct recv_stats *s, int64_t now_us, uint16_t seq, uint32_t timestamp, size_t len)
{
	bool is_first = !s->started;

	s->bytes += len;
	if (is_first)
		start(s, seq);
	else if (!accept_seq(s, seq))
		return;
	is_first = s->received++ == 0;
	update_jitter(s, now_us, timestamp, is_first);
}

void recv_sender_report(struct recv_stats *s, int64_t now_us, uint64_t ntp)
{
	s->last_sr_ntp = ntp;
	s->last_sr_us = now_us;
}

/* RFC 3550 A.3 */
static uint8_t fraction_lost(struct recv_stats *s, int64_t expected)
{
	int64_t expected_interval = expected - s->prior_expected;
	int64_t lost_interval = expected_interval - (int64_t)(s->received - s->prior_received);

	s->prior_expected = expected;
	s->prior_received = s->received;
	if (expected_interval <= 0 || lost_interval <= 0)
		return 0;
	int64_t fraction = lost_interval * 256 / expected_interval;
	return fraction > UINT8_MAX ? UINT8_MAX : (uint8_t)fraction;
}

void recv_report(struct recv_stats *s, int64_t now_us, struct rtcp_report *out)
{
	int64_t expected = s->started ? s->highest_seq - s->first_seq + 1 : 0;
	int64_t lost = expected - (int64_t)s->received;

	if (lost > LOST_MAX)
		lost = LOST_MAX;
	if (lost < LOST_MIN)
		lost = LOST_MIN;
	*out = (struct rtcp_report){
		.ssrc = s->ssrc,
		.fraction_lost = fraction_lost(s, expected),
		.lost = (int32_t)lost,
		.highest_seq = (uint32_t)s->highest_seq,
		.jitter = s->jitter < (double)UINT32_MAX ? (uint32_t)s->jitter : UINT32_MAX,
	};
	if (s->last_sr_ntp != 0) {
		int64_t delay = now_us - s->last_sr_us;
		out->lsr = rtcp_ntp_middle(s->last_sr_ntp);
		out->dlsr = delay < 0 ? 0 : (uint32_t)clock_ticks(delay, 65536);
	}
}
