/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * AV1 aggregation header, AV1 RTP spec 1.0 section 4.4, and OBU headers, AV1 bitstream spec 5.3. No
 * running numbers are in the payload.
 */
#include <errno.h>

#include "media/base/bytes.h"
#include "media/codec/table.h"

enum av1_bits {
	AV1_Z = 0x80, /* aggregation header: the first element goes on from the packet before */
	AV1_W = 0x30,
	AV1_N = 0x08, /* first packet of a coded video sequence */
	OBU_FORBIDDEN = 0x80,
	OBU_EXTENSION = 0x04,
	OBU_SEQUENCE_HEADER = 1,
};

/* Bitstream spec 4.10.5, up to 32 bits: no element here is larger than a packet. */
static size_t read_leb128(struct rd *r)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < 8; i++) {
		uint8_t b = rd_u8(r);
		value |= (uint64_t)(b & 0x7f) << (7 * i);
		if (!(b & 0x80))
			return value > SIZE_MAX / 2 ? SIZE_MAX / 2 : (size_t)value;
	}
	return SIZE_MAX / 2; /* never that many bytes left: the reader goes bad */
}

static void read_obu_header(struct codec_frame *out, struct rd *element, bool *has_sequence_header)
{
	uint8_t header = rd_u8(element);

	if (((header >> 3) & 0x0f) == OBU_SEQUENCE_HEADER)
		*has_sequence_header = true;
	if ((header & OBU_EXTENSION) && rd_left(element) > 0) {
		uint8_t ids = rd_u8(element);
		out->temporal = ids >> 5;
		out->spatial = (ids >> 3) & 0x03;
	}
	if (header & OBU_FORBIDDEN)
		element->bad = true;
}

static int av1_inspect(struct codec_frame *out, const uint8_t *payload, size_t len)
{
	struct rd r = rd_init(payload, len);
	uint8_t aggregation = rd_u8(&r);
	unsigned count = (aggregation & AV1_W) >> 4; /* 0: each element tells its length */
	bool is_continued = aggregation & AV1_Z;
	bool has_sequence_header = false;
	unsigned i = 0;

	/* 4.4: "if N is equal to 1 then Z must be set equal to 0". */
	if ((is_continued && (aggregation & AV1_N)) || rd_left(&r) == 0)
		return -EBADMSG;
	for (; rd_left(&r) > 0; i++) {
		bool is_last = count != 0 && i + 1 == count;
		size_t size = is_last ? rd_left(&r) : read_leb128(&r);
		struct rd element = rd_sub(&r, size);
		bool has_header = !(i == 0 && is_continued) && size > 0;
		if (has_header)
			read_obu_header(out, &element, &has_sequence_header);
		if (!rd_ok(&r) || !rd_ok(&element))
			return -EBADMSG;
	}
	if (count != 0 && i != count)
		return -EBADMSG;
	out->starts_frame = !is_continued;
	out->is_keyframe = (aggregation & AV1_N) && has_sequence_header;
	out->is_switch_point = out->is_keyframe;
	out->is_up_point = out->is_keyframe;
	out->is_inter = !out->is_keyframe;
	return 0;
}

const struct codec_row codec_row_av1 = {
	.name = "AV1",
	.is_video = true,
	.inspect = av1_inspect,
};
