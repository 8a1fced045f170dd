/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/load/description.h"

#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "signaling/negotiate.h"
#include "signaling/offer.h"

/* Chromium's numbers. */
enum {
	PT_OPUS = 111,
	PT_VP8 = 96,
	PT_RTX = 97,
};

static const struct {
	enum rtp_ext ext;
	uint8_t id;
	bool is_of[2]; /* by kind */
} exts[] = {
	{RTP_EXT_AUDIO_LEVEL, 1, {true, false}},  {RTP_EXT_ABS_SEND_TIME, 2, {true, true}},
	{RTP_EXT_TRANSPORT_SEQ, 3, {true, true}}, {RTP_EXT_MID, 4, {true, true}},
	{RTP_EXT_RID, 10, {false, true}},	  {RTP_EXT_RRID, 11, {false, true}},
};

/* --- writing ---------------------------------------------------------------------------------- */

static void write_transport(GString *out, const struct ice_credentials *local,
			    const uint8_t *fingerprint)
{
	char text[CERT_FINGERPRINT_TEXT];

	cert_fingerprint_format(text, fingerprint);
	g_string_append_printf(out,
			       "c=IN IP4 0.0.0.0\r\na=ice-ufrag:%s\r\na=ice-pwd:%s\r\n"
			       "a=fingerprint:sha-256 %s\r\na=setup:active\r\n",
			       local->ufrag, local->pwd, text);
}

static void write_codec(GString *out, enum media_kind kind, bool has_feedback)
{
	if (kind == MEDIA_AUDIO) {
		g_string_append_printf(out, "a=rtpmap:%d opus/48000/2\r\n", PT_OPUS);
		if (has_feedback)
			g_string_append_printf(out, "a=rtcp-fb:%d transport-cc\r\n", PT_OPUS);
		g_string_append_printf(out, "a=fmtp:%d minptime=10;useinbandfec=1\r\n", PT_OPUS);
		return;
	}
	g_string_append_printf(out, "a=rtpmap:%d VP8/90000\r\na=rtcp-fb:%d goog-remb\r\n", PT_VP8,
			       PT_VP8);
	if (has_feedback)
		g_string_append_printf(out, "a=rtcp-fb:%d transport-cc\r\n", PT_VP8);
	g_string_append_printf(out,
			       "a=rtcp-fb:%d ccm fir\r\na=rtcp-fb:%d nack\r\n"
			       "a=rtcp-fb:%d nack pli\r\na=rtpmap:%d rtx/90000\r\n"
			       "a=fmtp:%d apt=%d\r\n",
			       PT_VP8, PT_VP8, PT_VP8, PT_RTX, PT_RTX, PT_VP8);
}

static bool is_offered(const struct description_offer *offer, enum rtp_ext ext)
{
	if (ext == RTP_EXT_TRANSPORT_SEQ)
		return offer->has_feedback;
	return ext != RTP_EXT_DEPENDENCY_DESCRIPTOR ||
	       (offer->publisher && offer->publisher->config.has_descriptor);
}

static void write_line(GString *out, const struct description_offer *offer, enum media_kind kind,
		       size_t mid, const char *direction)
{
	if (kind == MEDIA_AUDIO)
		g_string_append_printf(out, "m=audio 9 UDP/TLS/RTP/SAVPF %d\r\n", PT_OPUS);
	else
		g_string_append_printf(out, "m=video 9 UDP/TLS/RTP/SAVPF %d %d\r\n", PT_VP8,
				       PT_RTX);
	write_transport(out, offer->local, offer->fingerprint);
	g_string_append_printf(out, "a=mid:%zu\r\na=%s\r\na=rtcp-mux\r\na=rtcp-rsize\r\n", mid,
			       direction);
	for (size_t i = 0; i < G_N_ELEMENTS(exts); i++)
		if (exts[i].is_of[kind] && is_offered(offer, exts[i].ext))
			g_string_append_printf(out, "a=extmap:%u %s\r\n", exts[i].id,
					       rtp_ext_uri(exts[i].ext));
	write_codec(out, kind, offer->has_feedback);
}

