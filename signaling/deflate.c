/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/deflate.h"

#include <errno.h>
#include <glib.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static char *to_base64(const unsigned char *bytes, size_t len)
{
	char *text = g_base64_encode(bytes, len);
	char *out = strdup(text); /* ours is freed with free(), GLib's with g_free() */

	g_free(text);
	return out;
}

char *deflate_pack(const char *text)
{
	z_stream stream = {.next_in = (z_const Bytef *)text, .avail_in = (uInt)strlen(text)};
	unsigned char *bytes;
	char *out = NULL;
	uLong bound;

	if (deflateInit(&stream, Z_BEST_COMPRESSION) != Z_OK)
		return NULL;
	bound = deflateBound(&stream, stream.avail_in);
	bytes = malloc(bound);
	if (bytes != NULL) {
		stream.next_out = bytes;
		stream.avail_out = (uInt)bound;
		if (deflate(&stream, Z_FINISH) == Z_STREAM_END)
			out = to_base64(bytes, stream.total_out);
	}
	free(bytes);
	(void)deflateEnd(&stream);
	return out;
}

/* GLib's decoder passes over what is not base64; we do not. */
static bool is_base64(const char *text)
{
	size_t len = strlen(text);
	size_t body =
		strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

	return len > 0 && len % 4 == 0 && len - body <= 2 && strspn(text + body, "=") == len - body;
}

static int inflate_into(char *text, size_t max, const unsigned char *bytes, size_t len)
{
	z_stream stream = {
		.next_in = (z_const Bytef *)bytes,
		.avail_in = (uInt)len,
		.next_out = (Bytef *)text,
		.avail_out = (uInt)max,
	};
	int result;

	if (inflateInit(&stream) != Z_OK)
		return -ENOMEM;
	/* Z_FINISH: one call, and anything but the end of the stream means that it did not fit. */
	result = inflate(&stream, Z_FINISH);
	(void)inflateEnd(&stream);
	if (result == Z_MEM_ERROR)
		return -ENOMEM;
	if (result != Z_STREAM_END || stream.avail_in != 0)
		return -EBADMSG;
	text[stream.total_out] = '\0';
	return strlen(text) == stream.total_out ? 0 : -EBADMSG;
}

int deflate_unpack(char **out, const char *packed, size_t max)
{
	unsigned char *bytes;
	size_t len = 0;
	char *text;
	int result;

	if (!is_base64(packed) || strlen(packed) > UINT_MAX || max > UINT_MAX)
		return -EBADMSG;
	text = malloc(max + 1);
	if (text == NULL)
		return -ENOMEM;
	bytes = g_base64_decode(packed, &len);
	result = inflate_into(text, max, bytes, len);
	g_free(bytes);
	if (result == 0)
		*out = text;
	else
		free(text);
	return result;
}
