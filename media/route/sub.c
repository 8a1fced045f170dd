/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/sub.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "media/route/match.h"

enum {
	/* 64 packets of 20 ms: longer than any audio jitter buffer waits. Power of two. */
	SUB_AUDIO_SENT = 64,
};

static bool wants_history(const struct mline_params *mline)
{
	for (size_t i = 0; i < mline->codec_count; i++)
		if (mline->codec[i].has_nack)
			return true;
	return false;
}

int sub_new(struct sub **out, struct transport *transport, struct sender *sender,
	    const struct mline_params *mline)
{
	struct rng *rng = &transport->outlet->rng;
	size_t frames = mline->kind == MEDIA_VIDEO ? SELECTOR_FRAMES : 0;
	struct sub *sub = calloc(1, sizeof(*sub) + frames * sizeof(struct selector_frame));
	size_t depth = mline->kind == MEDIA_AUDIO ? SUB_AUDIO_SENT : LIMIT_SENT_PACKETS;

	if (!sub)
		return -ENOMEM;
	if (wants_history(mline) && sent_new(&sub->sent, depth)) {
		free(sub);
		return -ENOMEM;
	}
	sub->transport = transport;
	sub->sender = sender;
	sub->mline = mline;
	sub->ssrc = mline->send_ssrc;
	sub->rtx_ssrc = mline->send_rtx_ssrc;
	selector_init(&sub->selector, frames ? (struct selector_frame *)(sub + 1) : NULL);
	voiceout_init(&sub->voiceout, (struct voice_policy){.merge = 1});
	sub->is_heard = true;
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
	waiting_close(&sub->waiting);
	sent_free(sub->sent);
	free(sub);
}

void sub_show(struct sub *sub, const struct sub_source *source)
{
	waiting_clear(&sub->waiting);
	sub->track = source ? source->track : NULL;
	sub->source = source ? source->mline : NULL;
	sub->source_exts = source ? source->exts : NULL;
	selector_init(&sub->selector, sub->selector.frames);
	memset(&sub->share, 0, sizeof(sub->share));
	sub->share.point = SHARE_NONE;
	sub->is_skipping = false;
	sub->is_replaying = false;
	sub->need = SELECTOR_NEEDS_NOTHING;
	sub->still_period_us = 0;
	sub->picture_told = ENGINE_PICTURE_FULL;
	sub->hears = false;
	sub->voice_bps = 0;
	sub->cost_bps = 0;
	sub->origin++;
	sub_renegotiated(sub);
}

void sub_forget(struct sub *sub)
{
	if (sub->sent)
		sent_expire(sub->sent, INT64_MAX);
}

void sub_renegotiated(struct sub *sub)
{
	for (size_t i = 0; i < LIMIT_CODECS; i++) {
		bool is_listed = sub->source && i < sub->source->codec_count;

		sub->codec[i] = is_listed ? (int8_t)match_codec(sub->mline, &sub->source->codec[i])
					  : MATCH_NONE;
	}
}

/* --- one packet ------------------------------------------------------------------------------ */

bool sub_takes_codec(const struct sub *sub, const struct packet *packet)
{
	return sub->codec[packet->codec_index] != MATCH_NONE;
}

bool sub_takes(const struct sub *sub, const struct packet *packet)
{
	if (!sub_takes_codec(sub, packet))
		return false;
	if (sub->mline->kind == MEDIA_AUDIO)
		return sub->hears && packet->generation == sub->generation;
	return packet->encoding == sub->selector.now.encoding ||
	       (packet->encoding == sub->selector.want.encoding && !sub->still_period_us);
}

bool sub_can_show(const struct sub *sub)
{
	for (size_t i = 0; i < LIMIT_CODECS; i++)
		if (sub->codec[i] != MATCH_NONE)
			return true;
	return false;
}

bool sub_is_spared(const struct sub *sub)
{
	/* SSRCs are random: an even part of all. */
	return sub->ssrc % ENGINE_SPARE_PARTS < sub->transport->outlet->spared;
}

static uint16_t tag_of_origin(const struct sub *sub)
{
	return (uint16_t)(sub->origin << 1);
}

bool sub_is_of_origin(const struct sub *sub, uint16_t tag)
{
	return sub->track && tag == tag_of_origin(sub);
}

/* With RTX the copy is written again from the source; without, the very bytes go again, because
 * the same number may not be protected twice. */
