/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/hear.h"

#include <errno.h>

#include "media/codec/opus.h"
#include "media/route/match.h"

enum {
	/* Of a voice that is let in, what passed by before it was known to be one: 60 ms until it
	 * speaks (stream/level), 30 until it is chosen (budget.h), the packet under way. */
	HEAR_PREROLL_US = 120000,
	/* In a pause (DTX) that many packets are seconds, and the receiver would begin so much
	 * behind the times. Twice it: an uplink brings packets late. */
	HEAR_OLDEST_US = 2 * HEAR_PREROLL_US,
	/* Somebody not heard any more goes on for so long: were the last packets lost, the receiver
	 * would go on with the sound of the word before. */
	HEAR_TAIL_US = 100000,
};

static const struct codec_params *codec_of(const struct sub *sub, const struct packet *packet)
{
	int8_t codec = sub->codec[packet->codec_index];

	return codec == MATCH_NONE ? NULL : &sub->mline->codec[codec];
}

static void remember(struct sub *sub, int64_t now_us, const struct voiceout_payload *payload,
		     struct pkt *datagram, uint16_t transport_seq)
{
	struct sent_packet item = {
		.pkt = datagram,
		.transport_seq = transport_seq,
		.sent_us = now_us,
		.numbers = {.seq = payload->seq, .timestamp = payload->timestamp},
		.codec = CODEC_OPUS,
		.tag = SENT_DATAGRAM,
	};

	if (sub->sent)
		sent_put(sub->sent, &item);
}

static void send_payload(struct sub *sub, int64_t now_us, const struct rtp_exts *exts,
			 const struct voiceout_payload *payload, const struct rd *bytes)
{
	struct outlet *outlet = sub->transport->outlet;
	struct pkt *out = outlet_packet(outlet, payload->arrival_us);
	struct egress how = {
		.exts = &sub->mline->exts,
		.mid = sub->is_mid_known ? NULL : sub->mline->mid,
		.ssrc = sub->ssrc,
		.transport_seq = sender_number(sub->sender),
	};
	struct egress_voice voice = {
		.exts = exts,
		.pt = payload->pt,
		.seq = payload->seq,
		.timestamp = payload->timestamp,
		.marker = payload->marker,
		.payload = *bytes,
	};

	if (!out)
		return;
	if (egress_write_voice(out, now_us, &voice, &how)) {
		outlet->stats.dropped_malformed++;
		pkt_unref(out);
		return;
	}
	pkt_ref(out);
	if (transport_send(sub->transport, out, false) == 0) {
		sender_sent(sub->sender, now_us, BWE_AUDIO, out->len);
		remember(sub, now_us, payload, out, how.transport_seq);
		sub->packet_count++;
		sub->octet_count += (uint32_t)rd_left(bytes);
		outlet->stats.rtp_forwarded++;
	}
	pkt_unref(out);
}

static void drain(struct sub *sub, int64_t now_us, struct voice *voice)
{
	uint8_t buf[LIMIT_DATAGRAM_BYTES];
	struct wr w = wr_init(buf, EGRESS_VOICE_BYTES);
	struct voiceout_payload payload;
	struct rtp_exts exts = {0};

	exts.value[RTP_EXT_AUDIO_LEVEL] = (struct rtp_ext_value){&sub->level, sub->has_level};
	while (voiceout_output(&sub->voiceout, voice, &sub->rewrite, &sub->voice_types, &w,
			       &payload)) {
		struct rd bytes = rd_init(buf, wr_len(&w));

		send_payload(sub, now_us, &exts, &payload, &bytes);
		w = wr_init(buf, EGRESS_VOICE_BYTES);
	}
	transport_wake(sub->transport, voiceout_deadline_us(&sub->voiceout));
}

/* Another voice, or the same after a pause. */
static void begin(struct sub *sub, const struct packet *packet, const struct voice_frame *frame)
{
	struct rewrite_in in = {
		.seq = (uint16_t)frame->seq,
		.timestamp = frame->timestamp,
		.arrival_us = frame->capture_us,
		.clock_hz = packet->codec->clock_hz,
	};

	rewrite_switch(&sub->rewrite, &in);
	voiceout_restart(&sub->voiceout);
	sub->hears = true;
	sub->generation = packet->generation;
	sub->wants_report = true;
	transport_wake(sub->transport, frame->arrival_us);
}

/* A link that is gone gets no sound: now and then a frame goes as an empty one (RFC 6716 3.1: a
 * frame of no bytes is DTX), which brings feedback once the link is back, and should it have waited
 * there, little for the listener. What is not sent leaves no gap. */
