/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/load/target.h"

#include <ifaddrs.h>
#include <string.h>
#include <unistd.h>

#include "server/udp.h"

static bool is_loopback(const struct addr *addr)
{
	static const uint8_t one[16] = {[15] = 1};

	if (addr->family == ADDR_IPV4)
		return addr->ip[0] == 127;
	return memcmp(addr->ip, one, sizeof(one)) == 0;
}

/* RFC 1918, and RFC 4193 and link-local of IPv6. */
static bool is_private(const struct addr *addr)
{
	const uint8_t *ip = addr->ip;

	if (addr->family == ADDR_IPV4)
		return ip[0] == 10 || (ip[0] == 172 && (ip[1] & 0xf0) == 16) ||
		       (ip[0] == 192 && ip[1] == 168);
	return (ip[0] & 0xfe) == 0xfc || (ip[0] == 0xfe && (ip[1] & 0xc0) == 0x80);
}

static bool is_of_this_machine(const struct addr *addr)
{
	struct ifaddrs *list;
	bool is_own = false;

	if (getifaddrs(&list) < 0)
		return false;
	for (const struct ifaddrs *i = list; i && !is_own; i = i->ifa_next) {
		struct sockaddr_storage sa = {0};
		struct addr own;

		if (!i->ifa_addr)
			continue;
		if (i->ifa_addr->sa_family == AF_INET)
			memcpy(&sa, i->ifa_addr, sizeof(struct sockaddr_in));
		else if (i->ifa_addr->sa_family == AF_INET6)
			memcpy(&sa, i->ifa_addr, sizeof(struct sockaddr_in6));
		if (udp_addr_from_sockaddr(&own, &sa) != 0)
			continue;
		own.port = addr->port;
		is_own = addr_equal(&own, addr);
	}
	freeifaddrs(list);
	return is_own;
}

/* When it cannot be told, it is not. */
static bool is_in_own_namespace(void)
{
	char ours[64], first[64];
	ssize_t n = readlink("/proc/self/ns/net", ours, sizeof(ours));
	ssize_t m = readlink("/proc/1/ns/net", first, sizeof(first));

	return n > 0 && m > 0 && (n != m || memcmp(ours, first, (size_t)n) != 0);
}

bool target_is_ours(const struct addr *addr)
{
	return is_loopback(addr) || is_of_this_machine(addr) ||
	       (is_private(addr) && is_in_own_namespace());
}
