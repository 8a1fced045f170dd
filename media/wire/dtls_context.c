/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/wire/dtls_context.h"

#include <openssl/crypto.h>
#include <openssl/x509.h>

/* Forward secrecy and AEAD only; ECDSA is ours and the browsers', RSA some other peers'. */
#define CIPHERS                                                                                    \
	"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:"                             \
	"ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:"                               \
	"ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES256-GCM-SHA384"
#define GROUPS "X25519:P-256"
/* Measured on the target: GCM-128 costs a fifth of CM with SHA1. As server our order decides. */
#define SRTP_PROFILES "SRTP_AEAD_AES_128_GCM:SRTP_AEAD_AES_256_GCM:SRTP_AES128_CM_SHA1_80"

/* RFC 8122 5.1: in WebRTC the fingerprint from the signalling is the whole trust; names, dates and
 * chains of these self-signed certificates mean nothing. */
static int verify_fingerprint(X509_STORE_CTX *store, void *arg)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
	const uint8_t *expected = SSL_get_app_data(ssl);
	X509 *leaf = X509_STORE_CTX_get0_cert(store);
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned digest_len = 0;

	if (expected && leaf && X509_digest(leaf, EVP_sha256(), digest, &digest_len) == 1 &&
	    digest_len == CERT_FINGERPRINT_BYTES &&
	    CRYPTO_memcmp(digest, expected, CERT_FINGERPRINT_BYTES) == 0) {
		X509_STORE_CTX_set_error(store, X509_V_OK);
		return 1;
	}
	X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED);
	return 0;
}

static bool configure(SSL_CTX *ctx, X509 *x509, EVP_PKEY *key)
{
	/* The MTU is the BIO's answer and ours alone; no state outlives a connection. */
	SSL_CTX_set_options(ctx, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
					 SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_COMPRESSION |
					 SSL_OP_SINGLE_ECDH_USE);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	/* A datagram is handed over once and whole. */
	SSL_CTX_set_read_ahead(ctx, 1);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	SSL_CTX_set_cert_verify_callback(ctx, verify_fingerprint, NULL);
	return SSL_CTX_set_min_proto_version(ctx, DTLS1_2_VERSION) == 1 &&
	       SSL_CTX_set_max_proto_version(ctx, DTLS1_2_VERSION) == 1 &&
	       SSL_CTX_set_cipher_list(ctx, CIPHERS) == 1 &&
	       SSL_CTX_set1_groups_list(ctx, GROUPS) == 1 &&
	       SSL_CTX_set_tlsext_use_srtp(ctx, SRTP_PROFILES) == 0 && /* 0 is success here */
	       SSL_CTX_use_certificate(ctx, x509) == 1 && SSL_CTX_use_PrivateKey(ctx, key) == 1;
}

SSL_CTX *dtls_context_new(bool is_server, X509 *x509, EVP_PKEY *key)
{
	SSL_CTX *ctx = SSL_CTX_new(is_server ? DTLS_server_method() : DTLS_client_method());

	if (ctx && !configure(ctx, x509, key)) {
		SSL_CTX_free(ctx);
		return NULL;
	}
	return ctx;
}
