/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/offer.h"

#include <assert.h>
#include <errno.h>
#include <gst/sdp/sdp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "signaling/negotiate.h"

/* --- words of a value ------------------------------------------------------------------------- */

/* The next word of *at, which moves behind it; NULL at the end. Words end at any of `stops`. */
static const char *next_word(const char **at, const char *stops, size_t *len)
{
	const char *word = *at + strspn(*at, stops);

	*len = strcspn(word, stops);
	*at = word + *len;
	return *len > 0 ? word : NULL;
}

static bool word_is(const char *word, size_t len, const char *text)
{
	return word != NULL && len == strlen(text) && strncasecmp(word, text, len) == 0;
}

/* A decimal number at the start of text that ends at `end` or at the end of the text. */
static bool read_u32(const char *text, const char *ends, uint32_t *out)
{
	uint64_t value = 0;
	size_t digits = strspn(text, "0123456789");

	if (digits == 0 || digits > 10 || (text[digits] != '\0' && !strchr(ends, text[digits])))
		return false;
	for (size_t i = 0; i < digits; i++)
		value = value * 10 + (uint64_t)(text[i] - '0');
	if (value > UINT32_MAX)
		return false;
	*out = (uint32_t)value;
	return true;
}

/* "96 rest": the payload type and what stands behind it; -1 when it is none. */
static int read_pt(const char *value, const char **rest)
{
	uint32_t pt;

	if (!read_u32(value, " ", &pt) || pt >= OFFER_PAYLOAD_TYPES)
		return -1;
	*rest = value + strspn(value, "0123456789");
	*rest += strspn(*rest, " ");
	return (int)pt;
}

bool offer_list_has(const char *list, const char *mid)
{
	const char *at = list != NULL ? list : "";
	const char *word;
	size_t len;

	while ((word = next_word(&at, " ", &len)) != NULL) {
		if (len == strlen(mid) && memcmp(word, mid, len) == 0)
			return true;
	}
	return false;
}

bool offer_fmtp(const char *fmtp, const char *key, char *out, size_t size)
{
	const char *at = fmtp != NULL ? fmtp : "";
	size_t key_len = strlen(key);
	const char *word;
	size_t len;

	while ((word = next_word(&at, "; ", &len)) != NULL) {
		size_t value_len = len - key_len - 1;

		if (len <= key_len || word[key_len] != '=' || strncasecmp(word, key, key_len) != 0)
			continue;
		if (value_len >= size)
			return false;
		memcpy(out, word + key_len + 1, value_len);
		out[value_len] = '\0';
		return true;
	}
	return false;
}

/* --- attributes of an m-line ------------------------------------------------------------------ */

static void on_rtpmap(struct offer_mline *mline, const char *value)
{
	const char *rest;
	int pt = read_pt(value, &rest);
	struct offer_codec *codec;
	const char *slash;

	if (pt < 0)
		return;
	codec = &mline->codec[pt];
	codec->name = rest;
	codec->name_len = strcspn(rest, "/");
	slash = rest + codec->name_len;
	if (*slash != '/' || !read_u32(slash + 1, "/ ", &codec->clock_hz)) {
		codec->name = NULL;
		return;
	}
	slash = strchr(slash + 1, '/');
	if (slash == NULL || !read_u32(slash + 1, " ", &codec->channels))
		codec->channels = 1;
}

static void on_fmtp(struct offer_mline *mline, const char *value)
{
	const char *rest;
	int pt = read_pt(value, &rest);

	if (pt >= 0)
		mline->codec[pt].fmtp = rest;
}

