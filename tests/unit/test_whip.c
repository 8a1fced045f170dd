/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/whip.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#define FRAGMENT(ufrag, pwd)                                                                       \
	"a=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:" ufrag   \
	"\r\na=ice-pwd:" pwd "\r\na=candidate:1 1 UDP 1 192.0.2.9 5000 typ host\r\n"
#define OLD_PWD "abcdefghijklmnopqrstuvwx"
#define NEW_PWD "xwvutsrqponmlkjihgfedcba"

static const struct ice_credentials current = {.ufrag = "abcd", .pwd = OLD_PWD};

/* RFC 9725 4.3.1 to 4.3.3. */
static void patch_weighs_if_match_and_credentials(void)
{
	static const struct {
		const char *if_match, *fragment;
		enum whip_patch result;
	} steps[] = {
		{NULL, FRAGMENT("abcd", OLD_PWD), WHIP_PATCH_NO_MATCH},
		{"", FRAGMENT("abcd", OLD_PWD), WHIP_PATCH_NO_MATCH},
		{"\"tag\"", FRAGMENT("abcd", OLD_PWD), WHIP_PATCH_TRICKLE},
		{"\"other\", \"tag\"", FRAGMENT("abcd", OLD_PWD), WHIP_PATCH_TRICKLE},
		{"W/\"tag\"", FRAGMENT("abcd", OLD_PWD), WHIP_PATCH_MISMATCH},
		{"\"other\"", FRAGMENT("abcd", OLD_PWD), WHIP_PATCH_MISMATCH},
		{"\"tag\"", "a=candidate:1 1 UDP 1 192.0.2.9 5000 typ host\r\n",
		 WHIP_PATCH_TRICKLE},
		{"\"other\"", "a=end-of-candidates\r\n", WHIP_PATCH_MISMATCH},
		/* A restart says "*"; with a tag it is of a session that is not this one. */
		{"\"tag\"", FRAGMENT("wxyz", NEW_PWD), WHIP_PATCH_MISMATCH},
		{"*", FRAGMENT("wxyz", NEW_PWD), WHIP_PATCH_RESTART},
		{"*", FRAGMENT("abcd", NEW_PWD), WHIP_PATCH_RESTART},
		{"*", FRAGMENT("abcd", OLD_PWD), WHIP_PATCH_TRICKLE},
		{"*", "a=ice-ufrag:wxyz\r\n", WHIP_PATCH_BAD},
		{"*", "", WHIP_PATCH_BAD},
		{"*", FRAGMENT("abc", NEW_PWD), WHIP_PATCH_BAD},
		{"*", FRAGMENT("wx yz", NEW_PWD), WHIP_PATCH_BAD},
		{"*", FRAGMENT("wxyz", "short"), WHIP_PATCH_BAD},
		{"*", FRAGMENT("wxyz", NEW_PWD NEW_PWD NEW_PWD NEW_PWD NEW_PWD NEW_PWD),
		 WHIP_PATCH_BAD},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct ice_credentials remote = {.ufrag = ""};
		enum whip_patch result = whip_patch(steps[i].if_match, "\"tag\"", steps[i].fragment,
						    &current, &remote);

		if (result != steps[i].result)
			g_error("step %zu: %d", i, (int)result);
		g_assert_cmpint(remote.ufrag[0] != '\0', ==, result == WHIP_PATCH_RESTART);
	}
}

static void restart_reads_the_new_credentials(void)
{
	struct ice_credentials remote;

	g_assert_cmpint(whip_patch("*", "\"tag\"", FRAGMENT("wxyz", NEW_PWD), &current, &remote),
			==, WHIP_PATCH_RESTART);
	g_assert_cmpstr(remote.ufrag, ==, "wxyz");
	g_assert_cmpstr(remote.pwd, ==, NEW_PWD);
}

static void etags_are_quoted_and_new_each_time(void)
{
	struct rng rng = rng_seeded(5);
	char a[WHIP_ETAG_TEXT + 1], b[WHIP_ETAG_TEXT + 1];

	whip_etag_new(&rng, a);
	whip_etag_new(&rng, b);
	g_assert_cmpuint(strlen(a), ==, WHIP_ETAG_TEXT);
	g_assert_true(a[0] == '"' && a[WHIP_ETAG_TEXT - 1] == '"');
	g_assert_cmpstr(a, !=, b);
}

static void the_answer_to_a_restart_is_a_fragment(void)
{
	struct transport_params *params = g_new0(struct transport_params, 1);
	struct addr candidate;
	char *text;

	g_assert_cmpint(addr_parse(&candidate, "192.0.2.1", 10000), ==, 0);
	(void)strcpy(params->local.ufrag, "ours");
	(void)strcpy(params->local.pwd, NEW_PWD);
	params->mline_count = 3;
	/* m-line 0 was refused. */
	for (size_t i = 1; i < 3; i++) {
		params->mline[i].mid[0] = (char)('0' + i);
		params->mline[i].kind = i == 1 ? MEDIA_VIDEO : MEDIA_AUDIO;
		params->mline[i].codec[0].pt = 96;
		params->mline[i].codec_count = 1;
	}
	text = whip_fragment(params, &candidate, 1);
	g_assert_cmpstr(text, ==,
			"a=ice-lite\r\na=group:BUNDLE 1 2\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n"
			"a=mid:1\r\na=ice-ufrag:ours\r\na=ice-pwd:" NEW_PWD "\r\n"
			"a=candidate:1 1 udp 2122317823 192.0.2.1 10000 typ host\r\n"
			"a=end-of-candidates\r\n");
	free(text);
	g_free(params);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/whip/patch_weighs_if_match_and_credentials",
			patch_weighs_if_match_and_credentials);
	g_test_add_func("/whip/restart_reads_the_new_credentials",
			restart_reads_the_new_credentials);
	g_test_add_func("/whip/etags_are_quoted_and_new_each_time",
			etags_are_quoted_and_new_each_time);
	g_test_add_func("/whip/the_answer_to_a_restart_is_a_fragment",
			the_answer_to_a_restart_is_a_fragment);
	return g_test_run();
}
