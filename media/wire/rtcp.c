/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/wire/rtcp.h"

#include <errno.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#define PT_FIRST 192 /* RFC 5761 4: what can be told from RTP */
#define PT_LAST	 223
#define REMB_ID	 0x52454d42 /* "REMB" */

struct rtcp_reader rtcp_reader_init(const uint8_t *buf, size_t len)
{
	return (struct rtcp_reader){.rd = rd_init(buf, len), .count = 0};
}

/* RFC 3550 6.4.1; what profiles append behind the reports is passed over. */
static void read_reports(struct rtcp_packet *out, struct rd *r, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct rtcp_report *report = &out->reports[i];

		report->ssrc = rd_u32(r);
		report->fraction_lost = rd_u8(r);
		/* Sign of 24 bits. */
		report->lost = (int32_t)(rd_u24(r) ^ 0x800000) - 0x800000;
		report->highest_seq = rd_u32(r);
		report->jitter = rd_u32(r);
		report->lsr = rd_u32(r);
		report->dlsr = rd_u32(r);
	}
	out->report_count = count;
}

static void read_sr(struct rtcp_packet *out, struct rd *r, size_t count)
{
	out->type = RTCP_SR;
	out->sender_ssrc = rd_u32(r);
	out->ntp = rd_u64(r);
	out->rtp_timestamp = rd_u32(r);
	out->packet_count = rd_u32(r);
	out->octet_count = rd_u32(r);
	read_reports(out, r, count);
}

static void read_rr(struct rtcp_packet *out, struct rd *r, size_t count)
{
	out->type = RTCP_RR;
	out->sender_ssrc = rd_u32(r);
	read_reports(out, r, count);
}

static void read_bye(struct rtcp_packet *out, struct rd *r, size_t count)
{
	out->type = RTCP_BYE;
	for (size_t i = 0; i < count; i++)
		out->ssrcs[i] = rd_u32(r);
	out->ssrc_count = count;
	out->sender_ssrc = out->ssrcs[0];
	/* RFC 3550 6.6: an optional reason, padded; nobody reads it here. */
	if (rd_left(r) > 0)
		rd_skip(r, rd_u8(r));
}

static void read_nack(struct rtcp_packet *out, struct rd *r)
{
	out->type = RTCP_NACK;
	/* RFC 4585 6.2.1: at least one item of four bytes. */
	if (rd_left(r) == 0 || rd_left(r) % 4 != 0)
		r->bad = true;
	for (size_t i = 0; i < LIMIT_RTCP_NACK_ITEMS && rd_left(r) > 0; i++) {
		uint16_t pid = rd_u16(r);
		uint16_t blp = rd_u16(r);

		out->nack[out->nack_count++] = pid;
		for (unsigned bit = 0; bit < 16; bit++) {
			if (blp >> bit & 1)
				out->nack[out->nack_count++] = (uint16_t)(pid + bit + 1);
		}
	}
}

static void read_fir(struct rtcp_packet *out, struct rd *r)
{
	out->type = RTCP_FIR;
	/* RFC 5104 4.3.1.1: one or more entries of eight bytes. */
	if (rd_left(r) == 0 || rd_left(r) % 8 != 0)
		r->bad = true;
	while (out->ssrc_count < COUNT_OF(out->ssrcs) && rd_left(r) > 0) {
		out->ssrcs[out->ssrc_count] = rd_u32(r);
		out->fir_seq[out->ssrc_count] = rd_u8(r);
		rd_skip(r, 3);
		out->ssrc_count++;
	}
}

/* draft-alvestrand-rmcat-remb-03 2.2. */
static void read_remb(struct rtcp_packet *out, struct rd *r)
{
	uint8_t count = rd_u8(r);
	uint32_t rate = rd_u24(r);
	unsigned exponent = rate >> 18;
	uint64_t mantissa = rate & 0x3ffff;

	out->type = RTCP_REMB;
	/* The six bits of the exponent reach beyond 64: such a rate is "no limit". */
	out->remb_bps = mantissa > UINT64_MAX >> exponent ? UINT64_MAX : mantissa << exponent;
	if (rd_left(r) != (size_t)count * 4)
		r->bad = true;
	while (out->ssrc_count < COUNT_OF(out->ssrcs) && rd_left(r) > 0)
		out->ssrcs[out->ssrc_count++] = rd_u32(r);
}

