/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/http_query.h"

#include <assert.h>
#include <errno.h>
#include <glib.h>
#include <string.h>

/* --- query ------------------------------------------------------------------------------------ */

/* RFC 3986 2.3. '+' is no space here: the library that decoded it left it as it came. */
static bool is_unreserved(char c)
{
	return g_ascii_isalnum(c) || strchr("-._~", c) != NULL;
}

int http_query_append(char query[HTTP_QUERY_BYTES + 1], const char *argument, size_t len)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t before = strlen(query), used = before;
	bool has_equals = false;

	if (used > 0 && used < HTTP_QUERY_BYTES)
		query[used++] = '&';
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)argument[i];
		bool is_plain = (c != '\0' && is_unreserved((char)c)) || (c == '=' && !has_equals);

		has_equals = has_equals || c == '=';
		if (used + (is_plain ? 1 : 3) > HTTP_QUERY_BYTES) {
			query[before] = '\0';
			return -E2BIG;
		}
		if (is_plain) {
			query[used++] = (char)c;
			continue;
		}
		query[used++] = '%';
		query[used++] = hex[c >> 4];
		query[used++] = hex[c & 15];
	}
	query[used] = '\0';
	return 0;
}

/* One value from start to end. 0 or -EINVAL. */
static int decode(const char *start, const char *end, char *out, size_t size)
{
	size_t used = 0;

	for (const char *p = start; p < end; p++) {
		int c = (unsigned char)*p;

		if (c == '%') {
			int high = end - p > 2 ? g_ascii_xdigit_value(p[1]) : -1;
			int low = end - p > 2 ? g_ascii_xdigit_value(p[2]) : -1;

			if (high < 0 || low < 0)
				return -EINVAL;
			c = high * 16 + low;
			p += 2;
		}
		if (c < 0x20 || c == 0x7f || used + 1 >= size)
			return -EINVAL;
		out[used++] = (char)c;
	}
	out[used] = '\0';
	return g_utf8_validate(out, (gssize)used, NULL) ? 0 : -EINVAL;
}

int http_query(const struct http_request *request, const char *name, char *out, size_t size)
{
	size_t len = strlen(name);
	int found = 0;

	assert(size > 0);
	for (const char *p = request->query; *p != '\0' && found >= 0;) {
		const char *end = p + strcspn(p, "&");

		if (strncmp(p, name, len) == 0 && (p[len] == '=' || p + len == end)) {
			const char *value = p[len] == '=' ? p + len + 1 : end;

			found = found == 0 && decode(value, end, out, size) == 0 ? 1 : -EINVAL;
		}
		p = *end != '\0' ? end + 1 : end;
	}
	if (found <= 0)
		out[0] = '\0';
	return found;
}

/* --- cookies ---------------------------------------------------------------------------------- */

int http_cookie(const char *header, const char *name, char *out, size_t size)
{
	size_t len = strlen(name);
	int found = 0;

	assert(size > 0);
	for (const char *p = header; *p != '\0' && found >= 0;) {
		const char *end, *value;

		p += strspn(p, "; ");
		end = p + strcspn(p, ";");
		value = p + len + 1;
		if (strncmp(p, name, len) == 0 && p[len] == '=') {
			size_t n = (size_t)(end - value);

			found = found == 0 && n < size ? 1 : -EINVAL;
			if (found == 1) {
				memcpy(out, value, n);
				out[n] = '\0';
				g_strchomp(out);
			}
		}
		p = end;
	}
	if (found <= 0)
		out[0] = '\0';
	return found;
}

void http_reply_cookie(struct http_reply *reply, const char *name, const char *value,
		       long max_age_s)
{
	char age[32] = "";

	assert(g_str_has_prefix(name, "__Host-"));
	if (max_age_s >= 0)
		g_snprintf(age, sizeof(age), "; Max-Age=%ld", max_age_s);
	http_reply_header(reply, "set-cookie:", "%s=%s; Path=/; Secure; HttpOnly; SameSite=Lax%s",
			  name, value, age);
}
