/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/answer.h"

#include <assert.h>
#include <gst/sdp/sdp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One m-line being written. */
struct writer {
	GstSDPMedia *media;
	const struct offer_mline *offered;
	const struct mline_params *mline;
	uint32_t start_kbps; /* 0: not said */
};

__attribute__((format(printf, 3, 4))) static void add(const struct writer *w, const char *key,
						      const char *format, ...)
{
	va_list args;
	char *value;

	va_start(args, format);
	value = g_strdup_vprintf(format, args);
	va_end(args);
	(void)gst_sdp_media_add_attribute(w->media, key, value);
	g_free(value);
}

static void add_flag(const struct writer *w, const char *key)
{
	(void)gst_sdp_media_add_attribute(w->media, key, NULL);
}

/* --- candidates ------------------------------------------------------------------------------- */

void answer_candidate(char out[ANSWER_CANDIDATE_TEXT], const struct addr *addr, size_t index)
{
	char ip[ADDR_TEXT_MAX];
	/* RFC 8445 5.1.2.1: host 126; IPv6 first within a kind (RFC 8421), then our order. */
	uint32_t local = addr->family == ADDR_IPV6 ? 65535 : 32767;
	uint32_t priority = (126U << 24) + ((local - (uint32_t)index) << 8) + 255;

	(void)snprintf(out, ANSWER_CANDIDATE_TEXT, "%zu 1 udp %u %s %u typ host", index + 1,
		       priority, addr_format_ip(addr, ip), addr->port);
}

static void add_candidates(const struct writer *w, const struct negotiate_abilities *abilities)
{
	char candidate[ANSWER_CANDIDATE_TEXT];

	for (size_t i = 0; i < abilities->candidate_count; i++) {
		answer_candidate(candidate, &abilities->candidates[i], i);
		add(w, "candidate", "%s", candidate);
	}
	add_flag(w, "end-of-candidates");
}

/* --- codecs ----------------------------------------------------------------------------------- */

static const char *const opus_fmtp_keys[] = {"minptime",	"useinbandfec",	     "maxptime",
					     "maxplaybackrate", "maxaveragebitrate", "cbr"};
static const char *const av1_fmtp_keys[] = {"level-idx", "profile", "tier"};

