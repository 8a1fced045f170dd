/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * DTLS 1.2 with use_srtp (RFC 5764) for one transport: OpenSSL over a datagram BIO of our own that
 * keeps datagram borders and answers OpenSSL's MTU questions (LIMIT_DTLS_MTU_BYTES). Sans-IO: bytes
 * in, datagrams out, time as an argument; retransmission runs on now_us, first after 200 ms,
 * doubling to 3.2 s, giving up after 20 s (of a client's life; of a server's first datagram). No
 * cookie exchange: ICE has proven the address. The caller feeds it only datagrams from validated
 * paths.
 */
#ifndef VIDD_MEDIA_WIRE_DTLS_H
#define VIDD_MEDIA_WIRE_DTLS_H

#include <stddef.h>
#include <stdint.h>

#include "media/wire/cert.h"
#include "media/wire/srtp.h"

enum dtls_role {
	DTLS_SERVER, /* we answered a=setup:passive */
	DTLS_CLIENT, /* a=setup:active */
};

enum dtls_state {
	DTLS_HANDSHAKING,
	DTLS_READY,  /* fingerprint checked, keys exported */
	DTLS_CLOSED, /* the peer said close_notify, or dtls_close() was called */
	DTLS_FAILED, /* wrong fingerprint, no common profile, timeout, alert */
};

struct dtls;

/* Starts the handshake (a client's first flight is in dtls_output at once). cert is borrowed for
 * the object's life. 0 or -ENOMEM. */
int dtls_new(struct dtls **out, int64_t now_us, enum dtls_role role, const struct cert *cert,
	     const uint8_t remote_fingerprint[CERT_FINGERPRINT_BYTES]);
void dtls_free(struct dtls *dtls);
/* One datagram. 0, or -EBADMSG when it made the handshake fail (see dtls_failure). */
int dtls_input(struct dtls *dtls, int64_t now_us, const uint8_t *buf, size_t len);
/* The next datagram to send: its length (<= cap), or 0 when there is none. Drain after every call.
 */
size_t dtls_output(struct dtls *dtls, uint8_t *buf, size_t cap);
void dtls_timeout(struct dtls *dtls, int64_t now_us);
int64_t dtls_deadline_us(const struct dtls *dtls);
enum dtls_state dtls_state(const struct dtls *dtls);
/* Queues close_notify. */
void dtls_close(struct dtls *dtls, int64_t now_us);
/* The SRTP keys, once ready. 0 or -EAGAIN. */
int dtls_keys(const struct dtls *dtls, struct srtp_keys *out);
/* Why it failed, in plain words for the log, without peer data. "" when it did not. */
const char *dtls_failure(const struct dtls *dtls);

#endif
