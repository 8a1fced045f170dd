/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/udp.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "media/base/limits.h"

#define MOST_WAITED_US 1000000

socklen_t udp_sockaddr_from_addr(struct sockaddr_storage *out, const struct addr *addr)
{
	if (addr->family == ADDR_IPV4) {
		struct sockaddr_in *in = (struct sockaddr_in *)out;

		memset(in, 0, sizeof(*in));
		in->sin_family = AF_INET;
		in->sin_port = htons(addr->port);
		memcpy(&in->sin_addr, addr->ip, 4);
		return sizeof(*in);
	}
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;

	assert(addr->family == ADDR_IPV6);
	memset(in6, 0, sizeof(*in6));
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(addr->port);
	memcpy(&in6->sin6_addr, addr->ip, 16);
	return sizeof(*in6);
}

int udp_addr_from_sockaddr(struct addr *out, const struct sockaddr_storage *sa)
{
	struct addr addr = {0};

	if (sa->ss_family == AF_INET) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)sa;

		addr.family = ADDR_IPV4;
		addr.port = ntohs(in->sin_port);
		memcpy(addr.ip, &in->sin_addr, 4);
	} else if (sa->ss_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)sa;

		addr.family = ADDR_IPV6;
		addr.port = ntohs(in6->sin6_port);
		memcpy(addr.ip, &in6->sin6_addr, 16);
	} else {
		return -EAFNOSUPPORT;
	}
	*out = addr;
	return 0;
}

/* Who may (CAP_NET_ADMIN) takes what it wants; others get what net.core.rmem_max and wmem_max
 * allow, and no error when that is less. */
static void set_buffer(int fd, int forced, int asked)
{
	const int size = UDP_BUFFER_BYTES;

	if (setsockopt(fd, SOL_SOCKET, forced, &size, sizeof(size)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, asked, &size, sizeof(size));
}

int udp_open(const struct addr *address, struct addr *bound)
{
	const int one = 1;
	struct sockaddr_storage sa;
	socklen_t len = udp_sockaddr_from_addr(&sa, address);
	int fd = socket(sa.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;
	if (sa.ss_family == AF_INET6 &&
	    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one)) < 0)
		goto fail;
	/* Without it nobody knows how late a worker is, nor when what it takes together came. */
	(void)setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof(one));
	set_buffer(fd, SO_RCVBUFFORCE, SO_RCVBUF);
	set_buffer(fd, SO_SNDBUFFORCE, SO_SNDBUF);
	if (bind(fd, (struct sockaddr *)&sa, len) < 0)
		goto fail;
	len = sizeof(sa);
	if (getsockname(fd, (struct sockaddr *)&sa, &len) < 0)
		goto fail;
	(void)udp_addr_from_sockaddr(bound, &sa); /* the family is ours */
	return fd;
fail:;
	int r = -errno;

	close(fd);
	return r;
}

/* --- receiving ------------------------------------------------------------------------------- */

/* Fills empty places from the pool; how many from the first on can receive. */
static unsigned refill(struct udp_rx *rx, struct pkt_pool *pool)
{
	unsigned room = 0;

	for (unsigned i = 0; i < UDP_RX_BATCH; i++) {
		if (rx->pkt[i] == NULL)
			rx->pkt[i] = pkt_get(pool);
		if (rx->pkt[i] == NULL)
			break;
		room++;
		rx->iov[i] = (struct iovec){rx->pkt[i]->data, LIMIT_DATAGRAM_BYTES};
		rx->msg[i].msg_hdr = (struct msghdr){
			.msg_name = &rx->from[i],
			.msg_namelen = sizeof(rx->from[i]),
			.msg_iov = &rx->iov[i],
			.msg_iovlen = 1,
			.msg_control = rx->stamp[i].bytes,
			.msg_controllen = sizeof(rx->stamp[i].bytes),
		};
	}
	return room;
}

/* How long it lay in the socket. */
static int64_t waited_us(struct msghdr *msg, int64_t unix_us)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(msg);
	struct timespec at;
	int64_t waited;

	if (c == NULL || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS)
		return 0;
	memcpy(&at, CMSG_DATA(c), sizeof(at));
	waited = unix_us - ((int64_t)at.tv_sec * 1000000 + at.tv_nsec / 1000);
	/* It came after the clock was read, or the clock was set meanwhile. */
	return waited < 0 || waited > MOST_WAITED_US ? 0 : waited;
}

/* The pool is at its cap: the socket is emptied all the same, or epoll would spin. */
static size_t discard(int fd)
{
	uint8_t byte;
	size_t count = 0;

	while (count < UDP_RX_BATCH && recv(fd, &byte, 1, MSG_DONTWAIT | MSG_TRUNC) >= 0)
		count++;
	return count;
}

struct udp_rx_result udp_receive(int fd, uint32_t local, struct udp_moment now, struct udp_rx *rx,
				 struct pkt_pool *pool)
{
	struct udp_rx_result result = {0};
	unsigned room = refill(rx, pool);
	int n;

	if (room == 0) {
		result.no_buffer = discard(fd);
		return result;
	}
	n = recvmmsg(fd, rx->msg, room, MSG_DONTWAIT, NULL);
	/* EAGAIN, EINTR, or an error a peer's ICMP caused: nothing to read now. */
	for (int i = 0; i < n; i++) {
		struct pkt *pkt = rx->pkt[i];
		int64_t waited = waited_us(&rx->msg[i].msg_hdr, now.unix_us);

		if (waited > result.waited_us)
			result.waited_us = waited;
		if ((rx->msg[i].msg_hdr.msg_flags & MSG_TRUNC) != 0 ||
		    udp_addr_from_sockaddr(&pkt->path.remote, &rx->from[i]) < 0) {
			result.truncated++;
			continue; /* the buffer stays for the next batch */
		}
		pkt->len = (uint16_t)rx->msg[i].msg_len;
		pkt->path.local = local;
		pkt->arrival_us = now.now_us - waited;
		/* Close the gap that a dropped datagram left. */
		rx->pkt[i] = rx->pkt[result.count];
		rx->pkt[result.count++] = pkt_fit(pkt);
	}
	return result;
}

void udp_rx_close(struct udp_rx *rx)
{
	for (size_t i = 0; i < UDP_RX_BATCH; i++) {
		pkt_unref(rx->pkt[i]);
		rx->pkt[i] = NULL;
	}
}