static void read_afb(struct rtcp_packet *out, struct rd *r)
{
	if (rd_left(r) >= 8 && rd_u32(r) == REMB_ID)
		read_remb(out, r);
}

/* RFC 4585 6.1: the head that all feedback has in common. */
static void read_feedback(struct rtcp_packet *out, struct rd *r, uint8_t pt, uint8_t fmt)
{
	out->sender_ssrc = rd_u32(r);
	out->media_ssrc = rd_u32(r);
	if (pt == RTCP_PT_RTPFB && fmt == RTCP_FMT_NACK) {
		read_nack(out, r);
	} else if (pt == RTCP_PT_RTPFB && fmt == RTCP_FMT_TWCC) {
		out->type = RTCP_TWCC;
		out->fci_len = rd_left(r);
		out->fci = rd_bytes(r, out->fci_len);
	} else if (pt == RTCP_PT_PSFB && fmt == RTCP_FMT_PLI) {
		/* RFC 4585 6.3.1.2: the head is all there is. */
		out->type = RTCP_PLI;
		if (rd_left(r) > 0)
			r->bad = true;
	} else if (pt == RTCP_PT_PSFB && fmt == RTCP_FMT_FIR) {
		read_fir(out, r);
	} else if (pt == RTCP_PT_PSFB && fmt == RTCP_FMT_AFB) {
		read_afb(out, r);
	}
}

/* Narrows the body by its padding. It is not always a multiple of four: libwebrtc fills up its
 * transport feedback this way. */
static void strip_padding(struct rd *body)
{
	struct rd last = *body;

	rd_skip(&last, rd_left(&last) > 0 ? rd_left(&last) - 1 : 1);
	uint8_t padding = rd_u8(&last);
	if (padding == 0 || padding > rd_left(body))
		body->bad = true;
	else
		*body = rd_sub(body, rd_left(body) - padding);
}

static void read_body(struct rtcp_packet *out, struct rd *r, uint8_t pt, uint8_t count)
{
	switch (pt) {
	case RTCP_PT_SR:
		read_sr(out, r, count);
		break;
	case RTCP_PT_RR:
		read_rr(out, r, count);
		break;
	case RTCP_PT_BYE:
		read_bye(out, r, count);
		break;
	case RTCP_PT_RTPFB:
	case RTCP_PT_PSFB:
		read_feedback(out, r, pt, count);
		break;
	default:
		break;
	}
}

int rtcp_next(struct rtcp_reader *reader, struct rtcp_packet *out)
{
	struct rd *rd = &reader->rd;

	if (rd_ok(rd) && (rd_left(rd) == 0 || reader->count == LIMIT_RTCP_PACKETS))
		return 0;
	uint8_t first = rd_u8(rd);
	uint8_t pt = rd_u8(rd);
	struct rd body = rd_sub(rd, (size_t)rd_u16(rd) * 4);
	if (first >> 6 != 2 || pt < PT_FIRST || pt > PT_LAST)
		rd->bad = true;
	if (first & 0x20) {
		/* RFC 3550 6.4.1: only the last packet of a compound is padded. */
		if (rd_left(rd) > 0)
			rd->bad = true;
		strip_padding(&body);
	}
	*out = (struct rtcp_packet){.type = RTCP_OTHER};
	read_body(out, &body, pt, first & 0x1f);
	if (!rd_ok(&body))
		rd->bad = true;
	reader->count++;
	return rd_ok(rd) ? 1 : -EBADMSG;
}

/* Seconds from 1900 (NTP) to 1970 (Unix). */
#define NTP_UNIX_OFFSET 2208988800
#define US_PER_S	1000000

uint64_t rtcp_ntp_from_us(int64_t unix_us)
{
	int64_t s = unix_us / US_PER_S;
	int64_t us = unix_us % US_PER_S;

	if (us < 0) {
		us += US_PER_S;
		s--;
	}
	return (uint64_t)(s + NTP_UNIX_OFFSET) << 32 | ((uint64_t)us << 32) / US_PER_S;
}

int64_t rtcp_us_from_ntp(uint64_t ntp)
{
	int64_t s = (int64_t)(ntp >> 32);
	uint64_t fraction = ntp & 0xffffffff;

	/* RFC 4330 3: the 32 bits wrap in 2036; with the top bit clear it is the next era. */
	if (s < 0x80000000)
		s += (int64_t)1 << 32;
	return (s - NTP_UNIX_OFFSET) * US_PER_S +
	       (int64_t)((fraction * US_PER_S + 0x80000000) >> 32);
}
