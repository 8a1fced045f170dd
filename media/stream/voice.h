/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The last Opus packets of one audio track, each as its publisher coded it, in or out of RED
 * (RFC 2198): what stream/voiceout builds a subscriber's payloads from. Packets lost on the
 * publisher's way are filled in from the RED that came later.
 *
 * A frame is a reference on the packet buffer it came in and a pointer into it: nothing is copied,
 * and nobody may write to the buffer any more. A ring of fixed size, no allocation. One worker
 * thread, like the buffers.
 */
#ifndef VIDD_MEDIA_STREAM_VOICE_H
#define VIDD_MEDIA_STREAM_VOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/limits.h"
#include "media/base/pkt.h"
#include "media/base/seq.h"

/* Packets kept, a power of two: 640 ms of 20 ms. What the deepest policy wants (five blocks of
 * three packets), and as much again for what comes late. */
#define VOICE_WINDOW LIMIT_VOICE_PACKETS

/* One payload of the publisher's codec, RED taken off. */
struct voice_frame {
	struct pkt *pkt; /* holds data; NULL: this place is empty */
	int64_t seq;	 /* of its packet, unwrapped; a recovered one's is worked out */
	int64_t arrival_us;
	int64_t capture_us;
	const uint8_t *data;
	uint32_t timestamp; /* the publisher's */
	uint16_t len;
	uint16_t samples; /* duration at 48 kHz; 0: no Opus packet, never merged */
	uint8_t kind;	  /* Opus configuration and channels: the TOC byte without its code */
	bool marker;
	bool can_merge;
	bool is_recovered; /* from the redundancy of a later packet */
};

/* Visible for embedding. Zero state is ready; voice_reset makes it safe to drop. */
struct voice {
	struct seq_unwrap unwrap;
	int64_t highest_seq; /* of frames kept; unset until unwrap.started */
	struct voice_frame frame[VOICE_WINDOW];
	uint64_t recovered; /* frames that came by RED alone */
};

/* A packet of the track. */
struct voice_packet {
	struct pkt *pkt; /* borrowed; references are taken */
	int64_t arrival_us;
	int64_t capture_us; /* for stream/rewrite; arrival_us when not known */
	uint16_t seq;
	uint32_t timestamp;
	bool marker;
	bool is_red;
	const uint8_t *payload; /* in pkt, not empty */
	size_t payload_len;
};

/* What one packet brought that was not there, oldest first: give each to every subscription's
 * voiceout in this order. */
struct voice_news {
	size_t count;
	int64_t seq[LIMIT_RED_BLOCKS];
};

/* Gives every reference back and forgets everything: the track's stream is another one, or gone. */
void voice_reset(struct voice *voice);
/* Keeps the packet's frames. 0; -EAGAIN: nothing new (seen before, or older than the window);
 * -EBADMSG: malformed RED. news is empty then. */
int voice_input(struct voice *voice, const struct voice_packet *packet, struct voice_news *news);
/* The frame of that number, borrowed until the next voice_input or voice_reset; NULL: missing or
 * gone. */
const struct voice_frame *voice_get(const struct voice *voice, int64_t seq);
/* Where to begin when a voice is let in at packet seq, which is there: the first of up to `packets`
 * without a hole that end with it and came since then. A word's beginning passed by before it was
 * known to be one. */
int64_t voice_begin(const struct voice *voice, int64_t seq, unsigned packets, int64_t since_us);
/* Gives back what arrived before this: a publisher who has gone quiet holds no buffers. For a
 * timer, not for each packet. */
void voice_expire(struct voice *voice, int64_t before_us);
/* What its frames take, without headers, while they last; 0: none are kept. */
uint32_t voice_bps(const struct voice *voice);
/* Whether that wire number need not be asked for again: it is there, perhaps from RED. */
bool voice_has(const struct voice *voice, uint16_t seq);

#endif
