/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What all DTLS transports of one certificate share: an SSL_CTX per role, made once, so that 4000
 * transports do not each carry their own. Private to cert.c, dtls.c and their tests. Immutable
 * after creation (OpenSSL counts its references atomically); may be shared by threads.
 */
#ifndef VIDD_MEDIA_WIRE_DTLS_CONTEXT_H
#define VIDD_MEDIA_WIRE_DTLS_CONTEXT_H

#include <openssl/ssl.h>
#include <stdbool.h>

#include "media/wire/cert.h"

/* Every connection made of it must set, with SSL_set_app_data, the 32 bytes of its peer's SHA-256
 * fingerprint; a peer whose certificate has another fails the handshake. NULL: memory is gone or
 * OpenSSL lacks what we need. */
SSL_CTX *dtls_context_new(bool is_server, X509 *x509, EVP_PKEY *key);

/* cert.c: borrowed, for the certificate's life. */
SSL_CTX *cert_dtls_context(const struct cert *cert, bool is_server);

#endif
