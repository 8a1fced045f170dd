/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/model/picture.h"

#include <string.h>

enum {
	PICTURE_WAIT_KEY_US = 200000, /* docs/adaptation.md 2, libwebrtc */
	PICTURE_WAIT_FRAME_US = 3000000,
	PICTURE_WAIT_REPAIR_US = 200000, /* libwebrtc's cap of the round trip in its delay */
	PICTURE_NACKS = 3,		 /* asked for, and its delay counts on repairs */
	PICTURE_STALL_US = 400000,
	PICTURE_LONG_STALL_US = 1000000,
};

/* --- numbers ---------------------------------------------------------------------------------- */

static int64_t unwrap_seq(struct picture *picture, uint16_t seq)
{
	int64_t number;

	if (!picture->has_seq) {
		picture->has_seq = true;
		picture->last_seq = seq;
		picture->high = 65536 + seq;
	}
	number = picture->high + (int16_t)(seq - picture->last_seq);
	if (number > picture->high) {
		picture->high = number;
		picture->last_seq = seq;
	}
	return number;
}

/* Picture ids have 15 bits. */
static int64_t unwrap_id(struct picture *picture, uint16_t id)
{
	int64_t back;
	int diff;

	if (!picture->has_id) {
		picture->has_id = true;
		picture->last_id = id;
		picture->id_high = 32768 + id;
	}
	diff = (id - picture->last_id) & 0x7fff;
	if (diff < 0x4000) {
		picture->ids = diff < 64 ? picture->ids << diff : 0;
		picture->id_high += diff;
		picture->last_id = id;
		picture->ids |= 1;
		return picture->id_high;
	}
	back = 0x8000 - diff;
	if (back < 64)
		picture->ids |= (uint64_t)1 << back;
	return picture->id_high - back;
}

static bool id_came(const struct picture *picture, int64_t id)
{
	int64_t back = picture->id_high - id;

	return back >= 0 && back < 64 && (picture->ids >> back & 1);
}

static struct picture_slot *slot_at(struct picture *picture, int64_t number)
{
	return &picture->packet[number & (PICTURE_PACKETS - 1)];
}

static bool is_there(struct picture *picture, int64_t number, uint32_t timestamp)
{
	const struct picture_slot *slot = slot_at(picture, number);

	return slot->number == number && slot->packet.timestamp == timestamp;
}

/* --- frames ----------------------------------------------------------------------------------- */

/* Finds the whole frame around a packet. */
static bool is_whole(struct picture *picture, int64_t number, struct picture_frame *out)
{
	uint32_t timestamp = slot_at(picture, number)->packet.timestamp;
	int64_t first = number;
	int64_t last = number;

	while (!slot_at(picture, first)->packet.frame.starts_frame)
		if (!is_there(picture, --first, timestamp))
			return false;
	while (!slot_at(picture, last)->packet.marker)
		if (!is_there(picture, ++last, timestamp))
			return false;
	*out = (struct picture_frame){
		.first = first, .last = last, .head = slot_at(picture, first)->packet};
	return true;
}

static void add_frame(struct picture *picture, int64_t now_us, struct picture_frame *frame)
{
	frame->id = unwrap_id(picture, frame->head.frame.picture_id);
	frame->whole_us = now_us;
	if (picture->has_key && frame->id <= picture->decoded_id)
		return;
	if (picture->frame_count == PICTURE_FRAMES) {
		memmove(&picture->frame[0], &picture->frame[1],
			(PICTURE_FRAMES - 1) * sizeof(picture->frame[0]));
		picture->frame_count--;
	}
	picture->frame[picture->frame_count++] = *frame;
}

static bool can_decode(const struct picture *picture, const struct picture_frame *frame)
{
	const struct codec_frame *f = &frame->head.frame;

	if (f->is_keyframe)
		return true;
	if (!picture->has_key)
		return false;
	if (f->temporal == 0)
		return f->tl0picidx == (uint8_t)(picture->base_tl0 + 1);
	if (f->tl0picidx != picture->base_tl0)
		return false;
	if (f->is_switch_point)
		return true;
	for (int64_t id = picture->base_id + 1; id < frame->id; id++)
		if (!id_came(picture, id))
			return false;
	return true;
}

static void close_gap(struct picture *picture, int64_t now_us)
{
	struct picture_stats *stats = &picture->stats;
	int64_t gap = now_us - stats->last_us;
	int64_t age = now_us - picture->shown.captured_us;

	if (gap > PICTURE_STALL_US)
		stats->stall_400_us += gap;
	if (gap > PICTURE_LONG_STALL_US)
		stats->stall_1000_us += gap;
	if (gap > stats->longest_gap_us)
		stats->longest_gap_us = gap;
	if (age > stats->age_max_us)
		stats->age_max_us = age;
	stats->height_us += (double)picture->height * (double)gap;
}