static void write_sources(GString *out, const struct publisher *publisher, enum media_kind kind)
{
	const struct publisher_encoding *first =
		kind == MEDIA_AUDIO ? &publisher->sound : &publisher->video[0];

	g_string_append_printf(out, "a=msid:load %s\r\n", kind == MEDIA_AUDIO ? "voice" : "camera");
	if (kind == MEDIA_VIDEO && publisher->video_count > 1) {
		/* Browsers name no SSRC beside RIDs. */
		bool has_three = publisher->video_count > 2;

		g_string_append_printf(
			out, "a=rid:q send\r\na=rid:h send\r\n%sa=simulcast:send q;h%s\r\n",
			has_three ? "a=rid:f send\r\n" : "", has_three ? ";f" : "");
		return;
	}
	if (kind == MEDIA_VIDEO)
		g_string_append_printf(out, "a=ssrc-group:FID %u %u\r\n", first->ssrc,
				       first->rtx_ssrc);
	g_string_append_printf(out, "a=ssrc:%u cname:load\r\n", first->ssrc);
	if (kind == MEDIA_VIDEO)
		g_string_append_printf(out, "a=ssrc:%u cname:load\r\n", first->rtx_ssrc);
}

static bool has_source(const struct publisher *publisher, enum media_kind kind)
{
	return publisher &&
	       (kind == MEDIA_AUDIO ? publisher->config.has_audio : publisher->video_count > 0);
}

char *description_offer(const struct description_offer *offer)
{
	GString *out = g_string_new("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");
	size_t slots[2] = {offer->audio_slots, offer->video_slots};
	size_t mids = offer->audio_slots + offer->video_slots;
	size_t mid = 0;

	for (unsigned kind = MEDIA_AUDIO; kind <= MEDIA_VIDEO; kind++)
		mids += has_source(offer->publisher, (enum media_kind)kind);
	g_string_append(out, "a=group:BUNDLE");
	for (size_t i = 0; i < mids; i++)
		g_string_append_printf(out, " %zu", i);
	g_string_append(out, "\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS load\r\n");
	for (unsigned kind = MEDIA_AUDIO; kind <= MEDIA_VIDEO; kind++) {
		if (!has_source(offer->publisher, (enum media_kind)kind))
			continue;
		write_line(out, offer, (enum media_kind)kind, mid++, "sendonly");
		write_sources(out, offer->publisher, (enum media_kind)kind);
	}
	for (unsigned kind = MEDIA_AUDIO; kind <= MEDIA_VIDEO; kind++)
		for (size_t i = 0; i < slots[kind]; i++)
			write_line(out, offer, (enum media_kind)kind, mid++, "recvonly");
	return g_string_free(out, FALSE);
}

static void answer_line(GString *out, const struct description_mline *mline)
{
	for (unsigned ext = 0; ext < RTP_EXT_COUNT; ext++)
		if (mline->exts.id[ext])
			g_string_append_printf(out, "a=extmap:%u %s\r\n", mline->exts.id[ext],
					       rtp_ext_uri((enum rtp_ext)ext));
	if (mline->kind == MEDIA_AUDIO) {
		g_string_append_printf(out, "a=rtpmap:%u opus/48000/2\r\n", mline->pt);
		return;
	}
	g_string_append_printf(
		out,
		"a=rtpmap:%u VP8/90000\r\na=rtcp-fb:%u transport-cc\r\n"
		"a=rtcp-fb:%u ccm fir\r\na=rtcp-fb:%u nack\r\na=rtcp-fb:%u nack pli\r\n",
		mline->pt, mline->pt, mline->pt, mline->pt, mline->pt);
	if (mline->rtx_pt)
		g_string_append_printf(out, "a=rtpmap:%u rtx/90000\r\na=fmtp:%u apt=%u\r\n",
				       mline->rtx_pt, mline->rtx_pt, mline->pt);
}

