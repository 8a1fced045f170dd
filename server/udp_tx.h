/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Datagrams of one socket on their way out. What goes to one destination keeps its order and
 * leaves, as far as sizes allow, in few sends that the kernel takes apart (UDP_SEGMENT, udp(7)): of
 * one length, the last one shorter. The way through the kernel is most of what a packet costs us.
 * No allocation and no log line per datagram. One thread.
 */
#ifndef VIDD_SERVER_UDP_TX_H
#define VIDD_SERVER_UDP_TX_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "media/base/pkt.h"

/* Some frames for a hundred viewers; more only delays the first of them. */
#define UDP_TX_BATCH 512
/* Sends handed to the kernel at a time. */
#define UDP_TX_SENDS 32

struct udp_tx_send {
	struct sockaddr_storage to;
	/* cmsg(3): aligned for what stands in it. */
	union {
		char bytes[CMSG_SPACE(sizeof(uint16_t))];
		size_t align;
	} control;
	size_t first; /* in the order of the packets' iov */
	size_t count;
};

/* The packets of one destination, in order. */
struct udp_tx_group {
	uint16_t first, last;
};

/* Visible for embedding. Zero state is empty and sends one by one; see udp_tx_init. */
struct udp_tx {
	bool is_segmenting; /* the kernel and the socket know UDP_SEGMENT */
	size_t count;
	struct pkt *pkt[UDP_TX_BATCH];
	uint16_t next[UDP_TX_BATCH]; /* of the same destination: index + 1, 0 ends it */
	struct udp_tx_group group[UDP_TX_BATCH];
	size_t group_count;
	uint16_t table[2 * UDP_TX_BATCH]; /* destination -> group + 1, by open addressing */
	/* Being sent. */
	struct iovec iov[UDP_TX_BATCH];
	struct mmsghdr msg[UDP_TX_SENDS];
	struct udp_tx_send send[UDP_TX_SENDS];
};

/* Asks the socket what it can. */
void udp_tx_init(struct udp_tx *tx, int fd);
/* Takes the reference. The caller sends before adding to a full batch. */
void udp_tx_add(struct udp_tx *tx, struct pkt *pkt);
/* Sends what waits; what the socket has no room for is dropped. The packets stay in
 * tx->pkt[0..count) for the caller to look at, then udp_tx_clear. How many were dropped. */
size_t udp_tx_send(int fd, struct udp_tx *tx);
void udp_tx_clear(struct udp_tx *tx);

#endif
