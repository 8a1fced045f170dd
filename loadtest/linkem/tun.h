/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A TUN device inside a network namespace: the wire's end that a program there sees as an ordinary
 * interface, and a file here that its packets are read from. Called eth0, or the next free number:
 * libwebrtc takes tun* for a VPN and ranks it lower. The device goes when the file is closed.
 */
#ifndef VIDD_LOADTEST_LINKEM_TUN_H
#define VIDD_LOADTEST_LINKEM_TUN_H

#include <stddef.h>
#include <stdint.h>

#define TUN_NAME_BYTES 16

struct tun_config {
	/* "self", a name that ip-netns(8) knows, or a path such as /proc/PID/ns/net. */
	const char *netns;
	uint32_t address; /* host order; the far end's is the peer of a point-to-point link */
	uint32_t peer;
	int mtu;
};

/* Brings the device up with its address and, where there is none yet, the default route; lo is
 * brought up too. The calling thread is back in its own namespace afterwards, or the process has
 * ended. Returns the file, not blocking, or a negative errno with the reason in error. */
int tun_open(const struct tun_config *config, char name[TUN_NAME_BYTES], char *error,
	     size_t error_size);

#endif