char *description_answer(const struct description *offered, const struct ice_credentials *local,
			 const uint8_t *fingerprint)
{
	GString *out = g_string_new("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");

	g_string_append_printf(out, "a=group:BUNDLE%s\r\na=msid-semantic: WMS\r\n",
			       offered->bundle);
	for (size_t i = 0; i < offered->mline_count; i++) {
		const struct description_mline *mline = &offered->mline[i];

		g_string_append_printf(out, "m=%s 9 UDP/TLS/RTP/SAVPF %u",
				       mline->kind == MEDIA_AUDIO ? "audio" : "video", mline->pt);
		if (mline->rtx_pt)
			g_string_append_printf(out, " %u", mline->rtx_pt);
		g_string_append(out, "\r\n");
		write_transport(out, local, fingerprint);
		g_string_append_printf(out, "a=mid:%s\r\na=%s\r\na=rtcp-mux\r\na=rtcp-rsize\r\n",
				       mline->mid, mline->is_sent ? "recvonly" : "inactive");
		answer_line(out, mline);
	}
	return g_string_free(out, FALSE);
}

/* --- reading ---------------------------------------------------------------------------------- */

static int refuse(char error[DESCRIPTION_ERROR_BYTES], const char *why)
{
	g_strlcpy(error, why, DESCRIPTION_ERROR_BYTES);
	return -EBADMSG;
}

/* "a=candidate:1 1 udp 2122317823 192.0.2.1 10000 typ host": of component 1 over UDP. */
static bool read_candidate_line(struct addr *out, const char *line)
{
	char **words = g_strsplit_set(line, " \r\n", 7);
	guint64 port;
	bool is_good = g_strv_length(words) == 7 && strcmp(words[1], "1") == 0 &&
		       g_ascii_strcasecmp(words[2], "udp") == 0 &&
		       g_ascii_string_to_unsigned(words[5], 10, 1, UINT16_MAX, &port, NULL) &&
		       addr_parse(out, words[4], (uint16_t)port) == 0;

	g_strfreev(words);
	return is_good;
}

static int read_candidate(struct addr *out, const char *sdp)
{
	int result = -EBADMSG;

	for (const char *at = sdp; (at = strstr(at, "a=candidate:")) != NULL; at++) {
		struct addr addr;

		if (!read_candidate_line(&addr, at))
			continue;
		if (result == 0 && (out->family == ADDR_IPV4 || addr.family != ADDR_IPV4))
			continue;
		*out = addr;
		result = 0;
	}
	return result;
}

static bool codec_is(const struct offer_codec *codec, const char *name)
{
	return codec->name && codec->name_len == strlen(name) &&
	       g_ascii_strncasecmp(codec->name, name, codec->name_len) == 0;
}

static uint8_t find_rtx(const struct offer_mline *mline, uint8_t pt)
{
	char apt[8];

	for (size_t i = 0; i < mline->pt_count; i++) {
		const struct offer_codec *codec = &mline->codec[mline->pt[i]];

		if (codec_is(codec, "rtx") && offer_fmtp(codec->fmtp, "apt", apt, sizeof(apt)) &&
		    strtol(apt, NULL, 10) == pt)
			return mline->pt[i];
	}
	return 0;
}

static void read_codec(struct description_mline *out, const struct offer_mline *mline)
{
	const char *wanted = out->kind == MEDIA_AUDIO ? "opus" : "VP8";

	for (size_t i = 0; i < mline->pt_count && out->pt == 0; i++)
		if (codec_is(&mline->codec[mline->pt[i]], wanted))
			out->pt = mline->pt[i];
	if (out->kind == MEDIA_VIDEO)
		out->rtx_pt = find_rtx(mline, out->pt);
}

