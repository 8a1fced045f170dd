/* SPDX-License-Identifier: EUPL-1.2 */
/* The writing half of rtcp.h. Each packet's length is known before its first byte, so a packet that
 * does not fit leaves the writer bad with none of it written. */
#include <string.h>

#include "media/base/seq.h"
#include "media/wire/rtcp.h"

#define COUNT_MAX  31 /* five bits */
#define SDES_CNAME 1

/* RFC 3550 6.4.1: the head; count is RC, SC or FMT. False when the whole packet does not fit. */
static bool begin(struct wr *w, uint8_t pt, size_t count, size_t body_bytes)
{
	if (count > COUNT_MAX || body_bytes / 4 > UINT16_MAX || wr_left(w) < 4 + body_bytes) {
		w->bad = true;
		return false;
	}
	wr_u8(w, (uint8_t)(0x80 | count));
	wr_u8(w, pt);
	wr_u16(w, (uint16_t)(body_bytes / 4));
	return true;
}

/* RFC 4585 6.1. */
static bool begin_feedback(struct wr *w, uint8_t pt, uint8_t fmt, uint32_t sender, uint32_t media,
			   size_t fci_bytes)
{
	if (!begin(w, pt, fmt, 8 + fci_bytes))
		return false;
	wr_u32(w, sender);
	wr_u32(w, media);
	return true;
}

void rtcp_write_sr(struct wr *w, uint32_t ssrc, const struct rtcp_sender_info *info)
{
	if (!begin(w, RTCP_PT_SR, 0, 24))
		return;
	wr_u32(w, ssrc);
	wr_u64(w, info->ntp);
	wr_u32(w, info->rtp_timestamp);
	wr_u32(w, info->packet_count);
	wr_u32(w, info->octet_count);
}

/* RFC 3550 A.3: the cumulative loss is clamped to what 24 bits hold. */
static uint32_t clamp_lost(int32_t lost)
{
	if (lost > 0x7fffff)
		lost = 0x7fffff;
	if (lost < -0x800000)
		lost = -0x800000;
	return (uint32_t)lost & 0xffffff;
}

void rtcp_write_rr(struct wr *w, uint32_t ssrc, const struct rtcp_report *reports, size_t count)
{
	if (!begin(w, RTCP_PT_RR, count, 4 + count * 24))
		return;
	wr_u32(w, ssrc);
	for (size_t i = 0; i < count; i++) {
		wr_u32(w, reports[i].ssrc);
		wr_u8(w, reports[i].fraction_lost);
		wr_u24(w, clamp_lost(reports[i].lost));
		wr_u32(w, reports[i].highest_seq);
		wr_u32(w, reports[i].jitter);
		wr_u32(w, reports[i].lsr);
		wr_u32(w, reports[i].dlsr);
	}
}

void rtcp_write_sdes_cname(struct wr *w, uint32_t ssrc, const char *cname)
{
	size_t len = strlen(cname);
	/* RFC 3550 6.5: one to four zero bytes end the chunk on a word. */
	size_t padding = 4 - (2 + len) % 4;

	if (len > UINT8_MAX) {
		w->bad = true;
		return;
	}
	if (!begin(w, RTCP_PT_SDES, 1, 4 + 2 + len + padding))
		return;
	wr_u32(w, ssrc);
	wr_u8(w, SDES_CNAME);
	wr_u8(w, (uint8_t)len);
	wr_bytes(w, cname, len);
	wr_zero(w, padding);
}

void rtcp_write_bye(struct wr *w, const uint32_t *ssrcs, size_t count)
{
	if (!begin(w, RTCP_PT_BYE, count, count * 4))
		return;
	for (size_t i = 0; i < count; i++)
		wr_u32(w, ssrcs[i]);
}

/* Packs seqs[*at...] into one item as far as its 16 bits reach. */
static uint32_t nack_item(const uint16_t *seqs, size_t count, size_t *at)
{
	uint16_t pid = seqs[(*at)++];
	uint32_t blp = 0;

	for (; *at < count; (*at)++) {
		int ahead = seq_diff(seqs[*at], pid);

		if (ahead < 0 || ahead > 16)
			break;
		if (ahead > 0)
			blp |= 1u << (ahead - 1);
	}
	return (uint32_t)pid << 16 | blp;
}

void rtcp_write_nack(struct wr *w, uint32_t sender, uint32_t media, const uint16_t *seqs,
		     size_t count)
{
	size_t items = 0;

	/* RFC 4585 6.2.1: a NACK of nothing does not exist. */
	if (count == 0)
		return;
	for (size_t at = 0; at < count; items++)
		nack_item(seqs, count, &at);
	if (!begin_feedback(w, RTCP_PT_RTPFB, RTCP_FMT_NACK, sender, media, items * 4))
		return;
	for (size_t at = 0; at < count;)
		wr_u32(w, nack_item(seqs, count, &at));
}

void rtcp_write_pli(struct wr *w, uint32_t sender, uint32_t media)
{
	begin_feedback(w, RTCP_PT_PSFB, RTCP_FMT_PLI, sender, media, 0);
}

void rtcp_write_fir(struct wr *w, uint32_t sender, uint32_t media, uint8_t seq)
{
	/* RFC 5104 4.3.1.2: the media source of the head is 0, the entry names it. */
	if (!begin_feedback(w, RTCP_PT_PSFB, RTCP_FMT_FIR, sender, 0, 8))
		return;
	wr_u32(w, media);
	wr_u8(w, seq);
	wr_u24(w, 0);
}

void rtcp_write_remb(struct wr *w, uint32_t sender, uint64_t bps, const uint32_t *ssrcs,
		     size_t count)
{
	uint32_t exponent = 0;

	if (count > UINT8_MAX) {
		w->bad = true;
		return;
	}
	/* Rounded down: what is granted is never more than was meant. */
	for (; bps > 0x3ffff; bps >>= 1)
		exponent++;
	if (!begin_feedback(w, RTCP_PT_PSFB, RTCP_FMT_AFB, sender, 0, 8 + count * 4))
		return;
	wr_bytes(w, "REMB", 4);
	wr_u8(w, (uint8_t)count);
	wr_u24(w, exponent << 18 | (uint32_t)bps);
	for (size_t i = 0; i < count; i++)
		wr_u32(w, ssrcs[i]);
}