static void on_rtcp_fb(struct offer_mline *mline, const char *value)
{
	static const struct {
		const char *text;
		enum offer_feedback feedback;
	} known[] = {
		{"nack", OFFER_NACK},	   {"nack pli", OFFER_PLI},
		{"ccm fir", OFFER_FIR},	   {"transport-cc", OFFER_TRANSPORT_CC},
		{"goog-remb", OFFER_REMB},
	};
	const char *rest = value + 2;
	unsigned *feedback = &mline->feedback;

	if (strncmp(value, "* ", 2) != 0) {
		int pt = read_pt(value, &rest);

		if (pt < 0)
			return;
		feedback = &mline->codec[pt].feedback;
	}
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcasecmp(rest, known[i].text) == 0)
			*feedback |= known[i].feedback;
	}
}

/* "4/sendonly uri attributes". */
static void on_extmap(struct offer_mline *mline, const char *value)
{
	struct offer_ext ext = {.is_sent = true, .is_received = true};
	char uri[128];
	const char *at = value;
	const char *word;
	uint32_t id;
	size_t len;

	/* RFC 8285 5: 15 is no id, and 4096 and up only stand for ids to be chosen. */
	if (!read_u32(value, "/ ", &id) || id == 0 || id > 255 || id == 15)
		return;
	word = next_word(&at, " ", &len);
	if (word != NULL && memchr(word, '/', len) != NULL) {
		const char *slash = memchr(word, '/', len);
		size_t direction = len - (size_t)(slash + 1 - word);

		ext.is_sent = word_is(slash + 1, direction, "sendonly") ||
			      word_is(slash + 1, direction, "sendrecv");
		ext.is_received = word_is(slash + 1, direction, "recvonly") ||
				  word_is(slash + 1, direction, "sendrecv");
	}
	word = next_word(&at, " ", &len);
	if (word == NULL || len >= sizeof(uri))
		return;
	memcpy(uri, word, len);
	uri[len] = '\0';
	ext.ext = rtp_ext_from_uri(uri);
	ext.id = (uint8_t)id;
	if (ext.ext != RTP_EXT_COUNT && mline->ext_count < OFFER_MAX_EXTS)
		mline->ext[mline->ext_count++] = ext;
}

static bool is_rid(const char *word, size_t len)
{
	/* RFC 8851 10: alphanumerics, "-" and "_". */
	return len > 0 && len <= LIMIT_RID_BYTES &&
	       strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") >=
		       len;
}

/* "send q;~h;f,g recv x" (RFC 8853 5.1): of alternatives the first, paused or not. */
static void on_simulcast(struct offer_mline *mline, const char *value)
{
	const char *at = value;
	const char *word;
	size_t len;

	while ((word = next_word(&at, " ", &len)) != NULL && !word_is(word, len, "send"))
		;
	if (word == NULL || (word = next_word(&at, " ", &len)) == NULL)
		return;
	mline->rid_count = 0;
	for (const char *end = word + len, *list = word; list < end; list = word + len) {
		word = next_word(&list, ";", &len);
		if (word == NULL || word >= end)
			return;
		if (*word == '~') {
			word++;
			len--;
		}
		if (!is_rid(word, strcspn(word, ",; ")) || mline->rid_count == LIMIT_ENCODINGS)
			return;
		(void)snprintf(mline->rid[mline->rid_count++], LIMIT_RID_BYTES + 1, "%.*s",
			       (int)strcspn(word, ",; "), word);
	}
}

static void on_ssrc(struct offer_mline *mline, const char *value)
{
	uint32_t ssrc;

	if (!read_u32(value, " ", &ssrc) || ssrc == 0 || mline->ssrc_count == OFFER_MAX_SSRCS)
		return;
	for (size_t i = 0; i < mline->ssrc_count; i++) {
		if (mline->ssrc[i] == ssrc)
			return;
	}
	mline->ssrc[mline->ssrc_count++] = ssrc;
}

