/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * STUN connectivity checks for an ICE-lite server (RFC 8489, RFC 8445 7.3): a cheap look
 * at a datagram before any crypto, then the authenticated request, then the reply. The message
 * layer is libnice's (stun/); this is the only file that includes it. No state. Peeking allocates
 * nothing; answering nothing that outlives the call (GnuTLS's HMAC behind libnice takes and returns
 * its context).
 */
#ifndef VIDD_MEDIA_WIRE_STUN_H
#define VIDD_MEDIA_WIRE_STUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/addr.h"
#include "media/base/limits.h"

struct ice_credentials {
	char ufrag[LIMIT_ICE_UFRAG_BYTES + 1];
	char pwd[LIMIT_ICE_PWD_BYTES + 1];
};

/* What can be read of a binding request without any key. */
struct stun_peek {
	char local_ufrag[LIMIT_ICE_UFRAG_BYTES + 1];  /* before the colon of USERNAME: ours */
	char remote_ufrag[LIMIT_ICE_UFRAG_BYTES + 1]; /* behind it */
};

/* 0 for a well-formed Binding request or -EBADMSG for anything else (indications included). */
int stun_peek_request(struct stun_peek *out, const uint8_t *buf, size_t len);

struct stun_request {
	bool use_candidate;
	bool is_controlled; /* the peer claims the controlled role: a conflict, for we are lite */
	bool is_refused;    /* the reply is an error (487, 420): the check proves no path */
	uint32_t priority;
};

/* No reply of ours is longer: header, error text or address, integrity, fingerprint; a 420 names at
 * most as many attributes as fit. */
#define STUN_REPLY_BYTES 256

/* Validates MESSAGE-INTEGRITY with our password and FINGERPRINT, and reads the request. On success
 * writes the success response with XOR-MAPPED-ADDRESS, or a 487 for a role conflict, or a 420 for
 * attributes we would have to understand, to reply.
 * 0; -EPERM bad integrity; -EBADMSG malformed, or reply_cap too small. Nothing is written unless 0.
 */
int stun_answer_request(struct stun_request *out, const uint8_t *buf, size_t len,
			const struct ice_credentials *local, const struct addr *from,
			uint8_t *reply, size_t reply_cap, size_t *reply_len);

#endif