static void remember(struct sub *sub, int64_t now_us, const struct packet *packet,
		     const struct rewrite_out *numbers, struct pkt *datagram,
		     uint16_t transport_seq)
{
	const struct codec_params *codec = &sub->mline->codec[sub->codec[packet->codec_index]];
	bool by_rtx = codec->rtx_pt && sub->rtx_ssrc;
	struct sent_packet item = {
		.pkt = by_rtx ? packet->pkt : datagram,
		.sent_us = now_us,
		.numbers = *numbers,
		.transport_seq = transport_seq,
		.codec = packet->codec->codec,
		.tag = by_rtx ? tag_of_origin(sub) : SENT_DATAGRAM,
	};

	if (sub->sent && codec->has_nack)
		sent_put(sub->sent, &item);
}

static enum bwe_class class_of(const struct sub *sub, const struct egress *how)
{
	if (sub->mline->kind == MEDIA_AUDIO)
		return BWE_AUDIO;
	return how->is_rtx ? BWE_REPAIR : BWE_VIDEO;
}

struct pkt *sub_send_copy(struct sub *sub, int64_t now_us, const struct packet *packet,
			  const struct rewrite_out *numbers, struct egress *how)
{
	struct outlet *outlet = sub->transport->outlet;
	/* What goes again, or from the run, has not been on its way since it came. */
	bool is_old = how->is_rtx || sub->is_replaying;
	struct pkt *out = outlet_packet(outlet, is_old ? now_us : packet->pkt->arrival_us);

	if (!out)
		return NULL;
	how->transport_seq = sender_number(sub->sender);
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
	sender_sent(sub->sender, now_us, class_of(sub, how), out->len);
	if (!how->is_rtx) {
		sub->packet_count++;
		sub->octet_count += (uint32_t)packet->header.payload_len;
	}
	return out;
}

static bool send_mapped(struct sub *sub, int64_t now_us, const struct packet *packet,
			const struct rewrite_out *numbers, bool ends_picture)
{
	struct egress how = {
		.codec = &sub->mline->codec[sub->codec[packet->codec_index]],
		.exts = &sub->mline->exts,
		.mid = sub->is_mid_known ? NULL : sub->mline->mid,
		.ssrc = sub->ssrc,
		.ends_picture = ends_picture,
		.even = &sub->even,
	};
	struct pkt *out = sub_send_copy(sub, now_us, packet, numbers, &how);

	if (!out)
		return false;
	remember(sub, now_us, packet, numbers, out, how.transport_seq);
	pkt_unref(out);
	sub->transport->outlet->stats.rtp_forwarded++;
	return true;
}

static struct rewrite_in numbers_of(const struct waiting_item *item)
{
	const struct packet *packet = &item->packet;

	return (struct rewrite_in){
		.seq = packet->header.seq,
		.timestamp = packet->header.timestamp,
		.arrival_us = item->capture_us,
		.clock_hz = packet->codec->clock_hz,
		.frame = packet->has_frame ? &packet->frame : NULL,
		.has_frame_number = packet->has_frame_number,
		.frame_number = packet->frame_number,
	};
}

static struct selector_packet facts_of(const struct waiting_item *item)
{
	const struct packet *packet = &item->packet;

	return (struct selector_packet){
		.encoding = (int8_t)packet->encoding,
		.generation = packet->generation,
		.is_newest = item->is_newest,
		.has_frame_number = packet->has_frame_number,
		.frame_number = packet->frame_number,
		.timestamp = packet->header.timestamp,
		.frame = packet->has_frame ? &packet->frame : NULL,
	};
}

/* Of an empty packet or one that the slot's codecs do not hold any more nothing is sent. */
static bool has_content(const struct sub *sub, const struct packet *packet)
{
	return packet->header.payload_len > 0 && sub->codec[packet->codec_index] != MATCH_NONE;
}

static void begin_source(struct sub *sub, int64_t now_us, const struct rewrite_in *in)
{
	rewrite_switch(&sub->rewrite, in);
	sub->wants_report = true;
	transport_wake(sub->transport, now_us);
}

/* Where the packet stands among the numbers of its source. */
static void place(struct sub *sub, int64_t now_us, const struct waiting_item *item,
		  const struct rewrite_in *in, enum selector_verdict verdict)
{
	if (verdict == SELECTOR_SWITCH)
		begin_source(sub, now_us, in);
	/* Of a run only base packets are here: what lay between them is not coming. */
	if (item->is_replayed)
		rewrite_jump(&sub->rewrite, in);
}

