/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/sub.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "media/route/egress.h"
#include "media/route/match.h"

enum {
	/* 64 packets of 20 ms: longer than any audio jitter buffer waits. Power of two. */
	SUB_AUDIO_SENT = 64,
	/* sent.h answers up to max(1 s, 3 RTT); a satellite's RTT is below 700 ms. */
	SUB_SENT_AGE_US = 2000000,
};

static bool wants_history(const struct mline_params *mline)
{
	for (size_t i = 0; i < mline->codec_count; i++)
		if (mline->codec[i].has_nack)
			return true;
	return false;
}

int sub_new(struct sub **out, struct transport *transport, const struct mline_params *mline)
{
	struct rng *rng = &transport->outlet->rng;
	struct sub *sub = calloc(1, sizeof(*sub));
	size_t depth = mline->kind == MEDIA_AUDIO ? SUB_AUDIO_SENT : LIMIT_SENT_PACKETS;

	if (!sub)
		return -ENOMEM;
	if (wants_history(mline) && sent_new(&sub->sent, depth)) {
		free(sub);
		return -ENOMEM;
	}
	sub->transport = transport;
	sub->mline = mline;
	sub->ssrc = mline->send_ssrc;
	sub->rtx_ssrc = mline->send_rtx_ssrc;
	sub->encoding = LAYERS_NONE;
	sub->target = LAYERS_NONE;
	/* RFC 3711 3.3.1: below 2^15, or losing the first packets confuses the rollover counter. */
	rewrite_init(&sub->rewrite, (uint16_t)rng_below(rng, 1 << 15), rng_u32(rng));
	sub->rtx_seq = (uint16_t)rng_below(rng, 1 << 15);
	*out = sub;
	return 0;
}

void sub_free(struct sub *sub)
{
	if (!sub)
		return;
	sent_free(sub->sent);
	free(sub);
}

void sub_show(struct sub *sub, struct track *track, const struct mline_params *source)
{
	sub->track = track;
	sub->encoding = LAYERS_NONE;
	sub->target = LAYERS_NONE;
	sub->origin++;
	sub_renegotiated(sub, source);
}

void sub_renegotiated(struct sub *sub, const struct mline_params *source)
{
	for (size_t i = 0; i < LIMIT_CODECS; i++) {
		bool is_listed = source && i < source->codec_count;

		sub->codec[i] =
			is_listed ? (int8_t)match_codec(sub->mline, &source->codec[i]) : MATCH_NONE;
	}
}

/* --- one packet ------------------------------------------------------------------------------ */

static bool is_present(const struct sub *sub, const struct packet *packet)
{
	return packet->encoding == sub->encoding && packet->generation == sub->generation;
}

/* Whether the slot's source may become this packet's encoding here. */
static enum sub_result try_switch(struct sub *sub, const struct packet *packet,
				  const struct rewrite_in *in, bool is_newest)
{
	bool is_audio = !codec_is_video(packet->codec->codec);

	if (packet->encoding != sub->target || packet->header.payload_len == 0)
		return SUB_PASSED;
	if (!is_audio && !packet_starts_keyframe(packet))
		return SUB_PASSED;
	if (!is_newest)
		return is_audio ? SUB_PASSED : SUB_NEEDS_KEYFRAME;
	rewrite_switch(&sub->rewrite, in);
	sub->encoding = packet->encoding;
	sub->generation = packet->generation;
	sub->wants_report = true;
	transport_wake(sub->transport, in->arrival_us);
	return SUB_SENT;
}

/* What a kept packet is, as its tag: the datagram that went out, or the source it was made from, of
 * this origin. */
#define TAG_DATAGRAM 1u

static uint16_t tag_of_origin(const struct sub *sub)
{
	return (uint16_t)(sub->origin << 1);
}

/* With RTX the copy is written again from the source; without, the very bytes go again, because
 * the same number may not be protected twice. */
