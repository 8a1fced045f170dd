/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Continuity: one outgoing stream (a slot) fed by changing sources. Maps a source's sequence
 * numbers, timestamps, picture ids, TL0PICIDX, KEYIDX and dependency-descriptor frame numbers into
 * numbers that only ever go on, whatever the source does (RFC 3550 5.1; VP8 RFC 7741 4.2; VP9 RFC
 * 9628 4.2).
 *
 * Dropped packets (layers not forwarded) close the gap: rewrite_drop. Late packets of the present
 * source get the number that was left for them; packets of an earlier source are refused.
 */
#ifndef VIDD_MEDIA_STREAM_REWRITE_H
#define VIDD_MEDIA_STREAM_REWRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "media/codec/codec.h"

/* Plain data (it must survive a hand-over to another process). Zero state plus next_seq/next_ts set
 * by rewrite_init. */
struct rewrite {
	bool started;
	uint16_t seq_offset; /* out = in + offset */
	uint32_t ts_offset;
	uint16_t pid_offset;
	uint8_t tl0_offset;
	uint8_t keyidx_offset;
	uint16_t frame_offset;
	uint16_t first_in_seq;	 /* of the present source; older ones are refused */
	uint16_t highest_in_seq; /* of the present source */
	uint16_t highest_seq;	 /* outgoing */
	uint32_t highest_ts;
	int64_t highest_us; /* arrival of the packet that set highest_ts */
	uint16_t highest_pid;
	uint8_t highest_tl0;
	uint8_t highest_keyidx;
	uint16_t highest_frame;
	/* Dropped sequence numbers of the last 64 incoming, a bit each, so that late ones map
	 * right. */
	uint64_t dropped;
};

struct rewrite_in {
	uint16_t seq;
	uint32_t timestamp;
	int64_t arrival_us;
	uint32_t clock_hz;
	const struct codec_frame *frame; /* NULL for audio */
	bool has_frame_number;		 /* dependency descriptor */
	uint16_t frame_number;
};

struct rewrite_out {
	uint16_t seq;
	uint32_t timestamp;
	struct codec_numbers numbers;
	uint16_t frame_number;
};

/* first_seq: below 2^15 (RFC 3711 3.3.1: a lost first packet must not confuse the rollover
 * counter). */
void rewrite_init(struct rewrite *rw, uint16_t first_seq, uint32_t first_ts);
/* The next packet comes from another source (or the same after a pause): the timestamp goes on by
 * the time passed since the last packet, everything else by one. */
void rewrite_switch(struct rewrite *rw, const struct rewrite_in *first);
/* 0; -EAGAIN: belongs to an earlier source or was dropped before: do not send. */
int rewrite_packet(struct rewrite *rw, const struct rewrite_in *in, struct rewrite_out *out);
/* This packet of the present source is not forwarded. */
void rewrite_drop(struct rewrite *rw, uint16_t seq);

#endif
