/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The dependency descriptor (AV1 RTP spec 1.0, appendix A) of one encoding as Chromium writes it,
 * for VP8 as for any codec: L1T1 or L1T3, the structure in a keyframe's first packet. Pure.
 */
#ifndef VIDD_LOADTEST_LOAD_DESCRIPTOR_H
#define VIDD_LOADTEST_LOAD_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DESCRIPTOR_BYTES 32 /* the longest */

struct descriptor {
	bool has_layers; /* L1T3, in libwebrtc's pattern 0 2 1 2 */
	bool starts_frame;
	bool ends_frame;
	bool is_keyframe;
	uint8_t temporal;
	bool is_sync; /* of the two T2 frames of the pattern the one that refers to T0 */
	uint16_t frame;
	uint16_t width, height; /* of keyframes */
};

/* Returns its length. */
size_t descriptor_write(uint8_t out[DESCRIPTOR_BYTES], const struct descriptor *descriptor);

#endif
