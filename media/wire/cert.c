/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/wire/cert.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include "media/wire/dtls_context.h"

#define DAY_S	      86400
#define TEN_YEARS_S   (3650 * (int64_t)DAY_S)
#define PEM_MAX_BYTES 65536 /* ours has about 800 */

struct cert {
	X509 *x509;
	EVP_PKEY *key;
	SSL_CTX *server;
	SSL_CTX *client;
	uint8_t fingerprint[CERT_FINGERPRINT_BYTES];
};

void cert_free(struct cert *cert)
{
	if (!cert)
		return;
	SSL_CTX_free(cert->server);
	SSL_CTX_free(cert->client);
	X509_free(cert->x509);
	EVP_PKEY_free(cert->key);
	free(cert);
}

/* Takes x509 and key in every case. */
static int finish(struct cert **out, X509 *x509, EVP_PKEY *key)
{
	struct cert *cert = calloc(1, sizeof(*cert));
	unsigned len = 0;

	if (!cert) {
		X509_free(x509);
		EVP_PKEY_free(key);
		return -ENOMEM;
	}
	cert->x509 = x509;
	cert->key = key;
	cert->server = dtls_context_new(true, x509, key);
	cert->client = dtls_context_new(false, x509, key);
	if (!cert->server || !cert->client ||
	    X509_digest(x509, EVP_sha256(), cert->fingerprint, &len) != 1) {
		cert_free(cert);
		ERR_clear_error();
		return -EIO;
	}
	*out = cert;
	return 0;
}

static bool set_serial(X509 *x509)
{
	uint8_t bytes[8];
	BIGNUM *number = NULL;
	bool ok = false;

	/* The key pair itself is OpenSSL's randomness too, so this needs no struct rng. */
	if (RAND_bytes(bytes, sizeof(bytes)) == 1) {
		bytes[0] &= 0x7f; /* RFC 5280 4.1.2.2: positive */
		number = BN_bin2bn(bytes, sizeof(bytes), NULL);
		ok = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509));
	}
	BN_free(number);
	return ok;
}

/* RFC 8827 6.5 asks for nothing but a key; the name says nothing about anybody. */
static bool set_name(X509 *x509)
{
	X509_NAME *name = X509_get_subject_name(x509);

	return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"WebRTC",
					  -1, -1, 0) == 1 &&
	       X509_set_issuer_name(x509, name) == 1;
}

int cert_new(struct cert **out, int64_t now_unix_s)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x509 = X509_new();

	if (!key || !x509 || X509_set_version(x509, X509_VERSION_3) != 1 || !set_serial(x509) ||
	    !set_name(x509) || !ASN1_TIME_set(X509_getm_notBefore(x509), now_unix_s - DAY_S) ||
	    !ASN1_TIME_set(X509_getm_notAfter(x509), now_unix_s + TEN_YEARS_S) ||
	    X509_set_pubkey(x509, key) != 1 || X509_sign(x509, key, EVP_sha256()) == 0) {
		X509_free(x509);
		EVP_PKEY_free(key);
		ERR_clear_error();
		return -EIO;
	}
	return finish(out, x509, key);
}

static bool is_p256_pair(X509 *x509, EVP_PKEY *key)
{
	char group[32];
	size_t len = 0;

	return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
	       EVP_PKEY_get_group_name(key, group, sizeof(group), &len) == 1 &&
	       strcmp(group, SN_X9_62_prime256v1) == 0 && X509_check_private_key(x509, key) == 1;
}

/* Without this a PEM encrypted by someone would ask for its password on the terminal. */
static int no_password(char *buf, int size, int is_writing, void *arg)
{
	return -1;
}

int cert_from_pem(struct cert **out, const char *pem, size_t len)
{
	X509 *x509 = NULL;
	EVP_PKEY *key = NULL;

	if (len > PEM_MAX_BYTES)
		return -EBADMSG;
	/* Two readers, so that the order of the two does not matter. */
	BIO *cert_bio = BIO_new_mem_buf(pem, (int)len);
	BIO *key_bio = BIO_new_mem_buf(pem, (int)len);
	if (cert_bio && key_bio) {
		x509 = PEM_read_bio_X509(cert_bio, NULL, no_password, NULL);
		key = PEM_read_bio_PrivateKey(key_bio, NULL, no_password, NULL);
	}
	BIO_free(cert_bio);
	BIO_free(key_bio);
	if (!x509 || !key || !is_p256_pair(x509, key)) {
		X509_free(x509);
		EVP_PKEY_free(key);
		ERR_clear_error();
		return -EBADMSG;
	}
	return finish(out, x509, key);
}

char *cert_to_pem(const struct cert *cert)
{
	/* Secure memory: cleansed when freed. */
	BIO *bio = BIO_new(BIO_s_secmem());
	char *text = NULL;
	char *data;

	if (bio && PEM_write_bio_X509(bio, cert->x509) == 1 &&
	    PEM_write_bio_PrivateKey(bio, cert->key, NULL, NULL, 0, NULL, NULL) == 1) {
		long len = BIO_get_mem_data(bio, &data);

		text = len > 0 ? malloc((size_t)len + 1) : NULL;
		if (text) {
			memcpy(text, data, (size_t)len);
			text[len] = '\0';
		}
	}
	BIO_free(bio);
	return text;
}

const uint8_t *cert_fingerprint(const struct cert *cert)
{
	return cert->fingerprint;
}

SSL_CTX *cert_dtls_context(const struct cert *cert, bool is_server)
{
	return is_server ? cert->server : cert->client;
}

void cert_fingerprint_format(char out[CERT_FINGERPRINT_TEXT],
			     const uint8_t fp[CERT_FINGERPRINT_BYTES])
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < CERT_FINGERPRINT_BYTES; i++) {
		out[3 * i] = digits[fp[i] >> 4];
		out[3 * i + 1] = digits[fp[i] & 0x0f];
		out[3 * i + 2] = ':';
	}
	out[CERT_FINGERPRINT_TEXT - 1] = '\0';
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

int cert_fingerprint_parse(uint8_t out[CERT_FINGERPRINT_BYTES], const char *text)
{
	uint8_t fp[CERT_FINGERPRINT_BYTES];

	/* 95 characters, so no read below passes the end. */
	if (strnlen(text, CERT_FINGERPRINT_TEXT) != CERT_FINGERPRINT_TEXT - 1)
		return -EBADMSG;
	for (size_t i = 0; i < CERT_FINGERPRINT_BYTES; i++) {
		int high = hex_value(text[3 * i]);
		int low = hex_value(text[3 * i + 1]);
		char after = text[3 * i + 2];

		if (high < 0 || low < 0 || after != (i + 1 < CERT_FINGERPRINT_BYTES ? ':' : '\0'))
			return -EBADMSG;
		fp[i] = (uint8_t)(high << 4 | low);
	}
	memcpy(out, fp, sizeof(fp));
	return 0;
}
