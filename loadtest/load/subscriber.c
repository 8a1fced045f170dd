/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/load/subscriber.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loadtest/model/opus_frames.h"
#include "media/stream/rtx.h"
#include "media/wire/srtp.h"

enum {
	SUBSCRIBER_LOOK_US = 10000,
	SUBSCRIBER_NACKS = 64,
	SUBSCRIBER_DESCRIPTOR = 6, /* as publisher.c writes it; servers rewrite it in place */
	SUBSCRIBER_KEY_HEAD = 10,
	SUBSCRIBER_HEAD = 3,
	SUBSCRIBER_FRAME_TS = 960, /* of 20 ms of sound */
	SUBSCRIBER_RECENT = 64,	   /* numbers that may be under way when a run ends */
};

void subscriber_init(struct subscriber *subscriber, struct channel *channel, struct tally *tally,
		     int64_t rtt_us, bool has_playout)
{
	*subscriber = (struct subscriber){.channel = channel,
					  .tally = tally,
					  .rtt_us = rtt_us,
					  .has_playout = has_playout,
					  .tick_us = INT64_MAX,
					  .look_us = INT64_MAX};
}

static void close_slot(struct subscriber_slot *slot)
{
	if (slot->nack)
		nack_close(slot->nack);
	free(slot->nack);
	free(slot->hearing);
}

void subscriber_close(struct subscriber *subscriber)
{
	for (size_t i = 0; i < subscriber->slot_count; i++)
		close_slot(&subscriber->slot[i]);
	free(subscriber->slot);
	if (subscriber->arrival)
		arrival_close(subscriber->arrival);
	free(subscriber->arrival);
	*subscriber = (struct subscriber){0};
}

static int open_slot(struct subscriber *subscriber, struct subscriber_slot *slot,
		     const struct subscriber_line *line)
{
	*slot = (struct subscriber_slot){.line = *line};
	slot->recv.ssrc = line->ssrc;
	slot->recv.clock_hz = line->kind == MEDIA_AUDIO ? 48000 : 90000;
	if (line->kind == MEDIA_VIDEO) {
		slot->nack = calloc(1, sizeof(*slot->nack));
		return slot->nack ? 0 : -ENOMEM;
	}
	if (!subscriber->has_playout)
		return 0;
	slot->hearing = calloc(1, sizeof(*slot->hearing));
	return slot->hearing ? 0 : -ENOMEM;
}

static struct subscriber_slot *slot_of(struct subscriber *subscriber, uint32_t ssrc, bool *is_rtx)
{
	for (size_t i = 0; i < subscriber->slot_count; i++) {
		struct subscriber_slot *slot = &subscriber->slot[i];

		*is_rtx = slot->line.rtx_ssrc != 0 && slot->line.rtx_ssrc == ssrc;
		if (slot->line.ssrc == ssrc || *is_rtx)
			return slot;
	}
	return NULL;
}

static bool has_feedback(const struct subscriber *subscriber)
{
	return subscriber->exts.id[RTP_EXT_TRANSPORT_SEQ] != 0;
}

int subscriber_lines(struct subscriber *subscriber, int64_t now_us, const struct rtp_ext_map *exts,
		     const struct subscriber_line *lines, size_t count)
{
	bool is_rtx;

	subscriber->exts = *exts;
	if (count > SUBSCRIBER_SLOTS)
		return -EINVAL;
	if (!subscriber->slot)
		subscriber->slot = calloc(SUBSCRIBER_SLOTS, sizeof(*subscriber->slot));
	if (has_feedback(subscriber) && !subscriber->arrival)
		subscriber->arrival = calloc(1, sizeof(*subscriber->arrival));
	if (!subscriber->slot || (has_feedback(subscriber) && !subscriber->arrival))
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		if (slot_of(subscriber, lines[i].ssrc, &is_rtx))
			continue;
		if (subscriber->slot_count == SUBSCRIBER_SLOTS)
			return -EINVAL;
		if (open_slot(subscriber, &subscriber->slot[subscriber->slot_count], &lines[i]))
			return -ENOMEM;
		subscriber->slot_count++;
	}
	if (subscriber->look_us == INT64_MAX)
		subscriber->look_us = now_us + SUBSCRIBER_LOOK_US;
	if (subscriber->has_playout && subscriber->tick_us == INT64_MAX)
		subscriber->tick_us = now_us + HEARING_TICK_US;
	return 0;
}

