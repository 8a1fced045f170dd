/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the publisher of a track should send: the encodings that somebody uses, no more bits than
 * somebody can use, and no more than its uplink carries. One per track; numbers in, numbers out.
 *
 * - With any viewer the smallest encoding stays, so that switching down is always possible; an
 *   encoding goes on at once when it is wanted and off when it was not for 7 s. Without a viewer
 *   all video goes off after the same time. Sound is never switched off.
 * - The best encoding is the largest that some viewer can use and the uplink can carry. When all
 *   its viewers are thin the bits are capped at what the best of them can use (publisher follow),
 *   so that the steps of simulcast waste nothing. The cap never goes below what any viewer can
 *   use: a thin viewer adds encodings at most, where the uplink carries them besides, and lowers
 *   nothing.
 * - On an uplink that was full once, a larger encoding goes on only when its least comes already:
 *   a browser sends that even where its own estimate is below it, and the queue pays.
 * - Below 600 kbit/s of uplink two encodings are kept, the smallest and the best; below 350 kbit/s
 *   the best one alone. How fast they may be is REMB's to say (uplink.h), not the cap's here.
 * - Sound should take 16 kbit/s where its packets should be long, for REMB does not hold it:
 *   browsers send it first, whatever that leaves for pictures. And where the links of all its
 *   listeners carry less than 128 kbit/s.
 * - Pictures whose part of the uplink is below 50 kbit/s are capped at 60 % of it: below 30 kbit/s
 *   a browser's encoder heeds no REMB, only this.
 *
 * Pure, plain data, no allocation.
 */
#ifndef VIDD_MEDIA_RATE_WANT_H
#define VIDD_MEDIA_RATE_WANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/limits.h"

#define WANT_NO_LIMIT UINT32_MAX
/* libwebrtc's most for 720p: who sends less whatever it is asked to need not be told. */
#define WANT_MOST_BPS 2500000

/* A subscriber of the track. */
struct want_viewer {
	int8_t encoding; /* forwarded or aimed at; -1: none, its picture is paused */
	/* The largest it makes use of (size of its slot); no cap: 127. Where the uplink has no room
	 * for that one beside a larger one, it takes the larger. */
	int8_t max_encoding;
	/* Of media of this track; of sound, what the listener's link carries. WANT_NO_LIMIT:
	 * unknown or plenty. */
	uint32_t budget_bps;
};

struct want_in {
	bool is_audio;
	uint8_t encoding_count; /* 1..LIMIT_ENCODINGS, smallest first */
	/* What each encoding sends at its best; 0: not known, libwebrtc's figures are used. */
	uint32_t full_bps[LIMIT_ENCODINGS];
	const struct want_viewer *viewers; /* may be NULL when there are none */
	size_t viewer_count;
	uint32_t uplink_bps;	    /* for this track, see want_share; WANT_NO_LIMIT: not known */
	uint32_t arriving_bps;	    /* of that, what comes; 0: not known */
	uint16_t headroom_permille; /* of publisher follow; 0: the default, 150 */
	uint8_t ptime_ms;	    /* uplink_state.ptime_ms */
	bool is_redundant;	    /* uplink_red.h */
};

/* The numbers of struct engine_want. */
struct want_out {
	uint8_t encodings; /* a bit each; bit 0 is the smallest */
	uint32_t max_bps;  /* of media, all encodings together; 0: no cap */
	uint8_t ptime_ms;  /* of sound; 0: any */
	bool is_redundant; /* sound in RED */
};

/* Zero state is ready: the publisher sends everything, as it does before it is told anything. */
struct want {
	bool started;
	struct want_out out;		  /* what was told last */
	int64_t told_us;		  /* when */
	int64_t used_us[LIMIT_ENCODINGS]; /* when each encoding was last wanted */
	int64_t lower_us;		  /* since when fewer bits would do; 0: they would not */
	uint32_t lower_bps;		  /* the most that was needed since */
	uint8_t level;			  /* how many encodings the uplink allows */
	int64_t level_us;		  /* since when it would be another; 0: it would not */
};

/* A track's part of the uplink: what it carries (capacity or cap, 0: no such limit) without the
 * sound, in equal parts. WANT_NO_LIMIT when neither is known. */
uint32_t want_share(uint32_t capacity_bps, uint32_t cap_bps, uint32_t audio_bps,
		    size_t video_track_count);

/* Looks at the numbers: call each second, and when viewers come, go or get another budget. True
 * when the publisher should be told *out: at once when more is needed, else at most once a second
 * and when it differs enough to matter. *out is always what holds. */
bool want_update(struct want *want, int64_t now_us, const struct want_in *in, struct want_out *out);

#endif
