/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/codecs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* RFC 5761 4: with rtcp-mux these would look like RTCP. */
static bool is_usable_pt(unsigned pt)
{
	return pt > 0 && (pt < 64 || pt > 95);
}

static bool is_named(const struct offer_codec *offered, const char *name)
{
	return offered->name != NULL && strlen(name) == offered->name_len &&
	       strncasecmp(offered->name, name, offered->name_len) == 0;
}

static enum codec_id codec_of(const struct offer_codec *offered)
{
	char name[32];

	if (offered->name == NULL || offered->name_len >= sizeof(name))
		return CODEC_NONE;
	(void)snprintf(name, sizeof(name), "%.*s", (int)offered->name_len, offered->name);
	return codec_from_name(name);
}

/* A small decimal parameter of the fmtp line; `otherwise` when it is not there. */
static unsigned fmtp_number(const struct offer_codec *offered, const char *key, unsigned otherwise)
{
	char value[4];

	if (!offer_fmtp(offered->fmtp, key, value, sizeof(value)))
		return otherwise;
	return value[0] >= '0' && value[0] <= '9' ? (unsigned)strtoul(value, NULL, 10) : UINT8_MAX;
}

/* --- what of each codec we know --------------------------------------------------------------- */

static bool read_opus(struct codec_params *out, const struct offer_codec *offered)
{
	return offered->clock_hz == 48000 && offered->channels == 2;
}

static bool read_telephone_event(struct codec_params *out, const struct offer_codec *offered)
{
	return offered->clock_hz == 48000 || offered->clock_hz == 8000;
}

static bool read_vp8(struct codec_params *out, const struct offer_codec *offered)
{
	return true;
}

static bool read_profile(struct codec_params *out, const struct offer_codec *offered,
			 const char *key)
{
	/* RFC 9628 6: no profile-id is profile 0; AV1 RTP spec 7.2.1 says the same of profile. */
	out->profile = (uint8_t)fmtp_number(offered, key, 0);
	return out->profile == 0;
}

static bool read_vp9(struct codec_params *out, const struct offer_codec *offered)
{
	return read_profile(out, offered, "profile-id");
}

static bool read_av1(struct codec_params *out, const struct offer_codec *offered)
{
	return read_profile(out, offered, "profile");
}

/* RFC 6184 8.1, table 5: the bits of profile-iop that make a constrained baseline; or high. */
static bool is_known_h264_profile(uint8_t idc, uint8_t constraints)
{
	switch (idc) {
	case 0x42:
		return (constraints & 0x40) != 0;
	case 0x4d:
		return (constraints & 0x80) != 0;
	case 0x58:
		return (constraints & 0xc0) == 0xc0;
	case 0x64:
		return (constraints & 0xf3) == 0;
	default:
		return false;
	}
}

static bool read_h264(struct codec_params *out, const struct offer_codec *offered)
{
	char level[8];
	unsigned long bits;

	if (!offer_fmtp(offered->fmtp, "profile-level-id", level, sizeof(level)) ||
	    strlen(level) != 6 || strspn(level, "0123456789abcdefABCDEF") != 6)
		return false;
	bits = strtoul(level, NULL, 16);
	out->h264_profile_idc = (uint8_t)(bits >> 16);
	out->h264_constraints = (uint8_t)(bits >> 8);
	out->h264_packetization_mode = (uint8_t)fmtp_number(offered, "packetization-mode", 0);
	/* Mode 2 interleaves, which nobody in WebRTC does (RFC 7742 6.2). */
	return out->h264_packetization_mode <= 1 &&
	       is_known_h264_profile(out->h264_profile_idc, out->h264_constraints);
}

static bool (*const readers[CODEC_COUNT])(struct codec_params *, const struct offer_codec *) = {
	[CODEC_OPUS] = read_opus, [CODEC_TELEPHONE_EVENT] = read_telephone_event,
	[CODEC_VP8] = read_vp8,	  [CODEC_VP9] = read_vp9,
	[CODEC_H264] = read_h264, [CODEC_AV1] = read_av1,
};

/* --- companions ------------------------------------------------------------------------------- */

/* The rtx payload type that names pt as its own (RFC 4588 8.1), or 0. */
static uint8_t rtx_of(const struct offer_mline *offered, unsigned pt)
{
	for (size_t i = 0; i < offered->pt_count; i++) {
		const struct offer_codec *codec = &offered->codec[offered->pt[i]];

		if (is_named(codec, "rtx") && is_usable_pt(offered->pt[i]) &&
		    fmtp_number(codec, "apt", 0) == pt)
			return offered->pt[i];
	}
	return 0;
}

/* The RED payload type whose blocks are all of pt (RFC 2198 5: "111/111"), or 0. */
static uint8_t red_of(const struct offer_mline *offered, unsigned pt)
{
	char wanted[16];

	(void)snprintf(wanted, sizeof(wanted), "%u/%u", pt, pt);
	for (size_t i = 0; i < offered->pt_count; i++) {
		const struct offer_codec *codec = &offered->codec[offered->pt[i]];

		if (is_named(codec, "red") && codec->clock_hz == 48000 && codec->channels == 2 &&
		    is_usable_pt(offered->pt[i]) && codec->fmtp != NULL &&
		    strncmp(codec->fmtp, wanted, strlen(wanted)) == 0)
			return offered->pt[i];
	}
	return 0;
}

/* --- choosing --------------------------------------------------------------------------------- */

static void take(struct mline_params *mline, const struct offer_mline *offered, unsigned pt)
{
	const struct offer_codec *codec = &offered->codec[pt];
	unsigned feedback = codec->feedback | offered->feedback;
	struct codec_params params = {.codec = codec_of(codec),
				      .pt = (uint8_t)pt,
				      .clock_hz = codec->clock_hz,
				      .has_nack = (feedback & OFFER_NACK) != 0,
				      .has_pli = (feedback & OFFER_PLI) != 0,
				      .has_fir = (feedback & OFFER_FIR) != 0,
				      .has_transport_cc = (feedback & OFFER_TRANSPORT_CC) != 0};

	if (mline->codec_count == LIMIT_CODECS || !readers[params.codec](&params, codec))
		return;
	/* RFC 6184 and the others: video runs at 90 kHz. */
	if (codec_is_video(params.codec)) {
		if (params.clock_hz != 90000)
			return;
		params.rtx_pt = rtx_of(offered, pt);
	}
	if (params.codec == CODEC_OPUS)
		params.red_pt = red_of(offered, pt);
	mline->codec[mline->codec_count++] = params;
}

static void take_all(struct mline_params *mline, const struct offer_mline *offered,
		     enum codec_id wanted)
{
	for (size_t i = 0; i < offered->pt_count; i++) {
		unsigned pt = offered->pt[i];

		if (is_usable_pt(pt) && codec_of(&offered->codec[pt]) == wanted)
			take(mline, offered, pt);
	}
}

void codecs_choose(struct mline_params *mline, const struct offer_mline *offered,
		   const enum codec_id *video)
{
	mline->codec_count = 0;
	if (mline->kind == MEDIA_AUDIO) {
		take_all(mline, offered, CODEC_OPUS);
		/* Tones alone are no call. */
		if (mline->codec_count > 0)
			take_all(mline, offered, CODEC_TELEPHONE_EVENT);
		return;
	}
	for (size_t i = 0; i < CODEC_COUNT && video[i] != CODEC_NONE; i++) {
		if (codec_is_video(video[i]))
			take_all(mline, offered, video[i]);
	}
}
