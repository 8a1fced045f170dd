/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How much of a picture one stream gets at the bottom of a link, where less than its base layer
 * fits: instead of going off and on it becomes a row of stills. Down at once, up only when what is
 * there would do with 25 % to spare for 5 s (1 s where twice as much is there: an outage has
 * ended; and from nothing to stills). Pure; one per stream of a subscriber.
 */
#ifndef VIDD_MEDIA_RATE_LADDER_H
#define VIDD_MEDIA_RATE_LADDER_H

#include <stdbool.h>
#include <stdint.h>

#define LADDER_STILL_BYTES                                                                         \
	6000 /* a still of unknown cost: 320x180, middling (docs/adaptation.md 4) */
#define LADDER_HOLD_US 5000000
/* Of its cost, what must be there for the next mode: see needed_bps(), a tenth for what varies, and
 * 25 % to spare. */
#define LADDER_ROOM_PERCENT 138

enum ladder_mode {
	LADDER_NONE,	/* sound only; a still each 15 s when there is room */
	LADDER_STILLS,	/* a fresh still each 2-4 s */
	LADDER_REDUCED, /* the base layer */
	LADDER_FULL,
};

/* Zero state is ready: the first step goes wherever it fits. */
struct ladder {
	bool is_started;
	enum ladder_mode mode;
	bool is_above; /* the next mode has fitted since above_us */
	int64_t above_us;
};

/* What the stream costs at IP level; 0: not known, the figures of docs/adaptation.md 2 are taken
 * (60 and 120 kbit/s, 6 kB). */
struct ladder_cost {
	uint32_t base_bps; /* its cheapest point */
	uint32_t full_bps; /* the one above; 0 also when there is none */
	uint32_t still_bytes;
};

/* available_bps: what is left for this stream, sound already taken off. */
enum ladder_mode ladder_step(struct ladder *ladder, int64_t now_us, uint32_t available_bps,
			     const struct ladder_cost *cost);
/* How far apart stills are in this mode: 0 when there are none. */
int64_t ladder_still_period_us(enum ladder_mode mode, uint32_t available_bps, uint32_t still_bytes);

#endif
