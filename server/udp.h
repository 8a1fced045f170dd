/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A worker's UDP sockets: one per host address, read in batches of packet buffers (udp_tx writes).
 * No allocation and no log line per datagram. One thread.
 */
#ifndef VIDD_SERVER_UDP_H
#define VIDD_SERVER_UDP_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <time.h>

#include "media/base/addr.h"
#include "media/base/pkt.h"

#define UDP_RX_BATCH 32
/* Bursts of keyframes to eight people while the thread is busy elsewhere for some milliseconds. */
#define UDP_BUFFER_BYTES (4 * 1024 * 1024)

/* Receiving: buffers waiting for datagrams. Zero state is empty. */
struct udp_rx {
	struct pkt *pkt[UDP_RX_BATCH];
	struct mmsghdr msg[UDP_RX_BATCH];
	struct iovec iov[UDP_RX_BATCH];
	struct sockaddr_storage from[UDP_RX_BATCH];
	struct udp_stamp {
		_Alignas(struct cmsghdr) uint8_t bytes[CMSG_SPACE(sizeof(struct timespec))];
	} stamp[UDP_RX_BATCH]; /* when the kernel got each */
};

/* One moment by both clocks: the kernel stamps by the second, all else goes by the first. */
struct udp_moment {
	int64_t now_us;
	int64_t unix_us;
};

socklen_t udp_sockaddr_from_addr(struct sockaddr_storage *out, const struct addr *addr);
/* 0, or -EAFNOSUPPORT. */
int udp_addr_from_sockaddr(struct addr *out, const struct sockaddr_storage *sa);

/* Binds to the address; port 0 takes a free one. *bound is what it became. The descriptor, or
 * -errno: -EADDRINUSE, -EACCES, -EADDRNOTAVAIL. */
int udp_open(const struct addr *address, struct addr *bound);

struct udp_rx_result {
	size_t count;	   /* datagrams now in rx->pkt[0..count): take them out and set NULL */
	size_t no_buffer;  /* read and dropped because the pool is at its cap */
	size_t truncated;  /* larger than a buffer, dropped */
	int64_t waited_us; /* the longest of them, in the socket */
};

/* One batch without waiting. local: path.local of what is received. pkt->arrival_us is when the
 * kernel got it, however long it waited then; where that is not known, now. */
struct udp_rx_result udp_receive(int fd, uint32_t local, struct udp_moment now, struct udp_rx *rx,
				 struct pkt_pool *pool);
void udp_rx_close(struct udp_rx *rx);

#endif
