/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/stream/selector.h"

#include <string.h>

#include "media/base/seq.h"

enum frame_state {
	FRAME_UNKNOWN,
	FRAME_SENT,
	FRAME_DROPPED,
};

/* How far back a frame without a number is looked for: 0.7 s of 30 pictures/s in 3 spatial layers.
 * Older ones are told from their layers alone. */
#define SEARCH_FRAMES 64

static void clear_frames(struct selector *sel)
{
	if (sel->frames)
		memset(sel->frames, 0, SELECTOR_FRAMES * sizeof(sel->frames[0]));
}

void selector_init(struct selector *sel, struct selector_frame *frames)
{
	memset(sel, 0, sizeof(*sel));
	sel->want.encoding = LAYERS_NONE;
	sel->now.encoding = LAYERS_NONE;
	sel->frames = frames;
	clear_frames(sel);
}

static void forget_frames(struct selector *sel)
{
	clear_frames(sel);
	sel->has_picture = false;
	sel->has_number = false;
	sel->place = 0;
}

void selector_stop(struct selector *sel)
{
	sel->now = (struct layer_target){.encoding = LAYERS_NONE};
	sel->is_broken = false;
	sel->is_replaying = false;
	forget_frames(sel);
}

static void start(struct selector *sel, int8_t encoding, uint8_t generation)
{
	selector_stop(sel);
	sel->now.encoding = encoding;
	sel->generation = generation;
}

void selector_begin(struct selector *sel, int8_t encoding, uint8_t generation)
{
	start(sel, encoding, generation);
	sel->is_replaying = true;
}

void selector_resume(struct selector *sel)
{
	sel->is_replaying = false;
}

void selector_want(struct selector *sel, struct layer_target target)
{
	sel->want = target;
	if (target.encoding == LAYERS_NONE)
		selector_stop(sel);
}

/* --- frames remembered ----------------------------------------------------------------------- */

/* Frames between the highest number so far and this one have not come yet. */
static void enter_number(struct selector *sel, uint16_t number)
{
	int ahead = sel->has_number ? seq_diff(number, sel->highest_number) : SELECTOR_FRAMES;

	if (ahead <= 0)
		return;
	if (ahead >= SELECTOR_FRAMES)
		clear_frames(sel);
	for (int i = 1; i <= ahead && ahead < SELECTOR_FRAMES; i++)
		sel->frames[(uint16_t)(sel->highest_number + i) % SELECTOR_FRAMES].state =
			FRAME_UNKNOWN;
	sel->has_number = true;
	sel->highest_number = number;
}

static enum frame_state state_of_number(const struct selector *sel, uint16_t number)
{
	const struct selector_frame *frame = &sel->frames[number % SELECTOR_FRAMES];

	return frame->key == number ? (enum frame_state)frame->state : FRAME_UNKNOWN;
}

static uint32_t key_of(const struct selector_packet *packet)
{
	return packet->timestamp << 2 | (packet->frame->spatial & 3);
}

static struct selector_frame *find_unnumbered(struct selector *sel,
					      const struct selector_packet *packet)
{
	uint32_t key = key_of(packet);

	for (uint32_t back = 1; back <= SEARCH_FRAMES && back <= sel->place; back++) {
		struct selector_frame *frame = &sel->frames[(sel->place - back) % SELECTOR_FRAMES];

		if (frame->key == key)
			return frame;
	}
	return NULL;
}

static enum frame_state state_of(struct selector *sel, const struct selector_packet *packet)
{
	const struct selector_frame *frame;

	if (packet->has_frame_number)
		return state_of_number(sel, packet->frame_number);
	frame = find_unnumbered(sel, packet);
	return frame ? (enum frame_state)frame->state : FRAME_UNKNOWN;
}

static void remember(struct selector *sel, const struct selector_packet *packet,
		     enum frame_state state, bool is_unseen)
{
	struct selector_frame *frame = NULL;
	uint16_t number = packet->frame_number;

	if (packet->has_frame_number) {
		enter_number(sel, number);
		/* Older than what is remembered: its place belongs to a newer one. */
		if (seq_diff(sel->highest_number, number) >= SELECTOR_FRAMES)
			return;
		sel->frames[number % SELECTOR_FRAMES] =
			(struct selector_frame){.key = number, .state = (uint8_t)state};
		return;
	}
	if (!is_unseen)
		frame = find_unnumbered(sel, packet);
	if (!frame)
		frame = &sel->frames[sel->place++ % SELECTOR_FRAMES];
	*frame = (struct selector_frame){.key = key_of(packet), .state = (uint8_t)state};
}

/* --- up and down ----------------------------------------------------------------------------- */

