/* SPDX-License-Identifier: EUPL-1.2 */
#include "engine_params.h"

#include <string.h>

static void add_codec(struct mline_params *mline, enum codec_id codec, uint8_t pt, uint8_t rtx_pt)
{
	mline->codec[mline->codec_count++] = (struct codec_params){
		.codec = codec,
		.pt = pt,
		.rtx_pt = rtx_pt,
		.red_pt = codec == CODEC_OPUS ? 63 : 0,
		.clock_hz = codec_is_video(codec) ? 90000 : 48000,
		.h264_profile_idc = 0x42,
		.h264_constraints = 0xe0,
		.has_nack = true,
		.has_pli = pt % 2 == 0,
		.has_fir = true,
		.has_transport_cc = pt != 110,
	};
}

static struct mline_params *add_mline(struct transport_params *params, enum media_kind kind,
				      unsigned use)
{
	struct mline_params *mline = &params->mline[params->mline_count];

	mline->mid[0] = (char)('0' + params->mline_count++);
	mline->kind = kind;
	mline->use = use;
	/* MID is 1, and so on in the order of enum rtp_ext. */
	for (int ext = 0; ext < RTP_EXT_COUNT; ext++)
		(void)rtp_ext_map_set(&mline->exts, (enum rtp_ext)ext, (uint8_t)(ext + 1));
	if (kind == MEDIA_AUDIO) {
		add_codec(mline, CODEC_OPUS, 111, 0);
		add_codec(mline, CODEC_TELEPHONE_EVENT, 110, 0);
	} else {
		add_codec(mline, CODEC_VP8, 96, 97);
		add_codec(mline, CODEC_VP9, 98, 99);
		add_codec(mline, CODEC_H264, 100, 101);
		add_codec(mline, CODEC_AV1, 102, 103);
	}
	return mline;
}

/* The third neither sends nor tells what came. */
static void make_viewer(struct transport_params *params)
{
	params->mline[0].use = params->mline[1].use = MLINE_UNUSED;
	for (size_t m = 0; m < params->mline_count; m++) {
		params->mline[m].exts.id[RTP_EXT_TRANSPORT_SEQ] = 0;
		for (size_t i = 0; i < params->mline[m].codec_count; i++)
			params->mline[m].codec[i].has_transport_cc = false;
	}
}

void engine_params(struct transport_params *params, uint32_t n)
{
	struct mline_params *mline;

	memset(params, 0, sizeof(*params));
	params->room_id = 1;
	params->transport_id = params->owner = n;
	params->dtls_role = DTLS_CLIENT; /* no handshake until a check comes */
	params->local.ufrag[0] = (char)('a' + n);
	memcpy(params->local.pwd, "passwordOfTheFuzzers22", 23);
	params->cname[0] = 'c';
	mline = add_mline(params, MEDIA_AUDIO, MLINE_TRACK | (n == 1 ? MLINE_SLOT : 0));
	mline->track_id = n * 10;
	mline->send_ssrc = 900 + n;
	mline = add_mline(params, MEDIA_VIDEO, MLINE_TRACK);
	mline->track_id = n * 10 + 1;
	mline->rid_count = 2;
	mline->rid[0][0] = 'q';
	mline->rid[1][0] = 'h';
	mline = add_mline(params, MEDIA_AUDIO, MLINE_SLOT);
	mline->send_ssrc = 1000 + n;
	mline->codec[0].red_pt = n == 1 ? 64 : 0;
	mline = add_mline(params, MEDIA_VIDEO, MLINE_SLOT);
	mline->send_ssrc = 1002 + n;
	mline->send_rtx_ssrc = n == 1 ? 1010 : 0;
	if (n == ENGINE_PEOPLE)
		make_viewer(params);
}
