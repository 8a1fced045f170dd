/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What forwarding one packet must cost on this machine, without any routing: the cipher as the
 * server uses it (media/wire/srtp), the way into and out of the kernel. Nanoseconds of the calling
 * thread's CPU per packet.
 */
#ifndef VIDD_LOADTEST_FLOOR_FLOOR_H
#define VIDD_LOADTEST_FLOOR_FLOOR_H

#include <stdbool.h>
#include <stddef.h>

#define FLOOR_MAX_VIEWERS 256

struct floor_cost {
	double ns;
	double undelivered; /* part of what was sent that nobody read, 0..1 */
};

enum floor_way {
	FLOOR_SENDTO,	/* a call per packet */
	FLOOR_SENDMMSG, /* 32 packets a call */
	FLOOR_SEGMENTS, /* the same, a frame's packets of one length to a viewer as one
			   (UDP_SEGMENT) */
	FLOOR_WAYS,
};

struct floor_send {
	enum floor_way way;
	size_t viewers;	   /* 1..FLOOR_MAX_VIEWERS */
	size_t frame;	   /* packets of a frame, 1..32 */
	size_t bytes;	   /* of a datagram */
	size_t packets;	   /* about */
	bool is_gathering; /* the viewers' sockets take runs whole (UDP_GRO) */
	int reader_cpu;	   /* -1: any */
};

/* The thread's CPU clock. */
double floor_cpu_ns(void);
/* AEAD_AES_128_GCM of a packet of so many bytes, header to tag. */
struct floor_cost floor_protect(size_t bytes, size_t packets);
struct floor_cost floor_unprotect(size_t bytes, size_t packets);
/* Out of the socket by recvmmsg, 32 a call; in runs when gathering. */
struct floor_cost floor_receive(size_t bytes, size_t packets, bool is_gathering);
struct floor_cost floor_send(const struct floor_send *config);
/* The copy that each viewer's packet is. */
struct floor_cost floor_copy(size_t bytes, size_t packets);

#endif
