/* SPDX-License-Identifier: EUPL-1.2 */
/* Offers of real clients (tests/vectors/offers) and what is wrong with bent ones. */
#include "signaling/negotiate.h"

#include <errno.h>
#include <glib.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "signaling/offer.h"
#include "tests/vectors/summary.h"

static char *vector(const char *name, const char *suffix)
{
	const char *vectors = g_getenv("VIDD_VECTORS");
	char *file = g_strconcat(name, suffix, NULL);
	char *path =
		g_build_filename(vectors != NULL ? vectors : "tests/vectors", "offers", file, NULL);
	char *text = NULL;
	GError *error = NULL;

	if (!g_file_get_contents(path, &text, NULL, &error))
		g_error("%s", error->message);
	g_free(path);
	g_free(file);
	return text;
}

/* An offer, with up to one text in it replaced everywhere, answered on top of previous. */
struct round {
	struct transport_params params;
	char *answer;
	struct negotiate_error error;
	int result;
};

static struct round *negotiate_text(const char *sdp, uint32_t number, const struct round *previous)
{
	struct round *round = g_new0(struct round, 1);

	round->result =
		summary_negotiate(&round->params, &round->answer, sdp, number,
				  previous != NULL ? &previous->params : NULL, &round->error);
	return round;
}

static struct round *negotiate_vector(const char *name, uint32_t number,
				      const struct round *previous)
{
	char *sdp = vector(name, ".sdp");
	struct round *round = negotiate_text(sdp, number, previous);

	if (round->result != 0)
		g_error("%s: %s", name, round->error.text);
	g_free(sdp);
	return round;
}

static struct round *negotiate_bent(const char *name, const char *from, const char *to,
				    const struct round *previous)
{
	char *sdp = vector(name, ".sdp");
	char **parts = g_strsplit(sdp, from, -1);
	char *bent = g_strjoinv(to, parts);
	struct round *round;

	/* A vector that does not hold the text would test nothing. */
	g_assert_cmpuint(g_strv_length(parts), >, 1);
	round = negotiate_text(bent, previous != NULL ? 2 : 1, previous);
	g_strfreev(parts);
	g_free(bent);
	g_free(sdp);
	return round;
}

static void round_free(struct round *round)
{
	free(round->answer);
	g_free(round);
}

/* --- real offers ------------------------------------------------------------------------------ */

static void check_summary(const char *name, const struct transport_params *params)
{
	char *wanted_text = vector(name, ".json");
	char *got_text = summary_build(params);
	json_t *wanted = json_loads(wanted_text, 0, NULL);
	json_t *got = json_loads(got_text, 0, NULL);

	g_assert_nonnull(wanted);
	if (!json_equal(wanted, got))
		g_error("%s: negotiated\n%s", name, got_text);
	json_decref(wanted);
	json_decref(got);
	free(got_text);
	g_free(wanted_text);
}

/* What of a codec is in the answer, at its payload type. */
static void check_answered_codec(const struct offer_mline *offered,
				 const struct offer_mline *answered,
				 const struct codec_params *codec)
{
	const struct offer_codec *there = &answered->codec[codec->pt];
	char value[8] = "";
	unsigned feedback = (codec->has_nack ? OFFER_NACK : 0U) |
			    (codec->has_pli ? OFFER_PLI : 0U) | (codec->has_fir ? OFFER_FIR : 0U) |
			    (codec->has_transport_cc ? OFFER_TRANSPORT_CC : 0U);

	/* A publisher may be told what to send at most; we are told by transport-wide feedback. */
	if (answered->receives)
		feedback |= offered->codec[codec->pt].feedback & OFFER_REMB;
	g_assert_nonnull(there->name);
	g_assert_cmpint(strncasecmp(there->name, codec_name(codec->codec), there->name_len), ==, 0);
	g_assert_cmpuint(there->clock_hz, ==, codec->clock_hz);
	g_assert_cmphex(there->feedback, ==, feedback);
	g_assert_false(offer_fmtp(there->fmtp, "usedtx", value, sizeof(value)));
	if (codec->rtx_pt == 0)
		return;
	g_assert_true(offer_fmtp(answered->codec[codec->rtx_pt].fmtp, "apt", value, sizeof(value)));
	g_assert_cmpint(strtol(value, NULL, 10), ==, codec->pt);
}

