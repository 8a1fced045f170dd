/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/base/addr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

bool addr_equal(const struct addr *a, const struct addr *b)
{
	return a->family == b->family && a->port == b->port && memcmp(a->ip, b->ip, 16) == 0;
}

bool path_equal(const struct path *a, const struct path *b)
{
	return a->local == b->local && addr_equal(&a->remote, &b->remote);
}

uint32_t addr_hash(const struct addr *a)
{
	uint64_t hi;
	uint64_t lo;

	memcpy(&hi, a->ip, 8);
	memcpy(&lo, a->ip + 8, 8);
	/* The finaliser of splitmix64 over each word: every input bit reaches every output bit. */
	uint64_t h = (uint64_t)a->port << 8 | a->family;
	const uint64_t words[] = {hi, lo};
	for (size_t i = 0; i < 2; i++) {
		h = (h ^ words[i]) + 0x9e3779b97f4a7c15u;
		h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9u;
		h = (h ^ h >> 27) * 0x94d049bb133111ebu;
		h ^= h >> 31;
	}
	return (uint32_t)(h ^ h >> 32);
}

int addr_parse(struct addr *out, const char *ip, uint16_t port)
{
	struct addr a = {.port = port};

	/* inet_pton takes the strict forms only (RFC 6943 3.1.1): no octal, no short forms. */
	if (inet_pton(AF_INET, ip, a.ip) == 1)
		a.family = ADDR_IPV4;
	else if (inet_pton(AF_INET6, ip, a.ip) == 1)
		a.family = ADDR_IPV6;
	else
		return -EINVAL;
	*out = a;
	return 0;
}

const char *addr_format_ip(const struct addr *a, char buf[ADDR_TEXT_MAX])
{
	int family = a->family == ADDR_IPV6 ? AF_INET6 : AF_INET;

	if (a->family == ADDR_NONE || !inet_ntop(family, a->ip, buf, ADDR_TEXT_MAX))
		snprintf(buf, ADDR_TEXT_MAX, "none");
	return buf;
}

const char *addr_format(const struct addr *a, char buf[ADDR_TEXT_MAX])
{
	char ip[ADDR_TEXT_MAX];

	addr_format_ip(a, ip);
	if (a->family == ADDR_IPV6)
		snprintf(buf, ADDR_TEXT_MAX, "[%.45s]:%u", ip, a->port);
	else
		snprintf(buf, ADDR_TEXT_MAX, "%.45s:%u", ip, a->port);
	return buf;
}
