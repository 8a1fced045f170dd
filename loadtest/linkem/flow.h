/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Whose packet it is: addresses, ports, DSCP and the head of what may be RTP, from the bytes of an
 * IP packet. RTP headers stay readable under SRTP (RFC 3711 3.1). Pure.
 */
#ifndef VIDD_LOADTEST_LINKEM_FLOW_H
#define VIDD_LOADTEST_LINKEM_FLOW_H

#include <stddef.h>
#include <stdint.h>

#define FLOW_HEAD_BYTES 12
#define FLOW_TCP	6
#define FLOW_UDP	17

/* What is not there is 0. */
struct flow {
	uint8_t version; /* 4 or 6; 0: no IP packet */
	uint8_t protocol;
	uint8_t traffic_class; /* DSCP in the upper 6 bits, ECN below */
	uint32_t source;       /* IPv4, or the last 4 bytes of IPv6 */
	uint32_t destination;
	uint16_t source_port; /* UDP and TCP, in a first fragment */
	uint16_t destination_port;
	uint8_t head[FLOW_HEAD_BYTES]; /* of a UDP payload */
};

struct flow flow_of(const uint8_t *packet, size_t len);

#endif
