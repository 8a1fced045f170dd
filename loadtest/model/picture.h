/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A receiver of VP8: puts packets together to frames, decodes a frame when it is whole and what it
 * refers to was decoded (RFC 7741's TL0PICIDX, TID, Y and picture ids), asks for what is missing
 * and for keyframes as libwebrtc does (200 ms without a first one, 3 s without a frame), and keeps
 * account of what a person sees. Pure.
 *
 * A frame is shown the moment it can be decoded and what lies before it was shown; where something
 * is missing before it, it waits for the repair as long as libwebrtc's playout delay would (a round
 * trip, 200 ms at most, once three packets were asked for). No other playout delay evens gaps out,
 * so stalls are rather over- than underestimated.
 */
#ifndef VIDD_LOADTEST_MODEL_PICTURE_H
#define VIDD_LOADTEST_MODEL_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loadtest/model/label.h"
#include "loadtest/model/missing.h"
#include "media/codec/codec.h"

#define PICTURE_PACKETS 4096 /* a power of two */
#define PICTURE_FRAMES	64   /* whole and not decoded yet */

struct picture_packet {
	uint16_t seq;
	uint32_t timestamp;
	bool marker;
	struct codec_frame frame;
	struct label label;
};

struct picture_stats {
	uint64_t frames;
	uint64_t keyframes;
	int64_t first_us; /* 0: no picture yet */
	int64_t last_us;
	int64_t stall_400_us; /* time inside gaps of more than 400 ms, closed ones */
	int64_t stall_1000_us;
	int64_t longest_gap_us;
	int64_t age_max_us;   /* of what was shown, just before the next frame */
	int64_t delay_sum_us; /* capture to display */
	double height_us;     /* height x time shown */
	uint64_t nacks;
	uint64_t plis;
};

/* Visible for embedding; zero state is ready. */
struct picture {
	struct picture_slot {
		int64_t number; /* 0: empty */
		struct picture_packet packet;
	} packet[PICTURE_PACKETS];
	struct picture_frame {
		int64_t first; /* its packets' numbers */
		int64_t last;
		int64_t id; /* unwrapped picture id */
		int64_t whole_us;
		struct picture_packet head;
	} frame[PICTURE_FRAMES];
	size_t frame_count;
	struct missing missing;
	bool has_seq;
	uint16_t last_seq;
	int64_t high; /* unwrapped number of last_seq */
	bool has_id;
	uint16_t last_id;
	int64_t id_high;
	uint64_t ids;	/* bit n: picture id_high - n came whole */
	int64_t rtt_us; /* set by the caller */
	bool has_key;
	int64_t decoded_id;
	int64_t base_id;  /* of the last T0 */
	uint8_t base_tl0; /* its TL0PICIDX */
	int64_t began_us; /* when the first packet came */
	int64_t ask_us;	  /* when to ask for a keyframe next */
	bool wants_pli;
	uint16_t height; /* shown */
	struct label shown;
	/* Shown since the caller last set shown_count to 0. */
	struct picture_shown {
		struct label label;
		bool is_keyframe;
	} recent[PICTURE_FRAMES];
	size_t shown_count;
	struct picture_stats stats;
};

/* Returns how many frames were decoded because of it. */
size_t picture_packet(struct picture *picture, int64_t now_us, const struct picture_packet *packet);
/* May show frames too. */
void picture_timeout(struct picture *picture, int64_t now_us);
int64_t picture_deadline_us(const struct picture *picture);
/* Numbers to ask for. */
size_t picture_nacks(struct picture *picture, int64_t now_us, int64_t rtt_us, uint16_t *out,
		     size_t cap);
/* True once per keyframe to be asked for. */
bool picture_take_pli(struct picture *picture);
/* Another stream follows; what was counted stays. */
void picture_renew(struct picture *picture);
/* Closes the account: what is shown counts until now. */
void picture_finish(struct picture *picture, int64_t now_us);

#endif
