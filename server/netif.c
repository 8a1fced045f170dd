/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/netif.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "server/udp.h"

static bool is_link_local(const struct addr *a)
{
	if (a->family == ADDR_IPV4)
		return a->ip[0] == 169 && a->ip[1] == 254; /* RFC 3927 */
	return a->ip[0] == 0xfe && (a->ip[1] & 0xc0) == 0x80;
}

static bool contains(const struct addr *list, size_t count, const struct addr *a)
{
	for (size_t i = 0; i < count; i++) {
		if (addr_equal(&list[i], a))
			return true;
	}
	return false;
}

/* Adds the addresses of one family, loopback or not. */
static size_t collect(const struct ifaddrs *all, int family, bool loopback, struct addr *out,
		      size_t count, size_t max)
{
	for (const struct ifaddrs *i = all; i != NULL && count < max; i = i->ifa_next) {
		struct sockaddr_storage sa = {0};
		struct addr a;

		if (i->ifa_addr == NULL || i->ifa_addr->sa_family != family ||
		    (i->ifa_flags & IFF_UP) == 0 ||
		    ((i->ifa_flags & IFF_LOOPBACK) != 0) != loopback)
			continue;
		memcpy(&sa, i->ifa_addr,
		       family == AF_INET ? sizeof(struct sockaddr_in)
					 : sizeof(struct sockaddr_in6));
		if (udp_addr_from_sockaddr(&a, &sa) < 0)
			continue;
		a.port = 0;
		if (!is_link_local(&a) && !contains(out, count, &a))
			out[count++] = a;
	}
	return count;
}

int netif_addresses(struct addr *out, size_t max)
{
	struct ifaddrs *all;
	size_t count;

	if (getifaddrs(&all) < 0)
		return -errno;
	count = collect(all, AF_INET, false, out, 0, max);
	count = collect(all, AF_INET6, false, out, count, max);
	if (count == 0)
		count = collect(all, AF_INET, true, out, 0, max);
	if (count == 0)
		count = collect(all, AF_INET6, true, out, 0, max);
	freeifaddrs(all);
	return (int)count;
}