/* At a new picture. A smaller encoding is waited for with as little of this one as can be. */
static void lower(struct selector *sel)
{
	struct layer_target most = sel->want;

	if (sel->want.encoding != sel->now.encoding) {
		most = sel->now;
		if (sel->want.encoding < sel->now.encoding)
			most.temporal = 0;
	}
	if (sel->now.spatial > most.spatial)
		sel->now.spatial = most.spatial;
	if (sel->now.temporal > most.temporal)
		sel->now.temporal = most.temporal;
}

static void raise_to(struct selector *sel, const struct selector_packet *packet, uint8_t spatial,
		     uint8_t temporal)
{
	if (sel->now.spatial == spatial && sel->now.temporal == temporal)
		return;
	sel->now.spatial = spatial;
	sel->now.temporal = temporal;
	sel->raise_number = packet->frame_number;
	sel->raise_timestamp = packet->timestamp;
}

static bool has_target(uint16_t mask, int spatial, int temporal)
{
	return spatial < LAYERS_SPATIAL && temporal < LAYERS_TEMPORAL &&
	       (mask >> (spatial * LAYERS_TEMPORAL + temporal) & 1);
}

/* AV1 RTP spec A.8.1: who gets a frame with a switch indication for a target, gets all of that
 * target from there on. A spatial layer goes up on the picture's first frame only, because what
 * ends the picture must be known by then. */
static void raise_by_descriptor(struct selector *sel, const struct selector_packet *packet,
				bool is_first)
{
	const struct codec_frame *frame = packet->frame;
	uint16_t mask = frame->switch_mask;
	int most = frame->spatial == 0 && is_first ? sel->want.spatial : sel->now.spatial;

	if (frame->has_active_mask)
		mask &= frame->active_mask;
	for (int s = most; s >= sel->now.spatial; s--) {
		for (int t = sel->want.temporal; t >= sel->now.temporal; t--) {
			if (has_target(mask, s, t)) {
				raise_to(sel, packet, (uint8_t)s, (uint8_t)t);
				return;
			}
		}
	}
}

/* The frame is sent: what may follow from here on? is_first: of its picture; when a layer above
 * came before it, that layer is dropped already. */
static void raise_after(struct selector *sel, const struct selector_packet *packet, bool is_first)
{
	const struct codec_frame *frame = packet->frame;

	if (sel->is_replaying || sel->want.encoding != sel->now.encoding)
		return;
	if (frame->has_descriptor) {
		raise_by_descriptor(sel, packet, is_first);
		return;
	}
	if (frame->spatial != 0 || !frame->is_up_point)
		return;
	raise_to(sel, packet,
		 is_first && frame->is_keyframe && sel->want.spatial > sel->now.spatial
			 ? sel->want.spatial
			 : sel->now.spatial,
		 sel->want.temporal > sel->now.temporal ? sel->want.temporal : sel->now.temporal);
}

/* RFC 7741 4.2: Y says of this frame alone that it refers to nothing above the base layer, so the
 * layers go up one by one. */
static void raise_before(struct selector *sel, const struct selector_packet *packet)
{
	const struct codec_frame *frame = packet->frame;

	if (sel->is_replaying || sel->is_broken || frame->has_descriptor ||
	    sel->want.encoding != sel->now.encoding)
		return;
	if (frame->is_switch_point && !frame->is_up_point &&
	    frame->temporal == sel->now.temporal + 1 && frame->temporal <= sel->want.temporal)
		raise_to(sel, packet, sel->now.spatial, frame->temporal);
}

/* --- one frame ------------------------------------------------------------------------------- */

static bool is_base(const struct codec_frame *frame)
{
	return frame->spatial == 0 && frame->temporal == 0;
}

static bool starts_keyframe(const struct selector_packet *packet)
{
	return packet->frame->is_keyframe && packet->frame->starts_frame &&
	       packet->frame->spatial == 0 && packet->is_newest;
}

/* Came from before the layers last went up, when its layer was not sent. */
static bool is_before_raise(const struct selector *sel, const struct selector_packet *packet)
{
	if (packet->has_frame_number)
		return seq_newer(sel->raise_number, packet->frame_number);
	return ts_newer(sel->raise_timestamp, packet->timestamp);
}

static bool has_references(const struct selector *sel, const struct selector_packet *packet)
{
	const struct codec_frame *frame = packet->frame;

	if (!frame->has_descriptor || !packet->has_frame_number)
		return true;
	for (int i = 0; i < frame->fdiff_count; i++) {
		uint16_t number = (uint16_t)(packet->frame_number - frame->fdiff[i]);
		enum frame_state state = state_of_number(sel, number);

		if (state == FRAME_DROPPED)
			return false;
		if (state == FRAME_UNKNOWN && !is_base(frame) &&
		    seq_newer(sel->raise_number, number))
			return false;
	}
	return true;
}