/* --- packets ---------------------------------------------------------------------------------- */

/* Where the stamp of a picture's packet is; -EBADMSG. */
static int find_stamp(const uint8_t *payload, size_t len, struct rd *out)
{
	bool is_first;

	*out = rd_init(payload, len);
	is_first = (rd_u8(out) & 0x10) != 0;
	rd_skip(out, SUBSCRIBER_DESCRIPTOR - 1);
	if (is_first) {
		bool is_key = (rd_u8(out) & 1) == 0;

		rd_skip(out, (is_key ? SUBSCRIBER_KEY_HEAD : SUBSCRIBER_HEAD) - 1u);
	}
	return rd_ok(out) ? 0 : -EBADMSG;
}

/* The publisher's own numbers go on in each stream, but for what the server leaves out. */
static void follow(struct subscriber *subscriber, struct subscriber_slot *slot,
		   const struct stamp *stamp, bool is_in_order)
{
	struct tally_counts *counts = &subscriber->tally->counts;
	bool is_same = slot->has_stream && slot->publisher == stamp->publisher &&
		       slot->encoding == stamp->encoding;
	int32_t ahead = (int32_t)(stamp->number - slot->next_number);

	if (is_same && ahead < 0) {
		/* A gap that is filled was counted as left out. */
		counts->went_back += is_in_order;
		if (!is_in_order && counts->skipped > 0)
			counts->skipped--;
		return;
	}
	if (is_same)
		counts->skipped += (uint64_t)ahead;
	slot->has_stream = true;
	slot->publisher = stamp->publisher;
	slot->encoding = stamp->encoding;
	slot->next_number = stamp->number + 1;
}

static void play(struct subscriber *subscriber, int64_t now_us, struct subscriber_slot *slot,
		 uint32_t timestamp, const struct stamp *stamp, bool is_in_order)
{
	struct label label;

	if (slot->line.kind == MEDIA_VIDEO) {
		viewing_packet(&slot->viewing, now_us, stamp, &subscriber->tally->counts);
		return;
	}
	if (!slot->hearing)
		return;
	label = (struct label){.track_id = stamp->publisher + 1,
			       .is_speech = stamp->is_speech,
			       .frame = stamp->frame,
			       .captured_us = stamp->captured_us};
	hearing_frame(slot->hearing, now_us, timestamp, &label,
		      is_in_order ? HEARING_FIRST : HEARING_LATE);
}

struct arrived {
	uint16_t seq;
	uint32_t timestamp;
	const uint8_t *payload;
	size_t len;
	bool is_rtx;
	bool is_in_order;
};

static void take_stamp(struct subscriber *subscriber, int64_t now_us, struct subscriber_slot *slot,
		       const struct arrived *arrived, struct rd *r)
{
	struct stamp stamp;

	if (stamp_read(&stamp, r) != 0 || stamp.kind != slot->line.kind) {
		subscriber->tally->counts.corrupt++;
		return;
	}
	if (subscriber->media_us == 0)
		subscriber->media_us = now_us;
	if (!arrived->is_rtx && arrived->is_in_order)
		tally_latency(subscriber->tally, stamp.kind, now_us - stamp.sent_us);
	follow(subscriber, slot, &stamp, arrived->is_in_order);
	play(subscriber, now_us, slot, arrived->timestamp, &stamp, arrived->is_in_order);
}

/* A server may put frames of several packets into one. */
static void take_sound(struct subscriber *subscriber, int64_t now_us, struct subscriber_slot *slot,
		       struct arrived *arrived)
{
	struct opus_frames frames;

