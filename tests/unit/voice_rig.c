/* SPDX-License-Identifier: EUPL-1.2 */
#include "voice_rig.h"

#include <string.h>

#include "media/codec/opus.h"
#include "media/wire/red.h"

void rig_open(struct rig *rig, struct voice_policy policy)
{
	struct rewrite_in first = {
		.seq = RIG_FIRST_SEQ,
		.timestamp = RIG_FIRST_TS,
		.clock_hz = OPUS_CLOCK_HZ,
	};

	memset(rig, 0, sizeof(*rig));
	rig->pool = pkt_pool_new(VOICE_WINDOW + 1, 0);
	rig->types = (struct voiceout_types){.pt = RIG_OPUS_PT, .red_pt = RIG_RED_PT};
	rig->room = 1200;
	rig->toc = RIG_HYBRID_20MS;
	rig->sent = g_array_new(FALSE, FALSE, sizeof(struct rig_sent));
	rewrite_init(&rig->rewrite, 1000, 5000);
	rewrite_switch(&rig->rewrite, &first);
	voiceout_init(&rig->out, policy);
}

void rig_close(struct rig *rig)
{
	voice_reset(&rig->voice);
	g_assert_cmpuint(pkt_pool_used(rig->pool), ==, 0);
	pkt_pool_free(rig->pool);
	g_array_free(rig->sent, TRUE);
}

/* The Opus packet of that index. */
static size_t write_frame(const struct rig *rig, uint8_t *bytes, uint32_t index)
{
	struct wr w = wr_init(bytes, 1276);
	size_t filler = rig->frame_size ? rig->frame_size : index * 37 % 60;

	wr_u8(&w, rig->toc);
	wr_u32(&w, index);
	for (size_t i = 0; i < filler; i++)
		wr_u8(&w, (uint8_t)(index + i));
	return wr_len(&w);
}

static void drain(struct rig *rig)
{
	while (!rig->is_blocked) {
		struct rig_sent sent = {.sent_us = rig->now_us};
		struct wr w = wr_init(sent.bytes, rig->room);

		if (!voiceout_output(&rig->out, &rig->voice, &rig->rewrite, &rig->types, &w,
				     &sent.payload))
			break;
		g_assert_true(wr_ok(&w));
		sent.len = wr_len(&w);
		g_array_append_val(rig->sent, sent);
	}
}

void rig_give(struct rig *rig, int64_t seq)
{
	voiceout_input(&rig->out, rig->now_us, voice_get(&rig->voice, seq));
	drain(rig);
}

/* The publisher's payload. */
static size_t write_payload(const struct rig *rig, uint8_t *out, uint32_t index,
			    unsigned red_distance)
{
	uint8_t bytes[LIMIT_RED_BLOCKS][1276];
	struct red_block blocks[LIMIT_RED_BLOCKS];
	struct wr w = wr_init(out, 1500);

	if (red_distance == 0)
		return write_frame(rig, out, index);
	if (red_distance > index)
		red_distance = index;
	for (unsigned i = 0; i <= red_distance; i++) {
		uint32_t back = red_distance - i;

		blocks[i] = (struct red_block){
			.pt = 111,
			.ts_offset = (uint16_t)(back * RIG_STEP_TS),
			.data = bytes[i],
			.len = write_frame(rig, bytes[i], index - back),
		};
	}
	g_assert_cmpint(red_write(&w, blocks, red_distance + 1), ==, red_distance);
	return wr_len(&w);
}

int rig_packet(struct rig *rig, uint32_t index, unsigned red_distance, bool marker)
{
	struct pkt *pkt = pkt_get(rig->pool);
	struct voice_news news;

	g_assert_nonnull(pkt);
	pkt->len = (uint16_t)write_payload(rig, pkt->data, index, red_distance);
	struct voice_packet packet = {
		.pkt = pkt,
		.arrival_us = rig->now_us,
		.capture_us = rig->now_us,
		.seq = (uint16_t)(RIG_FIRST_SEQ + index),
		.timestamp = RIG_FIRST_TS + index * RIG_STEP_TS + rig->skipped,
		.marker = marker,
		.is_red = red_distance > 0,
		.payload = pkt->data,
		.payload_len = pkt->len,
	};
	int err = voice_input(&rig->voice, &packet, &news);
	pkt_unref(pkt);
	for (size_t i = 0; i < news.count; i++)
		rig_give(rig, news.seq[i]);
	return err;
}

void rig_wait(struct rig *rig, int64_t us)
{
	int64_t end_us = rig->now_us + us;

	while (voiceout_deadline_us(&rig->out) <= end_us) {
		rig->now_us = voiceout_deadline_us(&rig->out);
		voiceout_timeout(&rig->out, rig->now_us);
		drain(rig);
	}
	rig->now_us = end_us;
}

void rig_flush(struct rig *rig)
{
	voiceout_flush(&rig->out);
	drain(rig);
}

const struct rig_sent *rig_sent(const struct rig *rig, size_t at)
{
	g_assert_cmpuint(at, <, rig->sent->len);
	return &g_array_index(rig->sent, struct rig_sent, at);
}

/* --- the receiver ---------------------------------------------------------------------------- */

static void hear_packet(const struct rig *rig, uint8_t *count, uint32_t timestamp,
			const struct red_block *block)
{
	struct opus_packet packet;

	g_assert_cmpint(opus_parse(&packet, block->data, block->len), ==, 0);
	g_assert_cmpuint(packet.config, ==, rig->toc >> 3);
	for (size_t i = 0; i < packet.count; i++) {
		uint8_t want[1276];
		struct rd r = rd_init(packet.frame[i].data, packet.frame[i].len);
		uint32_t index = rd_u32(&r);
		size_t len;

		g_assert_true(rd_ok(&r));
		g_assert_cmpuint(index, <, RIG_FRAMES);
		len = write_frame(rig, want, index);
		g_assert_cmpmem(packet.frame[i].data, (int)packet.frame[i].len, want + 1,
				(int)len - 1);
		/* Where it belongs: RIG_FIRST_TS became 5000. Silence is the test's own affair. */
		if (rig->skipped == 0)
			g_assert_cmpuint(timestamp + i * RIG_STEP_TS, ==,
					 5000 + index * RIG_STEP_TS);
		count[index]++;
	}
}

void rig_hear(const struct rig *rig, struct rig_heard *heard, const struct rig_sent *sent)
{
	struct red_payload red = {.count = 1};

	if (!sent->payload.is_red) {
		g_assert_cmpuint(sent->payload.pt, ==, RIG_OPUS_PT);
		red.block[0] = (struct red_block){.data = sent->bytes, .len = sent->len};
	} else {
		g_assert_cmpuint(sent->payload.pt, ==, RIG_RED_PT);
		g_assert_cmpint(red_parse(&red, sent->bytes, sent->len), ==, 0);
	}
	g_assert_cmpuint(red.count, ==, sent->payload.older + 1);
	for (size_t i = 0; i < red.count; i++) {
		bool is_primary = i + 1 == red.count;

		g_assert_true(!sent->payload.is_red || red.block[i].pt == RIG_OPUS_PT);
		hear_packet(rig, is_primary ? heard->primary : heard->older,
			    sent->payload.timestamp - red.block[i].ts_offset, &red.block[i]);
	}
}