static void show(struct picture *picture, int64_t now_us, const struct picture_frame *frame)
{
	struct picture_stats *stats = &picture->stats;

	if (stats->first_us == 0)
		stats->first_us = now_us;
	else
		close_gap(picture, now_us);
	stats->last_us = now_us;
	stats->frames++;
	stats->keyframes += frame->head.frame.is_keyframe;
	stats->delay_sum_us += now_us - frame->head.label.captured_us;
	picture->height = frame->head.label.height;
	picture->shown = frame->head.label;
	picture->ask_us = now_us + PICTURE_WAIT_FRAME_US;
	if (picture->shown_count < PICTURE_FRAMES)
		picture->recent[picture->shown_count++] =
			(struct picture_shown){frame->head.label, frame->head.frame.is_keyframe};
}

static void decode(struct picture *picture, int64_t now_us, const struct picture_frame *frame)
{
	const struct codec_frame *f = &frame->head.frame;

	picture->decoded_id = frame->id;
	if (f->is_keyframe) {
		picture->has_key = true;
		missing_forget_before(&picture->missing, frame->first);
	}
	if (f->temporal == 0) {
		picture->base_id = frame->id;
		picture->base_tl0 = f->tl0picidx;
	}
	show(picture, now_us, frame);
}

static void drop_old(struct picture *picture)
{
	size_t kept = 0;

	for (size_t i = 0; i < picture->frame_count; i++)
		if (picture->frame[i].id > picture->decoded_id)
			picture->frame[kept++] = picture->frame[i];
	picture->frame_count = kept;
}

/* When a frame's turn comes: at once behind the one shown last, else after a wait for repair. */
static int64_t turn_us(const struct picture *picture, const struct picture_frame *frame)
{
	int64_t wait =
		picture->rtt_us < PICTURE_WAIT_REPAIR_US ? picture->rtt_us : PICTURE_WAIT_REPAIR_US;

	if (!picture->has_key || frame->id == picture->decoded_id + 1 ||
	    frame->head.frame.is_keyframe || picture->stats.nacks < PICTURE_NACKS)
		return frame->whole_us;
	return frame->whole_us + wait;
}

/* The oldest that can be decoded, or NULL. */
static const struct picture_frame *next_frame(const struct picture *picture)
{
	const struct picture_frame *best = NULL;

	for (size_t i = 0; i < picture->frame_count; i++)
		if ((!best || picture->frame[i].id < best->id) &&
		    can_decode(picture, &picture->frame[i]))
			best = &picture->frame[i];
	return best;
}

static size_t decode_all(struct picture *picture, int64_t now_us)
{
	const struct picture_frame *next;
	size_t count = 0;

	while ((next = next_frame(picture)) && turn_us(picture, next) <= now_us) {
		struct picture_frame ready = *next;

		decode(picture, now_us, &ready);
		drop_old(picture);
		count++;
	}
	return count;
}

size_t picture_packet(struct picture *picture, int64_t now_us, const struct picture_packet *packet)
{
	int64_t number = unwrap_seq(picture, packet->seq);
	struct picture_slot *slot = slot_at(picture, number);
	struct picture_frame frame;

	if (slot->number >= number)
		return 0; /* a copy, or too old */
	if (picture->began_us == 0) {
		picture->began_us = now_us;
		picture->ask_us = now_us + PICTURE_WAIT_KEY_US;
	}
	(void)missing_received(&picture->missing, now_us, number); /* late ones count the same */
	if (picture->missing.overflowed) {
		picture->missing.overflowed = false;
		picture->wants_pli = true;
	}
	*slot = (struct picture_slot){.number = number, .packet = *packet};
	if (!is_whole(picture, number, &frame))
		return 0;
	add_frame(picture, now_us, &frame);
	return decode_all(picture, now_us);
}

void picture_timeout(struct picture *picture, int64_t now_us)
{
	(void)decode_all(picture, now_us); /* told in recent */
	if (picture->began_us == 0 || picture->ask_us > now_us)
		return;
	picture->wants_pli = true;
	picture->ask_us = now_us + (picture->has_key ? PICTURE_WAIT_FRAME_US : PICTURE_WAIT_KEY_US);
}

int64_t picture_deadline_us(const struct picture *picture)
{
	int64_t first = missing_deadline_us(&picture->missing);
	const struct picture_frame *next = next_frame(picture);

	if (picture->began_us == 0)
		return INT64_MAX;
	if (next && turn_us(picture, next) < first)
		first = turn_us(picture, next);
	return first < picture->ask_us ? first : picture->ask_us;
}

size_t picture_nacks(struct picture *picture, int64_t now_us, int64_t rtt_us, uint16_t *out,
		     size_t cap)
{
	size_t count = missing_due(&picture->missing, now_us, rtt_us, out, cap);

	picture->stats.nacks += count;
	return count;
}

bool picture_take_pli(struct picture *picture)
{
	bool wants = picture->wants_pli;

	picture->wants_pli = false;
	picture->stats.plis += wants;
	return wants;
}

void picture_renew(struct picture *picture)
{
	struct picture_stats stats = picture->stats;
	struct label shown = picture->shown;
	uint16_t height = picture->height;

	memset(picture, 0, sizeof(*picture));
	picture->stats = stats;
	picture->shown = shown;
	picture->height = height;
}

void picture_finish(struct picture *picture, int64_t now_us)
{
	if (picture->stats.first_us != 0)
		close_gap(picture, now_us);
}