static void check_answered_mline(const struct offer_mline *offered,
				 const struct offer_mline *answered,
				 const struct mline_params *mline)
{
	bool is_refused = mline->codec_count == 0;

	g_assert_cmpstr(answered->media, ==, offered->media);
	g_assert_cmpstr(answered->proto, ==, offered->proto);
	g_assert_cmpstr(answered->mid, ==, offered->mid);
	g_assert_cmpint(answered->is_off, ==, is_refused);
	if (is_refused)
		return;
	/* RFC 3264 6.1: we send only what is received there, and the other way round. */
	g_assert_cmpint(answered->receives, ==, (mline->use & MLINE_TRACK) != 0);
	g_assert_cmpint(answered->sends, ==, (mline->use & MLINE_SLOT) != 0);
	g_assert_true(answered->has_rtcp_mux);
	g_assert_cmpstr(answered->transport.setup, ==, "passive");
	g_assert_nonnull(answered->transport.ufrag);
	g_assert_cmpuint(answered->pt[0], ==, mline->codec[0].pt);
	for (size_t i = 0; i < mline->codec_count; i++)
		check_answered_codec(offered, answered, &mline->codec[i]);
	for (size_t i = 0; i < answered->pt_count; i++)
		g_assert_nonnull(offered->codec[answered->pt[i]].name);
	if ((mline->use & MLINE_SLOT) == 0)
		return;
	g_assert_cmpuint(answered->ssrc[0], ==, mline->send_ssrc);
	g_assert_cmpuint(answered->rtx_ssrc[0], ==, mline->send_rtx_ssrc);
}

static size_t count_text(const char *text, const char *wanted)
{
	char **parts = g_strsplit(text, wanted, -1);
	size_t count = g_strv_length(parts) - 1;

	g_strfreev(parts);
	return count;
}

static void check_answer(const char *offer_text, const struct round *round)
{
	struct negotiate_error error;
	struct offer offer, answer;
	const char *candidate;

	g_assert_cmpint(offer_parse(&offer, offer_text, &error), ==, 0);
	g_assert_cmpint(offer_parse(&answer, round->answer, &error), ==, 0);
	g_assert_true(answer.is_lite);
	g_assert_cmpuint(answer.mline_count, ==, offer.mline_count);
	for (size_t i = 0; i < answer.mline_count; i++) {
		check_answered_mline(&offer.mline[i], &answer.mline[i], &round->params.mline[i]);
		if (!answer.mline[i].is_off && answer.bundle != NULL)
			g_assert_true(offer_list_has(answer.bundle, answer.mline[i].mid));
	}
	/* Both candidates, once. */
	candidate = strstr(round->answer, "a=candidate:1 1 udp ");
	g_assert_nonnull(candidate);
	g_assert_cmpuint(count_text(round->answer, "a=candidate:"), ==, 2);
	g_assert_nonnull(strstr(candidate, " 192.0.2.1 10000 typ host\r\n"));
	g_assert_nonnull(strstr(candidate, " 2001:db8::1 10000 typ host\r\n"));
	g_assert_nonnull(strstr(candidate, "a=end-of-candidates\r\n"));
	offer_close(&offer);
	offer_close(&answer);
}

static const struct {
	const char *name, *before, *before_that;
} vectors[] = {
	{"chromium-publish", NULL, NULL},
	{"chromium-renegotiate", "chromium-publish", NULL},
	{"chromium-restart", "chromium-renegotiate", "chromium-publish"},
	{"chromium-audio-only", NULL, NULL},
	{"chromium-sendrecv", NULL, NULL},
	{"firefox-publish", NULL, NULL},
	{"firefox-renegotiate", "firefox-publish", NULL},
	{"firefox-restart", "firefox-renegotiate", "firefox-publish"},
	{"firefox-audio-only", NULL, NULL},
	{"firefox-sendrecv", NULL, NULL},
	{"gstreamer-sendrecv", NULL, NULL},
	{"gstreamer-sendonly", NULL, NULL},
	{"aiortc-sendrecv", NULL, NULL},
	{"aiortc-sendonly", NULL, NULL},
	{"aiortc-recvonly", NULL, NULL},
};

