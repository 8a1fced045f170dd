/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Which packets of a track one subscription gets, so that everything sent can be decoded: told the
 * wanted layers, it decides packet by packet from what the packet tells of its frame.
 *
 *  - Another encoding begins at a keyframe of its own; the present one goes on until then (its base
 *    frame rate only, when the wanted one is smaller).
 *  - Layers go down at the next picture. No frame is cut: its packets are all sent or none.
 *  - Temporal layers go up where the stream allows (VP8 Y; VP9 U; descriptor: a switch indication,
 *    AV1 RTP spec A.8.1), spatial layers at a picture that needs no earlier one of that layer.
 *    Lower spatial layers are always sent too, also of "_KEY" modes, so that going down needs no
 *    keyframe.
 *  - What refers to a frame that was not sent is not sent. With a dependency descriptor that is
 *    exact; by payload descriptors, a layer that lost a frame waits for its next switch point.
 *  - A frame that has not come (yet) is taken for one that will: repair is under way.
 *
 * Plain data; zero it and call selector_init. Audio needs none of this.
 */
#ifndef VIDD_MEDIA_STREAM_SELECTOR_H
#define VIDD_MEDIA_STREAM_SELECTOR_H

#include "media/codec/codec.h"
#include "media/stream/layers.h"

/* Frames remembered: 2.8 s of 30 pictures/s in 3 spatial layers. Divides 2^16. */
#define SELECTOR_FRAMES 256

struct selector_frame {
	uint32_t key; /* frame number, or timestamp << 2 | spatial */
	uint8_t state;
};

struct selector {
	struct layer_target want;
	struct layer_target now; /* encoding LAYERS_NONE: nothing sent yet */
	uint8_t generation;	 /* of now.encoding */
	bool is_broken;		 /* its base cannot be decoded: waits for a keyframe */
	bool is_replaying;
	bool has_picture; /* newest_timestamp is set */
	bool has_number;  /* highest_number is set */
	uint16_t highest_number;
	uint32_t newest_timestamp;
	uint16_t raise_number; /* of the frame at which layers last went up */
	uint32_t raise_timestamp;
	uint32_t place;		       /* in frames, of the next one without a number */
	struct selector_frame *frames; /* SELECTOR_FRAMES of them, the owner's; NULL: of sound */
};

enum selector_verdict {
	SELECTOR_DROP,	  /* rewrite_drop, when it is of the present source; else nothing */
	SELECTOR_FORWARD, /* rewrite_packet */
	SELECTOR_SWITCH,  /* another source begins here: rewrite_switch, then rewrite_packet */
};

enum selector_need {
	SELECTOR_NEEDS_NOTHING,
	SELECTOR_NEEDS_LAZY,   /* a keyframe would bring what is wanted; there is a picture */
	SELECTOR_NEEDS_URGENT, /* there is no picture without */
};

struct selector_packet {
	int8_t encoding;
	uint8_t generation;
	bool is_newest; /* nothing newer of its encoding came before */
	bool has_frame_number;
	uint16_t frame_number;
	uint32_t timestamp;		 /* RTP's, of the source */
	const struct codec_frame *frame; /* NULL: padding */
};

struct selector_decision {
	enum selector_verdict verdict;
	bool is_present;     /* of the source forwarded now (after a switch: the new one) */
	bool ends_picture;   /* the marker bit must be set: the rest of this picture is not sent */
	bool is_discardable; /* nothing sent later refers to it */
	enum selector_need need;
	int8_t need_encoding; /* of which a keyframe is needed */
};

void selector_init(struct selector *sel, struct selector_frame *frames);
/* What is to be sent from now on. encoding LAYERS_NONE: nothing, at once. */
void selector_want(struct selector *sel, struct layer_target target);
struct selector_decision selector_packet(struct selector *sel,
					 const struct selector_packet *packet);
/* A packet that was to be forwarded was not sent after all (deadline, no room): its frame is lost
 * to the viewer, and what depends on it is not sent. Give the rest of that frame to
 * selector_packet as usual: it says SELECTOR_DROP. */
void selector_dropped(struct selector *sel, const struct selector_packet *packet);
/* The source is now this one, at its base layer: for replaying a cached run (stream/run), whose
 * packets are given to selector_packet next with is_newest set. Then selector_resume: layers may go
 * up from here, where the stream allows. */
void selector_begin(struct selector *sel, int8_t encoding, uint8_t generation);
void selector_resume(struct selector *sel);
/* Nothing is sent any more; what is wanted stays. */
void selector_stop(struct selector *sel);

#endif