static void read_use(struct description *out, const struct description_mline *line,
		     const struct offer_mline *mline)
{
	if (mline->receives && !out->takes[line->kind]) {
		out->takes[line->kind] = true;
		g_strlcpy(out->terms.mid[line->kind], line->mid, sizeof(out->terms.mid[0]));
		if (line->kind == MEDIA_AUDIO) {
			out->terms.opus_pt = line->pt;
		} else {
			out->terms.vp8_pt = line->pt;
			out->terms.rtx_pt = line->rtx_pt;
		}
	}
	if (!mline->sends || mline->ssrc_count == 0)
		return;
	out->line[out->line_count++] = (struct subscriber_line){
		.kind = line->kind,
		.ssrc = mline->ssrc[0],
		.rtx_ssrc = line->rtx_pt ? mline->rtx_ssrc[0] : 0,
		.pt = line->pt,
		.rtx_pt = line->rtx_pt,
	};
}

static void read_mline(struct description *out, const struct offer_mline *mline)
{
	struct description_mline *line = &out->mline[out->mline_count++];

	line->kind = strcmp(mline->media, "audio") == 0 ? MEDIA_AUDIO : MEDIA_VIDEO;
	g_strlcpy(line->mid, mline->mid ? mline->mid : "", sizeof(line->mid));
	g_strlcat(out->bundle, " ", sizeof(out->bundle));
	g_strlcat(out->bundle, line->mid, sizeof(out->bundle));
	read_codec(line, mline);
	for (size_t i = 0; i < mline->ext_count; i++) {
		/* An id that offer_parse let through is one that the map takes. */
		(void)rtp_ext_map_set(&line->exts, mline->ext[i].ext, mline->ext[i].id);
		(void)rtp_ext_map_set(&out->terms.exts, mline->ext[i].ext, mline->ext[i].id);
	}
	line->is_sent = mline->sends && line->pt != 0;
	if (line->pt != 0 && !mline->is_off)
		read_use(out, line, mline);
}

static int read_transport(struct description *out, const struct offer *offer)
{
	const struct offer_transport *session = &offer->transport;

	for (size_t i = 0; i < offer->mline_count; i++) {
		const struct offer_transport *own = &offer->mline[i].transport;
		const char *ufrag = own->ufrag ? own->ufrag : session->ufrag;
		const char *pwd = own->pwd ? own->pwd : session->pwd;
		const char *fingerprint =
			own->fingerprint ? own->fingerprint : session->fingerprint;

		if (!ufrag || !pwd || !fingerprint || strlen(ufrag) > LIMIT_ICE_UFRAG_BYTES ||
		    strlen(pwd) > LIMIT_ICE_PWD_BYTES)
			continue;
		g_strlcpy(out->remote.ufrag, ufrag, sizeof(out->remote.ufrag));
		g_strlcpy(out->remote.pwd, pwd, sizeof(out->remote.pwd));
		return cert_fingerprint_parse(out->fingerprint, fingerprint);
	}
	return -EBADMSG;
}

int description_read(struct description *out, const char *sdp, char error[DESCRIPTION_ERROR_BYTES])
{
	struct negotiate_error why;
	struct offer offer;
	int result = 0;

	memset(out, 0, sizeof(*out));
	if (offer_parse(&offer, sdp, &why) != 0)
		return refuse(error, why.text);
	for (size_t i = 0; i < offer.mline_count; i++)
		if (strcmp(offer.mline[i].media, "audio") == 0 ||
		    strcmp(offer.mline[i].media, "video") == 0)
			read_mline(out, &offer.mline[i]);
	if (read_transport(out, &offer) != 0)
		result = refuse(error, "the description has no ICE credentials or fingerprint");
	else if (read_candidate(&out->peer, sdp) != 0)
		result = refuse(error, "the description has no UDP candidate");
	offer_close(&offer);
	return result;
}