static void real_offers_are_answered(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(vectors); i++) {
		struct round *rounds[3] = {NULL, NULL, NULL};
		const char *names[3] = {vectors[i].before_that, vectors[i].before, vectors[i].name};
		struct round *last = NULL;
		char *sdp = vector(vectors[i].name, ".sdp");
		uint32_t number = 0;

		for (size_t k = 0; k < 3; k++) {
			if (names[k] != NULL)
				last = rounds[k] = negotiate_vector(names[k], ++number, last);
		}
		check_summary(vectors[i].name, &last->params);
		check_answer(sdp, last);
		for (size_t k = 0; k < 3; k++) {
			if (rounds[k] != NULL)
				round_free(rounds[k]);
		}
		g_free(sdp);
	}
}

static void answers_are_repeatable_to_the_byte(void)
{
	static const char *const names[] = {"chromium-publish", "firefox-publish"};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		char *wanted = vector(names[i], ".answer");
		struct round *round = negotiate_vector(names[i], 1, NULL);

		g_assert_cmpstr(round->answer, ==, wanted);
		round_free(round);
		g_free(wanted);
	}
}

/* --- further rounds --------------------------------------------------------------------------- */

static void renegotiation_keeps_what_was_agreed(void)
{
	struct round *first = negotiate_vector("chromium-publish", 1, NULL);
	struct round *second = negotiate_vector("chromium-renegotiate", 2, first);

	g_assert_cmpstr(second->params.local.ufrag, ==, first->params.local.ufrag);
	g_assert_cmpstr(second->params.local.pwd, ==, first->params.local.pwd);
	g_assert_cmpstr(second->params.cname, ==, first->params.cname);
	for (size_t i = 0; i < 7; i++) {
		g_assert_cmpuint(second->params.mline[i].track_id, ==,
				 first->params.mline[i].track_id);
		g_assert_cmpuint(second->params.mline[i].send_ssrc, ==,
				 first->params.mline[i].send_ssrc);
		g_assert_cmpuint(second->params.mline[i].send_rtx_ssrc, ==,
				 first->params.mline[i].send_rtx_ssrc);
	}
	/* The stopped one falls unused and keeps its place. */
	g_assert_cmpuint(second->params.mline[7].use, ==, MLINE_UNUSED);
	g_assert_nonnull(strstr(second->answer, "o=- 2 2 IN"));
	round_free(first);
	round_free(second);
}

static void new_credentials_are_an_ice_restart(void)
{
	struct round *first = negotiate_vector("chromium-publish", 1, NULL);
	struct round *second = negotiate_vector("chromium-renegotiate", 2, first);
	struct round *third = negotiate_vector("chromium-restart", 3, second);

	g_assert_cmpstr(third->params.remote.ufrag, !=, second->params.remote.ufrag);
	g_assert_cmpstr(third->params.local.ufrag, !=, second->params.local.ufrag);
	g_assert_cmpstr(third->params.local.pwd, !=, second->params.local.pwd);
	g_assert_cmpuint(third->params.mline[1].track_id, ==, second->params.mline[1].track_id);
	round_free(first);
	round_free(second);
	round_free(third);
}

