/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What each Opus frame and each video packet of the bench says of itself, so that a receiver can
 * tell what it got from whom and when it was taken. Travels inside the payload; the engine under
 * test never looks at it.
 */
#ifndef VIDD_LOADTEST_MODEL_LABEL_H
#define VIDD_LOADTEST_MODEL_LABEL_H

#include <stdbool.h>
#include <stdint.h>

#include "media/base/bytes.h"

#define LABEL_BYTES 20

struct label {
	uint32_t track_id;
	uint8_t encoding;
	bool is_speech;
	uint16_t height; /* of video */
	uint32_t frame;
	int64_t captured_us;
};

static inline void label_write(struct wr *w, const struct label *label)
{
	wr_u32(w, label->track_id);
	wr_u8(w, label->encoding);
	wr_u8(w, label->is_speech);
	wr_u16(w, label->height);
	wr_u32(w, label->frame);
	wr_u64(w, (uint64_t)label->captured_us);
}

static inline void label_read(struct label *label, struct rd *r)
{
	label->track_id = rd_u32(r);
	label->encoding = rd_u8(r);
	label->is_speech = rd_u8(r) != 0;
	label->height = rd_u16(r);
	label->frame = rd_u32(r);
	label->captured_us = (int64_t)rd_u64(r);
}

#endif
