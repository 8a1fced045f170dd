/* SPDX-License-Identifier: EUPL-1.2 */
/* VP8 payload descriptor, RFC 7741 4.2. */
#include <errno.h>

#include "media/base/bytes.h"
#include "media/codec/table.h"

enum vp8_bits {
	VP8_X = 0x80, /* first octet */
	VP8_N = 0x20, /* not referred to */
	VP8_S = 0x10,
	VP8_PID = 0x07,
	VP8_I = 0x80, /* extension octet */
	VP8_L = 0x40,
	VP8_T = 0x20,
	VP8_K = 0x10,
	VP8_M = 0x80, /* picture id octet: 15 bits */
	VP8_Y = 0x20, /* TID/Y/KEYIDX octet */
	VP8_KEYIDX = 0x1f,
	VP8_INTER = 0x01, /* P of the payload header (4.3): not a keyframe */
};

static void read_extension(struct rd *r, struct codec_frame *out)
{
	uint8_t flags = rd_u8(r);

	if (flags & VP8_I) {
		uint8_t id = rd_u8(r);
		out->has_picture_id = true;
		out->is_picture_id_dense = true;
		out->is_picture_id_15bit = id & VP8_M;
		out->picture_id = id & 0x7f;
		if (id & VP8_M)
			out->picture_id = (uint16_t)(out->picture_id << 8 | rd_u8(r));
	}
	if (flags & VP8_L) {
		out->has_tl0picidx = true;
		out->tl0picidx = rd_u8(r);
	}
	if (flags & (VP8_T | VP8_K)) {
		uint8_t b = rd_u8(r);
		if (flags & VP8_T) {
			out->temporal = b >> 6;
			out->is_switch_point = b & VP8_Y;
		}
		if (flags & VP8_K) {
			out->has_keyidx = true;
			out->keyidx = b & VP8_KEYIDX;
		}
	}
}

static int vp8_inspect(struct codec_frame *out, const uint8_t *payload, size_t len)
{
	struct rd r = rd_init(payload, len);
	uint8_t first = rd_u8(&r);

	if (first & VP8_X)
		read_extension(&r, out);
	/* 4.1: a payload follows the descriptor, always. */
	uint8_t header = rd_u8(&r);
	if (!rd_ok(&r))
		return -EBADMSG;
	out->starts_frame = (first & VP8_S) && (first & VP8_PID) == 0;
	out->is_keyframe = out->starts_frame && !(header & VP8_INTER);
	out->is_inter = !out->is_keyframe;
	out->is_discardable = first & VP8_N;
	if (out->is_keyframe) {
		out->is_switch_point = true;
		out->is_up_point = true;
	}
	return 0;
}

static void vp8_rewrite(uint8_t *payload, size_t len, const struct codec_numbers *numbers)
{
	struct rd r = rd_init(payload, len);
	struct wr w = wr_init(payload, len);
	uint8_t first = rd_u8(&r);

	if (!(first & VP8_X))
		return;
	uint8_t flags = rd_u8(&r);
	wr_u8(&w, first);
	wr_u8(&w, flags);
	if (flags & VP8_I) {
		if (rd_u8(&r) & VP8_M) {
			rd_u8(&r);
			wr_u16(&w, (uint16_t)(0x8000 | numbers->picture_id));
		} else {
			wr_u8(&w, numbers->picture_id & 0x7f);
		}
	}
	if (flags & VP8_L) {
		rd_u8(&r);
		wr_u8(&w, numbers->tl0picidx);
	}
	if (flags & VP8_K)
		wr_u8(&w, (uint8_t)((rd_u8(&r) & ~VP8_KEYIDX) | (numbers->keyidx & VP8_KEYIDX)));
}

const struct codec_row codec_row_vp8 = {
	.name = "VP8",
	.is_video = true,
	.inspect = vp8_inspect,
	.rewrite = vp8_rewrite,
};