	if (opus_frames_parse(&frames, arrived->payload, arrived->len) != 0) {
		subscriber->tally->counts.corrupt++;
		return;
	}
	for (size_t i = 0; i < frames.count; i++, arrived->timestamp += SUBSCRIBER_FRAME_TS) {
		struct rd r = rd_init(frames.data[i], frames.len[i]);

		/* Comfort noise is shorter than a stamp. */
		if (frames.len[i] >= STAMP_BYTES)
			take_stamp(subscriber, now_us, slot, arrived, &r);
	}
}

static void take_media(struct subscriber *subscriber, int64_t now_us, struct subscriber_slot *slot,
		       struct arrived *arrived)
{
	struct tally_counts *counts = &subscriber->tally->counts;
	enum gaps_verdict verdict = gaps_received(&slot->gaps, arrived->seq);
	struct rd r;

	counts->lost += slot->gaps.lost;
	slot->gaps.lost = 0;
	if (slot->nack)
		(void)nack_received(slot->nack, now_us, arrived->seq); /* gaps knows it, too */
	if (verdict == GAPS_DUPLICATE) {
		counts->duplicates++;
		return;
	}
	arrived->is_in_order = verdict == GAPS_NEXT;
	counts->repaired += arrived->is_rtx;
	counts->reordered += verdict == GAPS_LATE && !arrived->is_rtx;
	counts->received[slot->line.kind]++;
	if (slot->line.kind == MEDIA_AUDIO)
		take_sound(subscriber, now_us, slot, arrived);
	else if (find_stamp(arrived->payload, arrived->len, &r) == 0)
		take_stamp(subscriber, now_us, slot, arrived, &r);
	else
		counts->corrupt++;
}

void subscriber_rtp(struct subscriber *subscriber, int64_t now_us, uint8_t *data, size_t len)
{
	struct tally_counts *counts = &subscriber->tally->counts;
	struct subscriber_slot *slot;
	struct rtp_header header;
	struct rtp_exts exts;
	uint16_t transport_seq;
	struct arrived arrived = {0};

	counts->received_bytes += len;
	if (!subscriber->channel->srtp ||
	    srtp_link_unprotect(subscriber->channel->srtp, data, &len) != 0 ||
	    rtp_parse(&header, data, len) != 0) {
		counts->rejected++;
		return;
	}
	if (subscriber->arrival && rtp_exts_parse(&exts, &header, &subscriber->exts) == 0 &&
	    rtp_ext_transport_seq(&exts, &transport_seq))
		arrival_packet(subscriber->arrival, now_us, transport_seq);
	slot = slot_of(subscriber, header.ssrc, &arrived.is_rtx);
	if (!slot) {
		counts->unknown++;
		return;
	}
	arrived.seq = header.seq;
	arrived.timestamp = header.timestamp;
	arrived.payload = header.payload;
	arrived.len = header.payload_len;
	if (!arrived.is_rtx)
		recv_packet(&slot->recv, now_us, header.seq, header.timestamp, len);
	if (header.payload_len == 0 ||
	    (arrived.is_rtx &&
	     rtx_parse(&header, &arrived.seq, &arrived.payload, &arrived.len) != 0)) {
		counts->padding++;
		/* A number spent on padding is no gap. */
		if (!arrived.is_rtx)
			(void)gaps_received(&slot->gaps, header.seq);
		return;
	}
	take_media(subscriber, now_us, slot, &arrived);
}

void subscriber_sender_report(struct subscriber *subscriber, int64_t now_us,
			      const struct rtcp_packet *packet)
{
	bool is_rtx;
	struct subscriber_slot *slot = slot_of(subscriber, packet->sender_ssrc, &is_rtx);

	if (slot)
		recv_sender_report(&slot->recv, now_us, packet->ntp);
}

/* --- time ------------------------------------------------------------------------------------- */

static void send_rtcp(struct subscriber *subscriber, struct wr *w, uint8_t *buf, size_t cap)
{
	if (wr_ok(w) && wr_len(w) > 0)
		(void)channel_send_rtcp(subscriber->channel, buf, wr_len(w), cap); /* or lost */
}

