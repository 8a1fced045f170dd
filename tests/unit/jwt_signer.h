/* SPDX-License-Identifier: EUPL-1.2 */
/* An identity provider's key: signs what tests want, also what no provider would. */
#ifndef VIDD_TESTS_JWT_SIGNER_H
#define VIDD_TESTS_JWT_SIGNER_H

#include <openssl/evp.h>

#include "server/jwk.h"

struct jwt_signer {
	EVP_PKEY *rsa, *ec;
};

void jwt_signer_init(struct jwt_signer *signer);
void jwt_signer_close(struct jwt_signer *signer);
/* The public keys as a set: RSA as "r1", P-256 as "e1", members of rsa's JWK added. g_free() it. */
char *jwt_signer_set(const struct jwt_signer *signer, const char *rsa_members);
/* header.claims signed by alg's key. g_free() it. */
char *jwt_signer_sign(const struct jwt_signer *signer, enum jwt_alg alg, const char *header,
		      const char *claims);
/* As base64url; g_free() it. */
char *jwt_signer_base64url(const void *bytes, size_t len);

#endif
