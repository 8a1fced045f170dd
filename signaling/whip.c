/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/whip.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "signaling/answer.h"
#include "signaling/token.h"

void whip_etag_new(struct rng *rng, char out[WHIP_ETAG_TEXT + 1])
{
	char id[WHIP_ETAG_BYTES + 1];

	token_id_new(rng, id, WHIP_ETAG_BYTES);
	(void)snprintf(out, WHIP_ETAG_TEXT + 1, "\"%s\"", id);
}

/* Copies the value of the first line "a=key:value"; false: none, too long, or of other than
 * ice-chars (RFC 8839 5.4, and what clients write besides). */
static bool read_line(const char *fragment, const char *key, char *out, size_t size)
{
	const char *line = fragment;
	size_t key_len = strlen(key);

	while (line != NULL && *line != '\0') {
		size_t len = strcspn(line, "\r\n");

		if (len > key_len && strncmp(line, key, key_len) == 0) {
			if (len - key_len >= size)
				return false;
			memcpy(out, line + key_len, len - key_len);
			out[len - key_len] = '\0';
			return strspn(out, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
					   "0123456789+/-_=#") == len - key_len;
		}
		line += len;
		line += strspn(line, "\r\n");
	}
	return false;
}

/* RFC 9110 13.1.1: "*", or a list of entity tags of which one is the resource's. */
static bool is_match(const char *if_match, const char *etag)
{
	const char *found = strstr(if_match, etag);

	/* A weak tag never matches strongly. */
	return found != NULL && !(found - if_match >= 2 && strncmp(found - 2, "W/", 2) == 0);
}

enum whip_patch whip_patch(const char *if_match, const char *etag, const char *sdpfrag,
			   const struct ice_credentials *current, struct ice_credentials *remote)
{
	struct ice_credentials named;
	bool is_same;

	if (if_match == NULL || if_match[0] == '\0')
		return WHIP_PATCH_NO_MATCH;
	if (strlen(sdpfrag) > LIMIT_SDP_BYTES)
		return WHIP_PATCH_BAD;
	/* Some clients leave the credentials out when they only trickle. */
	if (strcmp(if_match, "*") != 0 && strstr(sdpfrag, "a=ice-") == NULL)
		return is_match(if_match, etag) ? WHIP_PATCH_TRICKLE : WHIP_PATCH_MISMATCH;
	if (!read_line(sdpfrag, "a=ice-ufrag:", named.ufrag, sizeof(named.ufrag)) ||
	    !read_line(sdpfrag, "a=ice-pwd:", named.pwd, sizeof(named.pwd)) ||
	    strlen(named.ufrag) < 4 || strlen(named.pwd) < 22)
		return WHIP_PATCH_BAD;
	is_same = strcmp(named.ufrag, current->ufrag) == 0 && strcmp(named.pwd, current->pwd) == 0;
	if (strcmp(if_match, "*") != 0)
		/* RFC 9725 4.3.2: candidates of a session that is not this one are of no use. */
		return is_match(if_match, etag) && is_same ? WHIP_PATCH_TRICKLE
							   : WHIP_PATCH_MISMATCH;
	if (is_same)
		return WHIP_PATCH_TRICKLE;
	*remote = named;
	return WHIP_PATCH_RESTART;
}

char *whip_fragment(const struct transport_params *params, const struct addr *candidates,
		    size_t candidate_count)
{
	const struct mline_params *first = NULL;
	GString *mids = g_string_new(NULL);
	GString *text = g_string_new("a=ice-lite\r\n");
	char candidate[ANSWER_CANDIDATE_TEXT];
	char *out;

	for (size_t i = 0; i < params->mline_count; i++) {
		if (params->mline[i].codec_count == 0)
			continue;
		if (first == NULL)
			first = &params->mline[i];
		g_string_append_printf(mids, " %s", params->mline[i].mid);
	}
	if (mids->len > 0)
		g_string_append_printf(text, "a=group:BUNDLE%s\r\n", mids->str);
	if (first != NULL)
		g_string_append_printf(text,
				       "m=%s 9 UDP/TLS/RTP/SAVPF %u\r\n"
				       "a=mid:%s\r\n",
				       first->kind == MEDIA_AUDIO ? "audio" : "video",
				       first->codec[0].pt, first->mid);
	g_string_append_printf(text, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\n", params->local.ufrag,
			       params->local.pwd);
	for (size_t i = 0; i < candidate_count; i++) {
		answer_candidate(candidate, &candidates[i], i);
		g_string_append_printf(text, "a=candidate:%s\r\n", candidate);
	}
	g_string_append(text, "a=end-of-candidates\r\n");
	out = strdup(text->str);
	g_string_free(text, TRUE);
	g_string_free(mids, TRUE);
	return out;
}
