/* SPDX-License-Identifier: EUPL-1.2 */
/* What of sub.h sends packets again: for a viewer that misses them, and to probe the link. */
#include <string.h>

#include "media/route/match.h"
#include "media/route/sub.h"

/* Beside the round trips: how long a viewer takes to find that it misses a packet, each time.
 * Guess.
 */
#define SOUND_SLACK_US 200000

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
	sender_resent(sub->sender, now_us, item->transport_seq, out->len);
	outlet->stats.rtx_out++;
}

static bool resend_rtx(struct sub *sub, int64_t now_us, const struct sent_packet *item)
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
	if (packet_parse(&packet, item->pkt, sub->source_exts) ||
	    packet_set_codec(&packet, sub->source) || packet_inspect(&packet) ||
	    sub->codec[packet.codec_index] == MATCH_NONE)
		return false;
	packet_read_frame_number(&packet);
	how.codec = &sub->mline->codec[sub->codec[packet.codec_index]];
	if (how.codec->codec != item->codec || !how.codec->rtx_pt)
		return false;
	how.rtx_seq = sub->rtx_seq;
	out = sub_send_copy(sub, now_us, &packet, &numbers, &how);
	if (!out)
		return false;
	sub->rtx_seq++;
	pkt_unref(out);
	sub->transport->outlet->stats.rtx_out++;
	return true;
}

/* A viewer asks for sound two or three times, then not; and for all that an outage took, which it
 * would play long after. */
static bool is_old_sound(const struct sub *sub, int64_t now_us, uint16_t seq)
{
	const struct sent_packet *item = sent_get(sub->sent, seq);

	return item && now_us - item->sent_us > 3 * sub->transport->rtt_us + SOUND_SLACK_US;
}

/* A NACK that comes sooner after a resend was written before that could have arrived. The least
 * round trip, and a little less: the viewer asks again after one of its own, and who is refused
 * then waits for another. */
static int64_t repeat_us(const struct sub *sub)
{
	const struct bwe_state *state = sender_state(sub->sender);
	int64_t rtt_us = sub->transport->rtt_us;

	if (state && state->min_rtt_us > 0 && state->min_rtt_us < rtt_us)
		rtt_us = state->min_rtt_us;
	return rtt_us - rtt_us / 8;
}

void sub_resend(struct sub *sub, int64_t now_us, uint16_t seq)
{
	const struct sent_packet *item;

	if (!sub->sent || !transport_is_ready(sub->transport))
		return;
	if (sub->mline->kind == MEDIA_AUDIO && is_old_sound(sub, now_us, seq))
		return;
	item = sent_resend(sub->sent, now_us, seq, repeat_us(sub));
	if (!item)
		return;
	if (item->tag & SENT_DATAGRAM)
		resend_same(sub, now_us, item);
	else if (sub_is_of_origin(sub, item->tag))
		(void)resend_rtx(sub, now_us, item); /* what cannot be sent is asked for again */
}

size_t sub_resend_len(const struct sub *sub, uint16_t seq)
{
	const struct sent_packet *item = sub->sent ? sent_get(sub->sent, seq) : NULL;

	return item ? item->pkt->len : 0;
}

bool sub_can_probe(const struct sub *sub)
{
	return sub->sent && sub->track && sub->rtx_ssrc && sub->mline->kind == MEDIA_VIDEO;
}

static const struct sent_packet *probe_at(const struct sub *sub, int64_t now_us, uint16_t back)
{
	const struct sent_packet *item = sent_recent(sub->sent, back);

	return item && sub_is_of_origin(sub, item->tag) &&
			       now_us - item->sent_us <= SUB_PROBE_AGE_US
		       ? item
		       : NULL;
}

size_t sub_probe_len(const struct sub *sub, int64_t now_us)
{
	const struct sent_packet *item = probe_at(sub, now_us, sub->probe_back);

	if (!item)
		item = probe_at(sub, now_us, 0);
	return item ? item->pkt->len : 0;
}

bool sub_probe(struct sub *sub, int64_t now_us)
{
	const struct sent_packet *item = probe_at(sub, now_us, sub->probe_back);

	if (!item) {
		sub->probe_back = 0;
		item = probe_at(sub, now_us, 0);
	}
	if (!item)
		return false;
	sub->probe_back++;
	return resend_rtx(sub, now_us, item);
}