/* "FID primary rtx" (RFC 4588 8.8). The groups stand before or behind the a=ssrc lines. */
static void on_ssrc_group(struct offer_mline *mline, const char *value)
{
	const char *at = value;
	const char *word;
	uint32_t pair[2];
	size_t len;

	word = next_word(&at, " ", &len);
	if (!word_is(word, len, "FID"))
		return;
	for (size_t i = 0; i < 2; i++) {
		word = next_word(&at, " ", &len);
		if (word == NULL || !read_u32(word, " ", &pair[i]) || pair[i] == 0)
			return;
	}
	on_ssrc(mline, value + strcspn(value, "0123456789"));
	for (size_t i = 0; i < mline->ssrc_count; i++) {
		if (mline->ssrc[i] == pair[0])
			mline->rtx_ssrc[i] = pair[1];
	}
}

static void on_sendrecv(struct offer_mline *mline, const char *value)
{
	mline->sends = true;
	mline->receives = true;
}

static void on_sendonly(struct offer_mline *mline, const char *value)
{
	mline->sends = true;
	mline->receives = false;
}

static void on_recvonly(struct offer_mline *mline, const char *value)
{
	mline->sends = false;
	mline->receives = true;
}

static void on_inactive(struct offer_mline *mline, const char *value)
{
	mline->sends = false;
	mline->receives = false;
}

static void on_mid(struct offer_mline *mline, const char *value)
{
	mline->mid = value;
}

static void on_rtcp_mux(struct offer_mline *mline, const char *value)
{
	mline->has_rtcp_mux = true;
}

static void on_rtcp_rsize(struct offer_mline *mline, const char *value)
{
	mline->has_rtcp_rsize = true;
}

static void on_bundle_only(struct offer_mline *mline, const char *value)
{
	/* RFC 9143 6: port 0 means something else then. */
	mline->is_off = false;
}

static const struct {
	const char *key;
	void (*read)(struct offer_mline *mline, const char *value);
} attributes[] = {
	{"rtpmap", on_rtpmap},		 {"fmtp", on_fmtp},
	{"rtcp-fb", on_rtcp_fb},	 {"extmap", on_extmap},
	{"simulcast", on_simulcast},	 {"ssrc", on_ssrc},
	{"ssrc-group", on_ssrc_group},	 {"sendrecv", on_sendrecv},
	{"sendonly", on_sendonly},	 {"recvonly", on_recvonly},
	{"inactive", on_inactive},	 {"mid", on_mid},
	{"rtcp-mux", on_rtcp_mux},	 {"rtcp-rsize", on_rtcp_rsize},
	{"bundle-only", on_bundle_only},
};

/* --- attributes of the transport, on either level --------------------------------------------- */

static void read_transport(struct offer_transport *transport, const GstSDPAttribute *attribute)
{
	const char *value = attribute->value;

	if (strcmp(attribute->key, "ice-ufrag") == 0)
		transport->ufrag = value;
	else if (strcmp(attribute->key, "ice-pwd") == 0)
		transport->pwd = value;
	else if (strcmp(attribute->key, "setup") == 0)
		transport->setup = value;
	else if (strcmp(attribute->key, "fingerprint") == 0 &&
		 strncasecmp(value, "sha-256 ", 8) == 0)
		transport->fingerprint = value + 8;
}

/* --- the whole -------------------------------------------------------------------------------- */

static void read_formats(struct offer_mline *mline, const GstSDPMedia *media)
{
	bool seen[OFFER_PAYLOAD_TYPES] = {false};

	mline->format = "0";
	for (guint i = 0; i < gst_sdp_media_formats_len(media); i++) {
		const char *format = gst_sdp_media_get_format(media, i);
		uint32_t pt;

		if (i == 0)
			mline->format = format;
		if (!read_u32(format, "", &pt) || pt >= OFFER_PAYLOAD_TYPES || seen[pt])
			continue;
		seen[pt] = true;
		mline->pt[mline->pt_count++] = (uint8_t)pt;
	}
}

