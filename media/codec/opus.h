/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Opus packets as bytes (RFC 6716 3): which frames a packet holds and how long they last, and
 * packets put together into one longer packet. Nothing is decoded, frames stay as they are, byte
 * for byte. Pure; frames are borrowed from the packet.
 */
#ifndef VIDD_MEDIA_CODEC_OPUS_H
#define VIDD_MEDIA_CODEC_OPUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/bytes.h"

enum {
	OPUS_CLOCK_HZ = 48000,	     /* RFC 7587 4.1: of RTP timestamps, whatever is coded */
	OPUS_MAX_FRAMES = 48,	     /* RFC 6716 3.2.5: 120 ms of 2.5 ms */
	OPUS_MAX_FRAME_BYTES = 1275, /* R2 */
	OPUS_MAX_SAMPLES = 5760,     /* R5: 120 ms */
};

struct opus_frame {
	const uint8_t *data;
	size_t len; /* 0: nothing coded (DTX) */
};

struct opus_packet {
	uint8_t config; /* 0..31: mode, bandwidth and frame duration (table 2) */
	bool is_stereo;
	bool has_extension;	/* padding that is not zeros: what later RFCs put there (DRED) */
	uint8_t count;		/* frames, 1..OPUS_MAX_FRAMES */
	uint16_t frame_samples; /* of one frame, at 48 kHz: 120..2880 */
	struct opus_frame frame[OPUS_MAX_FRAMES];
};

/* 0, or -EBADMSG when R1 to R7 of RFC 6716 3.4 do not hold. *out only on success. */
int opus_parse(struct opus_packet *out, const uint8_t *data, size_t len);

/* Duration at 48 kHz of a packet that parses: 120..OPUS_MAX_SAMPLES. */
static inline unsigned opus_samples(const struct opus_packet *packet)
{
	return (unsigned)packet->count * packet->frame_samples;
}

/* Writes one packet with the frames of all, in order, without padding: the shortest framing that
 * holds them. count >= 1. 0; -EINVAL: another configuration or channel count among them, more than
 * 120 ms, an extension that would be lost, or no room in w: nothing is written then. A packet alone
 * comes out with the same frames. */
int opus_merge(struct wr *w, const struct opus_packet *packets, size_t count);

#endif