static void note_need(struct sub *sub, const struct selector_decision *decision)
{
	if (decision->need <= sub->need)
		return;
	sub->need = decision->need;
	sub->need_encoding = decision->need_encoding;
}

static void emit_picture(struct sub *sub, int64_t now_us, const struct waiting_item *item,
			 struct rewrite_in *in)
{
	struct selector_packet facts = facts_of(item);
	struct selector_decision decision = selector_packet(&sub->selector, &facts);
	struct rewrite_out numbers;

	note_need(sub, &decision);
	place(sub, now_us, item, in, decision.verdict);
	if (decision.verdict == SELECTOR_DROP || !has_content(sub, &item->packet)) {
		if (decision.is_present)
			rewrite_drop(&sub->rewrite, in);
		return;
	}
	if (rewrite_packet(&sub->rewrite, in, &numbers)) {
		return;
	}
	if (!send_mapped(sub, now_us, &item->packet, &numbers, decision.ends_picture))
		selector_dropped(&sub->selector, &facts);
	else
		sub->shown_us = now_us;
}

/* What follows the run goes on from where the source is. */
static void end_replay(struct sub *sub, int64_t now_us)
{
	sub->replayed_us = now_us;
	selector_resume(&sub->selector);
	rewrite_resume(&sub->rewrite, sub->replay_end);
	sub->is_replaying = false;
	if (!sub->is_still)
		return;
	/* Pictures since then were not sent: nothing can go on from it. */
	selector_stop(&sub->selector);
	if (sub->selector.want.encoding != LAYERS_NONE) {
		sub->need = SELECTOR_NEEDS_URGENT;
		sub->need_encoding = sub->selector.want.encoding;
	}
}

void sub_emit(struct sub *sub, int64_t now_us, const struct waiting_item *item)
{
	struct rewrite_in in = numbers_of(item);
	struct rewrite_out numbers;

	if (sub->mline->kind == MEDIA_VIDEO) {
		emit_picture(sub, now_us, item, &in);
		if (item->ends_replay)
			end_replay(sub, now_us);
	} else if (!has_content(sub, &item->packet)) {
		rewrite_drop(&sub->rewrite, &in);
	} else if (rewrite_packet(&sub->rewrite, &in, &numbers) == 0) {
		(void)send_mapped(sub, now_us, &item->packet, &numbers, false);
	}
}

void sub_skip(struct sub *sub, int64_t now_us, const struct waiting_item *item)
{
	struct selector_packet facts = facts_of(item);
	struct selector_decision decision = selector_packet(&sub->selector, &facts);
	struct rewrite_in in = numbers_of(item);

	note_need(sub, &decision);
	place(sub, now_us, item, &in, decision.verdict);
	if (decision.is_present)
		rewrite_drop(&sub->rewrite, &in);
	if (decision.verdict != SELECTOR_DROP)
		selector_dropped(&sub->selector, &facts);
	if (item->ends_replay)
		end_replay(sub, now_us);
}

void sub_break(struct sub *sub)
{
	selector_stop(&sub->selector);
	sub->is_replaying = false;
	sub->need = SELECTOR_NEEDS_URGENT;
	sub->need_encoding = sub->selector.want.encoding;
}

void sub_want(struct sub *sub, struct layer_target target, int64_t still_period_us)
{
	bool had_stills = sub->still_period_us != 0;
	int64_t due_us = sub->shown_us + still_period_us;

	/* The last picture stands as the first still. */
	if (!had_stills || due_us < sub->still_us)
		sub->still_us = due_us;
	sub->still_period_us = still_period_us;
	/* A still under way is finished. */
	if (target.encoding != LAYERS_NONE || !had_stills || !sub->is_replaying)
		selector_want(&sub->selector, target);
	if (still_period_us && !had_stills) {
		waiting_clear(&sub->waiting);
		selector_stop(&sub->selector);
		sub->is_replaying = false;
	}
	if (target.encoding != LAYERS_NONE && sub->selector.now.encoding == LAYERS_NONE &&
	    sub->need == SELECTOR_NEEDS_NOTHING) {
		sub->need = SELECTOR_NEEDS_URGENT;
		sub->need_encoding = target.encoding;
	}
}

void sub_tick(struct sub *sub, int64_t now_us)
{
	int64_t rtt_us = sub->transport->rtt_us;

	if (!sub->sent)
		return;
	sent_keep(sub->sent, rtt_us);
	sent_expire(sub->sent, now_us - sent_age_us(rtt_us));
}
