/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What every packet of the load tester says of itself inside its payload: whose it is, the how
 * manieth, which frame it belongs to and what that frame needs, when it was taken and when it left.
 * Behind it stand bytes that follow from it, so that the receiver sees a single changed one.
 * Servers carry it as they carry Opus or VP8. Pure.
 */
#ifndef VIDD_LOADTEST_LOAD_STAMP_H
#define VIDD_LOADTEST_LOAD_STAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "media/base/bytes.h"
#include "media/route/params.h"

#define STAMP_BYTES	 48
#define STAMP_BODY_BYTES 1400 /* the most that may stand behind it */

struct stamp {
	uint32_t publisher;
	enum media_kind kind;
	uint8_t encoding;
	bool is_keyframe;
	bool is_speech;
	uint16_t height;
	uint32_t number; /* of the packet, of its encoding */
	uint32_t frame;	 /* of its encoding */
	uint32_t needs;	 /* the frame that it refers to; its own number: none */
	uint16_t part;
	uint16_t parts;
	int64_t captured_us;
	int64_t sent_us;
};

/* The stamp and body bytes (0..STAMP_BODY_BYTES) behind it. */
void stamp_write(struct wr *w, const struct stamp *stamp, size_t body);
/* Reads a stamp and what stands behind it, to the end of r. 0; -EBADMSG: something is not as it was
 * written, *out is not to be used. */
int stamp_read(struct stamp *out, struct rd *r);

#endif
