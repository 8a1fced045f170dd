/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The wire of one person's browser in virtual time: ICE checks by libnice, DTLS and SRTP by
 * media/wire. Plaintext RTP and RTCP on one side, datagrams on the other. Sans-IO: what it sends it
 * hands to a function, and time is an argument.
 */
#ifndef VIDD_LOADTEST_SCENARIO_WIRE_H
#define VIDD_LOADTEST_SCENARIO_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/rng.h"
#include "media/wire/dtls.h"
#include "media/wire/srtp.h"
#include "tests/support/stun_client.h"

typedef void (*wire_send_fn)(void *arg, int64_t now_us, const uint8_t *data, size_t len);

struct wire_config {
	const struct cert *cert; /* ours; borrowed */
	const struct cert *peer; /* the engine's; borrowed */
	wire_send_fn send;
	void *arg;
};

/* Visible for embedding. */
struct wire {
	struct wire_config config;
	struct rng rng;
	struct ice_credentials local;
	struct ice_credentials remote; /* the engine's */
	StunAgent stun;
	uint8_t request[512];
	size_t request_len;
	bool is_answered;
	bool is_checked;
	int64_t check_us; /* INT64_MAX: not begun */
	int64_t heard_us; /* a check was last answered */
	struct dtls *dtls;
	struct srtp_link *srtp;
	int64_t connected_us; /* 0: not yet */
	bool is_closed;	      /* the engine said close_notify */
};

void wire_init(struct wire *wire, const struct wire_config *config, uint64_t seed);
void wire_close(struct wire *wire);
void wire_start(struct wire *wire, int64_t now_us);
/* New credentials on both sides, checks at once; the engine must be told of them. */
void wire_restart(struct wire *wire, int64_t now_us);
/* STUN and DTLS. */
void wire_input(struct wire *wire, int64_t now_us, const uint8_t *data, size_t len);
void wire_timeout(struct wire *wire, int64_t now_us);
int64_t wire_deadline_us(const struct wire *wire);
/* Protects in place and sends; returns the length on the wire. Not before it is connected. */
size_t wire_send_rtp(struct wire *wire, int64_t now_us, uint8_t *buf, size_t len, size_t cap);
/* As it is. */
void wire_send_again(struct wire *wire, int64_t now_us, const uint8_t *buf, size_t len);
void wire_send_rtcp(struct wire *wire, int64_t now_us, uint8_t *buf, size_t len, size_t cap);

#endif