static void remember(struct sub *sub, int64_t now_us, const struct packet *packet,
		     const struct rewrite_out *numbers, struct pkt *datagram)
{
	const struct codec_params *codec = &sub->mline->codec[sub->codec[packet->codec_index]];
	bool by_rtx = codec->rtx_pt && sub->rtx_ssrc;
	struct sent_packet item = {
		.pkt = by_rtx ? packet->pkt : datagram,
		.sent_us = now_us,
		.numbers = *numbers,
		.codec = packet->codec->codec,
		.tag = by_rtx ? tag_of_origin(sub) : TAG_DATAGRAM,
	};

	if (sub->sent && codec->has_nack)
		sent_put(sub->sent, &item);
}

/* A copy, protected and queued: the datagram, with a reference for the caller, or NULL. */
static struct pkt *send_copy(struct sub *sub, int64_t now_us, const struct packet *packet,
			     const struct rewrite_out *numbers, const struct egress *how)
{
	struct outlet *outlet = sub->transport->outlet;
	struct pkt *out = outlet_packet(outlet, packet->pkt->arrival_us);

	if (!out)
		return NULL;
	if (egress_write(out, now_us, packet, numbers, how)) {
		outlet->stats.dropped_malformed++;
		pkt_unref(out);
		return NULL;
	}
	pkt_ref(out);
	if (transport_send(sub->transport, out, false)) {
		pkt_unref(out);
		return NULL;
	}
	if (!how->is_rtx) {
		sub->packet_count++;
		sub->octet_count += (uint32_t)packet->header.payload_len;
	}
	return out;
}

static enum sub_result send_mapped(struct sub *sub, int64_t now_us, const struct packet *packet,
				   const struct rewrite_out *numbers)
{
	struct egress how = {
		.codec = &sub->mline->codec[sub->codec[packet->codec_index]],
		.exts = &sub->mline->exts,
		.mid = sub->is_mid_known ? NULL : sub->mline->mid,
		.ssrc = sub->ssrc,
	};
	struct pkt *out;

	out = send_copy(sub, now_us, packet, numbers, &how);
	if (!out)
		return SUB_PASSED;
	remember(sub, now_us, packet, numbers, out);
	pkt_unref(out);
	sub->transport->outlet->stats.rtp_forwarded++;
	return SUB_SENT;
}

static struct rewrite_in numbers_in(const struct packet *packet, int64_t capture_us)
{
	return (struct rewrite_in){
		.seq = packet->header.seq,
		.timestamp = packet->header.timestamp,
		.arrival_us = capture_us,
		.clock_hz = packet->codec->clock_hz,
		.frame = packet->has_frame ? &packet->frame : NULL,
		.has_frame_number = packet->has_frame_number,
		.frame_number = packet->frame_number,
	};
}

enum sub_result sub_forward(struct sub *sub, int64_t now_us, const struct packet *packet,
			    int64_t capture_us, bool is_newest)
{
	struct rewrite_in in = numbers_in(packet, capture_us);
	struct rewrite_out numbers;
	enum sub_result result;

	if (!transport_is_ready(sub->transport))
		return SUB_PASSED;
	if (!is_present(sub, packet)) {
		if (sub->codec[packet->codec_index] == MATCH_NONE)
			return SUB_PASSED;
		result = try_switch(sub, packet, &in, is_newest);
		if (result != SUB_SENT)
			return result;
	}
	if (packet->header.payload_len == 0 || sub->codec[packet->codec_index] == MATCH_NONE) {
		rewrite_drop(&sub->rewrite, &in);
		return SUB_PASSED;
	}
	if (rewrite_packet(&sub->rewrite, &in, &numbers))
		return SUB_PASSED;
	return send_mapped(sub, now_us, packet, &numbers);
}

/* --- a cached run ---------------------------------------------------------------------------- */