static void read_mline(struct offer_mline *mline, const GstSDPMedia *media)
{
	mline->media = gst_sdp_media_get_media(media);
	mline->proto = gst_sdp_media_get_proto(media);
	mline->is_off = gst_sdp_media_get_port(media) == 0;
	read_formats(mline, media);
	for (guint i = 0; i < gst_sdp_media_attributes_len(media); i++) {
		const GstSDPAttribute *attribute = gst_sdp_media_get_attribute(media, i);

		if (attribute->key == NULL || attribute->value == NULL)
			continue;
		read_transport(&mline->transport, attribute);
		for (size_t k = 0; k < sizeof(attributes) / sizeof(attributes[0]); k++) {
			if (strcmp(attribute->key, attributes[k].key) == 0)
				attributes[k].read(mline, attribute->value);
		}
	}
}

static void read_session(struct offer *offer, const GstSDPMessage *sdp)
{
	for (guint i = 0; i < gst_sdp_message_attributes_len(sdp); i++) {
		const GstSDPAttribute *attribute = gst_sdp_message_get_attribute(sdp, i);

		if (attribute->key == NULL || attribute->value == NULL)
			continue;
		read_transport(&offer->transport, attribute);
		if (strcmp(attribute->key, "group") == 0 &&
		    strncmp(attribute->value, "BUNDLE", 6) == 0)
			offer->bundle = attribute->value + 6;
		else if (strcmp(attribute->key, "ice-lite") == 0)
			offer->is_lite = true;
		else if (strcmp(attribute->key, "extmap-allow-mixed") == 0)
			offer->has_mixed_extmaps = true;
	}
}

static int parse_text(GstSDPMessage **out, const char *text, struct negotiate_error *error)
{
	GstSDPMessage *sdp = NULL;
	size_t len = strlen(text);

	if (len > LIMIT_SDP_BYTES) {
		(void)snprintf(error->text, sizeof(error->text),
			       "The offer is longer than %d bytes.", LIMIT_SDP_BYTES);
		return -EBADMSG;
	}
	if (strncmp(text, "v=0", 3) != 0 || gst_sdp_message_new(&sdp) != GST_SDP_OK) {
		(void)snprintf(error->text, sizeof(error->text), "The offer is not SDP.");
		return -EBADMSG;
	}
	if (gst_sdp_message_parse_buffer((const guint8 *)text, (guint)len, sdp) != GST_SDP_OK) {
		(void)snprintf(error->text, sizeof(error->text), "The offer is not SDP.");
		(void)gst_sdp_message_free(sdp);
		return -EBADMSG;
	}
	if (gst_sdp_message_medias_len(sdp) == 0 ||
	    gst_sdp_message_medias_len(sdp) > LIMIT_MLINES) {
		(void)snprintf(error->text, sizeof(error->text),
			       "The offer has %u m-lines; 1 to %d are possible.",
			       gst_sdp_message_medias_len(sdp), LIMIT_MLINES);
		(void)gst_sdp_message_free(sdp);
		return -EBADMSG;
	}
	*out = sdp;
	return 0;
}

int offer_parse(struct offer *out, const char *text, struct negotiate_error *error)
{
	struct offer offer = {0};
	GstSDPMessage *sdp = NULL;
	int result = parse_text(&sdp, text, error);

	if (result != 0)
		return result;
	offer.sdp = sdp;
	offer.mline_count = gst_sdp_message_medias_len(sdp);
	offer.mline = g_new0(struct offer_mline, offer.mline_count);
	read_session(&offer, sdp);
	for (size_t i = 0; i < offer.mline_count; i++) {
		/* RFC 8866 6.7: what says nothing is sendrecv. */
		offer.mline[i].sends = true;
		offer.mline[i].receives = true;
		read_mline(&offer.mline[i], gst_sdp_message_get_media(sdp, (guint)i));
	}
	*out = offer;
	return 0;
}

void offer_close(struct offer *offer)
{
	if (offer->sdp != NULL)
		(void)gst_sdp_message_free(offer->sdp);
	g_free(offer->mline);
	*offer = (struct offer){0};
}
