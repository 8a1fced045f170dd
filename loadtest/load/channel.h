/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A bot's connection: ICE checks by libnice's STUN layer, DTLS and SRTP by media/wire, always as
 * DTLS client and controlling agent, towards one address. Answers checks of a server that makes its
 * own. Sans-IO: what it sends it hands to a function, and time is an argument.
 */
#ifndef VIDD_LOADTEST_LOAD_CHANNEL_H
#define VIDD_LOADTEST_LOAD_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stun/stunagent.h>

#include "media/base/rng.h"
#include "media/wire/dtls.h"
#include "media/wire/stun.h"

typedef void (*channel_send_fn)(void *arg, const uint8_t *data, size_t len);

struct channel_config {
	const struct cert *cert; /* borrowed */
	channel_send_fn send;
	void *arg;
};

enum channel_state {
	CHANNEL_IDLE, /* the other side is not known yet */
	CHANNEL_CHECKING,
	CHANNEL_SECURING,
	CHANNEL_READY,
	CHANNEL_CLOSED, /* it said goodbye */
	CHANNEL_FAILED,
};

/* Visible for embedding. */
struct channel {
	struct channel_config config;
	enum channel_state state;
	struct ice_credentials local;
	struct ice_credentials remote;
	struct addr peer;
	uint8_t fingerprint[CERT_FINGERPRINT_BYTES];
	StunAgent stun;
	uint8_t request[512];
	size_t request_len;
	bool is_answered;
	int64_t check_us; /* INT64_MAX: not begun */
	int64_t begun_us;
	int64_t heard_us; /* a check was last answered */
	struct dtls *dtls;
	struct srtp_link *srtp;
};

void channel_init(struct channel *channel, const struct channel_config *config, struct rng *rng);
/* Zero state is safe. */
void channel_close(struct channel *channel);
/* What the other side's description says; checks begin at once. */
void channel_start(struct channel *channel, int64_t now_us, const struct ice_credentials *remote,
		   const uint8_t fingerprint[CERT_FINGERPRINT_BYTES], const struct addr *peer);
/* STUN and DTLS. */
void channel_input(struct channel *channel, int64_t now_us, const uint8_t *data, size_t len);
void channel_timeout(struct channel *channel, int64_t now_us);
int64_t channel_deadline_us(const struct channel *channel);
/* Says goodbye (close_notify), as browsers do. */
void channel_leave(struct channel *channel, int64_t now_us);
/* Protect in place and send; false when not ready. */
bool channel_send_rtp(struct channel *channel, uint8_t *buf, size_t len, size_t cap);
bool channel_send_rtcp(struct channel *channel, uint8_t *buf, size_t len, size_t cap);

#endif
