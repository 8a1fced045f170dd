/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/dispatch.h"

#include "media/base/heap.h"

enum {
	/* How long a frame may have waited when its turn comes (docs/adaptation.md 2: deadline per
	 * class). A frame that has begun is finished. */
	DISPATCH_KEYFRAME_US = 1500000,
	DISPATCH_BASE_US = 400000,
	DISPATCH_ENHANCEMENT_US = 250000,
	/* A NACK older than this was written by a viewer that has given up, or asked again. */
	DISPATCH_REPAIR_US = 400000,
};

void dispatch_add(struct dispatch *dispatch, struct sub *sub)
{
	sub->dispatch = dispatch;
	sub->next_of_transport = dispatch->subs;
	dispatch->subs = sub;
}

void dispatch_make_stale(struct dispatch *dispatch, int64_t now_us)
{
	dispatch->is_stale = true;
	transport_wake(dispatch->transport, now_us);
}

static void drop_repairs(struct dispatch *dispatch, const struct sub *sub)
{
	for (size_t i = 0; i < dispatch->repair_count; i++) {
		size_t at = (dispatch->repair_head + i) % LIMIT_WAITING_REPAIRS;

		if (dispatch->repair[at].sub == sub)
			dispatch->repair[at].sub = NULL;
	}
}

void dispatch_remove(struct dispatch *dispatch, struct sub *sub)
{
	struct sub **at = &dispatch->subs;

	while (*at && *at != sub)
		at = &(*at)->next_of_transport;
	if (*at)
		*at = sub->next_of_transport;
	sub->next_of_transport = NULL;
	drop_repairs(dispatch, sub);
}

/* --- pictures -------------------------------------------------------------------------------- */

static int64_t patience_us(const struct sub *sub, const struct waiting_kept *item)
{
	const struct codec_frame *frame = &item->frame;

	/* What waits behind a run has its time. */
	if (item->is_replayed || frame->is_keyframe || item->queued_us < sub->replayed_us)
		return DISPATCH_KEYFRAME_US;
	return frame->temporal > 0 || frame->spatial > 0 ? DISPATCH_ENHANCEMENT_US
							 : DISPATCH_BASE_US;
}

/* Leaves out what has waited too long: whole frames, never the rest of one that has begun. */
static void prune(struct sub *sub, int64_t now_us)
{
	const struct waiting_kept *item;
	struct waiting_item whole;

	while ((item = waiting_first(&sub->waiting))) {
		bool is_start = item->frame.starts_frame;

		if (is_start)
			sub->is_skipping = now_us - item->queued_us > patience_us(sub, item);
		if (!sub->is_skipping)
			return;
		waiting_unpack(item, &whole);
		sub->transport->outlet->stats.dropped_late++;
		sub_skip(sub, now_us, &whole);
		waiting_pop(&sub->waiting);
	}
}

static struct sub *most_urgent(const struct dispatch *dispatch, int64_t now_us)
{
	struct sub *best = NULL;

	for (struct sub *sub = dispatch->subs; sub; sub = sub->next_of_transport) {
		if (sub->waiting.count)
			prune(sub, now_us);
		if (sub->waiting.count && (!best || sub->rank < best->rank))
			best = sub;
	}
	return best;
}

static bool send_picture(struct dispatch *dispatch, int64_t now_us)
{
	struct sub *sub = most_urgent(dispatch, now_us);
	const struct waiting_kept *item = sub ? waiting_first(&sub->waiting) : NULL;
	struct waiting_item whole;

	if (!item || !sender_is_open(dispatch->sender, now_us, item->pkt->len))
		return false;
	waiting_unpack(item, &whole);
	sub_emit(sub, now_us, &whole);
	waiting_pop(&sub->waiting);
	return true;
}

/* Whole pictures: what has begun is finished, and what waits goes first. */
static bool is_left_out(struct sub *sub, const struct waiting_item *item)
{
	if (item->packet.frame.starts_frame)
		sub->is_left_out = sub_is_spared(sub) && sub->waiting.count == 0;
	return sub->is_left_out && sub->waiting.count == 0;
}

void dispatch_forward(struct dispatch *dispatch, int64_t now_us, struct sub *sub,
		      const struct waiting_item *item)
{
	bool is_alone = sub->waiting.count == 0 && dispatch->repair_count == 0;

	if (!transport_is_ready(sub->transport) || !sub_takes(sub, &item->packet))
		return;
	if (!codec_is_video(item->packet.codec->codec)) {
		sub_emit(sub, now_us, item);
		return;
	}
	if (is_left_out(sub, item)) {
		sub->transport->outlet->stats.dropped_spared++;
		sub_skip(sub, now_us, item);
		return;
	}
	if (is_alone && sender_is_open(dispatch->sender, now_us, item->packet.pkt->len)) {
		sub_emit(sub, now_us, item);
		return;
	}
	if (!waiting_push(&sub->waiting, item))
		sub_break(sub);
	dispatch_flush(dispatch, now_us);
	transport_wake(dispatch->transport, dispatch_deadline_us(dispatch, now_us));
}

