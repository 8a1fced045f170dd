/* SPDX-License-Identifier: EUPL-1.2 */
/* VP9 payload descriptor, RFC 9628 4.2. */
#include <errno.h>

#include "media/base/bytes.h"
#include "media/codec/table.h"

enum vp9_bits {
	VP9_I = 0x80, /* first octet */
	VP9_P = 0x40,
	VP9_L = 0x20,
	VP9_F = 0x10,
	VP9_B = 0x08,
	VP9_E = 0x04,
	VP9_V = 0x02,
	VP9_M = 0x80, /* picture id octet: 15 bits */
	VP9_U = 0x10, /* layer octet */
	VP9_N = 0x01, /* reference octet: another follows */
	VP9_Y = 0x10, /* scalability structure */
	VP9_G = 0x08,
	VP9_MAX_REFERENCES = 3,
};

static void read_picture_id(struct rd *r, struct codec_frame *out)
{
	uint8_t id = rd_u8(r);

	out->has_picture_id = true;
	out->is_picture_id_15bit = id & VP9_M;
	out->picture_id = id & 0x7f;
	if (id & VP9_M)
		out->picture_id = (uint16_t)(out->picture_id << 8 | rd_u8(r));
}

static void read_layers(struct rd *r, struct codec_frame *out, uint8_t first)
{
	uint8_t b = rd_u8(r);

	out->temporal = b >> 5;
	out->is_switch_point = b & VP9_U;
	out->spatial = (b >> 1) & 0x07;
	if (!(first & VP9_F)) { /* TL0PICIDX: in non-flexible mode only */
		out->has_tl0picidx = true;
		out->tl0picidx = rd_u8(r);
	}
}

/* Flexible mode: up to three P_DIFF. */
static int skip_references(struct rd *r)
{
	for (int i = 0; i < VP9_MAX_REFERENCES; i++) {
		if (!(rd_u8(r) & VP9_N))
			return 0;
	}
	return -EBADMSG;
}

static void skip_scalability_structure(struct rd *r)
{
	uint8_t b = rd_u8(r);
	size_t spatial_count = (size_t)(b >> 5) + 1;

	if (b & VP9_Y)
		rd_skip(r, 4 * spatial_count);
	if (b & VP9_G) {
		unsigned pictures = rd_u8(r);
		for (unsigned i = 0; i < pictures && rd_ok(r); i++)
			rd_skip(r, (rd_u8(r) >> 2) & 0x03); /* R reference indices */
	}
}

static int vp9_inspect(struct codec_frame *out, const uint8_t *payload, size_t len)
{
	struct rd r = rd_init(payload, len);
	uint8_t first = rd_u8(&r);

	if (first & VP9_I)
		read_picture_id(&r, out);
	if (first & VP9_L)
		read_layers(&r, out, first);
	if ((first & VP9_F) && (first & VP9_P) && skip_references(&r) < 0)
		return -EBADMSG;
	if (first & VP9_V)
		skip_scalability_structure(&r);
	if (!rd_ok(&r) || rd_left(&r) == 0)
		return -EBADMSG;
	out->starts_frame = first & VP9_B;
	out->is_keyframe = !(first & VP9_P) && out->starts_frame && out->spatial == 0;
	out->is_inter = first & VP9_P;
	out->ends_frame = first & VP9_E;
	if (out->is_keyframe)
		out->is_switch_point = true;
	out->is_up_point = out->is_switch_point;
	return 0;
}

static void vp9_rewrite(uint8_t *payload, size_t len, const struct codec_numbers *numbers)
{
	struct rd r = rd_init(payload, len);
	uint8_t first = rd_u8(&r);
	struct wr w = wr_init(payload, len);

	wr_u8(&w, first);
	if (first & VP9_I) {
		if (rd_u8(&r) & VP9_M) {
			rd_u8(&r);
			wr_u16(&w, (uint16_t)(0x8000 | numbers->picture_id));
		} else {
			wr_u8(&w, numbers->picture_id & 0x7f);
		}
	}
	if ((first & VP9_L) && !(first & VP9_F)) {
		wr_u8(&w, rd_u8(&r));
		wr_u8(&w, numbers->tl0picidx);
	}
}

const struct codec_row codec_row_vp9 = {
	.name = "VP9",
	.is_video = true,
	.inspect = vp9_inspect,
	.rewrite = vp9_rewrite,
};
