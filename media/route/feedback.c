/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/feedback.h"

#include <string.h>

#include "media/base/heap.h"

enum {
	/* As DTLS: below IPv6's 1280 with headers. */
	FEEDBACK_BYTES = LIMIT_DTLS_MTU_BYTES,
	/* Sequence numbers in one NACK packet: at worst an item of 4 bytes each. */
	FEEDBACK_NACKS = 64,
	/* RFC 3550 6.4.1: SR without blocks, and SDES with one CNAME. */
	FEEDBACK_SR_BYTES = 28,
	FEEDBACK_SDES_BYTES = 12 + LIMIT_CNAME_BYTES + 4,
	/* 31 blocks is what the count field holds. */
	FEEDBACK_BLOCKS = 31,
	/* SSRCs named in one REMB: what our own reader takes, too. libwebrtc minds the rate only.
	 */
	FEEDBACK_REMB_SSRCS = 31,
	FEEDBACK_REMB_AGAIN_US = 1000000,
	FEEDBACK_REMB_APART_US = 50000,
	FEEDBACK_REMB_CHANGE_PERMILLE = 30,
};

/* "No cap": libwebrtc keeps the last REMB until another comes, so lifting takes a number that
 * holds nobody. */
#define FEEDBACK_REMB_LIFTED_BPS 1000000000

void feedback_begin(struct feedback *f, struct transport *transport, int64_t now_us, uint32_t ssrc,
		    const char *cname)
{
	memset(f, 0, sizeof(*f));
	f->transport = transport;
	f->now_us = now_us;
	f->ssrc = ssrc;
	f->cname = cname;
}

void feedback_end(struct feedback *f)
{
	if (!f->pkt)
		return;
	f->pkt->len = (uint16_t)wr_len(&f->wr);
	if (f->pkt->len == 0)
		pkt_unref(f->pkt);
	else
		/* Feedback that cannot leave is not kept: it will be out of date. */
		(void)transport_send(f->transport, f->pkt, true);
	f->pkt = NULL;
}

/* A writer with that many bytes left, in this datagram or the next; NULL when no buffer is left. */
static struct wr *room_for(struct feedback *f, size_t bytes)
{
	if (f->pkt && wr_left(&f->wr) < bytes)
		feedback_end(f);
	if (!f->pkt) {
		f->pkt = outlet_packet(f->transport->outlet, f->now_us);
		if (!f->pkt)
			return NULL;
		f->wr = wr_init(f->pkt->data, FEEDBACK_BYTES - SRTP_LINK_MAX_TRAILER);
	}
	return &f->wr;
}

void feedback_sender_report(struct feedback *f, struct sub *sub)
{
	struct rtcp_sender_info info = {
		.packet_count = sub->packet_count,
		.octet_count = sub->octet_count,
	};
	uint32_t source_ts;
	struct wr *w;

	sub->wants_report = false;
	if (!sub->track || sub->packet_count == 0 ||
	    !track_timestamp(sub->track, f->now_us, sub, &source_ts))
		return;
	w = room_for(f, FEEDBACK_SR_BYTES + FEEDBACK_SDES_BYTES);
	if (!w)
		return;
	info.ntp = rtcp_ntp_from_us(f->now_us + f->transport->outlet->unix_offset_us);
	info.rtp_timestamp = rewrite_timestamp(&sub->rewrite, source_ts);
	rtcp_write_sr(w, sub->ssrc, &info);
	rtcp_write_sdes_cname(w, sub->ssrc, f->cname);
}

static size_t collect_blocks(struct track *track, int64_t now_us, struct rtcp_report *blocks,
			     size_t cap)
{
	size_t count = 0;

	for (size_t i = 0; track && i < track->encoding_count && count < cap; i++)
		if (track->encoding[i].is_known)
			recv_report(&track->encoding[i].recv, now_us, &blocks[count++]);
	return count;
}

void feedback_receiver_report(struct feedback *f, struct track *const *tracks, size_t count)
{
	struct rtcp_report blocks[FEEDBACK_BLOCKS];
	size_t have = 0;
	struct wr *w;

	for (size_t i = 0; i < count; i++)
		have += collect_blocks(tracks[i], f->now_us, blocks + have, FEEDBACK_BLOCKS - have);
	if (have == 0)
		return;
	w = room_for(f, 8 + have * 24 + FEEDBACK_SDES_BYTES);
	if (!w)
		return;
	rtcp_write_rr(w, f->ssrc, blocks, have);
	rtcp_write_sdes_cname(w, f->ssrc, f->cname);
}

