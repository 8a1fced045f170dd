/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A picture that begins from the cached run of its encoding (stream/run): its packets take the
 * place of whatever waits for the subscription, and what comes next goes on behind them. One
 * thread.
 */
#ifndef VIDD_MEDIA_ROUTE_REPLAY_H
#define VIDD_MEDIA_ROUTE_REPLAY_H

#include "media/route/track.h"

/* A run is replayed when it leaves within this time (docs/adaptation.md 2): later, and a fresh
 * keyframe would have come. */
#define REPLAY_LINK_US 1500000

/* Whether the run is there, not too old, and leaves within most_us of the subscriber's link. */
bool replay_fits(const struct sub *sub, int64_t now_us, const struct run *run, int64_t most_us);
/* Begins anew with the first count packets of the run: all of them, or the keyframe alone as a
 * still. False: they cannot be read any more. */
bool replay_begin(struct sub *sub, int64_t now_us, struct track *track, int encoding, size_t count);

#endif
