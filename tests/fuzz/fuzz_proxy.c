/* SPDX-License-Identifier: EUPL-1.2 */
/* The trusted proxies up to the first newline, and after it what stood in X-Forwarded-For: whoever
 * is not trusted is who asks, whatever is written; who asks instead of a trusted peer is trusted
 * only when every word of it is. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "server/proxy.h"

static void check(const struct proxy_list *list, const char *peer_text, const char *forwarded)
{
	struct addr peer, client;

	assert(addr_parse(&peer, peer_text, 443) == 0);
	client = proxy_client(list, &peer, forwarded);
	if (!proxy_trusts(list, &peer) || forwarded[0] == '\0')
		assert(addr_equal(&client, &peer));
	/* Further to the right there is nothing that a stranger can write. */
	if (proxy_trusts(list, &peer) && !proxy_trusts(list, &client)) {
		char *longer = malloc(strlen(forwarded) + sizeof("203.0.113.1, "));
		struct addr again;

		assert(longer != NULL);
		strcpy(longer, "203.0.113.1, ");
		strcat(longer, forwarded);
		again = proxy_client(list, &peer, longer);
		assert(addr_equal(&again, &client));
		free(longer);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct proxy_list list = {.count = 0};
	char *text = malloc(size + 1), *forwarded;

	assert(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	forwarded = strchr(text, '\n');
	if (forwarded != NULL)
		*forwarded++ = '\0';
	if (proxy_list_parse(&list, text) < 0)
		assert(list.count == 0);
	assert(list.count <= PROXY_MAX_PREFIXES);
	check(&list, "10.1.0.7", forwarded != NULL ? forwarded : "");
	check(&list, "2001:db8::7", forwarded != NULL ? forwarded : "");
	free(text);
	return 0;
}