bool sub_is_waiting(const struct sub *sub, const struct packet *packet)
{
	return packet->encoding == sub->target && !is_present(sub, packet) &&
	       sub->codec[packet->codec_index] != MATCH_NONE && transport_is_ready(sub->transport);
}

void sub_replay_begin(struct sub *sub, const struct packet *first, const struct packet *last,
		      int64_t capture_us, uint16_t pictures)
{
	const struct rewrite_in first_in = numbers_in(first, capture_us);
	const struct rewrite_in last_in = numbers_in(last, capture_us);

	rewrite_replay(&sub->rewrite, &first_in, &last_in, pictures);
	sub->encoding = first->encoding;
	sub->generation = first->generation;
	sub->wants_report = true;
	transport_wake(sub->transport, capture_us);
}

void sub_replay_packet(struct sub *sub, int64_t now_us, const struct packet *packet)
{
	const struct rewrite_in in = numbers_in(packet, now_us);
	struct rewrite_out numbers;

	rewrite_jump(&sub->rewrite, &in);
	if (!rewrite_packet(&sub->rewrite, &in, &numbers))
		(void)send_mapped(sub, now_us, packet, &numbers); /* what is lost is asked for */
}

void sub_replay_end(struct sub *sub, uint16_t highest_seq)
{
	rewrite_resume(&sub->rewrite, highest_seq);
}

/* --- retransmission -------------------------------------------------------------------------- */

/* The datagram as it went. */
static void resend_same(struct sub *sub, int64_t now_us, const struct sent_packet *item)
{
	struct outlet *outlet = sub->transport->outlet;
	const struct path *path = ice_selected(&sub->transport->ice);
	struct pkt *out = path ? outlet_packet(outlet, now_us) : NULL;

	if (!out)
		return;
	memcpy(out->data, item->pkt->data, item->pkt->len);
	out->len = item->pkt->len;
	outlet_send(outlet, out, path);
	outlet->stats.rtx_out++;
}

static void resend_rtx(struct sub *sub, int64_t now_us, const struct sent_packet *item,
		       const struct rtp_ext_map *exts, const struct mline_params *source)
{
	struct rewrite_out numbers = item->numbers;
	struct egress how = {
		.exts = &sub->mline->exts,
		.mid = sub->mline->mid,
		.ssrc = sub->rtx_ssrc,
		.is_rtx = true,
	};
	struct packet packet;
	struct pkt *out;

	/* They parsed when they came; the publisher's m-line may have changed since. */
	if (packet_parse(&packet, item->pkt, exts) || packet_set_codec(&packet, source) ||
	    packet_inspect(&packet) || sub->codec[packet.codec_index] == MATCH_NONE)
		return;
	packet_read_frame_number(&packet);
	how.codec = &sub->mline->codec[sub->codec[packet.codec_index]];
	if (how.codec->codec != item->codec || !how.codec->rtx_pt)
		return;
	how.rtx_seq = sub->rtx_seq;
	out = send_copy(sub, now_us, &packet, &numbers, &how);
	if (!out)
		return;
	sub->rtx_seq++;
	pkt_unref(out);
	sub->transport->outlet->stats.rtx_out++;
}

void sub_resend(struct sub *sub, int64_t now_us, uint16_t seq, const struct rtp_ext_map *exts,
		const struct mline_params *source)
{
	const struct sent_packet *item;

	if (!sub->sent || !transport_is_ready(sub->transport))
		return;
	item = sent_resend(sub->sent, now_us, seq, sub->transport->rtt_us);
	if (!item)
		return;
	if (item->tag & TAG_DATAGRAM)
		resend_same(sub, now_us, item);
	else if (item->tag == tag_of_origin(sub) && sub->track)
		resend_rtx(sub, now_us, item, exts, source);
}

void sub_tick(struct sub *sub, int64_t now_us)
{
	if (sub->sent)
		sent_expire(sub->sent, now_us - SUB_SENT_AGE_US);
}
