/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The server's DTLS identity: one self-signed ECDSA P-256 certificate, made once and kept as PEM by
 * the caller (files are server/'s business). Immutable after creation; may be shared by threads.
 */
#ifndef VIDD_MEDIA_WIRE_CERT_H
#define VIDD_MEDIA_WIRE_CERT_H

#include <stddef.h>
#include <stdint.h>

#define CERT_FINGERPRINT_BYTES 32 /* SHA-256 */
#define CERT_FINGERPRINT_TEXT  96 /* "AB:CD:...:EF" and NUL */

struct cert;

/* Makes a key and a certificate valid from a day before now for ten years. 0, -ENOMEM or -EIO. */
int cert_new(struct cert **out, int64_t now_unix_s);
/* Reads certificate and private key from one PEM text. 0, or -EBADMSG: not a P-256 pair. */
int cert_from_pem(struct cert **out, const char *pem, size_t len);
/* Both as PEM, to be freed by the caller with free(); NULL when memory is gone. Holds the key. */
char *cert_to_pem(const struct cert *cert);
void cert_free(struct cert *cert);
const uint8_t *cert_fingerprint(const struct cert *cert);
/* "AB:CD:..." of any 32 bytes. */
void cert_fingerprint_format(char out[CERT_FINGERPRINT_TEXT],
			     const uint8_t fp[CERT_FINGERPRINT_BYTES]);
/* Parses upper- or lower-case hex with colons. 0 or -EBADMSG. */
int cert_fingerprint_parse(uint8_t out[CERT_FINGERPRINT_BYTES], const char *text);

#endif
