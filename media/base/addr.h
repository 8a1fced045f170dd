/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Transport addresses without socket headers: media/ never sees a sockaddr, server/udp converts.
 * Plain values.
 */
#ifndef VIDD_MEDIA_BASE_ADDR_H
#define VIDD_MEDIA_BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum addr_family {
	ADDR_NONE = 0,
	ADDR_IPV4 = 4,
	ADDR_IPV6 = 6,
};

/* IPv4 uses ip[0..4), the rest is zero, so two equal addresses are equal bytes. Port: host order.
 */
struct addr {
	uint8_t family;
	uint8_t zero;
	uint16_t port;
	uint8_t ip[16];
};

/* Where a datagram travels: our socket (its index in the worker) and the peer's address. */
struct path {
	uint32_t local;
	struct addr remote;
};

#define ADDR_TEXT_MAX 54 /* "[ipv6]:65535" and NUL */

bool addr_equal(const struct addr *a, const struct addr *b);
bool path_equal(const struct path *a, const struct path *b);
uint32_t addr_hash(const struct addr *a);
/* Parses a literal IPv4 or IPv6 address without port. 0 or -EINVAL; *out only on success. */
int addr_parse(struct addr *out, const char *ip, uint16_t port);
/* Writes "192.0.2.1:5004" or "[2001:db8::1]:5004"; for the debug log only. Returns buf. */
const char *addr_format(const struct addr *a, char buf[ADDR_TEXT_MAX]);
/* The same without the port, as SDP candidates want it. */
const char *addr_format_ip(const struct addr *a, char buf[ADDR_TEXT_MAX]);

#endif
