/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/proxy.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#define SEPARATORS " ,\t"

static unsigned width(const struct addr *a)
{
	return a->family == ADDR_IPV6 ? 128 : 32;
}

static bool has_bit(const struct addr *a, unsigned bit)
{
	return (a->ip[bit / 8] & (0x80U >> (bit % 8))) != 0;
}

static int parse_prefix(struct proxy_prefix *out, char *word)
{
	char *slash = strchr(word, '/');
	guint64 bits;

	if (slash != NULL)
		*slash = '\0';
	if (addr_parse(&out->addr, word, 0) < 0)
		return -EINVAL;
	bits = width(&out->addr);
	if (slash != NULL && !g_ascii_string_to_unsigned(slash + 1, 10, 0, bits, &bits, NULL))
		return -EINVAL;
	out->bits = (unsigned)bits;
	for (unsigned i = out->bits; i < width(&out->addr); i++) {
		if (has_bit(&out->addr, i))
			return -EINVAL;
	}
	return 0;
}

int proxy_list_parse(struct proxy_list *out, const char *words)
{
	struct proxy_list list = {.count = 0};
	char **split = g_strsplit_set(words, SEPARATORS, -1);
	int r = 0;

	for (size_t i = 0; split[i] != NULL && r == 0; i++) {
		if (split[i][0] == '\0')
			continue;
		r = list.count == PROXY_MAX_PREFIXES
			    ? -ENOSPC
			    : parse_prefix(&list.prefix[list.count++], split[i]);
	}
	g_strfreev(split);
	if (r == 0)
		*out = list;
	return r;
}

static bool is_within(const struct proxy_prefix *p, const struct addr *a)
{
	if (p->addr.family != a->family)
		return false;
	for (unsigned i = 0; i < p->bits; i++) {
		if (has_bit(&p->addr, i) != has_bit(a, i))
			return false;
	}
	return true;
}

bool proxy_trusts(const struct proxy_list *list, const struct addr *addr)
{
	for (size_t i = 0; i < list->count; i++) {
		if (is_within(&list->prefix[i], addr))
			return true;
	}
	return false;
}

/* One address as proxies write them: 192.0.2.7, 192.0.2.7:4711, 2001:db8::7, [2001:db8::7]:4711,
 * and IPv4 in IPv6 as IPv4. 0 or -EINVAL. */
static int parse_hop(struct addr *out, const char *word, size_t len)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	char text[ADDR_TEXT_MAX];
	char *ip = text, *end;

	if (len == 0 || len >= sizeof(text))
		return -EINVAL;
	memcpy(text, word, len);
	text[len] = '\0';
	if (text[0] == '[') {
		ip++;
		end = strchr(ip, ']');
		if (end == NULL || (end[1] != '\0' && end[1] != ':'))
			return -EINVAL;
		*end = '\0';
	} else {
		end = strchr(text, ':');
		if (end != NULL && strchr(end + 1, ':') == NULL)
			*end = '\0';
	}
	if (addr_parse(out, ip, 0) < 0)
		return -EINVAL;
	if (out->family == ADDR_IPV6 && memcmp(out->ip, mapped, sizeof(mapped)) == 0) {
		memmove(out->ip, out->ip + 12, 4);
		memset(out->ip + 4, 0, 12);
		out->family = ADDR_IPV4;
	}
	return 0;
}

struct addr proxy_client(const struct proxy_list *list, const struct addr *peer,
			 const char *forwarded)
{
	struct addr client = *peer, hop;
	size_t end = strlen(forwarded);

	while (end > 0 && proxy_trusts(list, &client)) {
		size_t start;

		while (end > 0 && strchr(SEPARATORS, forwarded[end - 1]) != NULL)
			end--;
		for (start = end; start > 0 && strchr(SEPARATORS, forwarded[start - 1]) == NULL;)
			start--;
		if (parse_hop(&hop, forwarded + start, end - start) < 0)
			break;
		client = hop;
		end = start;
	}
	return client;
}
