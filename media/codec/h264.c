/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * H264 payload formats, RFC 6184 5.2. Temporal layers are not in the payload (the dependency
 * descriptor tells), nor are running numbers. Where a frame starts is a best effort: the RTP marker
 * bit tells only where one ends.
 */
#include <errno.h>

#include "media/base/bytes.h"
#include "media/codec/table.h"

enum nal_type {
	NAL_SLICE = 1,
	NAL_IDR = 5,
	NAL_SEI = 6,
	NAL_SPS = 7,
	NAL_AUD = 9,
	NAL_PREFIX = 14,
	NAL_RESERVED_18 = 18,
	NAL_STAP_A = 24,
	NAL_STAP_B = 25,
	NAL_MTAP16 = 26,
	NAL_MTAP24 = 27,
	NAL_FU_A = 28,
	NAL_FU_B = 29,
	NAL_TYPE = 0x1f,
};

#define FU_START	 0x80
#define FIRST_MB_IS_ZERO 0x80 /* ue(v) of 0 is one set bit, ITU-T H.264 9.1 */

static bool is_key(uint8_t type)
{
	return type == NAL_IDR || type == NAL_SPS;
}

/* ITU-T H.264 7.4.1.2.3: what begins an access unit. slice: the byte after the NAL header. An IDR
 * slice never counts: its parameter sets come before it in the same frame, and who joins there
 * without them shows nothing. */
static bool starts_access_unit(uint8_t type, uint8_t slice)
{
	if (type == NAL_SLICE)
		return slice & FIRST_MB_IS_ZERO;
	return (type >= NAL_SEI && type <= NAL_AUD) ||
	       (type >= NAL_PREFIX && type <= NAL_RESERVED_18);
}

/* extra: bytes between a unit's size and the unit (MTAP: DOND and time stamp offset). */
static int inspect_aggregate(struct codec_frame *out, struct rd *r, size_t extra)
{
	bool is_first = true;

	while (rd_left(r) > 0) {
		size_t size = rd_u16(r);
		rd_skip(r, extra);
		struct rd unit = rd_sub(r, size);
		uint8_t type = rd_u8(&unit) & NAL_TYPE;
		if (!rd_ok(r) || !rd_ok(&unit))
			return -EBADMSG;
		if (is_first)
			out->starts_frame =
				starts_access_unit(type, rd_left(&unit) ? rd_u8(&unit) : 0);
		out->is_keyframe = out->is_keyframe || is_key(type);
		is_first = false;
	}
	return is_first ? -EBADMSG : 0;
}

static int inspect_fragment(struct codec_frame *out, struct rd *r, size_t don_len)
{
	uint8_t header = rd_u8(r);
	uint8_t type = header & NAL_TYPE;

	rd_skip(r, don_len);
	if (!rd_ok(r))
		return -EBADMSG;
	if (header & FU_START) {
		out->is_keyframe = is_key(type);
		out->starts_frame = starts_access_unit(type, rd_left(r) ? rd_u8(r) : 0);
	}
	return 0;
}

static int inspect_payload(struct codec_frame *out, const uint8_t *payload, size_t len)
{
	struct rd r = rd_init(payload, len);
	uint8_t type = rd_u8(&r) & NAL_TYPE;

	switch (type) {
	case NAL_STAP_A:
		return inspect_aggregate(out, &r, 0);
	case NAL_STAP_B:
		rd_skip(&r, 2); /* DON */
		return inspect_aggregate(out, &r, 0);
	case NAL_MTAP16:
		rd_skip(&r, 2); /* DONB */
		return inspect_aggregate(out, &r, 1 + 2);
	case NAL_MTAP24:
		rd_skip(&r, 2);
		return inspect_aggregate(out, &r, 1 + 3);
	case NAL_FU_A:
		return inspect_fragment(out, &r, 0);
	case NAL_FU_B:
		return inspect_fragment(out, &r, 2);
	case 0:
	case 30:
	case 31:
		return -EBADMSG; /* RFC 6184 table 1: undefined */
	default:
		out->is_keyframe = is_key(type);
		out->starts_frame = starts_access_unit(type, rd_left(&r) ? rd_u8(&r) : 0);
		return 0;
	}
}

static int h264_inspect(struct codec_frame *out, const uint8_t *payload, size_t len)
{
	int err = inspect_payload(out, payload, len);

	out->is_inter = !out->is_keyframe;
	out->is_up_point = out->is_keyframe;
	return err;
}

const struct codec_row codec_row_h264 = {
	.name = "H264",
	.is_video = true,
	.inspect = h264_inspect,
};