static void a_source_paused_and_resumed_keeps_its_number(void)
{
	struct round *first = negotiate_vector("chromium-sendrecv", 1, NULL);
	struct round *second =
		negotiate_bent("chromium-sendrecv", "a=sendrecv", "a=inactive", first);
	struct round *third;
	char *sdp = vector("chromium-sendrecv", ".sdp");

	g_assert_cmpint(second->result, ==, 0);
	g_assert_cmpuint(second->params.mline[0].use, ==, MLINE_UNUSED);
	g_assert_nonnull(strstr(second->answer, "a=inactive\r\n"));
	third = negotiate_text(sdp, 3, second);
	g_assert_cmpuint(third->params.mline[0].use, ==, MLINE_TRACK | MLINE_SLOT);
	g_assert_cmpuint(third->params.mline[0].track_id, ==, first->params.mline[0].track_id);
	g_assert_cmpuint(third->params.mline[0].send_ssrc, ==, first->params.mline[0].send_ssrc);
	g_free(sdp);
	round_free(first);
	round_free(second);
	round_free(third);
}

static void later_offers_may_not_change_who_we_talk_to(void)
{
	static const struct {
		const char *from, *to, *text;
	} steps[] = {
		{"a=mid:0", "a=mid:z", "m-line 0: its mid changed."},
		{"a=setup:actpass", "a=setup:passive",
		 "The DTLS role changed: a fresh offer is needed."},
		{"a=fingerprint:sha-256 ",
		 "a=fingerprint:sha-256 00:", "The offer's fingerprint cannot be read."},
	};
	struct round *first = negotiate_vector("chromium-audio-only", 1, NULL);
	struct round *other = negotiate_vector("firefox-audio-only", 1, NULL);
	struct round *round;
	char *sdp = vector("chromium-audio-only", ".sdp");

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		round = negotiate_bent("chromium-audio-only", steps[i].from, steps[i].to, first);
		g_assert_cmpint(round->result, ==, -EBADMSG);
		g_assert_cmpstr(round->error.text, ==, steps[i].text);
		round_free(round);
	}
	round = negotiate_text(sdp, 2, other);
	g_assert_cmpint(round->result, ==, -EBADMSG);
	g_assert_cmpstr(round->error.text, ==, "The fingerprint changed: a fresh offer is needed.");
	round_free(round);
	round_free(first);
	round_free(other);
	g_free(sdp);
}

static void mlines_may_not_go_away(void)
{
	struct round *first = negotiate_vector("chromium-publish", 1, NULL);
	char *sdp = vector("chromium-audio-only", ".sdp");
	struct round *round = negotiate_text(sdp, 2, first);

	g_assert_cmpint(round->result, ==, -EBADMSG);
	g_assert_cmpstr(round->error.text, ==, "The offer has 2 m-lines and the last one had 8.");
	round_free(round);
	round_free(first);
	g_free(sdp);
}

/* --- what cannot be answered ------------------------------------------------------------------ */

static void bad_offers_are_named_for_what_they_lack(void)
{
	static const struct {
		const char *from, *to, *text;
	} steps[] = {
		{"a=rtcp-mux\r\n", "", "m-line 0 (mid 0): a=rtcp-mux is missing."},
		{"a=mid:0\r\n", "", "m-line 0 has no a=mid."},
		{"a=mid:1\r\n", "a=mid:0\r\n", "m-line 1: its mid is taken by another."},
		{"a=mid:0\r\n", "a=mid:0123456789abcdefg\r\n",
		 "m-line 0: its mid is not 1 to 16 token characters."},
		{"a=mid:0\r\n", "a=mid:<0>\r\n",
		 "m-line 0: its mid is not 1 to 16 token characters."},
		{"a=group:BUNDLE 0 1", "a=group:BUNDLE 0",
		 "m-line 1 (mid 1): it is not in the BUNDLE group."},
		{"a=group:BUNDLE 0 1\r\n", "", "m-line 1 (mid 1): it is not in the BUNDLE group."},
		{"a=ice-ufrag:", "a=ice-nothing:", "The offer has no ICE credentials."},
		{"a=ice-ufrag:", "a=ice-ufrag: ",
		 "The offer's ICE credentials are not of RFC 8839's form."},
		{"a=fingerprint:sha-256 ", "a=fingerprint:sha-1 ",
		 "The offer has no sha-256 fingerprint."},
		{"a=setup:actpass", "a=setup:holdconn",
		 "a=setup is not actpass, active or passive."},
		{"a=setup:actpass\r\n", "", "The offer has no a=setup."},
		{"t=0 0\r\n", "t=0 0\r\na=ice-lite\r\n",
		 "Both sides are ICE-lite: nobody would check."},
		{"opus/48000/2", "magnus/48000/2",
		 "No audio or video m-line has a codec that we know."},
		{"UDP/TLS/RTP/SAVPF", "RTP/AVP",
		 "No audio or video m-line has a codec that we know."},
		{"v=0", "w=0", "The offer is not SDP."},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct round *round =
			negotiate_bent("chromium-audio-only", steps[i].from, steps[i].to, NULL);

		g_assert_cmpstr(round->error.text, ==, steps[i].text);
		g_assert_cmpint(round->result, ==, -EBADMSG);
		g_assert_null(round->answer);
		round_free(round);
	}
}

