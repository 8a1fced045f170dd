/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/vectors/summary.h"

#include <jansson.h>
#include <string.h>

/* What the vectors do not vary. */
static int negotiate_with(struct transport_params *out, char **answer,
			  const struct negotiate_request *varied, uint32_t round,
			  struct negotiate_error *error)
{
	static const enum codec_id video[] = {CODEC_VP8, CODEC_H264, CODEC_VP9, CODEC_AV1,
					      CODEC_NONE};
	static const uint8_t fingerprint[CERT_FINGERPRINT_BYTES] = {0xab, 0xcd};
	struct rng rng = rng_seeded(round);
	struct addr candidates[2];
	uint32_t next_track = 100 * round;
	struct negotiate_abilities abilities = {.fingerprint = fingerprint,
						.video_codecs = video,
						.candidates = candidates,
						.candidate_count = 2};
	struct negotiate_request request = *varied;

	request.room_id = 1;
	request.transport_id = 2;
	request.owner = 3;
	request.uses = MLINE_TRACK | MLINE_SLOT;
	request.version = round;
	request.rng = &rng;
	request.next_track_id = &next_track;

	if (addr_parse(&candidates[0], "192.0.2.1", 10000) != 0 ||
	    addr_parse(&candidates[1], "2001:db8::1", 10000) != 0)
		return -1;
	return negotiate(out, answer, &abilities, &request, error);
}

int summary_negotiate(struct transport_params *out, char **answer, const char *sdp, uint32_t round,
		      const struct transport_params *previous, struct negotiate_error *error)
{
	struct negotiate_request request = {.sdp = sdp, .previous = previous};

	return negotiate_with(out, answer, &request, round, error);
}

int summary_negotiate_from(struct transport_params *out, char **answer, const char *sdp,
			   uint32_t start_kbps, struct negotiate_error *error)
{
	struct negotiate_request request = {
		.sdp = sdp, .start_bps = 250000, .publisher_start_kbps = start_kbps};

	return negotiate_with(out, answer, &request, 1, error);
}

static json_t *codec_summary(const struct codec_params *codec)
{
	char text[160];
	char detail[48] = "";

	if (codec->codec == CODEC_H264)
		(void)snprintf(detail, sizeof(detail), " %02x%02x/%u", codec->h264_profile_idc,
			       codec->h264_constraints, codec->h264_packetization_mode);
	(void)snprintf(text, sizeof(text), "%u %s/%u%s rtx=%u red=%u%s%s%s%s", codec->pt,
		       codec_name(codec->codec), codec->clock_hz, detail, codec->rtx_pt,
		       codec->red_pt, codec->has_nack ? " nack" : "", codec->has_pli ? " pli" : "",
		       codec->has_fir ? " fir" : "", codec->has_transport_cc ? " twcc" : "");
	return json_string(text);
}

static json_t *exts_summary(const struct rtp_ext_map *exts)
{
	json_t *list = json_array();

	for (int id = 1; id < 256; id++) {
		unsigned found = rtp_ext_map_find(exts, (uint8_t)id);
		char text[160];

		if (found == 0)
			continue;
		(void)snprintf(text, sizeof(text), "%d %s", id,
			       rtp_ext_uri((enum rtp_ext)(found - 1)));
		(void)json_array_append_new(list, json_string(text));
	}
	return list;
}

static json_t *mline_summary(const struct mline_params *mline)
{
	static const char *const uses[] = {"unused", "track", "slot", "track+slot"};
	json_t *codecs = json_array();
	json_t *rids = json_array();

	for (size_t i = 0; i < mline->codec_count; i++)
		(void)json_array_append_new(codecs, codec_summary(&mline->codec[i]));
	for (size_t i = 0; i < mline->rid_count; i++)
		(void)json_array_append_new(rids, json_string(mline->rid[i]));
	return json_pack("{s:s, s:s, s:s, s:i, s:b, s:b, s:b, s:b, s:o, s:o, s:o}", "mid",
			 mline->mid, "kind", mline->kind == MEDIA_AUDIO ? "audio" : "video", "use",
			 uses[mline->use & 3], "track_id", (int)mline->track_id, "names_ssrc",
			 mline->ssrc_count > 0, "names_rtx_ssrc", mline->rtx_ssrc[0] != 0, "sends",
			 mline->send_ssrc != 0, "sends_rtx", mline->send_rtx_ssrc != 0, "rids",
			 rids, "codecs", codecs, "exts", exts_summary(&mline->exts));
}

char *summary_build(const struct transport_params *params)
{
	json_t *mlines = json_array();
	json_t *root;
	char *text;

	for (size_t i = 0; i < params->mline_count; i++)
		(void)json_array_append_new(mlines, mline_summary(&params->mline[i]));
	root = json_pack("{s:s, s:i, s:o}", "dtls_role",
			 params->dtls_role == DTLS_SERVER ? "server" : "client",
			 "remote_ufrag_length", (int)strlen(params->remote.ufrag), "mlines",
			 mlines);
	text = json_dumps(root, JSON_INDENT(1));
	json_decref(root);
	return text;
}
