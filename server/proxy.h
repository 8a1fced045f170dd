/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Whose request it is that a reverse proxy hands on: X-Forwarded-For is read from its right end,
 * where our own proxies wrote, and only when the connection is from one of them. All that stands
 * left of the first address that is no proxy of ours was said by a stranger. `Forwarded` (RFC 7239)
 * is not read: a proxy that does not know it passes on what a client made up. Pure.
 */
#ifndef VIDD_SERVER_PROXY_H
#define VIDD_SERVER_PROXY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/addr.h"

#define PROXY_MAX_PREFIXES 16

struct proxy_prefix {
	struct addr addr; /* port 0 */
	unsigned bits;
};

/* Zero state: no proxy is trusted. */
struct proxy_list {
	struct proxy_prefix prefix[PROXY_MAX_PREFIXES];
	size_t count;
};

/* Words with spaces or commas between them: "10.1.0.0/16 2001:db8::7". 0; -EINVAL: a word is no
 * address and no prefix (bits behind the prefix are an error, too: a slip); -ENOSPC: too many. */
int proxy_list_parse(struct proxy_list *out, const char *words);

bool proxy_trusts(const struct proxy_list *list, const struct addr *addr);

/* Who asks: the right-most address of forwarded (X-Forwarded-For, "" without) that is not trusted;
 * the left-most when all are. The peer itself when it is not trusted, and the last one understood
 * when a word is no address. */
struct addr proxy_client(const struct proxy_list *list, const struct addr *peer,
			 const char *forwarded);

#endif
