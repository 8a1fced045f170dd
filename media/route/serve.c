/* SPDX-License-Identifier: EUPL-1.2 */
/* What of track.h gives a subscription the picture to begin with: a keyframe that is asked for, or
 * the cached run where that will do; and stills. */
#include "media/route/dispatch.h"
#include "media/route/replay.h"
#include "media/route/track.h"

enum {
	/* A keyframe this young is still coming, or its run will be whole once repaired. */
	SERVE_COMING_US = 500000,
	/* A run younger than this is likely to be replayed. */
	SERVE_FRESH_US = 2000000,
	/* Where there is a picture already, a better one must not hold up the link for longer. */
	SERVE_BETTER_US = 300000,
	/* An older keyframe is no new picture, and may have been shown. */
	SERVE_STILL_US = 1500000,
	/* What overtakes the end of the handshake is lost on a peer without keys. Guess: more than
	 * links put out of order. */
	SERVE_SETTLE_US = 20000,
};

void track_choose(struct track *track, int64_t now_us, struct sub *sub)
{
	/* Its layers came or went, or it can be sent to now: the budget decides. */
	if (transport_is_ready(sub->transport))
		dispatch_make_stale(sub->dispatch, now_us);
}

void track_want_keyframe(struct track *track, int64_t now_us, const struct sub *sub)
{
	const struct selector *sel = &sub->selector;

	/* A still is whole or comes again. */
	if (sub->still_period_us)
		return;
	if (sel->want.encoding != LAYERS_NONE)
		track_request(track, now_us, sel->want.encoding, KEYFRAME_URGENT);
	/* Until the target starts, the viewer needs what it is shown now. */
	if (sel->now.encoding != LAYERS_NONE && sel->now.encoding != sel->want.encoding)
		track_request(track, now_us, sel->now.encoding, KEYFRAME_URGENT);
}

static bool is_silent(const struct sub *sub)
{
	const struct bwe_state *state = sender_state(sub->sender);

	return state && state->is_silent;
}

static bool begin_from_run(struct track *track, int64_t now_us, struct sub *sub, int encoding,
			   enum selector_need need)
{
	const struct run *run = track_run(track, encoding);
	int64_t most_us = need == SELECTOR_NEEDS_URGENT ? REPLAY_LINK_US : SERVE_BETTER_US;

	if (sub->is_replaying || !replay_fits(sub, now_us, run, most_us))
		return false;
	return replay_begin(sub, now_us, track, encoding, run_count(run));
}

/* The keyframe that brings what is needed is on its way, whole or in repair. */
static bool is_coming(const struct track *track, int64_t now_us, int encoding)
{
	const struct run *run = track_run(track, encoding);

	return run && run_age_us(run, now_us) < SERVE_COMING_US && !run_is_usable(run);
}

static bool has_fresh_run(const struct track *track, int64_t now_us, int encoding)
{
	const struct run *run = track_run(track, encoding);

	return run && run_is_usable(run) && run_age_us(run, now_us) < SERVE_FRESH_US;
}

static void serve_need(struct track *track, int64_t now_us, struct sub *sub)
{
	int8_t encoding = sub->need_encoding;
	enum selector_need need = sub->need;

	if (encoding == LAYERS_NONE || is_silent(sub))
		return;
	if (is_coming(track, now_us, encoding))
		return;
	if (has_fresh_run(track, now_us, encoding) &&
	    now_us - sub->transport->ready_us < SERVE_SETTLE_US) {
		transport_wake(sub->transport, sub->transport->ready_us + SERVE_SETTLE_US);
		return;
	}
	sub->need = SELECTOR_NEEDS_NOTHING;
	if (!begin_from_run(track, now_us, sub, encoding, need))
		track_request(track, now_us, encoding,
			      need == SELECTOR_NEEDS_URGENT ? KEYFRAME_URGENT : KEYFRAME_LAZY);
}

/* The smallest encoding that is sent. */
static int still_encoding(const struct track *track)
{
	for (size_t i = 0; i < track->encoding_count; i++)
		if (track->encoding[i].is_alive)
			return (int)i;
	return LAYERS_NONE;
}

static void serve_still(struct track *track, int64_t now_us, struct sub *sub)
{
	int encoding = still_encoding(track);
	const struct run *run = encoding == LAYERS_NONE ? NULL : track_run(track, encoding);
	bool is_fresh;

	if (now_us < sub->still_us || sub->is_replaying || !run || is_silent(sub))
		return;
	is_fresh = run_is_usable(run) && run_at(run, 0)->timestamp != sub->still_timestamp &&
		   run_age_us(run, now_us) < SERVE_STILL_US;
	if (is_fresh && replay_begin(sub, now_us, track, encoding, run_keyframe_count(run))) {
		sub->is_still = true;
		sub->still_timestamp = run_at(run, 0)->timestamp;
		sub->still_us = now_us + sub->still_period_us;
	} else {
		track_request(track, now_us, encoding, KEYFRAME_THIN);
	}
}

void track_serve(struct track *track, int64_t now_us, struct sub *sub)
{
	if (sub_is_spared(sub))
		return;
	if (sub->still_period_us)
		serve_still(track, now_us, sub);
	else if (sub->need != SELECTOR_NEEDS_NOTHING)
		serve_need(track, now_us, sub);
}

uint32_t track_still_bytes(const struct track *track)
{
	int encoding = still_encoding(track);

	return encoding == LAYERS_NONE ? 0 : track->encoding[encoding].keyframe.bytes;
}
