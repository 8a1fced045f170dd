/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * RTCP (RFC 3550 6, RFC 4585, RFC 5104, RFC 5506 reduced size): a reader that walks a compound and
 * gives one plain packet after the other, and writers that append to one. No state, no side
 * effects.
 */
#ifndef VIDD_MEDIA_WIRE_RTCP_H
#define VIDD_MEDIA_WIRE_RTCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/bytes.h"
#include "media/base/limits.h"

/* Packet types and feedback formats as they stand on the wire. */
enum rtcp_wire {
	RTCP_PT_SR = 200,
	RTCP_PT_RR = 201,
	RTCP_PT_SDES = 202,
	RTCP_PT_BYE = 203,
	RTCP_PT_RTPFB = 205,
	RTCP_PT_PSFB = 206,
	RTCP_FMT_NACK = 1,  /* of RTPFB */
	RTCP_FMT_TWCC = 15, /* of RTPFB */
	RTCP_FMT_PLI = 1,   /* of PSFB */
	RTCP_FMT_FIR = 4,   /* of PSFB */
	RTCP_FMT_AFB = 15,  /* of PSFB: application layer, REMB */
};

enum rtcp_type {
	RTCP_SR,
	RTCP_RR,
	RTCP_BYE,
	RTCP_NACK,  /* RFC 4585 6.2.1 */
	RTCP_PLI,   /* RFC 4585 6.3.1 */
	RTCP_FIR,   /* RFC 5104 4.3.1 */
	RTCP_REMB,  /* draft-alvestrand-rmcat-remb-03 */
	RTCP_TWCC,  /* draft-holmer-rmcat-transport-wide-cc-extensions-01; body borrowed */
	RTCP_OTHER, /* well-formed and not ours to act on: SDES, XR, APP, ... */
};

struct rtcp_report {
	uint32_t ssrc;
	uint8_t fraction_lost; /* of 256 since the last report */
	int32_t lost;	       /* cumulative, 24 bits signed on the wire */
	uint32_t highest_seq;  /* extended */
	uint32_t jitter;       /* RTP timestamp units */
	uint32_t lsr;	       /* middle 32 bits of the NTP time of the last SR, 0: none */
	uint32_t dlsr;	       /* 1/65536 s */
};

struct rtcp_packet {
	enum rtcp_type type;
	uint32_t sender_ssrc;
	uint32_t media_ssrc; /* all feedback */
	/* SR */
	uint64_t ntp; /* 32.32 fixed point since 1900 */
	uint32_t rtp_timestamp;
	uint32_t packet_count;
	uint32_t octet_count;
	/* SR, RR: reports; BYE, FIR, REMB: ssrcs in use */
	struct rtcp_report reports[31];
	size_t report_count;
	uint32_t ssrcs[31];
	uint8_t fir_seq[31];
	size_t ssrc_count;
	/* NACK: the sequence numbers named, in wire order */
	uint16_t nack[LIMIT_RTCP_NACK_ITEMS * 17];
	size_t nack_count;
	uint64_t remb_bps; /* UINT64_MAX: more than can be said */
	/* TWCC: the feedback control information, for twcc_parse */
	const uint8_t *fci;
	size_t fci_len;
};

struct rtcp_reader {
	struct rd rd;
	size_t count;
};

struct rtcp_reader rtcp_reader_init(const uint8_t *buf, size_t len);
/* 1: *out holds the next packet; 0: the end; -EBADMSG: the rest is nonsense (what came before
 * stands: each packet is whole in itself). At most LIMIT_RTCP_PACKETS are given. */
int rtcp_next(struct rtcp_reader *reader, struct rtcp_packet *out);

/* Writers append one packet each; one that does not fit (or has more than 31 entries where the wire
 * counts in five bits) leaves the writer bad and nothing of it written. */
struct rtcp_sender_info {
	uint64_t ntp;
	uint32_t rtp_timestamp;
	uint32_t packet_count;
	uint32_t octet_count;
};
void rtcp_write_sr(struct wr *w, uint32_t ssrc, const struct rtcp_sender_info *info);
void rtcp_write_rr(struct wr *w, uint32_t ssrc, const struct rtcp_report *reports, size_t count);
void rtcp_write_sdes_cname(struct wr *w, uint32_t ssrc, const char *cname);
void rtcp_write_bye(struct wr *w, const uint32_t *ssrcs, size_t count);
/* seqs ascending (serial order); packed into PID/BLP items. Nothing is written for none. */
void rtcp_write_nack(struct wr *w, uint32_t sender, uint32_t media, const uint16_t *seqs,
		     size_t count);
void rtcp_write_pli(struct wr *w, uint32_t sender, uint32_t media);
void rtcp_write_fir(struct wr *w, uint32_t sender, uint32_t media, uint8_t seq);
/* bps is rounded down to the 18 bits of the mantissa. */
void rtcp_write_remb(struct wr *w, uint32_t sender, uint64_t bps, const uint32_t *ssrcs,
		     size_t count);

/* NTP time in 32.32 of a clock in microseconds since the Unix epoch, and its middle 32 bits. */
uint64_t rtcp_ntp_from_us(int64_t unix_us);
int64_t rtcp_us_from_ntp(uint64_t ntp);
static inline uint32_t rtcp_ntp_middle(uint64_t ntp)
{
	return (uint32_t)(ntp >> 16);
}

#endif
