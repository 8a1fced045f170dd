/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The cached run of one encoding: its last keyframe and the base layer since (temporal and spatial
 * 0), so that somebody who joins, or changes to this encoding, gets a picture at once instead of
 * asking the publisher for a keyframe; and stills.
 *
 * Told every packet of the encoding, in any order and repaired ones too. Keeps references, bounded
 * by LIMIT_RUN_BYTES and LIMIT_RUN_PACKETS; a run that outgrows them is given up until the next
 * keyframe. Without a keyframe the last few packets stay, because a keyframe's first packet may
 * come after its others. One thread.
 */
#ifndef VIDD_MEDIA_STREAM_RUN_H
#define VIDD_MEDIA_STREAM_RUN_H

#include "media/base/limits.h"
#include "media/base/pkt.h"
#include "media/codec/codec.h"

struct run;

struct run_packet {
	struct pkt *pkt; /* plaintext, as received */
	uint16_t seq;
	uint32_t timestamp;
	bool marker;
	bool has_frame_number;
	uint16_t frame_number;
	struct codec_frame frame;
};

/* 0 or -ENOMEM. */
int run_new(struct run **out);
/* Gives every reference back. NULL is legal. */
void run_free(struct run *run);
/* Another stream: forgets everything. */
void run_clear(struct run *run);
/* Copies *packet and takes a reference of its own when it belongs to the run. */
void run_put(struct run *run, int64_t now_us, const struct run_packet *packet);
/* A packet without a frame (padding): its number is not missing. */
void run_skip(struct run *run, uint16_t seq);
/* The newest number told. */
uint16_t run_highest_seq(const struct run *run);

/* A keyframe is here whole, and of what followed nothing is missing at present. */
bool run_is_usable(const struct run *run);
/* The packets of a usable run, in order of their sequence numbers; 0 when it is not. */
size_t run_count(const struct run *run);
/* at < run_count; borrowed until the next run_put. */
const struct run_packet *run_at(const struct run *run, size_t at);
/* Bytes of the datagrams, and pictures, of a usable run. */
size_t run_bytes(const struct run *run);
size_t run_pictures(const struct run *run);
/* Since the run's keyframe came; INT64_MAX: there is none. */
int64_t run_age_us(const struct run *run, int64_t now_us);
/* How many of the first packets are the keyframe alone: a still. 0: not usable. */
size_t run_keyframe_count(const struct run *run);

#endif
