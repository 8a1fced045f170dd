/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/match.h"

enum h264_profile {
	H264_CONSTRAINED_BASELINE,
	H264_BASELINE,
	H264_MAIN,
	H264_CONSTRAINED_HIGH,
	H264_HIGH,
	H264_OTHER,
};

#define H264_SET0 0x80
#define H264_SET1 0x40
#define H264_SET3 0x10
#define H264_SET4 0x08
#define H264_SET5 0x04

/* RFC 6184 table 5, shortened to the profiles browsers offer. */
static enum h264_profile h264_profile_of(const struct codec_params *c)
{
	switch (c->h264_profile_idc) {
	case 0x42:
		return c->h264_constraints & H264_SET1 ? H264_CONSTRAINED_BASELINE : H264_BASELINE;
	case 0x4d:
		return c->h264_constraints & H264_SET0 ? H264_CONSTRAINED_BASELINE : H264_MAIN;
	case 0x58:
		if ((c->h264_constraints & (H264_SET0 | H264_SET1)) == (H264_SET0 | H264_SET1))
			return H264_CONSTRAINED_BASELINE;
		return c->h264_constraints & H264_SET0 ? H264_BASELINE : H264_OTHER;
	case 0x64:
		if ((c->h264_constraints & (H264_SET4 | H264_SET5)) == (H264_SET4 | H264_SET5))
			return H264_CONSTRAINED_HIGH;
		return H264_HIGH;
	default:
		return H264_OTHER;
	}
}

/* 2: the same; 1: the decoder of `to` takes `from` too; 0: no. */
static int h264_fit(const struct codec_params *from, const struct codec_params *to)
{
	enum h264_profile a = h264_profile_of(from);
	enum h264_profile b = h264_profile_of(to);

	if (from->h264_packetization_mode != to->h264_packetization_mode)
		return 0;
	if (a == H264_OTHER || b == H264_OTHER)
		return from->h264_profile_idc == to->h264_profile_idc &&
				       from->h264_constraints == to->h264_constraints
			       ? 2
			       : 0;
	if (a == b)
		return 2;
	if (a == H264_CONSTRAINED_BASELINE)
		return 1;
	if (b == H264_HIGH && (a == H264_MAIN || a == H264_CONSTRAINED_HIGH))
		return 1;
	return 0;
}

static int fit(const struct codec_params *from, const struct codec_params *to)
{
	if (from->codec != to->codec || from->clock_hz != to->clock_hz || to->pt == 0)
		return 0;
	switch (from->codec) {
	case CODEC_H264:
		return h264_fit(from, to);
	case CODEC_VP9:
	case CODEC_AV1:
		return from->profile == to->profile ? 2 : 0;
	default:
		return 2;
	}
}

int match_codec(const struct mline_params *slot, const struct codec_params *source)
{
	int best = MATCH_NONE;
	int best_fit = 0;

	if (source->codec == CODEC_NONE)
		return MATCH_NONE;
	for (size_t i = 0; i < slot->codec_count; i++) {
		int f = fit(source, &slot->codec[i]);

		if (f > best_fit) {
			best = (int)i;
			best_fit = f;
		}
	}
	return best;
}
