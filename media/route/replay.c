/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/replay.h"

enum {
	/* What a run brings must not be older. Guess: a picture that old is better than none, and
	 * its last frame is of now. */
	REPLAY_AGE_US = 10000000,
};

bool replay_fits(const struct sub *sub, int64_t now_us, const struct run *run, int64_t most_us)
{
	uint32_t bps = sub->sender->pacer.rate_bps;

	/* What the others on the link leave for it. */
	if (sub->budget_bps < bps)
		bps = sub->budget_bps;
	if (!run || bps == 0 || !run_is_usable(run) || run_count(run) > LIMIT_WAITING_PACKETS ||
	    run_age_us(run, now_us) > REPLAY_AGE_US)
		return false;
	return (int64_t)run_bytes(run) * 8 * 1000000 / bps <= most_us;
}

static struct rewrite_in place_of(const struct packet *packet, int64_t now_us)
{
	return (struct rewrite_in){
		.seq = packet->header.seq,
		.timestamp = packet->header.timestamp,
		.arrival_us = now_us,
		.clock_hz = packet->codec->clock_hz,
		.frame = &packet->frame,
		.has_frame_number = packet->has_frame_number,
		.frame_number = packet->frame_number,
	};
}

static bool take_place(struct sub *sub, int64_t now_us, struct track *track, int encoding,
		       size_t count)
{
	const struct run *run = track_run(track, encoding);
	bool is_still = count == run_keyframe_count(run);
	struct packet first;
	struct packet last;
	struct rewrite_in from;
	struct rewrite_in to;

	if (count == 0 || track_run_packet(track, encoding, 0, &first) ||
	    track_run_packet(track, encoding, count - 1, &last) || !sub_takes_codec(sub, &first))
		return false;
	from = place_of(&first, now_us);
	to = place_of(&last, now_us);
	waiting_clear(&sub->waiting);
	selector_begin(&sub->selector, (int8_t)encoding, first.generation);
	rewrite_replay(&sub->rewrite, &from, &to, is_still ? 1 : (uint16_t)run_pictures(run));
	sub->is_replaying = true;
	sub->is_still = false;
	sub->is_skipping = false;
	sub->replay_end = run_highest_seq(run);
	sub->wants_report = true;
	return true;
}

bool replay_begin(struct sub *sub, int64_t now_us, struct track *track, int encoding, size_t count)
{
	struct waiting_item item = {
		.queued_us = now_us,
		.capture_us = now_us,
		.is_newest = true,
		.is_replayed = true,
	};

	if (!take_place(sub, now_us, track, encoding, count))
		return false;
	for (size_t i = 0; i < count; i++) {
		item.ends_replay = i + 1 == count;
		if (track_run_packet(track, encoding, i, &item.packet) == 0)
			waiting_push(&sub->waiting, &item);
	}
	sub->transport->outlet->stats.replays++;
	transport_wake(sub->transport, now_us);
	return true;
}