/* A layer that cannot be decoded any more is left until the stream allows to come back. */
static void lose_layer(struct selector *sel, const struct codec_frame *frame)
{
	if (is_base(frame))
		sel->is_broken = true;
	else if (frame->temporal > 0 && sel->now.temporal >= frame->temporal)
		sel->now.temporal = (uint8_t)(frame->temporal - 1);
	else if (frame->temporal == 0 && sel->now.spatial >= frame->spatial)
		sel->now.spatial = (uint8_t)(frame->spatial - 1);
}

static bool decide(struct selector *sel, const struct selector_packet *packet, bool is_late)
{
	const struct codec_frame *frame = packet->frame;

	if (sel->is_broken && !starts_keyframe(packet))
		return false;
	if (sel->is_broken) {
		start(sel, sel->now.encoding, sel->generation);
		sel->has_picture = true;
		sel->newest_timestamp = packet->timestamp;
	}
	if (!is_late)
		raise_before(sel, packet);
	if (frame->spatial > sel->now.spatial || frame->temporal > sel->now.temporal)
		return false;
	if (is_late && !is_base(frame) && is_before_raise(sel, packet)) {
		/* Where frames do not tell, what follows in its spatial layer refers to it. */
		if (frame->temporal == 0 && !frame->has_descriptor)
			lose_layer(sel, frame);
		return false;
	}
	if (has_references(sel, packet))
		return true;
	/* Temporal layers come back by themselves: their next frame refers to what was sent. */
	if (!is_late && frame->temporal == 0)
		lose_layer(sel, frame);
	return false;
}

static void tell_need(const struct selector *sel, struct selector_decision *decision)
{
	bool is_stuck = sel->now.encoding == LAYERS_NONE || sel->is_broken;

	if (sel->want.encoding == LAYERS_NONE)
		return;
	if (!is_stuck && sel->want.encoding == sel->now.encoding &&
	    sel->want.spatial <= sel->now.spatial)
		return;
	decision->need = is_stuck ? SELECTOR_NEEDS_URGENT : SELECTOR_NEEDS_LAZY;
	decision->need_encoding = sel->want.encoding;
}

static struct selector_decision take_present(struct selector *sel,
					     const struct selector_packet *packet)
{
	struct selector_decision decision = {.is_present = true,
					     .is_discardable = packet->frame->is_discardable};
	bool is_new = !sel->has_picture || ts_newer(packet->timestamp, sel->newest_timestamp);
	bool is_late = !is_new && packet->timestamp != sel->newest_timestamp;
	/* Of a picture newer than all there were nothing is remembered: not looked for. */
	bool is_unseen = is_new && !packet->has_frame_number;
	enum frame_state state = is_unseen ? FRAME_UNKNOWN : state_of(sel, packet);

	if (is_new) {
		sel->has_picture = true;
		sel->newest_timestamp = packet->timestamp;
		lower(sel);
	}
	if (state == FRAME_UNKNOWN || (sel->is_broken && starts_keyframe(packet))) {
		state = decide(sel, packet, is_late) ? FRAME_SENT : FRAME_DROPPED;
		remember(sel, packet, state, is_unseen);
		if (state == FRAME_SENT && !is_late)
			raise_after(sel, packet, is_new);
	}
	if (state == FRAME_SENT) {
		decision.verdict = SELECTOR_FORWARD;
		decision.ends_picture =
			packet->frame->ends_frame && packet->frame->spatial == sel->now.spatial;
	}
	tell_need(sel, &decision);
	return decision;
}

static struct selector_decision try_switch(struct selector *sel,
					   const struct selector_packet *packet)
{
	struct selector_decision decision = {.verdict = SELECTOR_DROP};

	if (packet->encoding != sel->want.encoding || !packet->frame)
		return decision;
	if (starts_keyframe(packet)) {
		start(sel, packet->encoding, packet->generation);
		decision = take_present(sel, packet);
		decision.verdict = SELECTOR_SWITCH;
		return decision;
	}
	tell_need(sel, &decision);
	/* Under another generation the source that was shown has ended. */
	if (packet->encoding == sel->now.encoding) {
		decision.need = SELECTOR_NEEDS_URGENT;
		decision.need_encoding = packet->encoding;
	}
	return decision;
}

static bool is_present(const struct selector *sel, const struct selector_packet *packet)
{
	return sel->now.encoding != LAYERS_NONE && packet->encoding == sel->now.encoding &&
	       packet->generation == sel->generation;
}

struct selector_decision selector_packet(struct selector *sel, const struct selector_packet *packet)
{
	struct selector_decision padding = {.verdict = SELECTOR_DROP, .is_present = true};

	if (!is_present(sel, packet))
		return try_switch(sel, packet);
	return packet->frame ? take_present(sel, packet) : padding;
}

void selector_dropped(struct selector *sel, const struct selector_packet *packet)
{
	if (!is_present(sel, packet) || !packet->frame)
		return;
	remember(sel, packet, FRAME_DROPPED, false);
	if (!packet->frame->is_discardable)
		lose_layer(sel, packet->frame);
}