static void unbundled_offers_are_refused(void)
{
	char *sdp = vector("gstreamer-unbundled", ".sdp");
	struct round *round = negotiate_text(sdp, 1, NULL);

	g_assert_cmpint(round->result, ==, -EBADMSG);
	g_assert_cmpstr(round->error.text, ==,
			"m-line 1 (mid video1): it is not in the BUNDLE group.");
	round_free(round);
	g_free(sdp);
}

static void size_and_mlines_are_capped(void)
{
	GString *sdp = g_string_new("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n");
	struct round *round = negotiate_text(sdp->str, 1, NULL);

	g_assert_cmpstr(round->error.text, ==, "The offer has 0 m-lines; 1 to 40 are possible.");
	round_free(round);
	for (int i = 0; i <= LIMIT_MLINES; i++)
		g_string_append(sdp, "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n");
	round = negotiate_text(sdp->str, 1, NULL);
	g_assert_cmpstr(round->error.text, ==, "The offer has 41 m-lines; 1 to 40 are possible.");
	round_free(round);
	while (sdp->len <= LIMIT_SDP_BYTES)
		g_string_append(sdp, "a=foo\r\n");
	round = negotiate_text(sdp->str, 1, NULL);
	g_assert_cmpstr(round->error.text, ==, "The offer is longer than 131072 bytes.");
	round_free(round);
	g_string_free(sdp, TRUE);
}

/* --- single decisions ------------------------------------------------------------------------- */

