/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A receiver of sound: the jitter buffer of one audio stream and what a person hears of it. Takes
 * 20 ms frames (of plain, redundant, merged or repaired packets alike), plays one each 20 ms, and
 * conceals where there is none. Modelled after NetEq (docs/adaptation.md 3): the target delay
 * follows the jitter; time is stretched by a tenth to reach it, by a quarter when far above; what
 * is concealed in speech counts as audible.
 *
 * Silence is what the speaker was doing in the last frame that came.
 */
#ifndef VIDD_LOADTEST_MODEL_HEARING_H
#define VIDD_LOADTEST_MODEL_HEARING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loadtest/model/jitter.h"
#include "loadtest/model/label.h"

#define HEARING_FRAMES	256 /* 5 s: NetEq's buffer holds 200 packets */
#define HEARING_TICK_US 20000

/* How a frame came. */
enum hearing_kind {
	HEARING_FIRST, /* in its own packet, in order: its time tells how the link is */
	HEARING_LATE,  /* in its own packet, after later ones: repaired or reordered */
	HEARING_COPY,  /* beside another: redundancy, or not the first of its packet */
};

/* One tick of the player, as it went. */
enum hearing_tick {
	HEARING_NOTHING, /* no sound has come yet */
	HEARING_PLAYED,
	HEARING_SILENT_GAP,  /* concealed while nobody spoke, or DTX */
	HEARING_AUDIBLE_GAP, /* concealed in speech */
};

struct hearing_stats {
	uint64_t ticks; /* since the first frame */
	uint64_t concealed;
	uint64_t audible;
	uint64_t longest_us; /* audible concealment in a row */
	uint64_t stretched_us;
	uint64_t late;	       /* frames that came after their turn */
	uint64_t delay_sum_us; /* mouth to ear, of frames played */
	uint64_t delay_count;
	int64_t first_us; /* when the first frame was played; 0: none */
};

/* Visible for embedding; zero state is ready. */
struct hearing {
	struct jitter jitter;
	struct hearing_frame {
		int64_t number; /* 1 + RTP time / 20 ms, unwrapped; 0: empty */
		struct label label;
	} frame[HEARING_FRAMES];
	int64_t newest;
	int64_t packet_us;  /* sound in one packet: never wait less than for the next one */
	double level_us;    /* smoothed */
	double play;	    /* number of the frame due now, with its fraction */
	int64_t gap_ticks;  /* concealed in a row */
	int64_t audible_us; /* audible ones in a row */
	struct label last;  /* played */
	bool has_ts;
	uint32_t last_ts;
	int64_t ts_high;
	struct hearing_stats stats;
};

/* One frame whose RTP time (48 kHz) is timestamp; label NULL for a DTX frame without one. */
void hearing_frame(struct hearing *hearing, int64_t now_us, uint32_t timestamp,
		   const struct label *label, enum hearing_kind kind);
/* Each 20 ms. */
enum hearing_tick hearing_tick(struct hearing *hearing, int64_t now_us);
/* Another stream follows; what was counted stays. */
void hearing_renew(struct hearing *hearing);
/* True when a frame of this RTP time could still be played. */
bool hearing_could_use(const struct hearing *hearing, uint32_t timestamp);

#endif