static bool is_number(const char *text)
{
	return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

__attribute__((format(printf, 2, 3))) static void put(GString *fmtp, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (fmtp->len > 0)
		g_string_append_c(fmtp, ';');
	g_string_append_vprintf(fmtp, format, args);
	va_end(args);
}

/* Repeats those of the keys that the offer gave a number. Opus: usedtx stays out because it makes
 * silence look like loss, stereo because a voice needs half of it. */
static void put_numbers(GString *fmtp, const char *offered, const char *const *keys,
			size_t key_count)
{
	char value[12];

	for (size_t i = 0; i < key_count; i++) {
		if (offer_fmtp(offered, keys[i], value, sizeof(value)) && is_number(value))
			put(fmtp, "%s=%s", keys[i], value);
	}
}

static void put_h264(GString *fmtp, const char *offered, const struct codec_params *codec)
{
	char level[8] = "", asymmetry[4] = "";

	/* Negotiation has read the profile from it, so it is there and hexadecimal. */
	(void)offer_fmtp(offered, "profile-level-id", level, sizeof(level));
	(void)offer_fmtp(offered, "level-asymmetry-allowed", asymmetry, sizeof(asymmetry));
	if (strcmp(asymmetry, "1") == 0)
		put(fmtp, "level-asymmetry-allowed=1");
	put(fmtp, "packetization-mode=%u", codec->h264_packetization_mode);
	put(fmtp, "profile-level-id=%s", level);
}

/* Left to itself Chromium begins at 300 kbit/s, which on a line of 128 kbit/s makes sound wait
 * 390 ms and takes 3 s to drain; told to begin at 100 it waits 110 ms at most. A line that carries
 * more may have its 1280x720 some seconds later (docs/performance.md). */
static void put_start(GString *fmtp, const struct writer *w, const struct codec_params *codec)
{
	bool is_first = codec == &w->mline->codec[0];

	if (is_first && w->start_kbps != 0 && w->mline->kind == MEDIA_VIDEO &&
	    (w->mline->use & MLINE_TRACK) != 0)
		put(fmtp, "x-google-start-bitrate=%u", w->start_kbps);
}

static void add_fmtp(const struct writer *w, const struct codec_params *codec)
{
	const char *offered = w->offered->codec[codec->pt].fmtp;
	GString *fmtp = g_string_new(NULL);

	switch (codec->codec) {
	case CODEC_OPUS:
		put_numbers(fmtp, offered, opus_fmtp_keys, G_N_ELEMENTS(opus_fmtp_keys));
		break;
	case CODEC_H264:
		put_h264(fmtp, offered, codec);
		break;
	case CODEC_VP9:
		if (offered != NULL)
			put(fmtp, "profile-id=%u", codec->profile);
		break;
	case CODEC_AV1:
		put_numbers(fmtp, offered, av1_fmtp_keys, G_N_ELEMENTS(av1_fmtp_keys));
		break;
	case CODEC_TELEPHONE_EVENT:
		put(fmtp, "0-15");
		break;
	default:
		break;
	}
	put_start(fmtp, w, codec);
	if (fmtp->len > 0)
		add(w, "fmtp", "%u %s", codec->pt, fmtp->str);
	g_string_free(fmtp, TRUE);
}

/* Only of sources: a publisher goes by the smaller of its own estimate and our REMB, while a
 * receiver without transport-wide numbers would be led to send REMB in place of them. */
static bool is_capped_by_remb(const struct writer *w, const struct codec_params *codec)
{
	unsigned feedback = w->offered->feedback | w->offered->codec[codec->pt].feedback;

	return (w->mline->use & MLINE_TRACK) != 0 && (feedback & OFFER_REMB) != 0;
}

static void add_codec(const struct writer *w, const struct codec_params *codec)
{
	if (codec->codec == CODEC_OPUS)
		add(w, "rtpmap", "%u opus/48000/2", codec->pt);
	else
		add(w, "rtpmap", "%u %s/%u", codec->pt, codec_name(codec->codec), codec->clock_hz);
	if (is_capped_by_remb(w, codec))
		add(w, "rtcp-fb", "%u goog-remb", codec->pt);
	if (codec->has_transport_cc)
		add(w, "rtcp-fb", "%u transport-cc", codec->pt);
	if (codec->has_fir)
		add(w, "rtcp-fb", "%u ccm fir", codec->pt);
	if (codec->has_nack)
		add(w, "rtcp-fb", "%u nack", codec->pt);
	if (codec->has_pli)
		add(w, "rtcp-fb", "%u nack pli", codec->pt);
	add_fmtp(w, codec);
	if (codec->rtx_pt != 0) {
		add(w, "rtpmap", "%u rtx/%u", codec->rtx_pt, codec->clock_hz);
		add(w, "fmtp", "%u apt=%u", codec->rtx_pt, codec->pt);
	}
	if (codec->red_pt != 0) {
		add(w, "rtpmap", "%u red/48000/2", codec->red_pt);
		add(w, "fmtp", "%u %u/%u", codec->red_pt, codec->pt, codec->pt);
	}
}

static size_t place_of(const struct offer_mline *offered, uint8_t pt)
{
	size_t place = 0;

	while (place < offered->pt_count && offered->pt[place] != pt)
		place++;
	return place;
}

static void add_format(const struct writer *w, uint8_t pt)
{
	char text[4];

	(void)snprintf(text, sizeof(text), "%u", pt);
	(void)gst_sdp_media_add_format(w->media, text);
}

static void add_formats(const struct writer *w)
{
	for (size_t i = 0; i < w->mline->codec_count; i++) {
		const struct codec_params *codec = &w->mline->codec[i];
		/* The page puts RED first when it wants to send it, at twice the bits. */
		bool is_red_first = codec->red_pt != 0 && place_of(w->offered, codec->red_pt) <
								  place_of(w->offered, codec->pt);

		if (is_red_first)
			add_format(w, codec->red_pt);
		add_format(w, codec->pt);
		if (codec->rtx_pt != 0)
			add_format(w, codec->rtx_pt);
		if (codec->red_pt != 0 && !is_red_first)
			add_format(w, codec->red_pt);
	}
}

/* --- the rest of an m-line -------------------------------------------------------------------- */

static void add_exts(const struct writer *w)
{
	for (size_t i = 0; i < w->offered->ext_count; i++) {
		const struct offer_ext *ext = &w->offered->ext[i];
		const char *direction = "";

		if (w->mline->exts.id[ext->ext] != ext->id)
			continue;
		if (!ext->is_received)
			direction = "/recvonly";
		else if (!ext->is_sent)
			direction = "/sendonly";
		add(w, "extmap", "%u%s %s", ext->id, direction, rtp_ext_uri(ext->ext));
	}
}

static void add_rids(const struct writer *w)
{
	GString *list = g_string_new("recv ");

	for (size_t i = 0; i < w->mline->rid_count; i++) {
		add(w, "rid", "%s recv", w->mline->rid[i]);
		g_string_append_printf(list, "%s%s", i > 0 ? ";" : "", w->mline->rid[i]);
	}
	if (w->mline->rid_count > 0)
		add(w, "simulcast", "%s", list->str);
	g_string_free(list, TRUE);
}

/* Slots of a kind are numbered; the n-th audio and the n-th video slot share a stream, so that a
 * browser plays them in sync when one person is in both. */
static void add_streams(const struct writer *w, const char *cname, size_t nth)
{
	const struct mline_params *mline = w->mline;

	add(w, "msid", "slot-%zu %s-%zu", nth, mline->kind == MEDIA_AUDIO ? "audio" : "video", nth);
	if (mline->send_rtx_ssrc != 0)
		add(w, "ssrc-group", "FID %u %u", mline->send_ssrc, mline->send_rtx_ssrc);
	add(w, "ssrc", "%u cname:%s", mline->send_ssrc, cname);
	if (mline->send_rtx_ssrc != 0)
		add(w, "ssrc", "%u cname:%s", mline->send_rtx_ssrc, cname);
}

static void add_transport(const struct writer *w, const struct transport_params *params,
			  const uint8_t *fingerprint)
{
	char text[CERT_FINGERPRINT_TEXT];

	/* On every m-line, as browsers do, although RFC 9143 7.1.3 wants it on the tagged one only:
	 * simple clients look no further than the m-line they read. */
	add(w, "ice-ufrag", "%s", params->local.ufrag);
	add(w, "ice-pwd", "%s", params->local.pwd);
	cert_fingerprint_format(text, fingerprint);
	add(w, "fingerprint", "sha-256 %s", text);
	add(w, "setup", "%s", params->dtls_role == DTLS_SERVER ? "passive" : "active");
}

static const char *direction_name(unsigned use)
{
	switch (use) {
	case MLINE_TRACK:
		return "recvonly";
	case MLINE_SLOT:
		return "sendonly";
	case MLINE_TRACK | MLINE_SLOT:
		return "sendrecv";
	default:
		return "inactive";
	}
}

static void write_refused(GstSDPMedia *media, const struct offer_mline *offered)
{
	(void)gst_sdp_media_set_media(media, offered->media);
	(void)gst_sdp_media_set_port_info(media, 0, 1);
	(void)gst_sdp_media_set_proto(media, offered->proto);
	(void)gst_sdp_media_add_format(media, offered->format);
	(void)gst_sdp_media_add_connection(media, "IN", "IP4", "0.0.0.0", 0, 0);
	if (offered->mid != NULL)
		(void)gst_sdp_media_add_attribute(media, "mid", offered->mid);
	(void)gst_sdp_media_add_attribute(media, "inactive", NULL);
}

static void write_mline(const struct writer *w, const struct transport_params *params, size_t nth)
{
	(void)gst_sdp_media_set_media(w->media, w->offered->media);
	/* RFC 8839 4.2.1.3: port 9 and 0.0.0.0 stand for "see the candidates". */
	(void)gst_sdp_media_set_port_info(w->media, 9, 1);
	(void)gst_sdp_media_set_proto(w->media, w->offered->proto);
	(void)gst_sdp_media_add_connection(w->media, "IN", "IP4", "0.0.0.0", 0, 0);
	add_formats(w);
	add(w, "mid", "%s", w->mline->mid);
	add_flag(w, direction_name(w->mline->use));
	add_flag(w, "rtcp-mux");
	if (w->offered->has_rtcp_rsize)
		add_flag(w, "rtcp-rsize");
	add_exts(w);
	for (size_t i = 0; i < w->mline->codec_count; i++)
		add_codec(w, &w->mline->codec[i]);
	if ((w->mline->use & MLINE_TRACK) != 0)
		add_rids(w);
	if ((w->mline->use & MLINE_SLOT) != 0)
		add_streams(w, params->cname, nth);
}

/* --- the whole -------------------------------------------------------------------------------- */

static void write_session(GstSDPMessage *sdp, const struct offer *offer,
			  const struct transport_params *params, const bool *is_refused,
			  uint32_t version)
{
	GString *group = g_string_new("BUNDLE");
	char id[24], number[12];

	/* The transport's number serves as session id: unique for us, and it tells nothing. */
	(void)snprintf(id, sizeof(id), "%u", params->transport_id);
	(void)snprintf(number, sizeof(number), "%u", version);
	(void)gst_sdp_message_set_version(sdp, "0");
	(void)gst_sdp_message_set_origin(sdp, "-", id, number, "IN", "IP4", "127.0.0.1");
	(void)gst_sdp_message_set_session_name(sdp, "-");
	(void)gst_sdp_message_add_time(sdp, "0", "0", NULL);
	for (size_t i = 0; i < offer->mline_count; i++) {
		if (!is_refused[i])
			g_string_append_printf(group, " %s", params->mline[i].mid);
	}
	if (offer->bundle != NULL)
		(void)gst_sdp_message_add_attribute(sdp, "group", group->str);
	g_string_free(group, TRUE);
	(void)gst_sdp_message_add_attribute(sdp, "ice-lite", NULL);
	if (offer->has_mixed_extmaps)
		(void)gst_sdp_message_add_attribute(sdp, "extmap-allow-mixed", NULL);
	(void)gst_sdp_message_add_attribute(sdp, "msid-semantic", "WMS *");
}

static void write_medias(GstSDPMessage *sdp, const struct offer *offer,
			 const struct transport_params *params, const bool *is_refused,
			 const struct negotiate_abilities *abilities, uint32_t start_kbps)
{
	size_t slots[2] = {0, 0};
	bool has_candidates = false;

	for (size_t i = 0; i < offer->mline_count; i++) {
		struct writer w = {.offered = &offer->mline[i],
				   .mline = &params->mline[i],
				   .start_kbps = start_kbps};
		size_t nth = 0;

		(void)gst_sdp_media_new(&w.media);
		if (is_refused[i]) {
			write_refused(w.media, w.offered);
		} else {
			if ((w.mline->use & MLINE_SLOT) != 0)
				nth = slots[w.mline->kind]++;
			write_mline(&w, params, nth);
			add_transport(&w, params, abilities->fingerprint);
			if (!has_candidates)
				add_candidates(&w, abilities);
			has_candidates = true;
		}
		/* The message takes the contents over, not the struct. */
		(void)gst_sdp_message_add_media(sdp, w.media);
		(void)gst_sdp_media_free(w.media);
	}
}

char *answer_write(const struct offer *offer, const struct transport_params *params,
		   const bool *is_refused, const struct negotiate_abilities *abilities,
		   const struct negotiate_request *request)
{
	GstSDPMessage *sdp = NULL;
	char *text, *out;

	if (gst_sdp_message_new(&sdp) != GST_SDP_OK)
		return NULL;
	write_session(sdp, offer, params, is_refused, request->version);
	write_medias(sdp, offer, params, is_refused, abilities, request->publisher_start_kbps);
	text = gst_sdp_message_as_text(sdp);
	(void)gst_sdp_message_free(sdp);
	/* Ours is freed with free(), GLib's with g_free(). */
	out = text != NULL ? strdup(text) : NULL;
	g_free(text);
	return out;
}