/* Each bends one thing in an audio or video offer; what must and must not stand in the answer. */
static const struct {
	const char *vector, *from, *to, *there, *gone;
} decisions[] = {
	/* DTLS: passive unless the offerer is. */
	{"chromium-audio-only", "a=setup:actpass", "a=setup:active", "a=setup:passive", NULL},
	{"chromium-audio-only", "a=setup:actpass", "a=setup:passive", "a=setup:active",
	 "a=setup:passive"},
	/* Opus: discontinuous transmission and stereo are not asked for. */
	{"chromium-audio-only", "useinbandfec=1", "useinbandfec=1;usedtx=1;stereo=1",
	 "a=fmtp:111 minptime=10;useinbandfec=1\r\n", "usedtx"},
	/* RED is sent only by who puts it first. */
	{"chromium-audio-only", "SAVPF 111 63", "SAVPF 63 111", "SAVPF 63 111 ", NULL},
	/* Opus NACK only when offered. */
	{"chromium-audio-only", "a=rtcp-fb:111 transport-cc", "a=rtcp-fb:111 nack",
	 "a=rtcp-fb:111 nack\r\n", "transport-cc\r\na=fmtp"},
	{"chromium-audio-only", "a=rtcp-fb:111 transport-cc", "a=rtcp-fb:* nack",
	 "a=rtcp-fb:111 nack\r\n", NULL},
	/* REMB caps a source; of a slot nobody wants one. */
	{"chromium-publish", "goog-remb", "goog-remb", "a=rtcp-fb:96 goog-remb\r\n", NULL},
	{"aiortc-recvonly", "goog-remb", "goog-remb", "a=rtcp-fb:97 nack pli", "goog-remb"},
	/* How a picture's layers hang together, and which are sent, is asked of the publisher. */
	{"chromium-publish", "dependency-descriptor", "dependency-descriptor",
	 "#dependency-descriptor-rtp-header-extension\r\n", NULL},
	{"chromium-publish", "video-layers-allocation00", "video-layers-allocation00",
	 "/video-layers-allocation00\r\n", NULL},
	/* Two-byte ids need leave to mix. */
	{"chromium-audio-only", "a=extmap:4 ", "a=extmap:20 ",
	 "a=extmap:20 urn:ietf:params:rtp-hdrext:sdes:mid", NULL},
	{"chromium-audio-only", "a=extmap:1 urn", "a=extmap:15 urn", NULL, "a=extmap:15 "},
	/* A direction behind the id is turned round. */
	{"chromium-audio-only", "a=extmap:1 urn", "a=extmap:1/sendonly urn",
	 "a=extmap:1/recvonly urn", NULL},
	/* Unknown media is refused, the rest answered. */
	{"chromium-sendrecv", "m=video 9", "m=hologram 9", "m=hologram 0 ", "m=video"},
	/* A data channel is refused and not bundled. */
	{"chromium-sendrecv", "a=ice-options", "a=ice-options",
	 "m=application 0 UDP/DTLS/SCTP webrtc-datachannel", "BUNDLE 0 1 2"},
	/* Paused encodings count, of alternatives the first. */
	{"chromium-publish", "a=simulcast:send q;h;f", "a=simulcast:send ~q;h,x;f",
	 "a=simulcast:recv q;h;f\r\n", NULL},
	{"chromium-publish", "a=simulcast:send q;h;f", "a=simulcast:recv x send q;h",
	 "a=simulcast:recv q;h\r\n", "a=rid:f"},
	/* Without the rid extension there is no telling encodings apart. */
	{"chromium-publish", "sdes:rtp-stream-id", "sdes:nothing", "a=mid:1", "a=simulcast"},
	/* H264: constrained baseline and high, nothing else. */
	{"chromium-publish", "profile-level-id=42e01f", "profile-level-id=64001f",
	 "packetization-mode=1;profile-level-id=64001f", NULL},
	{"chromium-publish", "profile-level-id=42e01f", "profile-level-id=42001f", "VP8/90000",
	 "H264"},
	{"chromium-publish", "profile-level-id=42e01f", "profile-level-id=zzzzzz", "VP8/90000",
	 "H264"},
};

static void decisions_show_in_the_answer(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(decisions); i++) {
		struct round *round = negotiate_bent(decisions[i].vector, decisions[i].from,
						     decisions[i].to, NULL);

		if (round->result != 0)
			g_error("step %zu: %s", i, round->error.text);
		if (decisions[i].there != NULL && strstr(round->answer, decisions[i].there) == NULL)
			g_error("step %zu: no %s in\n%s", i, decisions[i].there, round->answer);
		if (decisions[i].gone != NULL && strstr(round->answer, decisions[i].gone) != NULL)
			g_error("step %zu: %s in\n%s", i, decisions[i].gone, round->answer);
		round_free(round);
	}
}

static void ids_used_twice_in_a_bundle_stay_with_the_first(void)
{
	/* aiortc 1.4 offers id 2 as audio level and, for video, as abs-send-time. */
	struct round *round = negotiate_vector("aiortc-sendrecv", 1, NULL);

	g_assert_cmpuint(round->params.mline[0].exts.id[RTP_EXT_AUDIO_LEVEL], ==, 2);
	g_assert_cmpuint(round->params.mline[1].exts.id[RTP_EXT_ABS_SEND_TIME], ==, 0);
	round_free(round);
}

/* Both directions of a transport are judged by transport-wide feedback, sound included. */
static void check_feedback(const char *name)
{
	struct round *round = negotiate_vector(name, 1, NULL);

	for (size_t i = 0; i < round->params.mline_count; i++) {
		g_assert_cmpuint(round->params.mline[i].exts.id[RTP_EXT_TRANSPORT_SEQ], !=, 0);
		g_assert_true(round->params.mline[i].codec[0].has_transport_cc);
	}
	round_free(round);
}

