/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/audit_key.h"

#include <errno.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

static struct audit_key *wrap(EVP_PKEY *pkey, bool is_private)
{
	struct audit_key *key = calloc(1, sizeof(*key));

	if (key == NULL) {
		EVP_PKEY_free(pkey);
		return NULL;
	}
	key->pkey = pkey;
	key->is_private = is_private;
	return key;
}

struct audit_key *audit_key_new(void)
{
	EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");

	return pkey != NULL ? wrap(pkey, true) : NULL;
}

/* No key asks for a pass phrase on a server's standard input. */
/* NOLINTNEXTLINE(readability-non-const-parameter): OpenSSL's pem_password_cb */
static int no_phrase(char *buf, int size, int rwflag, void *user)
{
	(void)buf;
	(void)size;
	(void)rwflag;
	(void)user;
	return -1;
}

static EVP_PKEY *read_pem(const char *pem, size_t len, bool is_private)
{
	BIO *bio = len <= 65536 ? BIO_new_mem_buf(pem, (int)len) : NULL;
	EVP_PKEY *pkey = NULL;

	if (bio == NULL)
		return NULL;
	pkey = is_private ? PEM_read_bio_PrivateKey(bio, NULL, no_phrase, NULL)
			  : PEM_read_bio_PUBKEY(bio, NULL, no_phrase, NULL);
	BIO_free(bio);
	if (pkey != NULL && EVP_PKEY_get_base_id(pkey) != EVP_PKEY_ED25519) {
		EVP_PKEY_free(pkey);
		return NULL;
	}
	return pkey;
}

int audit_key_from_pem(struct audit_key **out, const char *pem, size_t len)
{
	struct audit_key *key;
	EVP_PKEY *pkey = read_pem(pem, len, true);
	bool is_private = pkey != NULL;

	if (pkey == NULL)
		pkey = read_pem(pem, len, false);
	if (pkey == NULL)
		return -EBADMSG;
	key = wrap(pkey, is_private);
	if (key == NULL)
		return -ENOMEM;
	*out = key;
	return 0;
}

char *audit_key_to_pem(const struct audit_key *key, bool is_private)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *data = NULL, *text = NULL;
	long len;
	int ok = 0;

	if (bio != NULL && is_private && key->is_private)
		ok = PEM_write_bio_PKCS8PrivateKey(bio, key->pkey, NULL, NULL, 0, NULL, NULL);
	else if (bio != NULL && !is_private)
		ok = PEM_write_bio_PUBKEY(bio, key->pkey);
	len = ok == 1 ? BIO_get_mem_data(bio, &data) : 0;
	if (len > 0)
		text = strndup(data, (size_t)len);
	if (data != NULL && is_private)
		OPENSSL_cleanse(data, (size_t)len);
	BIO_free(bio);
	return text;
}

bool audit_key_is_private(const struct audit_key *key)
{
	return key->is_private;
}

void audit_key_free(struct audit_key *key)
{
	if (key != NULL)
		EVP_PKEY_free(key->pkey);
	free(key);
}

void audit_hex(char *text, const uint8_t *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		*text++ = digits[bytes[i] >> 4];
		*text++ = digits[bytes[i] & 15];
	}
	*text = '\0';
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int audit_from_hex(uint8_t *bytes, size_t len, const char *text)
{
	if (strlen(text) != 2 * len)
		return -EBADMSG;
	for (size_t i = 0; i < len; i++) {
		int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return -EBADMSG;
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	return 0;
}
