/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/deflate.h"

#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "media/base/limits.h"

static void an_offer_becomes_an_eighth_and_comes_back_whole(void)
{
	const char *vectors = g_getenv("VIDD_VECTORS");
	char *path = g_build_filename(vectors != NULL ? vectors : "tests/vectors",
				      "offers/chromium-publish.sdp", NULL);
	char *sdp, *packed, *unpacked = NULL;

	g_assert_true(g_file_get_contents(path, &sdp, NULL, NULL));
	packed = deflate_pack(sdp);
	g_assert_cmpuint(strlen(packed), <, strlen(sdp) / 8);
	g_assert_cmpint(deflate_unpack(&unpacked, packed, LIMIT_SDP_BYTES), ==, 0);
	g_assert_cmpstr(unpacked, ==, sdp);
	free(unpacked);
	free(packed);
	g_free(sdp);
	g_free(path);
}

static void the_example_of_the_protocol_is_unpacked(void)
{
	char *unpacked = NULL;

	/* docs/protocol.md 2; web/src/deflate.test.ts reads the same. */
	g_assert_cmpint(
		deflate_unpack(&unpacked,
			       "eNorszXg5cq31VUwBEJPPwXPABMFQyNzPQMgNOTlKrbV5eUqsTVQAKoCAMGyCEI=",
			       LIMIT_SDP_BYTES),
		==, 0);
	g_assert_cmpstr(unpacked, ==, "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");
	free(unpacked);
}

static void a_text_of_just_the_limit_passes_and_one_more_does_not(void)
{
	char *unpacked = NULL;
	char *packed = deflate_pack("12345678");

	g_assert_cmpint(deflate_unpack(&unpacked, packed, 7), ==, -EBADMSG);
	g_assert_null(unpacked);
	g_assert_cmpint(deflate_unpack(&unpacked, packed, 8), ==, 0);
	g_assert_cmpstr(unpacked, ==, "12345678");
	free(unpacked);
	free(packed);
}

static void a_bomb_ends_at_the_limit(void)
{
	size_t size = 32 << 20;
	char *bomb = g_malloc(size + 1);
	char *packed, *unpacked = NULL;

	memset(bomb, 'v', size);
	bomb[size] = '\0';
	packed = deflate_pack(bomb);
	/* It would pass as a message: a thousandth of what it would grow to. */
	g_assert_cmpuint(strlen(packed), <, LIMIT_SDP_BYTES);
	g_assert_cmpint(deflate_unpack(&unpacked, packed, LIMIT_SDP_BYTES), ==, -EBADMSG);
	g_assert_null(unpacked);
	free(packed);
	g_free(bomb);
}

static void nonsense_is_refused(void)
{
	static const char *const steps[] = {
		"",			/* nothing */
		"====",			/* no bytes */
		"eNozNDI2AQAB+ADL1",	/* padding left out */
		"eNoz NDI2AQAB+ADL",	/* not of the alphabet */
		"eNozNDI2AQAB+AA=",	/* "1234", cut before the end of the checksum */
		"eNozNDI2AQAB+ADLAAAA", /* zeros behind it are no end, or too much of one */
		"eJz/////",		/* no block of such a type */
		"eJxjYAAAAA==",		/* cut in a code */
		"MzQyNgEA",		/* raw, without zlib's header and checksum */
		"eNozNDI2AQAB+ADK",	/* another checksum */
		"eNpjAAAAAQAB",		/* one NUL: a text holds none */
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		char *unpacked = NULL;

		g_test_message("step %zu", i);
		g_assert_cmpint(deflate_unpack(&unpacked, steps[i], 64), ==, -EBADMSG);
		g_assert_null(unpacked);
	}
}

static void bytes_behind_the_stream_are_refused(void)
{
	char *packed = deflate_pack("1234");
	size_t len = 0;
	guchar *bytes = g_base64_decode(packed, &len);
	guchar more[32] = {0};
	char *text, *unpacked = NULL;

	memcpy(more, bytes, len);
	text = g_base64_encode(more, len + 1);
	g_assert_cmpint(deflate_unpack(&unpacked, text, 64), ==, -EBADMSG);
	g_free(text);
	g_free(bytes);
	free(packed);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/deflate/an_offer_becomes_an_eighth_and_comes_back_whole",
			an_offer_becomes_an_eighth_and_comes_back_whole);
	g_test_add_func("/deflate/the_example_of_the_protocol_is_unpacked",
			the_example_of_the_protocol_is_unpacked);
	g_test_add_func("/deflate/a_text_of_just_the_limit_passes_and_one_more_does_not",
			a_text_of_just_the_limit_passes_and_one_more_does_not);
	g_test_add_func("/deflate/a_bomb_ends_at_the_limit", a_bomb_ends_at_the_limit);
	g_test_add_func("/deflate/nonsense_is_refused", nonsense_is_refused);
	g_test_add_func("/deflate/bytes_behind_the_stream_are_refused",
			bytes_behind_the_stream_are_refused);
	return g_test_run();
}
