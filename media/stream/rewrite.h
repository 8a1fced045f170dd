/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Continuity: one outgoing stream (a slot) fed by changing sources. Maps a source's sequence
 * numbers, timestamps, picture ids, TL0PICIDX, KEYIDX and dependency-descriptor frame numbers into
 * numbers that only ever go on, whatever the source does (RFC 3550 5.1; VP8 RFC 7741 4.2; VP9 RFC
 * 9628 4.2).
 *
 * Packets not forwarded (a layer, padding) close the gap: rewrite_drop. Late packets of the present
 * source get the number that was left for them; packets of an earlier source, and a packet that was
 * sent or dropped before, are refused. A retransmission is not mapped again: stream/sent keeps the
 * numbers a packet went out with.
 *
 * Closing gaps also renumbers picture ids, where the codec wants them dense (VP8). Frame numbers
 * and VP9 picture ids keep their gaps: references are differences of them.
 */
#ifndef VIDD_MEDIA_STREAM_REWRITE_H
#define VIDD_MEDIA_STREAM_REWRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "media/codec/codec.h"

/* How far behind the newest a late packet may come: 2 s of 4.5 Mbit/s. */
#define REWRITE_WINDOW 1024

/* One running number, unwrapped: out = in + offset. Between sources `started` is false and
 * highest + offset still is the last number given out. */
struct rewrite_run {
	bool started;
	int64_t highest; /* incoming, of the present source */
	int64_t offset;
};

/* Plain data (it must survive a hand-over to another process); everything but ts_offset is
 * rewrite.c's own. Only rewrite_init makes it ready. */
struct rewrite {
	bool started;
	struct rewrite_run seq;
	struct rewrite_run picture_id;
	struct rewrite_run tl0picidx;
	struct rewrite_run keyidx;
	struct rewrite_run frame_number;
	int64_t first_seq; /* incoming, of the present source: older ones are refused */
	uint32_t ts_offset;
	uint32_t highest_ts; /* outgoing */
	int64_t highest_us;  /* arrival of the packet that set highest_ts */
	uint32_t step_ts;    /* last advance of an audio timestamp: one packet's duration */
	/* A run is being replayed: pictures still to come, the present one (replay_in: its incoming
	 * timestamp) included, and the outgoing timestamp of the last. */
	uint16_t replay_left;
	uint32_t replay_in;
	uint32_t replay_last_ts;
	bool closes_picture_id; /* ids up to the next one seen are not coming */
	/* The last REWRITE_WINDOW incoming sequence numbers (picture ids), a bit each: sent or
	 * dropped; dropped while it was the newest, so that those behind it moved up. */
	uint64_t taken[REWRITE_WINDOW / 64];
	uint64_t closed[REWRITE_WINDOW / 64];
	uint64_t closed_picture_id[REWRITE_WINDOW / 64];
};

struct rewrite_in {
	uint16_t seq;
	uint32_t timestamp;
	int64_t arrival_us; /* or, when known, sync_capture_us: no jitter in the switch then */
	uint32_t clock_hz;
	const struct codec_frame *frame; /* NULL for audio and for padding */
	bool has_frame_number;		 /* dependency descriptor */
	uint16_t frame_number;
};

struct rewrite_out {
	uint16_t seq;
	uint16_t frame_number;
	uint32_t timestamp;
	struct codec_numbers numbers;
};

/* first_seq: below 2^15 (RFC 3711 3.3.1: a lost first packet must not confuse the rollover
 * counter). */
void rewrite_init(struct rewrite *rw, uint16_t first_seq, uint32_t first_ts);
/* The next packet comes from another source (or the same after a pause): the timestamp goes on by
 * the time passed since the last packet (audio: by one packet at least), everything else by one.
 * `first` is then given to rewrite_packet. Numbers before it are refused from now on, so switch
 * video only on the start of a keyframe that is the newest packet of its encoding: when a keyframe
 * start came late, what followed it has passed by and a new keyframe is to be asked for. */
void rewrite_switch(struct rewrite *rw, const struct rewrite_in *first);
/* 0; -EAGAIN: belongs to an earlier source, is older than the window, or was sent or dropped
 * before: do not send. The first packet ever needs no rewrite_switch. */
int rewrite_packet(struct rewrite *rw, const struct rewrite_in *in, struct rewrite_out *out);
/* This packet of the present source is not forwarded. A no-op before the first switch. When later
 * packets have gone out already its number stays free. */
void rewrite_drop(struct rewrite *rw, const struct rewrite_in *in);
/* As rewrite_switch, for a cached run (stream/run) of `pictures` pictures from `first` to `last`.
 * Its packets are given in order to rewrite_jump and rewrite_packet, then rewrite_resume ends it.
 * The last picture gets the timestamp that time has come to, and those before it stand a
 * millisecond apart: a receiver would play them at their old distances, and be late ever after. */
void rewrite_replay(struct rewrite *rw, const struct rewrite_in *first,
		    const struct rewrite_in *last, uint16_t pictures);
/* What lies between the newest packet so far and this one (sequence numbers, dense picture ids)
 * will not be sent: closes the gap. The packet itself is then given to rewrite_packet. */
void rewrite_jump(struct rewrite *rw, const struct rewrite_in *in);
/* The run is over: up to highest_seq, the newest that came of the source, nothing more is sent. */
void rewrite_resume(struct rewrite *rw, uint16_t highest_seq);
/* The outgoing timestamp of a timestamp of the present source: for sender reports. */
uint32_t rewrite_timestamp(const struct rewrite *rw, uint32_t timestamp);

#endif
