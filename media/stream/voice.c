/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/stream/voice.h"

#include <errno.h>

#include "media/codec/opus.h"
#include "media/wire/red.h"

static struct voice_frame *place_of(struct voice *voice, int64_t seq)
{
	return &voice->frame[(uint64_t)seq % VOICE_WINDOW];
}

static void clear(struct voice_frame *frame)
{
	pkt_unref(frame->pkt);
	*frame = (struct voice_frame){.pkt = NULL};
}

void voice_reset(struct voice *voice)
{
	for (size_t i = 0; i < VOICE_WINDOW; i++)
		clear(&voice->frame[i]);
	voice->unwrap = (struct seq_unwrap){.started = false};
}

const struct voice_frame *voice_get(const struct voice *voice, int64_t seq)
{
	const struct voice_frame *frame = &voice->frame[(uint64_t)seq % VOICE_WINDOW];

	return frame->pkt && frame->seq == seq ? frame : NULL;
}

int64_t voice_begin(const struct voice *voice, int64_t seq, unsigned packets, int64_t since_us)
{
	int64_t begin = seq;

	while (seq - begin + 1 < (int64_t)packets) {
		const struct voice_frame *frame = voice_get(voice, begin - 1);

		if (!frame || frame->arrival_us < since_us)
			break;
		begin--;
	}
	return begin;
}

void voice_expire(struct voice *voice, int64_t before_us)
{
	for (size_t i = 0; i < VOICE_WINDOW; i++)
		if (voice->frame[i].arrival_us < before_us)
			clear(&voice->frame[i]);
}

bool voice_has(const struct voice *voice, uint16_t seq)
{
	struct seq_unwrap unwrap = voice->unwrap;

	return unwrap.started && voice_get(voice, seq_unwrap16(&unwrap, seq));
}

/* The window moves on to seq; what falls out of it is given back. */
static void advance(struct voice *voice, int64_t seq)
{
	int64_t from = voice->highest_seq + 1;

	if (seq - from >= VOICE_WINDOW)
		from = seq - VOICE_WINDOW + 1;
	for (int64_t i = from; i <= seq; i++)
		clear(place_of(voice, i));
	voice->highest_seq = seq;
}

static void describe(struct voice_frame *frame)
{
	struct opus_packet packet;

	if (opus_parse(&packet, frame->data, frame->len))
		return; /* passed on as it is: the receiver's decoder judges */
	frame->samples = (uint16_t)opus_samples(&packet);
	frame->kind = (uint8_t)(packet.config << 3 | (packet.is_stereo ? 4 : 0));
	frame->can_merge = !packet.has_extension;
}

static void keep(struct voice *voice, const struct voice_packet *packet, int64_t seq,
		 const struct red_block *block)
{
	struct voice_frame *frame = place_of(voice, seq);

	*frame = (struct voice_frame){
		.pkt = pkt_ref(packet->pkt),
		.seq = seq,
		.arrival_us = packet->arrival_us,
		.capture_us = packet->capture_us - block->ts_offset * 1000000LL / OPUS_CLOCK_HZ,
		.data = block->data,
		.timestamp = packet->timestamp - block->ts_offset,
		.len = (uint16_t)block->len,
	};
	describe(frame);
}

/* Whether a block can be the packet of that number: later than all we know before it, earlier than
 * all after. RFC 2198 numbers packets only; that the blocks are the packets just before is what
 * browsers do, and what this test makes sure of where it matters. */
static bool is_in_order(const struct voice *voice, int64_t seq, uint32_t timestamp)
{
	for (int64_t i = voice->highest_seq - VOICE_WINDOW + 1; i <= voice->highest_seq; i++) {
		const struct voice_frame *frame = voice_get(voice, i);

		if (!frame)
			continue;
		if (i < seq ? !ts_newer(timestamp, frame->timestamp)
			    : !ts_newer(frame->timestamp, timestamp))
			return false;
	}
	return true;
}

/* Fills the holes before a RED packet from its older blocks; the last of those was sent just before
 * the packet. */
static void recover(struct voice *voice, const struct voice_packet *packet, int64_t seq,
		    const struct red_payload *red, struct voice_news *news)
{
	size_t older = red->count - 1;

	for (size_t i = 0; i < older; i++) {
		const struct red_block *block = &red->block[i];
		int64_t at = seq - (int64_t)(older - i);
		uint32_t timestamp = packet->timestamp - block->ts_offset;

		if (at <= voice->highest_seq - VOICE_WINDOW || voice_get(voice, at))
			continue;
		if (block->len == 0 || block->ts_offset == 0 || block->pt != red->block[older].pt ||
		    !is_in_order(voice, at, timestamp))
			continue;
		keep(voice, packet, at, block);
		place_of(voice, at)->is_recovered = true;
		voice->recovered++;
		news->seq[news->count++] = at;
	}
}

/* The payload's blocks; one, when it is no RED. */
static int read_blocks(struct red_payload *red, const struct voice_packet *packet)
{
	if (packet->is_red)
		return red_parse(red, packet->payload, packet->payload_len);
	red->count = 1;
	red->block[0] = (struct red_block){.data = packet->payload, .len = packet->payload_len};
	return 0;
}

int voice_input(struct voice *voice, const struct voice_packet *packet, struct voice_news *news)
{
	struct seq_unwrap unwrap = voice->unwrap;
	struct red_payload red;
	bool is_first = !unwrap.started;
	int64_t seq = seq_unwrap16(&unwrap, packet->seq);

	news->count = 0;
	if (read_blocks(&red, packet))
		return -EBADMSG;
	if (!is_first && (seq <= voice->highest_seq - VOICE_WINDOW || voice_get(voice, seq)))
		return -EAGAIN;
	voice->unwrap = unwrap;
	if (is_first)
		voice->highest_seq = seq - 1;
	if (seq > voice->highest_seq)
		advance(voice, seq);
	/* Before the first packet there was nothing that anybody missed. */
	if (!is_first)
		recover(voice, packet, seq, &red, news);
	const struct red_block *primary = &red.block[red.count - 1];
	if (primary->len > 0) {
		keep(voice, packet, seq, primary);
		place_of(voice, seq)->marker = packet->marker;
		news->seq[news->count++] = seq;
	}
	return news->count > 0 ? 0 : -EAGAIN;
}

uint32_t voice_bps(const struct voice *voice)
{
	uint64_t bits = 0;
	uint32_t samples = 0;

	for (size_t i = 0; i < VOICE_WINDOW; i++) {
		if (!voice->frame[i].pkt || voice->frame[i].samples == 0)
			continue;
		bits += (uint64_t)voice->frame[i].len * 8;
		samples += voice->frame[i].samples;
	}
	return samples ? (uint32_t)(bits * OPUS_CLOCK_HZ / samples) : 0;
}
