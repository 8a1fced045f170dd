/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/token_text.h"

#include <assert.h>
#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

void token_text_base64url(char *text, const uint8_t *bytes, size_t len)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

	for (size_t i = 0; i < len; i += 3) {
		size_t n = len - i < 3 ? len - i : 3;
		uint32_t v = (uint32_t)bytes[i] << 16;

		if (n > 1)
			v |= (uint32_t)bytes[i + 1] << 8;
		if (n > 2)
			v |= bytes[i + 2];
		for (size_t k = 0; k <= n; k++)
			*text++ = alphabet[(v >> (18 - 6 * k)) & 63];
	}
	*text = '\0';
}

void token_text_make(struct rng *rng, char *text, const char *prefix, size_t random_bytes)
{
	uint8_t bytes[32];
	size_t len = strlen(prefix);

	assert(random_bytes <= sizeof(bytes));
	rng_bytes(rng, bytes, random_bytes);
	memcpy(text, prefix, len);
	token_text_base64url(text + len, bytes, random_bytes);
	OPENSSL_cleanse(bytes, sizeof(bytes));
}

int token_text_hash(uint8_t out[TOKEN_HASH_BYTES], const char *text)
{
	if (EVP_Digest(text, strlen(text), out, NULL, EVP_sha256(), NULL) != 1)
		return -EIO;
	return 0;
}