static void hold_back(struct sub *sub, int64_t now_us, const struct voice_frame *frame)
{
	const struct rtp_exts none = {0};
	const struct rewrite_in in = {
		.seq = (uint16_t)frame->seq,
		.timestamp = frame->timestamp,
		.arrival_us = frame->capture_us,
		.clock_hz = OPUS_CLOCK_HZ,
	};
	struct rewrite_out numbers;
	struct voiceout_payload payload = {.pt = sub->voice_types.pt,
					   .arrival_us = frame->arrival_us};
	uint8_t toc;

	if (!sender_may_ask(sub->sender, now_us) || frame->samples == 0) {
		rewrite_drop(&sub->rewrite, &in);
		return;
	}
	if (rewrite_packet(&sub->rewrite, &in, &numbers))
		return;
	payload.seq = numbers.seq;
	payload.timestamp = numbers.timestamp;
	toc = frame->data[0] & 0xfc;
	send_payload(sub, now_us, &none, &payload, &(struct rd){.p = &toc, .end = &toc + 1});
}

/* The first frame to be heard when a voice is let in at seq; nothing twice. */
static int64_t first_of(const struct sub *sub, const struct voice *voice,
			const struct packet *packet, int64_t seq)
{
	const struct voice_frame *frame = voice_get(voice, seq);
	int64_t frame_us = frame->samples * 1000000LL / OPUS_CLOCK_HZ;
	unsigned packets = frame_us > 0 ? (unsigned)(HEAR_PREROLL_US / frame_us) : 1;
	int64_t first = voice_begin(voice, seq, packets, frame->arrival_us - HEAR_OLDEST_US);
	bool is_same = sub->voiceout.started && sub->generation == packet->generation;

	return is_same && first < sub->voiceout.next_seq && sub->voiceout.next_seq <= seq
		       ? sub->voiceout.next_seq
		       : first;
}

static void hear_frame(struct sub *sub, int64_t now_us, struct voice *voice,
		       const struct packet *packet, int64_t seq)
{
	const struct voice_frame *frame = voice_get(voice, seq);

	if (!frame)
		return;
	if (!sub->hears || sub->generation != packet->generation)
		begin(sub, packet, frame);
	if (!sender_takes_sound(sub->sender, now_us)) {
		hold_back(sub, now_us, frame);
		return;
	}
	voiceout_input(&sub->voiceout, now_us, frame);
	drain(sub, now_us, voice);
}

static void read_level(struct sub *sub, const struct packet *packet)
{
	const struct rtp_ext_value *level = &packet->exts.value[RTP_EXT_AUDIO_LEVEL];

	sub->has_level = level->data && level->len == 1;
	if (sub->has_level)
		sub->level = level->data[0];
}

static void hear(struct sub *sub, int64_t now_us, struct voice *voice, const struct packet *packet,
		 const struct voice_news *news)
{
	const struct codec_params *codec = codec_of(sub, packet);

	if (!codec || !transport_is_ready(sub->transport))
		return;
	if (!sub->is_heard && now_us - sub->unheard_us >= HEAR_TAIL_US) {
		hear_end(sub, now_us, voice);
		return;
	}
	sub->voice_types = (struct voiceout_types){.pt = codec->pt, .red_pt = codec->red_pt};
	read_level(sub, packet);
	for (size_t i = 0; i < news->count; i++) {
		int64_t seq = news->seq[i];

		if (!voice_get(voice, seq))
			continue;
		if (!sub->hears)
			seq = first_of(sub, voice, packet, seq);
		for (; seq <= news->seq[i]; seq++)
			hear_frame(sub, now_us, voice, packet, seq);
	}
}

int hear_packet(struct voice *voice, int64_t now_us, struct sub *subs, const struct packet *packet,
		int64_t capture_us)
{
	struct voice_packet input = {
		.pkt = packet->pkt,
		.arrival_us = packet->pkt->arrival_us,
		.capture_us = capture_us,
		.seq = packet->header.seq,
		.timestamp = packet->header.timestamp,
		.marker = packet->header.marker,
		.is_red = packet->is_red,
		.payload = packet->header.payload,
		.payload_len = packet->header.payload_len,
	};
	struct voice_news news;
	int err;

	if (input.payload_len == 0)
		return 0;
	err = voice_input(voice, &input, &news);
	if (err)
		return err == -EAGAIN ? 0 : err;
	for (struct sub *sub = subs; sub; sub = sub->next)
		hear(sub, now_us, voice, packet, &news);
	return 0;
}

void hear_timeout(struct sub *sub, int64_t now_us, struct voice *voice)
{
	if (!sub->hears || voiceout_deadline_us(&sub->voiceout) > now_us)
		return;
	voiceout_timeout(&sub->voiceout, now_us);
	drain(sub, now_us, voice);
}

void hear_flush(struct sub *sub, int64_t now_us, struct voice *voice)
{
	if (!sub->hears || !transport_is_ready(sub->transport))
		return;
	voiceout_flush(&sub->voiceout);
	drain(sub, now_us, voice);
}

void hear_end(struct sub *sub, int64_t now_us, struct voice *voice)
{
	hear_flush(sub, now_us, voice);
	sub->hears = false;
}
