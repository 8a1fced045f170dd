/* SPDX-License-Identifier: EUPL-1.2 */
/* A publisher's packets, well-formed or not, in any order, and what one subscription makes of them
 * under changing policies: payloads fit their room, RED and merged packets parse again, every
 * reference comes back. The input is a list of packets: number, timestamp step, flags, length,
 * payload. */
#include <assert.h>
#include <string.h>

#include "fuzz.h"
#include "media/base/heap.h"
#include "media/codec/opus.h"
#include "media/stream/voiceout.h"
#include "media/wire/red.h"

struct run {
	struct pkt_pool *pool;
	struct voice voice;
	struct voiceout out;
	struct rewrite rewrite;
	int64_t now_us;
	size_t room;
};

static void drain(struct run *run)
{
	static const struct voiceout_types types = {.pt = 111, .red_pt = 63};
	struct voiceout_payload payload;
	uint8_t bytes[1400];
	struct wr w = wr_init(bytes, run->room);

	while (voiceout_output(&run->out, &run->voice, &run->rewrite, &types, &w, &payload)) {
		struct red_payload red = {.count = 1};
		struct opus_packet packet;

		assert(wr_ok(&w) && wr_len(&w) <= run->room && payload.frames >= 1);
		assert(payload.older <= run->out.policy.red_distance);
		red.block[0] = (struct red_block){.data = bytes, .len = wr_len(&w)};
		if (payload.is_red)
			assert(red_parse(&red, bytes, wr_len(&w)) == 0);
		assert(red.count == payload.older + 1);
		const struct red_block *primary = &red.block[red.count - 1];
		if (payload.frames > 1)
			assert(opus_parse(&packet, primary->data, primary->len) == 0);
		w = wr_init(bytes, run->room);
	}
}

/* One packet of the input. False at its end. */
static bool step(struct run *run, struct rd *r, uint32_t *timestamp)
{
	struct voice_packet packet = {.arrival_us = run->now_us, .capture_us = run->now_us};
	struct voice_news news;
	uint8_t flags;
	size_t len;

	packet.seq = (uint16_t)(65500 + rd_u8(r));
	*timestamp += rd_u8(r) * 60u;
	flags = rd_u8(r);
	len = rd_u8(r);
	const uint8_t *payload = rd_bytes(r, len);
	if (!rd_ok(r) || len == 0)
		return false;
	packet.pkt = pkt_get(run->pool);
	assert(packet.pkt);
	memcpy(packet.pkt->data, payload, len);
	packet.payload = packet.pkt->data;
	packet.payload_len = len;
	packet.timestamp = *timestamp;
	packet.is_red = flags & 1;
	packet.marker = (flags & 6) == 6;
	voiceout_set_policy(&run->out, (struct voice_policy){flags >> 3 & 3, flags >> 5});
	int err = voice_input(&run->voice, &packet, &news);
	assert((err == 0) == (news.count > 0));
	pkt_unref(packet.pkt);
	for (size_t i = 0; i < news.count; i++) {
		voiceout_input(&run->out, run->now_us, voice_get(&run->voice, news.seq[i]));
		drain(run);
	}
	run->now_us += (flags & 6) * 5000;
	voiceout_timeout(&run->out, run->now_us);
	drain(run);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd r = rd_init(data, size);
	struct rewrite_in first = {.clock_hz = OPUS_CLOCK_HZ};
	struct run run = {.room = 20 + rd_u8(&r) * 5u};
	uint32_t timestamp = 0;

	run.pool = pkt_pool_new(VOICE_WINDOW + 1, 0);
	assert(run.pool);
	first.seq = (uint16_t)(65500 + (size > 1 ? data[1] : 0));
	rewrite_init(&run.rewrite, 1, 1);
	rewrite_switch(&run.rewrite, &first);
	voiceout_init(&run.out, (struct voice_policy){1, 0});
	while (step(&run, &r, &timestamp))
		;
	voice_reset(&run.voice);
	assert(pkt_pool_used(run.pool) == 0);
	pkt_pool_free(run.pool);
	return 0;
}