static void slots_and_sources_have_transport_wide_feedback(void)
{
	check_feedback("chromium-publish");
	check_feedback("chromium-audio-only");
	check_feedback("firefox-publish");
}

/* Said of the first codec of a picture's source, and only when asked for. */
static void publishers_are_told_where_to_begin(void)
{
	char *sdp = vector("chromium-publish", ".sdp");
	struct round *plain = negotiate_text(sdp, 1, NULL);
	struct transport_params params;
	struct negotiate_error error;
	char *answer = NULL;

	g_assert_null(strstr(plain->answer, "x-google"));
	g_assert_cmpint(summary_negotiate_from(&params, &answer, sdp, 150, &error), ==, 0);
	g_assert_cmpuint(count_text(answer, "x-google"), ==, 1);
	g_assert_nonnull(strstr(answer, "a=fmtp:96 x-google-start-bitrate=150\r\n"));
	g_assert_cmpuint(params.start_bps, ==, 250000);
	free(answer);
	round_free(plain);
	g_free(sdp);
}

static void slots_have_ssrcs_of_their_own(void)
{
	struct round *round = negotiate_vector("chromium-publish", 1, NULL);
	GHashTable *seen = g_hash_table_new(g_direct_hash, g_direct_equal);

	for (size_t i = 2; i < 8; i++) {
		const struct mline_params *mline = &round->params.mline[i];

		g_assert_cmpuint(mline->send_ssrc, !=, 0);
		g_assert_true(g_hash_table_add(seen, GUINT_TO_POINTER(mline->send_ssrc)));
		g_assert_cmpint(mline->send_rtx_ssrc != 0, ==, mline->kind == MEDIA_VIDEO);
		if (mline->send_rtx_ssrc != 0)
			g_assert_true(
				g_hash_table_add(seen, GUINT_TO_POINTER(mline->send_rtx_ssrc)));
	}
	g_hash_table_destroy(seen);
	round_free(round);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/negotiate/real_offers_are_answered", real_offers_are_answered);
	g_test_add_func("/negotiate/answers_are_repeatable_to_the_byte",
			answers_are_repeatable_to_the_byte);
	g_test_add_func("/negotiate/renegotiation_keeps_what_was_agreed",
			renegotiation_keeps_what_was_agreed);
	g_test_add_func("/negotiate/new_credentials_are_an_ice_restart",
			new_credentials_are_an_ice_restart);
	g_test_add_func("/negotiate/a_source_paused_and_resumed_keeps_its_number",
			a_source_paused_and_resumed_keeps_its_number);
	g_test_add_func("/negotiate/later_offers_may_not_change_who_we_talk_to",
			later_offers_may_not_change_who_we_talk_to);
	g_test_add_func("/negotiate/mlines_may_not_go_away", mlines_may_not_go_away);
	g_test_add_func("/negotiate/bad_offers_are_named_for_what_they_lack",
			bad_offers_are_named_for_what_they_lack);
	g_test_add_func("/negotiate/unbundled_offers_are_refused", unbundled_offers_are_refused);
	g_test_add_func("/negotiate/size_and_mlines_are_capped", size_and_mlines_are_capped);
	g_test_add_func("/negotiate/decisions_show_in_the_answer", decisions_show_in_the_answer);
	g_test_add_func("/negotiate/slots_and_sources_have_transport_wide_feedback",
			slots_and_sources_have_transport_wide_feedback);
	g_test_add_func("/negotiate/publishers_are_told_where_to_begin",
			publishers_are_told_where_to_begin);
	g_test_add_func("/negotiate/ids_used_twice_in_a_bundle_stay_with_the_first",
			ids_used_twice_in_a_bundle_stay_with_the_first);
	g_test_add_func("/negotiate/slots_have_ssrcs_of_their_own", slots_have_ssrcs_of_their_own);
	return g_test_run();
}
