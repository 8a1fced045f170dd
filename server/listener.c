/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/listener.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/udp.h"

/* The whole page waits in the kernel for a slow reader, not in the library, which turns in circles
 * while a write is cut short and the client has more to say. */
#define SEND_BUFFER_BYTES (512 * 1024)
/* Clients that all come back at once after a restart wait here. */
#define BACKLOG 1024

static int open_on(const struct addr *address, bool dual_stack, uint16_t *bound)
{
	const int one = 1;
	int v6only = !dual_stack;
	struct sockaddr_storage sa;
	socklen_t len = udp_sockaddr_from_addr(&sa, address);
	struct addr got;
	int fd = socket(sa.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int r;

	if (fd < 0)
		return -errno;
	/* Connections of the process before us may still linger on the port. */
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) < 0 ||
	    (sa.ss_family == AF_INET6 &&
	     setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &v6only, sizeof(v6only)) < 0) ||
	    bind(fd, (struct sockaddr *)&sa, len) < 0 || listen(fd, BACKLOG) < 0) {
		r = -errno;
		close(fd);
		return r;
	}
	len = sizeof(sa);
	if (getsockname(fd, (struct sockaddr *)&sa, &len) < 0 ||
	    udp_addr_from_sockaddr(&got, &sa) < 0) {
		close(fd);
		return -EIO;
	}
	*bound = got.port;
	return fd;
}

int listener_open(const char *address, uint16_t port, uint16_t *bound)
{
	struct addr any = {.family = ADDR_IPV6, .port = port};
	int fd;

	if (address[0] != '\0') {
		struct addr one;

		if (addr_parse(&one, address, port) < 0)
			return -EINVAL;
		return open_on(&one, false, bound);
	}
	fd = open_on(&any, true, bound);
	if (fd != -EAFNOSUPPORT && fd != -EADDRNOTAVAIL)
		return fd;
	any.family = ADDR_IPV4; /* a kernel without IPv6 */
	return open_on(&any, false, bound);
}

/* ::ffff:0:0/96 (RFC 4291 2.5.5.2) */
static void unmap(struct addr *a)
{
	static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};

	if (a->family != ADDR_IPV6 || memcmp(a->ip, prefix, sizeof(prefix)) != 0)
		return;
	memmove(a->ip, a->ip + 12, 4);
	memset(a->ip + 4, 0, 12);
	a->family = ADDR_IPV4;
}

static bool is_loopback(const struct addr *a)
{
	static const uint8_t one[16] = {[15] = 1};

	return a->family == ADDR_IPV4 ? a->ip[0] == 127 : memcmp(a->ip, one, 16) == 0;
}

int listener_accept(int fd, struct addr *from, bool *is_local)
{
	const int one = 1, size = SEND_BUFFER_BYTES;
	struct sockaddr_storage sa;
	socklen_t len = sizeof(sa);
	struct addr to;
	int c = accept4(fd, (struct sockaddr *)&sa, &len, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (c < 0)
		return -errno;
	if (udp_addr_from_sockaddr(from, &sa) < 0) {
		close(c);
		return -EAFNOSUPPORT;
	}
	unmap(from);
	*is_local = is_loopback(from);
	len = sizeof(sa);
	if (getsockname(c, (struct sockaddr *)&sa, &len) == 0 &&
	    udp_addr_from_sockaddr(&to, &sa) == 0) {
		unmap(&to);
		to.port = from->port;
		*is_local = *is_local || addr_equal(&to, from);
	}
	/* Signalling is small messages that wait for each other. */
	(void)setsockopt(c, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	(void)setsockopt(c, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	return c;
}