/* How long an answer takes now. The measured round trip is smoothed over reports a second apart: a
 * queue that has just built up is not in it yet. */
static int64_t answer_us(const struct feedback *f)
{
	int64_t rtt_us = f->transport->rtt_us;

	return f->up_queue_us > rtt_us && rtt_us > 0 ? rtt_us + f->up_queue_us : rtt_us;
}

static void request_missing(struct feedback *f, struct encoding *e)
{
	struct engine_stats *stats = &f->transport->outlet->stats;
	uint16_t seqs[FEEDBACK_NACKS];
	size_t count;

	do {
		struct wr *w = room_for(f, 12 + FEEDBACK_NACKS * 4);

		if (!w)
			return;
		count = nack_due(&e->nack, f->now_us, answer_us(f), seqs, FEEDBACK_NACKS);
		if (count)
			rtcp_write_nack(w, f->ssrc, e->ssrc, seqs, count);
		stats->nacks_out += count;
	} while (count == FEEDBACK_NACKS);
}

static void request_keyframe(struct feedback *f, struct track *track, struct encoding *e)
{
	struct wr *w;

	if (!keyframe_due(&e->keyframe, f->now_us, track->transport->rtt_us))
		return;
	w = room_for(f, 20);
	if (!w)
		return;
	f->transport->outlet->stats.keyframe_requests_out++;
	if (e->codec && !e->codec->has_pli && e->codec->has_fir)
		rtcp_write_fir(w, f->ssrc, e->ssrc, e->fir_seq++);
	else
		rtcp_write_pli(w, f->ssrc, e->ssrc);
}

void feedback_requests(struct feedback *f, struct track *track)
{
	for (size_t i = 0; i < track->encoding_count; i++) {
		struct encoding *e = &track->encoding[i];

		if (!e->is_known)
			continue;
		if (nack_deadline_us(&e->nack) <= f->now_us)
			request_missing(f, e);
		request_keyframe(f, track, e);
	}
}

void feedback_arrival(struct feedback *f, struct arrival *arrival, uint32_t media_ssrc)
{
	struct wr *w;

	/* Half a datagram at least, or small pieces of feedback would be made. */
	do {
		w = room_for(f, FEEDBACK_BYTES / 2);
	} while (w && arrival_feedback(arrival, f->now_us, f->ssrc, media_ssrc, w));
}

int64_t feedback_remb_deadline_us(const struct feedback_remb_state *remb, uint32_t cap_bps)
{
	uint32_t told = remb->told_bps;
	uint32_t change = cap_bps > told ? cap_bps - told : told - cap_bps;

	if (cap_bps == 0 && told == 0)
		return DEADLINE_NEVER;
	if (cap_bps == 0 || told == 0 ||
	    (uint64_t)change * 1000 > (uint64_t)told * FEEDBACK_REMB_CHANGE_PERMILLE)
		return remb->told_us + FEEDBACK_REMB_APART_US;
	return remb->told_us + FEEDBACK_REMB_AGAIN_US;
}

void feedback_remb(struct feedback *f, struct feedback_remb_state *remb, uint32_t cap_bps,
		   struct track *const *tracks, size_t count)
{
	uint32_t ssrcs[FEEDBACK_REMB_SSRCS];
	size_t have = 0;
	struct wr *w;

	if (feedback_remb_deadline_us(remb, cap_bps) > f->now_us)
		return;
	for (size_t i = 0; i < count; i++)
		for (size_t e = 0; tracks[i] && e < tracks[i]->encoding_count; e++)
			if (tracks[i]->encoding[e].is_known && have < FEEDBACK_REMB_SSRCS)
				ssrcs[have++] = tracks[i]->encoding[e].ssrc;
	remb->told_us = f->now_us; /* or tried: not again for a while */
	w = have ? room_for(f, 20 + have * 4) : NULL;
	if (!w)
		return;
	rtcp_write_remb(w, f->ssrc, cap_bps ? cap_bps : FEEDBACK_REMB_LIFTED_BPS, ssrcs, have);
	remb->told_bps = cap_bps;
}

void feedback_bye(struct feedback *f, const uint32_t *ssrcs, size_t count)
{
	struct wr *w = room_for(f, 8 + FEEDBACK_SDES_BYTES + 4 + count * 4);

	if (!w || count == 0)
		return;
	rtcp_write_rr(w, f->ssrc, NULL, 0);
	rtcp_write_sdes_cname(w, f->ssrc, f->cname);
	rtcp_write_bye(w, ssrcs, count);
}
