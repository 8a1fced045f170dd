/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/token_seal.h"

#include <errno.h>
#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

/* NIST SP 800-38D: a nonce of 96 bits, a tag of 128. Random nonces are safe for 2^32 uses of a key;
 * ours is used once or twice. */
#define NONCE_BYTES 12
#define TAG_BYTES   16

_Static_assert(NONCE_BYTES + TAG_BYTES == TOKEN_SEAL_EXTRA_BYTES, "what sealing adds");

int token_seal_key(uint8_t key[TOKEN_SEAL_KEY_BYTES], const char *secret, const char *text)
{
	unsigned len = TOKEN_SEAL_KEY_BYTES;

	return HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)text,
		    strlen(text), key, &len) != NULL
		       ? 0
		       : -EIO;
}

int token_seal(struct rng *rng, const uint8_t key[TOKEN_SEAL_KEY_BYTES], const void *bytes,
	       size_t len, uint8_t *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t *text = out + NONCE_BYTES;
	int n = 0, end = 0, r = -EIO;

	rng_bytes(rng, out, NONCE_BYTES);
	if (ctx != NULL && len <= INT_MAX &&
	    EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, out) == 1 &&
	    EVP_EncryptUpdate(ctx, text, &n, bytes, (int)len) == 1 &&
	    EVP_EncryptFinal_ex(ctx, text + n, &end) == 1 &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, TAG_BYTES, text + len) == 1)
		r = 0;
	EVP_CIPHER_CTX_free(ctx);
	return r;
}

int token_unseal(const uint8_t key[TOKEN_SEAL_KEY_BYTES], const uint8_t *sealed, size_t len,
		 void *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	const uint8_t *text = sealed + NONCE_BYTES;
	uint8_t tag[TAG_BYTES];
	int n = 0, end = 0, r = -EBADMSG;

	if (len >= TOKEN_SEAL_EXTRA_BYTES && len <= INT_MAX) {
		int text_len = (int)(len - TOKEN_SEAL_EXTRA_BYTES);

		memcpy(tag, text + text_len, TAG_BYTES);
		if (ctx != NULL &&
		    EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, sealed) == 1 &&
		    EVP_DecryptUpdate(ctx, out, &n, text, text_len) == 1 &&
		    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, tag) == 1 &&
		    EVP_DecryptFinal_ex(ctx, (unsigned char *)out + n, &end) == 1)
			r = 0;
	}
	EVP_CIPHER_CTX_free(ctx);
	return r;
}
