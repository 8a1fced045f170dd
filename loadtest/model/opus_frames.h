/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The frames of an Opus packet (RFC 6716 3): where each begins, for packets of codes 0 to 3. Every
 * frame of the bench's voices lasts 20 ms and carries a label.
 */
#ifndef VIDD_LOADTEST_MODEL_OPUS_FRAMES_H
#define VIDD_LOADTEST_MODEL_OPUS_FRAMES_H

#include <stddef.h>
#include <stdint.h>

#define OPUS_FRAMES_MAX 48 /* RFC 6716 3.2.5: 120 ms of 2.5 ms frames */

struct opus_frames {
	size_t count;
	const uint8_t *data[OPUS_FRAMES_MAX];
	size_t len[OPUS_FRAMES_MAX];
};

/* 0 or -EBADMSG; *out only on success. */
int opus_frames_parse(struct opus_frames *out, const uint8_t *packet, size_t len);

#endif
