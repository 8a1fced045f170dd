/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What one subscription hears of a voice: payloads built as its link wants them, from the frames
 * that stream/voice keeps. Packets of 20 ms are put together into 40 or 60 ms (codec/opus) so that
 * headers cost less; RED (RFC 2198) is made here, deepened or taken off, whatever the publisher
 * sends. An older block is always a payload as it went out before, so a receiver sees equal
 * timestamps for equal sound also when the policy changes.
 *
 * Numbers come from the subscription's stream/rewrite, which is told of frames only here: the last
 * frame of a payload brings the number, those merged before it are rewrite_drop'd, so several
 * incoming numbers become one and no gap is left. Do not call rewrite for frames given to
 * voiceout_input. A frame that is missing keeps its number: it goes out under it, alone, should it
 * come late, and is an older block from then on.
 *
 * Holds numbers, no bytes and no references. Time is an argument; no allocation; one thread.
 *
 *	voice_input(voice, packet, &news)               once per packet of the track
 *	for each subscription, each news.seq[i]:
 *		voiceout_input(out, now, voice_get(voice, seq))
 *		while (voiceout_output(out, voice, rewrite, &w, &payload)) send it
 *	at its deadline: voiceout_timeout, then drain in the same way
 */
#ifndef VIDD_MEDIA_STREAM_VOICEOUT_H
#define VIDD_MEDIA_STREAM_VOICEOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/bytes.h"
#include "media/stream/rewrite.h"
#include "media/stream/voice.h"

enum {
	VOICEOUT_MAX_MERGE = 3, /* x 20 ms: more delay is heard in a conversation (G.114) */
	VOICEOUT_MAX_DISTANCE = 4,
	/* Frames of one payload: 60 ms of 10 ms packets. */
	VOICEOUT_MAX_FRAMES = 6,
};

struct voice_policy {
	uint8_t merge;	      /* a payload lasts up to this many times 20 ms: 1..3 */
	uint8_t red_distance; /* older payloads carried along: 0..4; 0: no RED */
};

/* Consecutive frames that go, or went, as one payload. */
struct voiceout_unit {
	int64_t first_seq;
	uint8_t count;
};

/* Plain data, visible for embedding. voiceout_init makes it ready. */
struct voiceout {
	struct voice_policy policy;
	bool started;	  /* of this source */
	int64_t next_seq; /* the frame expected next */
	uint32_t next_ts; /* ... and its timestamp when nothing is left out */
	int64_t first_us; /* arrival of the first frame gathered */
	unsigned samples; /* gathered */
	uint8_t kind;	  /* ... of this kind */
	struct voiceout_unit gathered;
	struct voiceout_unit ready[4]; /* to be output, in order */
	size_t ready_count;
	struct voiceout_unit sent[VOICEOUT_MAX_DISTANCE]; /* of this source, oldest first */
	size_t sent_count;
};

/* Payload types of the subscriber. */
struct voiceout_types {
	uint8_t pt;
	uint8_t red_pt; /* 0: none, the policy's RED is off */
};

struct voiceout_payload {
	uint16_t seq;
	uint32_t timestamp;
	bool marker;
	bool is_red;
	uint8_t pt;
	size_t frames;	    /* frames in the primary block */
	size_t older;	    /* older blocks */
	int64_t arrival_us; /* of its newest frame */
};

void voiceout_init(struct voiceout *out, struct voice_policy policy);
/* From the next payload on. Out of range values are clamped. */
void voiceout_set_policy(struct voiceout *out, struct voice_policy policy);
/* Another source, or the same after a pause (whenever rewrite_switch is called): what is gathered
 * and not output is forgotten, older payloads are not carried over. To let the old voice end whole,
 * voiceout_flush and drain before its track goes. */
void voiceout_restart(struct voiceout *out);

/* A frame that is new. Late ones go out at once. Drain voiceout_output after it; of what is not
 * drained, the last four payloads are kept. */
void voiceout_input(struct voiceout *out, int64_t now_us, const struct voice_frame *frame);
/* Nothing more is waited for. Before a packet of the source that does not go this way (telephone
 * events, padding): flush, drain, then rewrite that one. */
void voiceout_flush(struct voiceout *out);
/* A payload waits no longer than its duration and 5 ms for the next frame. */
void voiceout_timeout(struct voiceout *out, int64_t now_us);
int64_t voiceout_deadline_us(const struct voiceout *out);

/* The next payload, written to w. False: none. Payloads whose frames are gone, whose number is
 * refused or that do not fit w are passed over; older blocks that do not fit are left out. */
bool voiceout_output(struct voiceout *out, const struct voice *voice, struct rewrite *rewrite,
		     const struct voiceout_types *types, struct wr *w,
		     struct voiceout_payload *payload);

#endif
