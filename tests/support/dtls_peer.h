/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A DTLS peer made of plain OpenSSL with settings of its own (certificate, profiles, MTU, size of
 * the ClientHello), to stand for browsers. Only the datagram BIO is shared with media/wire/dtls.c.
 */
#ifndef VIDD_TESTS_SUPPORT_DTLS_PEER_H
#define VIDD_TESTS_SUPPORT_DTLS_PEER_H

#include <glib.h>
#include <openssl/ssl.h>
#include <string.h>

#include "media/wire/cert.h"
#include "media/wire/dtls_bio.h"

#define DTLS_PEER_HELLO_EXTENSION 65010 /* of the private range */

struct dtls_peer_config {
	bool is_server;
	bool is_rsa;
	bool has_no_srtp;
	const char *profiles;	 /* NULL: as Chromium offers them */
	size_t hello_bytes_more; /* an unknown extension of this size, as a big key share would be
				  */
	long mtu;		 /* 0: 1200 */
};

struct dtls_peer {
	SSL_CTX *ctx;
	SSL *ssl;
	struct dtls_bio bio;
	uint8_t fingerprint[CERT_FINGERPRINT_BYTES];
	bool is_done;
	bool is_failed;
	bool is_closed; /* got close_notify */
};

static inline int dtls_peer_add_extension(SSL *ssl, unsigned type, unsigned context,
					  const unsigned char **out, size_t *out_len, X509 *x509,
					  size_t chain, int *alert, void *arg)
{
	static const unsigned char zeros[4096];

	*out = zeros;
	*out_len = *(const size_t *)arg;
	return *out_len > 0;
}

static inline int dtls_peer_verify(X509_STORE_CTX *store, void *arg)
{
	return 1;
}

static inline void dtls_peer_certify(struct dtls_peer *peer, bool is_rsa)
{
	EVP_PKEY *key = is_rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
	X509 *x509 = X509_new();
	unsigned len = 0;

	g_assert_nonnull(key);
	ASN1_TIME_set(X509_getm_notBefore(x509), 1700000000);
	ASN1_TIME_set(X509_getm_notAfter(x509), 4000000000);
	X509_set_pubkey(x509, key);
	g_assert_cmpint(X509_sign(x509, key, EVP_sha256()), >, 0);
	g_assert_cmpint(X509_digest(x509, EVP_sha256(), peer->fingerprint, &len), ==, 1);
	g_assert_cmpint(SSL_CTX_use_certificate(peer->ctx, x509), ==, 1);
	g_assert_cmpint(SSL_CTX_use_PrivateKey(peer->ctx, key), ==, 1);
	X509_free(x509);
	EVP_PKEY_free(key);
}

static inline void dtls_peer_init(struct dtls_peer *peer, const struct dtls_peer_config *config)
{
	const char *profiles =
		config->profiles
			? config->profiles
			: "SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_256_GCM:SRTP_AEAD_AES_128_GCM";

	*peer = (struct dtls_peer){.ctx = SSL_CTX_new(DTLS_method())};
	dtls_peer_certify(peer, config->is_rsa);
	SSL_CTX_set_options(peer->ctx, SSL_OP_NO_QUERY_MTU);
	SSL_CTX_set_verify(peer->ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	SSL_CTX_set_cert_verify_callback(peer->ctx, dtls_peer_verify, NULL);
	if (!config->has_no_srtp)
		g_assert_cmpint(SSL_CTX_set_tlsext_use_srtp(peer->ctx, profiles), ==, 0);
	if (config->hello_bytes_more > 0)
		g_assert_cmpint(
			SSL_CTX_add_custom_ext(peer->ctx, DTLS_PEER_HELLO_EXTENSION,
					       SSL_EXT_CLIENT_HELLO, dtls_peer_add_extension, NULL,
					       (void *)&config->hello_bytes_more, NULL, NULL),
			==, 1);
	peer->ssl = SSL_new(peer->ctx);
	g_assert_cmpint(dtls_bio_attach(&peer->bio, peer->ssl), ==, 0);
	if (config->mtu > 0) {
		SSL_set_mtu(peer->ssl, config->mtu);
		peer->bio.datagram_bytes = (size_t)config->mtu;
	}
	if (config->is_server)
		SSL_set_accept_state(peer->ssl);
	else
		SSL_set_connect_state(peer->ssl);
}

static inline void dtls_peer_close(struct dtls_peer *peer)
{
	SSL_free(peer->ssl);
	dtls_bio_close(&peer->bio);
	SSL_CTX_free(peer->ctx);
}

/* One datagram in; NULL starts a client. */
static inline void dtls_peer_input(struct dtls_peer *peer, const uint8_t *buf, size_t len)
{
	uint8_t scratch[2048];
	int result;

	peer->bio.in = buf;
	peer->bio.in_len = len;
	if (!peer->is_done) {
		result = SSL_do_handshake(peer->ssl);
		peer->is_done = result == 1;
		if (result != 1 && SSL_get_error(peer->ssl, result) != SSL_ERROR_WANT_READ)
			peer->is_failed = true;
	}
	if (peer->is_done) {
		result = SSL_read(peer->ssl, scratch, sizeof(scratch));
		if (SSL_get_error(peer->ssl, result) == SSL_ERROR_ZERO_RETURN)
			peer->is_closed = true;
		else if (SSL_get_error(peer->ssl, result) != SSL_ERROR_WANT_READ)
			peer->is_failed = true;
	}
	peer->bio.in = NULL;
}

static inline size_t dtls_peer_output(struct dtls_peer *peer, uint8_t *buf, size_t cap)
{
	return dtls_bio_output(&peer->bio, buf, cap);
}

/* Sends its last flight again, as its own timer would. */
static inline void dtls_peer_retransmit(struct dtls_peer *peer)
{
	if (!peer->bio.is_timer_on)
		return;
	dtls_bio_expire_timer(&peer->bio);
	g_assert_cmpint(DTLSv1_handle_timeout(peer->ssl), ==, 1);
}

#endif
