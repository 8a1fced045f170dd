/* SPDX-License-Identifier: EUPL-1.2 */
/* Query arguments and the Cookie header: the first byte says which of them the rest is. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "server/http_query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is found fits, and what is not found is empty. */
static void check(int found, const char *value, size_t size)
{
	size_t len = strnlen(value, size);

	if (len == size || (found != 1 && len > 0))
		abort();
}

static void try_query(const char *text, size_t len)
{
	struct http_request request = {0};
	char value[24], whole[HTTP_QUERY_BYTES + 1];

	memcpy(request.query, text, len);
	check(http_query(&request, "a", value, sizeof(value)), value, sizeof(value));
	/* As the library gives it: decoded, one argument at a time; nothing may become a second. */
	request.query[0] = '\0';
	if (http_query_append(request.query, text, len) == 0 && strchr(request.query, '&') != NULL)
		abort();
	check(http_query(&request, "a", whole, sizeof(whole)), whole, sizeof(whole));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[HTTP_QUERY_BYTES + 1], value[24];

	if (size < 1 || size > HTTP_QUERY_BYTES)
		return 0;
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	if ((data[0] & 1) == 0)
		try_query(text, size - 1);
	else
		check(http_cookie(text, "a", value, sizeof(value)), value, sizeof(value));
	return 0;
}
