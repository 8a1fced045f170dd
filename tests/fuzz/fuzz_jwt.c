/* SPDX-License-Identifier: EUPL-1.2 */
/* Key sets and ID tokens of an identity provider: the first byte says which of them the rest is. No
 * token a stranger makes is ever good. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "server/jwt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char key_set[] = "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"a3\","
			      "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
			      "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}";

static void try_token(const struct jwks *keys, const char *text, size_t len)
{
	/* Another issuer than the signed example in the corpus names. */
	static const struct jwt_expected expected = {
		.issuer = "https://idp.example.se",
		.client_id = "vidd",
		.nonce = "n",
		.now_unix_s = 1300819300,
	};
	struct jwt *jwt = NULL;

	if (jwt_verify(&jwt, text, len, keys, &expected) == JWT_GOOD || jwt != NULL)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct jwks *keys;
	struct jwks *other = NULL;
	static const uint8_t signature[64] = {1};
	static const struct jwk_signed what = {"x", 1, signature, sizeof(signature)};

	if (keys == NULL && jwks_parse(&keys, key_set, strlen(key_set)) < 0)
		abort();
	if (size < 1)
		return 0;
	if ((data[0] & 1) == 0) {
		try_token(keys, (const char *)data + 1, size - 1);
	} else if (jwks_parse(&other, (const char *)data + 1, size - 1) == 0) {
		if (jwks_count(other) > JWK_MAX_KEYS ||
		    jwks_verify(other, "", JWT_ES256, &what) == 0)
			abort();
		jwks_free(other);
	}
	return 0;
}
