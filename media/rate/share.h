/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One budget over the streams of one subscriber. Sound is taken off first, headers, RED and repair
 * included. Then, larger priority first: everybody's base, everybody's floor, and what is left in
 * steps, equal priorities in turns (the one that has least goes first). Down at once; up only when
 * the whole would fit with 15 % to spare for max(1 s, 3 RTT). Who cannot have a base gets stills
 * (ladder.h). Pure: numbers in, numbers out; every rate at IP level.
 */
#ifndef VIDD_MEDIA_RATE_SHARE_H
#define VIDD_MEDIA_RATE_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/rate/ladder.h"

#define SHARE_NONE (-1)

enum share_kind {
	SHARE_SOUND,
	SHARE_VIDEO,
};

struct share_stream {
	/* Told anew before each share_assign. */
	enum share_kind kind;
	uint16_t priority;	   /* larger goes first */
	uint32_t reserved_bps;	   /* sound: what it sends, all included; 0: it is silent */
	uint32_t floor_bps;	   /* given before anybody else gets more than a base */
	const uint32_t *point_bps; /* ascending, borrowed for the call */
	size_t point_count;	   /* 0: it sends nothing now */
	uint32_t still_bytes;	   /* what one still costs; 0: not known */
	/* Its publisher keeps to what this subscriber can use: its best point fits with little to
	 * spare, and when it does not any more, it will soon. */
	bool is_shaped;
	/* In: the index of what is sent now (points may have moved since), SHARE_NONE: nothing or
	 * stills. Out: what is to be sent. */
	int point;

	/* Out. */
	enum ladder_mode mode;
	int64_t still_period_us; /* 0: no stills */

	/* share.c's own; zero at first. */
	struct ladder ladder;
	int64_t over_us; /* since when its best point does not fit; 0: it does */
	bool has_room;	 /* its next point has fitted since room_us */
	int64_t room_us;
};

struct share_budget {
	uint32_t bps;	/* what all may send together */
	int64_t rtt_us; /* <= 0: not known */
	bool may_raise; /* false: congested or draining, nothing goes up now */
};

/* For the estimator's demand. */
struct share_result {
	uint32_t sending_bps; /* as set now, sound and stills included */
	uint32_t next_bps;    /* after the next upgrade; 0: everything is at its best */
	uint32_t room_bps;    /* what must be there before it is made; 0: as next_bps */
	uint32_t wanted_bps;  /* everything at its best */
	int64_t again_us;     /* an upgrade may be due then: call again; INT64_MAX: no need */
};

/* count <= LIMIT_MLINES. */
void share_assign(struct share_result *out, int64_t now_us, const struct share_budget *budget,
		  struct share_stream *streams, size_t count);

#endif
