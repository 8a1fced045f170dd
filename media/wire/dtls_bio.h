/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The datagram BIO under one SSL object: one borrowed datagram in, a bounded queue of datagrams
 * out, OpenSSL's MTU questions answered with LIMIT_DTLS_MTU_BYTES, and its retransmission timer
 * taken out of its hands. Private to dtls.c. Not thread-safe.
 *
 * OpenSSL repeats a flight as one write per message. Here they share datagrams again, for on a bad
 * link five small ones are far likelier to lose one than a single one is to be lost.
 *
 * The timer: OpenSSL 3.0 compares gettimeofday() with its own deadline and offers no other clock.
 * But it tells its BIO where that deadline is kept (BIO_CTRL_DGRAM_SET_NEXT_TIMEOUT passes the
 * address, at each start and stop). So this BIO knows when a timer runs and, when our clock says it
 * is due, moves the deadline into the past; DTLSv1_handle_timeout then does its work. Between, the
 * deadline lies an hour ahead, so that wall time never retransmits anything.
 */
#ifndef VIDD_MEDIA_WIRE_DTLS_BIO_H
#define VIDD_MEDIA_WIRE_DTLS_BIO_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/limits.h"

struct dtls_datagram;

struct dtls_bio {
	BIO_METHOD *method;
	const uint8_t *in; /* borrowed for one dtls_input; NULL: nothing to read */
	size_t in_len;
	struct dtls_datagram *out[LIMIT_DTLS_FLIGHT_DATAGRAMS]; /* a ring */
	size_t datagram_bytes; /* records are put together up to this; LIMIT_DTLS_MTU_BYTES */
	size_t out_first;
	size_t out_count;
	struct timeval *next_timeout; /* inside the SSL object; NULL until it first starts a timer
				       */
	bool is_timer_on;
	bool is_timer_new; /* started since dtls_bio_take_start was last asked */
};

/* Puts a new BIO under ssl and takes over its timer. bio must live as long as ssl. 0 or -ENOMEM. */
int dtls_bio_attach(struct dtls_bio *bio, SSL *ssl);
/* After SSL_free. Frees what is still queued. */
void dtls_bio_close(struct dtls_bio *bio);
/* The next queued datagram: its length, or 0 when there is none or it does not fit. */
size_t dtls_bio_output(struct dtls_bio *bio, uint8_t *buf, size_t cap);
/* True when OpenSSL started a timer (sent a new flight) since the last call. */
bool dtls_bio_take_start(struct dtls_bio *bio);
/* Makes the running timer due: call DTLSv1_handle_timeout next. */
void dtls_bio_expire_timer(struct dtls_bio *bio);

#endif