/* --- repair ---------------------------------------------------------------------------------- */

static bool is_waiting(const struct dispatch *dispatch, const struct sub *sub, uint16_t seq)
{
	for (size_t i = 0; i < dispatch->repair_count; i++) {
		size_t at = (dispatch->repair_head + i) % LIMIT_WAITING_REPAIRS;

		if (dispatch->repair[at].sub == sub && dispatch->repair[at].seq == seq)
			return true;
	}
	return false;
}

void dispatch_nack(struct dispatch *dispatch, int64_t now_us, struct sub *sub, uint16_t seq)
{
	size_t at;

	if (sub->mline->kind == MEDIA_AUDIO) {
		sub_resend(sub, now_us, seq);
		return;
	}
	/* Full: the viewer will ask again, or for a keyframe. */
	if (dispatch->repair_count == LIMIT_WAITING_REPAIRS || is_waiting(dispatch, sub, seq))
		return;
	at = (dispatch->repair_head + dispatch->repair_count) % LIMIT_WAITING_REPAIRS;
	dispatch->repair[at] = (struct dispatch_repair){sub, seq, now_us};
	dispatch->repair_count++;
}

static bool send_repair(struct dispatch *dispatch, int64_t now_us)
{
	while (dispatch->repair_count) {
		const struct dispatch_repair *repair = &dispatch->repair[dispatch->repair_head];
		bool is_void = !repair->sub || now_us - repair->asked_us > DISPATCH_REPAIR_US;
		size_t len = is_void ? 0 : sub_resend_len(repair->sub, repair->seq);

		if (len && !sender_is_open(dispatch->sender, now_us, len))
			return false;
		if (len)
			sub_resend(repair->sub, now_us, repair->seq);
		dispatch->repair_head = (dispatch->repair_head + 1) % LIMIT_WAITING_REPAIRS;
		dispatch->repair_count--;
		if (len)
			return true;
	}
	return false;
}

/* --- probes ---------------------------------------------------------------------------------- */

static struct sub *probe_sub(const struct dispatch *dispatch)
{
	struct sub *best = NULL;

	for (struct sub *sub = dispatch->subs; sub; sub = sub->next_of_transport)
		if (sub_can_probe(sub) && (!best || sub->rank < best->rank))
			best = sub;
	return best;
}

/* What was sent last goes again: it repairs losses before they are asked for. */
static bool send_probe(struct dispatch *dispatch, int64_t now_us)
{
	struct sub *best = probe_sub(dispatch);

	if (sender_probe_left(dispatch->sender) == 0)
		return false;
	if (best && !sender_is_open(dispatch->sender, now_us, sub_probe_len(best, now_us)))
		return false;
	if (best && sub_probe(best, now_us))
		return true;
	sender_end_probe(dispatch->sender, now_us);
	return false;
}

/* --- time ------------------------------------------------------------------------------------ */

/* A repair that waits for room is not passed by smaller packets: they would take the room again
 * and again. */
static bool send_next(struct dispatch *dispatch, int64_t now_us)
{
	if (send_repair(dispatch, now_us))
		return true;
	return dispatch->repair_count == 0 &&
	       (send_picture(dispatch, now_us) || send_probe(dispatch, now_us));
}

void dispatch_flush(struct dispatch *dispatch, int64_t now_us)
{
	if (!transport_is_ready(dispatch->transport))
		return;
	while (send_next(dispatch, now_us))
		continue;
}

int64_t dispatch_deadline_us(const struct dispatch *dispatch, int64_t now_us)
{
	int64_t first = DEADLINE_NEVER;
	int64_t opens;

	for (const struct sub *sub = dispatch->subs; sub; sub = sub->next_of_transport) {
		const struct waiting_kept *item = waiting_first(&sub->waiting);

		if (!item)
			continue;
		opens = sender_opens_us(dispatch->sender, now_us, item->pkt->len);
		first = opens < first ? opens : first;
	}
	if (dispatch->repair_count || sender_probe_left(dispatch->sender)) {
		const struct sub *probed = dispatch->repair_count ? NULL : probe_sub(dispatch);
		size_t len = probed ? sub_probe_len(probed, now_us) : LIMIT_DTLS_MTU_BYTES;

		opens = sender_opens_us(dispatch->sender, now_us, len);
		first = opens < first ? opens : first;
	}
	return first;
}
