/* SPDX-License-Identifier: EUPL-1.2 */
/* RTCP compounds: every packet that reads is written anew, and must read the same again. */
#include <assert.h>
#include <string.h>

#include "fuzz.h"
#include "media/wire/rtcp.h"

static void write_anew(struct wr *w, const struct rtcp_packet *p)
{
	const struct rtcp_sender_info info = {.ntp = p->ntp,
					      .rtp_timestamp = p->rtp_timestamp,
					      .packet_count = p->packet_count,
					      .octet_count = p->octet_count};

	switch (p->type) {
	case RTCP_SR:
		rtcp_write_sr(w, p->sender_ssrc, &info);
		break;
	case RTCP_RR:
		rtcp_write_rr(w, p->sender_ssrc, p->reports, p->report_count);
		break;
	case RTCP_BYE:
		rtcp_write_bye(w, p->ssrcs, p->ssrc_count);
		break;
	case RTCP_NACK:
		rtcp_write_nack(w, p->sender_ssrc, p->media_ssrc, p->nack, p->nack_count);
		break;
	case RTCP_PLI:
		rtcp_write_pli(w, p->sender_ssrc, p->media_ssrc);
		break;
	case RTCP_FIR:
		rtcp_write_fir(w, p->sender_ssrc, p->ssrcs[0], p->fir_seq[0]);
		break;
	case RTCP_REMB:
		rtcp_write_remb(w, p->sender_ssrc, p->remb_bps, p->ssrcs, p->ssrc_count);
		break;
	case RTCP_TWCC:
	case RTCP_OTHER:
		break;
	}
}

/* The numbers of a NACK may come in any order and twice; each must be named again. */
static void assert_same_nack(const struct rtcp_packet *a, const struct rtcp_packet *b)
{
	static uint8_t named[65536];

	memset(named, 0, sizeof(named));
	for (size_t i = 0; i < b->nack_count; i++)
		named[b->nack[i]] |= 2;
	for (size_t i = 0; i < a->nack_count; i++) {
		assert(named[a->nack[i]] & 2);
		named[a->nack[i]] |= 1;
	}
	for (size_t i = 0; i < b->nack_count; i++)
		assert(named[b->nack[i]] == 3);
}

static void assert_same_reports(const struct rtcp_packet *a, const struct rtcp_packet *b)
{
	assert(a->report_count == b->report_count);
	for (size_t i = 0; i < a->report_count; i++) {
		const struct rtcp_report *x = &a->reports[i];
		const struct rtcp_report *y = &b->reports[i];

		assert(x->ssrc == y->ssrc && x->fraction_lost == y->fraction_lost);
		assert(x->lost == y->lost && x->highest_seq == y->highest_seq);
		assert(x->jitter == y->jitter && x->lsr == y->lsr && x->dlsr == y->dlsr);
	}
}

static void assert_same(const struct rtcp_packet *a, const struct rtcp_packet *b)
{
	assert(a->type == b->type && a->sender_ssrc == b->sender_ssrc);
	if (a->type == RTCP_SR)
		assert(a->ntp == b->ntp && a->rtp_timestamp == b->rtp_timestamp &&
		       a->packet_count == b->packet_count && a->octet_count == b->octet_count);
	if (a->type == RTCP_RR)
		assert_same_reports(a, b);
	if (a->type == RTCP_BYE || a->type == RTCP_REMB)
		assert(a->ssrc_count == b->ssrc_count &&
		       memcmp(a->ssrcs, b->ssrcs, a->ssrc_count * 4) == 0);
	if (a->type == RTCP_FIR)
		assert(a->ssrcs[0] == b->ssrcs[0] && a->fir_seq[0] == b->fir_seq[0]);
	if (a->type == RTCP_NACK || a->type == RTCP_PLI)
		assert(a->media_ssrc == b->media_ssrc);
	if (a->type == RTCP_NACK)
		assert_same_nack(a, b);
	/* What is more than can be said comes back as the most that can be written. */
	if (a->type == RTCP_REMB && a->remb_bps != UINT64_MAX)
		assert(a->remb_bps == b->remb_bps);
}

static void round_trip(const struct rtcp_packet *p)
{
	static uint8_t buf[65536];
	static struct rtcp_packet again;
	struct wr w = wr_init(buf, sizeof(buf));

	write_anew(&w, p);
	assert(wr_ok(&w));
	if (wr_len(&w) == 0)
		return;
	/* A NACK can be packed less tightly than it came, beyond what the reader acts on. */
	if (p->type == RTCP_NACK && wr_len(&w) > 12 + LIMIT_RTCP_NACK_ITEMS * 4)
		return;
	struct rtcp_reader reader = rtcp_reader_init(buf, wr_len(&w));
	int rc = rtcp_next(&reader, &again);
	assert(rc == 1);
	assert_same(p, &again);
	rc = rtcp_next(&reader, &again);
	assert(rc == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rtcp_reader reader = rtcp_reader_init(data, size);
	static struct rtcp_packet p;
	size_t count = 0;
	int rc;

	while ((rc = rtcp_next(&reader, &p)) == 1) {
		count++;
		assert(p.report_count <= 31 && p.ssrc_count <= 31);
		if (p.fci)
			assert(p.fci >= data && p.fci + p.fci_len <= data + size);
		if (p.type == RTCP_SR)
			assert(rtcp_ntp_from_us(rtcp_us_from_ntp(p.ntp)) - p.ntp + 4295 <= 8590);
		round_trip(&p);
	}
	assert(count <= LIMIT_RTCP_PACKETS);
	/* An error stays one. */
	assert(rtcp_next(&reader, &p) == rc);
	return 0;
}