static void look(struct subscriber *subscriber, int64_t now_us, struct subscriber_slot *slot)
{
	struct tally_counts *counts = &subscriber->tally->counts;
	uint16_t seqs[SUBSCRIBER_NACKS];
	uint8_t buf[1500];
	struct wr w = wr_init(buf, sizeof(buf) - SRTP_LINK_MAX_TRAILER);
	size_t count = 0;
	bool wants_keyframe;

	if (!slot->nack)
		return;
	if (nack_deadline_us(slot->nack) <= now_us)
		count = nack_due(slot->nack, now_us, subscriber->rtt_us, seqs, SUBSCRIBER_NACKS);
	rtcp_write_nack(&w, subscriber->ssrc, slot->line.ssrc, seqs, count);
	counts->nacks_sent += count;
	wants_keyframe = viewing_wants_keyframe(&slot->viewing, now_us);
	if (nack_take_overflow(slot->nack) || wants_keyframe) {
		rtcp_write_pli(&w, subscriber->ssrc, slot->line.ssrc);
		counts->plis_sent++;
	}
	send_rtcp(subscriber, &w, buf, sizeof(buf));
}

static void tick(struct subscriber *subscriber, int64_t now_us)
{
	struct tally_counts *counts = &subscriber->tally->counts;

	for (size_t i = 0; i < subscriber->slot_count; i++) {
		enum hearing_tick heard;

		if (!subscriber->slot[i].hearing)
			continue;
		heard = hearing_tick(subscriber->slot[i].hearing, now_us);
		counts->ticks += heard != HEARING_NOTHING;
		counts->concealed += heard == HEARING_SILENT_GAP || heard == HEARING_AUDIBLE_GAP;
		counts->audible += heard == HEARING_AUDIBLE_GAP;
	}
	subscriber->tick_us += HEARING_TICK_US;
}

static void tell_arrivals(struct subscriber *subscriber, int64_t now_us)
{
	uint8_t buf[1500];
	struct wr w = wr_init(buf, 1200);

	while (subscriber->arrival &&
	       arrival_feedback(subscriber->arrival, now_us, subscriber->ssrc, 0, &w)) {
		send_rtcp(subscriber, &w, buf, sizeof(buf));
		w = wr_init(buf, 1200);
	}
}

void subscriber_timeout(struct subscriber *subscriber, int64_t now_us)
{
	while (subscriber->tick_us <= now_us)
		tick(subscriber, now_us);
	tell_arrivals(subscriber, now_us);
	if (subscriber->look_us > now_us)
		return;
	for (size_t i = 0; i < subscriber->slot_count; i++)
		look(subscriber, now_us, &subscriber->slot[i]);
	subscriber->look_us = now_us + SUBSCRIBER_LOOK_US;
}

int64_t subscriber_deadline_us(const struct subscriber *subscriber)
{
	int64_t first = subscriber->tick_us < subscriber->look_us ? subscriber->tick_us
								  : subscriber->look_us;
	int64_t feedback =
		subscriber->arrival ? arrival_deadline_us(subscriber->arrival) : INT64_MAX;

	return feedback < first ? feedback : first;
}

/* A server that hears of packets kept shorter than they were believes in a longer way. */
static void pretend(struct subscriber *subscriber, struct rtcp_report *block)
{
	uint32_t far = (uint32_t)(subscriber->rtt_us * 65536 / 1000000);

	if (block->lsr == 0)
		return;
	if (block->dlsr >= far)
		block->dlsr -= far;
	else
		block->lsr = block->dlsr = 0;
}

size_t subscriber_reports(struct subscriber *subscriber, int64_t now_us, struct rtcp_report *blocks,
			  size_t cap)
{
	size_t count = 0;

	for (size_t i = 0; i < subscriber->slot_count && count < cap; i++) {
		if (!subscriber->slot[i].recv.started)
			continue;
		recv_report(&subscriber->slot[i].recv, now_us, &blocks[count]);
		pretend(subscriber, &blocks[count++]);
	}
	return count;
}

void subscriber_settle(struct subscriber *subscriber)
{
	for (size_t i = 0; i < subscriber->slot_count; i++) {
		struct gaps *gaps = &subscriber->slot[i].gaps;

		gaps_settle(gaps, SUBSCRIBER_RECENT);
		subscriber->tally->counts.lost += gaps->lost;
		gaps->lost = 0;
	}
}
